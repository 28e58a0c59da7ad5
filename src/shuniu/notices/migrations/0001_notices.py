import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True
    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.TextField(default='')),
                ('agency', models.TextField(default='')),
                ('channel', models.TextField()),
                ('address', models.BinaryField(null=True)),
                ('verified_at', models.DateTimeField(null=True)),
                ('pending', models.BinaryField(null=True)),
                ('code', models.BinaryField(null=True)),
                ('code_until', models.DateTimeField(null=True)),
                ('tries', models.SmallIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'agency', 'channel'), name='notices_contact_once'), models.CheckConstraint(condition=models.Q(('person', ''), ('agency', ''), _connector='XOR'), name='notices_contact_owner'), models.CheckConstraint(condition=models.Q(models.Q(('address', None), ('verified_at', None)), ('verified_at__isnull', False), _connector='XOR'), name='notices_contact_verified'), models.CheckConstraint(condition=models.Q(models.Q(('code', None), ('code_until', None), ('pending', None)), models.Q(('code__isnull', False), ('code_until__isnull', False), ('pending__isnull', False)), _connector='OR'), name='notices_contact_pending')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(unique=True)),
                ('template', models.TextField()),
                ('person', models.TextField(default='')),
                ('agency', models.TextField(default='')),
                ('capability', models.TextField(default='')),
                ('object', models.TextField()),
                ('title', models.TextField()),
                ('title_en', models.TextField()),
                ('text', models.TextField()),
                ('text_en', models.TextField()),
                ('owner', models.TextField(default='')),
                ('in_inbox', models.BooleanField(default=True)),
                ('at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
                ('read_by', models.TextField(default='')),
                ('once', models.TextField(null=True, unique=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('agency', ''), _negated=True), fields=['agency', '-id'], name='notices_by_agency'), models.Index(condition=models.Q(('person', ''), _negated=True), fields=['person', '-id'], name='notices_by_person'), models.Index(condition=models.Q(('capability', ''), _negated=True), fields=['capability', '-id'], name='notices_by_capability'), models.Index(condition=models.Q(('read_at', None), models.Q(('agency', ''), _negated=True)), fields=['agency'], name='notices_unread_agency'), models.Index(condition=models.Q(('read_at', None), models.Q(('person', ''), _negated=True)), fields=['person'], name='notices_unread_person'), models.Index(condition=models.Q(('read_at', None), models.Q(('capability', ''), _negated=True)), fields=['capability'], name='notices_unread_capability')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('agency', ''), ('capability', ''), models.Q(('person', ''), _negated=True)), models.Q(('capability', ''), ('person', ''), models.Q(('agency', ''), _negated=True)), models.Q(('agency', ''), ('person', ''), models.Q(('capability', ''), _negated=True)), _connector='OR'), name='notices_to_one')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.TextField()),
                ('reference', models.TextField(unique=True)),
                ('address', models.BinaryField(null=True)),
                ('masked', models.TextField(default='')),
                ('title', models.TextField(default='')),
                ('text', models.TextField(default='')),
                ('urgent', models.BooleanField(default=False)),
                ('fleeting', models.BooleanField(default=False)),
                ('state', models.TextField()),
                ('attempts', models.SmallIntegerField(default=0)),
                ('said', models.TextField(default='')),
                ('at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='notices.notice')),
            ],
        ),
        migrations.CreateModel(
            name='Occurrence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('what', models.TextField()),
                ('said', models.TextField(default='')),
                ('by', models.TextField(default='')),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='occurrences', to='notices.delivery')),
            ],
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state__in', ['queued', 'failed'])), fields=['channel', '-urgent', 'due_at'], name='notices_delivery_due'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'sent')), fields=['due_at'], name='notices_delivery_sent'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'delivered'), _negated=True), fields=['-id'], name='notices_delivery_open'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('notice', 'channel'), name='notices_delivery_once'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['inbox', 'email', 'sms'])), name='notices_delivery_channel'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sent', 'delivered', 'failed', 'given_up'])), name='notices_delivery_state'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['delivered', 'given_up']), ('due_at__isnull', False), _connector='XOR'), name='notices_delivery_ends'),
        ),
    ]
