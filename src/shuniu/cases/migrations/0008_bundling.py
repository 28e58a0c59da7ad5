"""A life event: what its draft was begun with, and two ways for a case to end that only a whole and its parts have."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

RUNNING = ["filed", "correcting", "accepted"]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0007_filing")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="BundleDraft",
            fields=[
                (
                    "draft",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="cases.draft",
                    ),
                ),
                ("said", models.JSONField()),
                ("items", models.JSONField()),
            ],
            options={"db_table": "cases_bundle_draft"},
        ),
        migrations.RemoveConstraint("case", "cases_state"),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                name="cases_state",
                condition=Q(state__in=[*RUNNING, "declined", "granted", "refused", "withdrawn", "partial", "cut"]),
            ),
        ),
    ]
