"""Whether the unknown subjects that a batch founded have been noted under the names that its rows give them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('registries', '0014_known_names')]

    operations = [
        migrations.AddField('batch', 'said', models.BooleanField(default=True, db_default=True)),
        migrations.AddIndex(
            'batch', models.Index(fields=['table', 'number'], name='batch_unsaid', condition=models.Q(said=False))
        ),
    ]
