from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registries', '0012_name_by_core'),
    ]

    operations = [
        migrations.AddField(
            model_name='table',
            name='register',
            field=models.BooleanField(default=False),
        ),
    ]
