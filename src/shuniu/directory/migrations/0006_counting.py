"""Failures lapse, and are counted for logins that are nobody's as for accounts; refusals of strangers are counted."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("directory", "0005_substitutions_and_reviews")]
    operations: ClassVar = [
        migrations.AddField("account", "failed_since", models.DateTimeField(null=True)),
        migrations.RenameField("failing", "address", "place"),
        migrations.RenameField("failing", "failures", "failed"),
        migrations.RenameField("failing", "since", "failed_since"),
        migrations.CreateModel(
            "Stranger",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.TextField()),
                ("place", models.TextField()),
                ("minute", models.IntegerField()),
                ("refusals", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("minute", "what", "place"), name="directory_stranger_minute")
                ]
            },
        ),
    ]
