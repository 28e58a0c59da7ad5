"""Clocks and their stops, the holiday tables that days are counted by, and what each recount moved."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import CASCADE, PROTECT, F, Q

UNITS = ["working_day", "day", "month", "year"]


def key() -> tuple[str, models.BigAutoField]:
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("procedures", "0003_verbs")]
    operations: ClassVar = [
        migrations.CreateModel(
            "HolidayTable",
            [
                key(),
                ("region", models.TextField(default="")),
                ("year", models.IntegerField()),
                ("source", models.TextField()),
                ("confirmed", models.BooleanField()),
                ("saved_at", models.DateTimeField()),
                ("saved_by", models.TextField()),
                ("saved_by_name", models.TextField()),
                ("applied_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            {
                "constraints": [
                    models.UniqueConstraint(
                        fields=["region", "year"],
                        name="one_holiday_table_in_force",
                        condition=Q(applied_at__isnull=False, withdrawn_at__isnull=True),
                    ),
                    models.CheckConstraint(
                        name="holiday_table_withdrawn_after_applied",
                        condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("applied_at")),
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            "Holiday",
            [
                key(),
                ("day", models.DateField()),
                ("kind", models.TextField()),
                ("name", models.TextField()),
                ("table", models.ForeignKey("procedures.holidaytable", CASCADE, related_name="days")),
            ],
            {
                "constraints": [
                    models.UniqueConstraint(fields=["table", "day"], name="holiday_once_in_a_table"),
                    models.CheckConstraint(name="holiday_kind", condition=Q(kind__in=["holiday", "work"])),
                ]
            },
        ),
        migrations.CreateModel(
            "Recount",
            [
                key(),
                ("at", models.DateTimeField()),
                ("cause", models.TextField()),
                ("person", models.TextField()),
                ("person_name", models.TextField()),
                ("clocks", models.IntegerField()),
                ("moved", models.IntegerField()),
                ("table", models.ForeignKey("procedures.holidaytable", PROTECT, null=True)),
            ],
        ),
        migrations.CreateModel(
            "Clock",
            [
                key(),
                ("kind", models.TextField()),
                ("stage", models.TextField(default="")),
                ("region", models.TextField()),
                ("start", models.DateField()),
                ("amount", models.IntegerField()),
                ("unit", models.TextField()),
                ("rule", models.TextField(default="")),
                ("extension", models.IntegerField(null=True)),
                ("extension_unit", models.TextField(default="")),
                ("extension_reason", models.TextField(default="")),
                ("due", models.DateField(null=True)),
                ("provisional", models.BooleanField(default=False)),
                ("calendar", models.BigIntegerField(default=0)),
                ("ended", models.DateField(null=True)),
                ("case", models.ForeignKey("procedures.case", CASCADE, related_name="clocks")),
            ],
            {
                "constraints": [
                    models.UniqueConstraint(
                        fields=["case", "kind", "stage"],
                        name="one_running_clock_of_a_kind",
                        condition=Q(ended__isnull=True),
                    ),
                    models.CheckConstraint(name="clock_kind", condition=Q(kind__in=["statutory", "promised", "stage"])),
                    models.CheckConstraint(name="clock_of_a_stage_names_it", condition=Q(kind="stage") ^ Q(stage="")),
                    models.CheckConstraint(name="clock_unit", condition=Q(unit__in=UNITS) & Q(amount__gte=0)),
                    models.CheckConstraint(
                        name="clock_extension",
                        condition=Q(extension__isnull=True, extension_unit="")
                        | (Q(extension__gte=0, extension_unit__in=UNITS) & ~Q(extension_reason="")),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "Stop",
            [
                key(),
                ("kind", models.TextField()),
                ("basis", models.TextField()),
                ("evidence", models.TextField()),
                ("begun", models.DateField()),
                ("ended", models.DateField(null=True)),
                ("ended_evidence", models.TextField(default="")),
                ("case", models.ForeignKey("procedures.case", CASCADE, related_name="stops")),
            ],
            {
                "constraints": [
                    models.UniqueConstraint(
                        fields=["case", "kind"], name="one_open_stop_of_a_kind", condition=Q(ended__isnull=True)
                    ),
                    models.CheckConstraint(
                        name="stop_ends_after_it_begins", condition=Q(ended__isnull=True) | Q(ended__gte=F("begun"))
                    ),
                    models.CheckConstraint(name="stop_says_why", condition=~Q(kind="") & ~Q(evidence="")),
                ]
            },
        ),
        migrations.CreateModel(
            "ClockChange",
            [
                key(),
                ("before", models.DateField(null=True)),
                ("after", models.DateField(null=True)),
                ("provisional", models.BooleanField()),
                ("clock", models.ForeignKey("procedures.clock", CASCADE, related_name="changes", db_constraint=False)),
                (
                    "recount",
                    models.ForeignKey(
                        "procedures.recount", CASCADE, related_name="changes", db_constraint=False, db_index=False
                    ),
                ),
            ],
            {
                "constraints": [
                    models.UniqueConstraint(fields=["recount", "clock"], name="clock_moved_once_by_a_recount")
                ]
            },
        ),
        # a recount rewrites due days in place: room on the page spares it the indexes
        migrations.RunSQL("alter table procedures_clock set (fillfactor = 70)", migrations.RunSQL.noop),
    ]
