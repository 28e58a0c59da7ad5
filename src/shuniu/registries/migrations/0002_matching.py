"""Descriptions of subjects, merges as a graph, doubts, expunges; names found by a part of them where PostgreSQL can."""

from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# pg_trgm is trusted and in PostgreSQL's own contrib; a server without it answers the same questions by reading the table.
TRIGRAMS = """
do $$ begin
    create extension if not exists pg_trgm;
    execute 'create index registries_name_part on registries_name using gin (key gin_trgm_ops) where kind = ''legal''';
exception when others then
    raise notice 'pg_trgm is not available: %', sqlerrm;
end $$;
create index registries_name_start on registries_name (key text_pattern_ops) where kind = 'legal';
create index registries_identifier_contended on registries_identifier (kind, value) where not answers;
create index registries_identifier_start on registries_identifier (value text_pattern_ops)
    where kind in ('uscc', 'organisation_code', 'registration_number');
"""
UNDO = """
drop index registries_identifier_start, registries_identifier_contended, registries_name_start;
drop index if exists registries_name_part;
"""


class Migration(migrations.Migration):

    dependencies = [('registries', '0001_initial')]

    operations = [
        migrations.DeleteModel(name='Name'),
        migrations.CreateModel(
            name='Name',
            fields=[
                ('pk', models.CompositePrimaryKey('subject_id', 'digest', blank=True, editable=False, primary_key=True, serialize=False)),
                ('digest', models.UUIDField()),
                ('kind', models.TextField()),
                ('key', models.TextField()),
                ('core', models.TextField(db_index=True)),
                ('name', models.TextField()),
                ('person', models.TextField()),
                ('day', models.TextField()),
                ('place', models.TextField()),
                ('address', models.TextField()),
                ('sex', models.TextField()),
                ('resource', models.TextField()),
                ('subject', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='names', to='registries.subject')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('person', ''), _negated=True), fields=['person'], name='name_by_person')],
            },
        ),
        migrations.AddField('subject', 'identity', models.UUIDField(null=True, unique=True)),
        migrations.AlterField('identifier', 'subject', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='identifiers', to='registries.subject')),
        migrations.RemoveConstraint('merge', 'absorbed_once'),
        migrations.AddConstraint('merge', models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('absorbed', 'survivor'), name='merged_once')),
        migrations.CreateModel(
            name='Doubt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rung', models.TextField()),
                ('score', models.IntegerField()),
                ('parts', models.JSONField()),
                ('state', models.TextField(default='open')),
                ('case', models.BigIntegerField(null=True)),
                ('reason', models.TextField(default='')),
                ('by', models.TextField(default='')),
                ('raised_at', models.DateTimeField(auto_now_add=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('candidate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='doubted_by', to='registries.subject')),
                ('merge', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='registries.merge')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='doubts', to='registries.subject')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['id'], name='doubt_open')],
                'constraints': [
                    models.UniqueConstraint(fields=('subject', 'candidate'), name='doubt_pair_once'),
                    models.CheckConstraint(condition=models.Q(('subject', models.F('candidate')), _negated=True), name='doubt_of_two'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['open', 'same', 'different', 'unclear', 'settled'])), name='doubt_state'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Expunge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rows', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('ground', models.TextField()),
                ('basis', models.TextField()),
                ('proposed_by', models.TextField()),
                ('proposed_at', models.DateTimeField(auto_now_add=True)),
                ('confirmed_by', models.TextField(default='')),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('commitments', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('table', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='registries.table')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('proposed_by', models.F('confirmed_by')), _negated=True), name='expunge_by_two')],
            },
        ),
        migrations.RunSQL(TRIGRAMS, UNDO),
    ]
