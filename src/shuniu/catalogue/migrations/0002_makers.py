"""Everybody who wrote in a version, so that none of them approves it."""

from __future__ import annotations

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0001_versions'),
    ]

    operations = [
        migrations.AddField(
            model_name='version',
            name='makers',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
        ),
        migrations.RunSQL("update catalogue_version set makers = array[made_by]", migrations.RunSQL.noop),
    ]
