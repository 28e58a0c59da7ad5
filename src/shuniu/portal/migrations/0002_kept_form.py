"""Forms that were posted after their session ended, waiting for their writer."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("portal", "0001_issued_report")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="KeptForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.BinaryField()),
                ("said", models.BinaryField()),
                ("whose", models.TextField()),
                ("view", models.TextField()),
                ("sealed", models.BinaryField()),
                ("size", models.IntegerField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
            ],
            options={
                "db_table": "portal_kept_form",
                "indexes": [
                    models.Index(fields=["whose"], name="portal_kept_form_whose"),
                    models.Index(fields=["until"], name="portal_kept_form_until"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("token", "said"), name="portal_kept_form_once"),
                ],
            },
        ),
    ]
