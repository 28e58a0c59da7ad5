"""The catalogue's tables, and the sequences of table numbers and of the stamp."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.RunSQL(
            "create sequence catalogue_table_number as integer; create sequence catalogue_stamp_value;",
            "drop sequence catalogue_table_number; drop sequence catalogue_stamp_value;",
        ),
        migrations.CreateModel(
            name='Resource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.TextField(unique=True)),
                ('agency', models.TextField(db_index=True)),
                ('table_number', models.IntegerField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Stamp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='CodeList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.TextField()),
                ('number', models.IntegerField()),
                ('current', models.BooleanField()),
                ('title', models.TextField()),
                ('standard', models.TextField()),
                ('made_by', models.TextField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('key', 'number'), name='catalogue_code_list_number'), models.UniqueConstraint(condition=models.Q(('current', True)), fields=('key',), name='catalogue_code_list_current')],
            },
        ),
        migrations.CreateModel(
            name='Element',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.TextField()),
                ('number', models.IntegerField()),
                ('current', models.BooleanField()),
                ('declaration', models.JSONField()),
                ('made_by', models.TextField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('key', 'number'), name='catalogue_element_number'), models.UniqueConstraint(condition=models.Q(('current', True)), fields=('key',), name='catalogue_element_current')],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('state', models.TextField(choices=[('draft', '草稿'), ('review', '发布待审核'), ('rejected', '发布已驳回'), ('published', '已发布'), ('superseded', '已有新版本'), ('withdrawn', '已撤销')])),
                ('declaration', models.JSONField()),
                ('shipped', models.BooleanField(default=False)),
                ('made_by', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('published_by', models.TextField(null=True)),
                ('published_at', models.DateTimeField(null=True)),
                ('mounted_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(default='')),
                ('case', models.BigIntegerField(db_index=True, null=True)),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='catalogue.resource')),
            ],
        ),
        migrations.CreateModel(
            name='Recognition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.TextField()),
                ('title', models.TextField()),
                ('element', models.TextField(default='')),
                ('confidence', models.TextField()),
                ('why', models.TextField(default='')),
                ('state', models.TextField(choices=[('open', '待确认'), ('confirmed', '已确认'), ('refused', '已否定'), ('auto', '自动')])),
                ('decided_by', models.TextField(null=True)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recognitions', to='catalogue.version')),
            ],
        ),
        migrations.CreateModel(
            name='Code',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.TextField()),
                ('label', models.TextField()),
                ('valid_from', models.DateField(null=True)),
                ('valid_to', models.DateField(null=True)),
                ('code_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='codes', to='catalogue.codelist')),
            ],
            options={
                'indexes': [models.Index(fields=['code_list', 'code'], name='catalogue_code_code')],
            },
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(fields=['state'], name='catalogue_version_state'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(fields=('resource', 'number'), name='catalogue_version_number'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('resource',), name='catalogue_version_published'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'review', 'rejected'])), fields=('resource',), name='catalogue_version_open'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(('shipped', True), ('published_by__isnull', True), models.Q(('published_by', models.F('made_by')), _negated=True), _connector='OR'), name='catalogue_version_two_people'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['published', 'superseded']), _negated=True), models.Q(('published_at__isnull', False), ('published_by__isnull', False)), _connector='OR'), name='catalogue_version_published_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(('mounted_at__isnull', True), ('published_at__isnull', False), _connector='OR'), name='catalogue_version_mounted_published'),
        ),
        migrations.AddIndex(
            model_name='recognition',
            index=models.Index(fields=['state'], name='catalogue_recognition_state'),
        ),
        migrations.AddConstraint(
            model_name='recognition',
            constraint=models.UniqueConstraint(fields=('version', 'item'), name='catalogue_recognition_item'),
        ),
    ]
