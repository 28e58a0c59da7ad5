"""Windows with schedules, bookings and queue numbers; handing documents over with its evidence."""

from __future__ import annotations

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


FIXED = """
create sequence cases_booking_serial;
create trigger cases_handoverevent_fixed before update or delete on cases_handoverevent
    for each row execute function cases_refuse_change();
create trigger cases_windowschedule_fixed before update or delete on cases_windowschedule
    for each row execute function cases_refuse_change();
"""
LOOSE = """
drop trigger cases_windowschedule_fixed on cases_windowschedule;
drop trigger cases_handoverevent_fixed on cases_handoverevent;
drop sequence cases_booking_serial;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("cases", "0011_case_lists"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="ServiceWindow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency", models.TextField()),
                ("region", models.TextField()),
                ("title", models.TextField()),
                ("place", models.TextField()),
                ("items", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "title"), name="window_once"),
                    models.CheckConstraint(
                        condition=models.Q(("items", []), _negated=True), name="window_serves_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WindowSchedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="schedules", to="cases.servicewindow"
                    ),
                ),
                ("since", models.DateField()),
                ("hours", models.TextField()),
                ("minutes", models.IntegerField()),
                ("places", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("window", "since"), name="schedule_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gt", 0), ("places__gt", 0)), name="schedule_has_places"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.TextField(unique=True)),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bookings", to="cases.servicewindow"
                    ),
                ),
                ("item", models.TextField()),
                ("day", models.DateField()),
                ("start", models.TimeField()),
                ("until", models.TimeField()),
                ("seat", models.IntegerField()),
                ("places", models.IntegerField()),
                ("account", models.TextField()),
                ("subject", models.BigIntegerField(null=True)),
                ("called", models.TextField()),
                ("state", models.TextField(default="open")),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account", "-id"], name="booking_by_account"),
                    models.Index(condition=models.Q(("state", "open")), fields=["day"], name="booking_open_by_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("open", "arrived", "missed"))),
                        fields=("window", "day", "start", "seat"),
                        name="booking_seat_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("open", "arrived", "missed"))),
                        fields=("account", "item", "day"),
                        name="booking_once_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seat__gte", 1), ("seat__lte", models.F("places")), ("start__lt", models.F("until"))
                        ),
                        name="booking_within_capacity",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state", "open")),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("state__in", ["arrived", "missed", "cancelled", "dropped"]),
                            ),
                            _connector="OR",
                        ),
                        name="booking_open_or_ended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QueueNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="numbers", to="cases.servicewindow"
                    ),
                ),
                ("day", models.DateField()),
                ("number", models.IntegerField()),
                ("item", models.TextField()),
                (
                    "booking",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="queue_number",
                        to="cases.booking",
                    ),
                ),
                ("state", models.TextField(default="waiting")),
                ("taken_at", models.DateTimeField()),
                ("called_at", models.DateTimeField(null=True)),
                ("called_by", models.TextField(default="")),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "called"])),
                        fields=["day"],
                        name="queue_number_open_by_day",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("window", "day", "number"), name="queue_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("called_at__isnull", True), ("ended_at__isnull", True), ("state", "waiting")),
                            models.Q(("called_at__isnull", False), ("ended_at__isnull", True), ("state", "called")),
                            models.Q(("called_at__isnull", False), ("ended_at__isnull", False), ("state", "served")),
                            models.Q(("ended_at__isnull", False), ("state", "absent")),
                            _connector="OR",
                        ),
                        name="queue_number_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="handover", to="cases.case"
                    ),
                ),
                ("way", models.TextField()),
                ("state", models.TextField(default="waiting")),
                ("sealed", models.BinaryField(null=True)),
                ("name", models.TextField(default="")),
                ("telephone", models.TextField(default="")),
                ("address", models.TextField(default="")),
                ("attempt", models.IntegerField(default=0)),
                ("order", models.TextField(null=True, unique=True)),
                ("waybill", models.TextField(default="")),
                ("contents", models.TextField(default="")),
                ("chosen_at", models.DateTimeField()),
                ("consigned_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["signed", "taken"]), _negated=True),
                        fields=["state", "id"],
                        name="handover_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "consigned", "transit", "signed", "returned", "taken"]),
                            ("way__in", ["mail", "pickup"]),
                        ),
                        name="handover_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                ("sealed__isnull", True),
                                ("state__in", ["signed", "taken"]),
                            ),
                            models.Q(
                                models.Q(("state__in", ["signed", "taken"]), _negated=True), ("ended_at__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="handover_ended_keeps_no_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("way", "mail"), _negated=True),
                            ("sealed__isnull", False),
                            ("state__in", ["signed", "taken"]),
                            _connector="OR",
                        ),
                        name="handover_mail_has_an_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["consigned", "transit", "signed", "returned"]), _negated=True),
                            models.Q(("consigned_at__isnull", False), ("order__isnull", False)),
                            _connector="OR",
                        ),
                        name="handover_on_the_way_is_mail",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoverEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="cases.handover"
                    ),
                ),
                ("move", models.TextField()),
                ("at", models.DateTimeField()),
                ("noted_at", models.DateTimeField()),
                ("who", models.TextField()),
                ("person", models.TextField()),
                ("said", models.TextField(default="")),
                ("signer", models.TextField(default="")),
                ("proof", models.TextField(default="")),
                ("order", models.TextField(default="")),
                ("event", models.TextField(default="")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("event", ""), _negated=True), fields=("event",), name="handover_word_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("move__in", ["chosen", "ordered", "consigned", "transit", "signed", "returned", "taken"])
                        ),
                        name="handover_event_move",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("move__in", ["signed", "taken"]), _negated=True),
                            models.Q(("signer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="handover_receipt_says_who",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("move", "taken"), _negated=True),
                            models.Q(("proof", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="handover_taken_with_proof",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FIXED, LOOSE),
    ]
