"""The time told for a special procedure, and requests for the one extension."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

UNITS = ["working_day", "day", "month", "year"]


def _key() -> tuple[str, models.Field[Any, Any]]:
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def _of_case(name: str) -> tuple[str, models.Field[Any, Any]]:
    return "case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to="cases.case")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0014_documents_desk")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="SpecialTime",
            fields=[
                _key(),
                ("event", models.IntegerField()),
                ("kind", models.TextField()),
                ("basis", models.TextField()),
                ("amount", models.IntegerField()),
                ("unit", models.TextField()),
                ("until", models.DateField()),
                _of_case("special_times"),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["case", "event"], name="special_time_of_an_event_once"),
                    models.CheckConstraint(name="special_time_is_some", condition=Q(amount__gt=0, unit__in=UNITS)),
                    models.CheckConstraint(name="special_time_says_why", condition=~Q(kind="") & ~Q(basis="")),
                ]
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                _key(),
                ("amount", models.IntegerField()),
                ("unit", models.TextField()),
                ("reason", models.TextField()),
                ("asked_by", models.TextField()),
                ("asked_by_name", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("state", models.TextField(default="waiting")),
                ("answered_by", models.TextField(default="")),
                ("answered_by_name", models.TextField(default="")),
                ("answered_at", models.DateTimeField(null=True)),
                ("why_not", models.TextField(default="")),
                _of_case("extensions"),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["case"],
                        name="extension_of_a_case_once",
                        condition=Q(state__in=["waiting", "approved"]),
                    ),
                    models.CheckConstraint(name="extension_by_two", condition=~Q(asked_by=F("answered_by"))),
                    models.CheckConstraint(
                        name="extension_says_why", condition=~Q(reason="") & Q(amount__gt=0, unit__in=UNITS)
                    ),
                    models.CheckConstraint(
                        name="extension_answered",
                        condition=Q(state="waiting", answered_by="", answered_at__isnull=True, why_not="")
                        | Q(state="approved", answered_at__isnull=False, why_not="") & ~Q(answered_by="")
                        | Q(state="refused", answered_at__isnull=False) & ~Q(answered_by="") & ~Q(why_not=""),
                    ),
                ]
            },
        ),
    ]
