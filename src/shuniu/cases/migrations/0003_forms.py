"""Tables for drafts."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0002_items")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="FrozenForm",
            fields=[
                ("digest", models.TextField(primary_key=True, serialize=False)),
                ("content", models.JSONField()),
            ],
            options={"db_table": "cases_frozen_form"},
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.TextField()),
                ("item_version", models.IntegerField()),
                ("title", models.TextField()),
                ("agency", models.TextField()),
                ("kinds", models.JSONField()),
                ("account", models.TextField()),
                ("channel", models.TextField()),
                ("state", models.TextField()),
                ("number", models.TextField(default="")),
                ("version", models.IntegerField(default=0)),
                ("applicant", models.JSONField(null=True)),
                ("acting", models.JSONField(null=True)),
                ("answers", models.JSONField(default=dict)),
                ("visited", models.JSONField(default=dict)),
                ("unsettled", models.JSONField(default=list)),
                ("consented", models.BooleanField(null=True)),
                ("prefilled", models.JSONField(default=list)),
                ("started_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("expires", models.DateField()),
                ("form", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="cases.frozenform")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "filed", "discarded", "expired"])), name="draft_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"),
                            models.Q(
                                ("acting__isnull", True),
                                ("answers", {}),
                                ("applicant__isnull", True),
                                ("prefilled", []),
                            ),
                            _connector="OR",
                        ),
                        name="draft_forgets_when_ended",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open"), ("version", 0)),
                        fields=("account", "item"),
                        name="draft_untouched",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["account", "-id"], name="draft_by_account"
                    ),
                    models.Index(condition=models.Q(("state", "open")), fields=["expires"], name="draft_by_expiry"),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptPage",
            fields=[
                ("token", models.BinaryField(primary_key=True, serialize=False)),
                ("page", models.TextField()),
                ("sealed", models.BinaryField()),
                ("until", models.DateTimeField()),
                ("draft", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="cases.draft")),
            ],
            options={
                "db_table": "cases_kept_page",
                "indexes": [models.Index(fields=["until"], name="kept_page_until")],
            },
        ),
    ]
