"""Ratings: each version as it was given, requests not to count one, looks at texts, rectifications."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

FIXED = """
create trigger cases_rating_fixed before update or delete on cases_rating
    for each row execute function cases_refuse_change();
"""
LOOSE = "drop trigger cases_rating_fixed on cases_rating"


def _key() -> tuple[str, models.Field[Any, Any]]:
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def _of_rating(name: str) -> tuple[str, models.Field[Any, Any]]:
    return "rating", models.OneToOneField(
        on_delete=django.db.models.deletion.PROTECT, related_name=name, to="cases.rating"
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0008_bundling")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Rating",
            fields=[
                _key(),
                ("stage", models.TextField()),
                ("version", models.IntegerField()),
                ("item", models.TextField()),
                ("agency", models.TextField()),
                ("region", models.TextField()),
                ("level", models.SmallIntegerField()),
                ("parts", models.JSONField(default=dict)),
                ("text", models.TextField(default="")),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ratings", to="cases.case"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["case", "stage", "version"], name="rating_versions"),
                    models.CheckConstraint(name="rating_level", condition=Q(level__gte=1, level__lte=5)),
                    models.CheckConstraint(
                        name="rating_stage",
                        condition=Q(stage__in=["accept", "decide", "accept-rectified", "decide-rectified"]),
                    ),
                ],
                "indexes": [models.Index(fields=["agency", "item", "level"], name="rating_by_agency")],
            },
        ),
        migrations.CreateModel(
            name="RatingAside",
            fields=[
                _key(),
                _of_rating("aside"),
                ("asked_by", models.TextField()),
                ("reason", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("decided_by", models.TextField(default="")),
                ("agreed", models.BooleanField(null=True)),
                ("answer", models.TextField(default="")),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(name="rating_aside_by_two", condition=~Q(asked_by=F("decided_by"))),
                    models.CheckConstraint(name="rating_aside_reason", condition=~Q(reason="")),
                    models.CheckConstraint(
                        name="rating_aside_decided",
                        condition=Q(agreed__isnull=True, decided_at__isnull=True, decided_by="")
                        | Q(agreed__isnull=False, decided_at__isnull=False) & ~Q(decided_by="") & ~Q(answer=""),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RatingText",
            fields=[
                _key(),
                _of_rating("look"),
                ("text", models.TextField(default="")),
                ("reason", models.TextField(default="")),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(name="rating_text_shown_or_why_not", condition=Q(text="") ^ Q(reason="")),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rectification",
            fields=[
                _key(),
                _of_rating("rectification"),
                ("matter", models.BigIntegerField(unique=True)),
                ("measures", models.TextField(default="")),
                ("call_back", models.TextField(default="")),
                ("called_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        name="rectification_done_after_call_back",
                        condition=Q(done_at__isnull=True)
                        | Q(called_at__isnull=False) & ~Q(measures="") & ~Q(call_back=""),
                    ),
                ],
            },
        ),
        migrations.RunSQL(FIXED, LOOSE),
    ]
