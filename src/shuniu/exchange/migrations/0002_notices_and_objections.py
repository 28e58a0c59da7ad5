from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.TextField(default='')),
                ('person', models.TextField(default='')),
                ('kind', models.TextField()),
                ('object', models.TextField()),
                ('text', models.TextField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('read_by', models.TextField(default='')),
                ('once', models.TextField(null=True, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resource', models.TextField()),
                ('agency', models.TextField()),
                ('row', models.BigIntegerField()),
                ('key', models.UUIDField()),
                ('digest', models.UUIDField()),
                ('subject', models.BigIntegerField(null=True)),
                ('item', models.TextField(default='')),
                ('claim', models.TextField()),
                ('person', models.TextField()),
                ('person_name', models.TextField()),
                ('person_agency', models.TextField(default='')),
                ('case', models.BigIntegerField(null=True)),
                ('state', models.TextField(default='raised')),
                ('reason', models.TextField(default='')),
                ('raised_at', models.DateTimeField(auto_now_add=True)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='submission',
            name='period',
            field=models.TextField(default=''),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('period', ''), _negated=True), ('state', 'stored')), fields=('resource', 'region', 'period'), name='nothing_once_a_period'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['agency', '-id'], name='notice_by_agency'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('person', ''), _negated=True), fields=['person', '-id'], name='notice_by_person'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agency', ''), _negated=True), models.Q(('person', ''), _negated=True), _connector='OR'), name='notice_to_somebody'),
        ),
        migrations.AddIndex(
            model_name='objection',
            index=models.Index(fields=['agency', '-id'], name='objection_by_agency'),
        ),
        migrations.AddIndex(
            model_name='objection',
            index=models.Index(fields=['person', '-id'], name='objection_by_person'),
        ),
        migrations.AddIndex(
            model_name='objection',
            index=models.Index(fields=['resource', 'key'], name='objection_by_row'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['raised', 'accepted', 'upheld', 'corrected', 'rejected', 'declined'])), name='objection_state'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['raised', 'accepted', 'upheld'])), fields=('resource', 'key', 'item', 'person'), name='objection_open_once'),
        ),
    ]
