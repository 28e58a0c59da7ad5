"""Questions about readings, inquiries kept back, officers' readings counted, and flags."""

from __future__ import annotations

from typing import ClassVar

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("assessment", "0002_seats_and_beginning"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="CovertInquiry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.BigIntegerField()),
                ("agency", models.TextField()),
                ("person", models.TextField()),
                ("person_name", models.TextField()),
                ("ground", models.TextField()),
                ("rule", models.TextField()),
                ("reason", models.TextField()),
                ("proposed_at", models.DateTimeField()),
                ("until", models.DateField()),
                ("state", models.TextField(default="proposed")),
                ("decided_by", models.TextField(default="")),
                ("decided_name", models.TextField(default="")),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "assessment_covert_inquiry",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "confirmed")), fields=["subject"], name="covert_of_a_subject"
                    ),
                    models.Index(fields=["agency", "-id"], name="covert_of_an_agency"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["proposed", "confirmed", "declined"])), name="covert_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ground__in", ["secret", "duty"])), name="covert_ground"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", models.F("person")), _negated=True), name="covert_two_people"
                    ),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="covert_says_why"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", ""), ("state", "proposed")),
                            models.Q(
                                models.Q(("state", "proposed"), _negated=True),
                                models.Q(("decided_by", ""), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="covert_decided_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadingFlag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField()),
                ("person", models.TextField()),
                ("person_name", models.TextField()),
                ("agency", models.TextField()),
                ("day", models.DateField()),
                ("subject", models.BigIntegerField(default=0)),
                ("said", models.TextField()),
                ("rule", models.TextField()),
                ("at", models.DateTimeField()),
                ("due", models.DateField()),
                ("entries", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("state", models.TextField(default="asked")),
                ("explanation", models.TextField(default="")),
                ("explained_at", models.DateTimeField(null=True)),
                ("closed_by", models.TextField(default="")),
                ("closed_name", models.TextField(default="")),
                ("reason", models.TextField(default="")),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "assessment_reading_flag",
                "indexes": [
                    models.Index(fields=["agency", "-id"], name="reading_flag_agency"),
                    models.Index(fields=["person", "-id"], name="reading_flag_person"),
                    models.Index(fields=["day"], name="reading_flag_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "agency", "day", "kind", "subject"), name="reading_flag_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["volume", "off_duty", "family", "again", "no_case"])),
                        name="reading_flag_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "explained", "closed"])), name="reading_flag_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closed_by", models.F("person")), _negated=True),
                        name="reading_flag_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at", None)),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("state", "closed"),
                                models.Q(("reason", ""), _negated=True),
                                models.Q(("closed_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="reading_flag_closed_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadingPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.TextField()),
                ("day", models.DateField()),
                ("subject", models.BigIntegerField()),
                ("family", models.BooleanField()),
            ],
            options={
                "db_table": "assessment_reading_person",
                "constraints": [
                    models.UniqueConstraint(fields=("person", "day", "subject"), name="reading_person_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadingQuestion",
            fields=[
                ("entry", models.BigIntegerField()),
                ("subject", models.BigIntegerField()),
                ("asked_by", models.TextField()),
                ("text", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("read_at", models.DateTimeField()),
                ("person", models.TextField()),
                ("person_name", models.TextField()),
                ("post", models.TextField()),
                ("agency", models.TextField()),
                ("agency_name", models.TextField()),
                ("verb", models.TextField()),
                ("object", models.TextField()),
                ("purpose", models.TextField()),
                ("case", models.BigIntegerField(primary_key=True, serialize=False)),
                ("due", models.DateField(null=True)),
                ("answer", models.TextField(default="")),
                ("law", models.TextField(default="")),
                ("answered_by", models.TextField(default="")),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "assessment_reading_question",
                "indexes": [
                    models.Index(fields=["asked_by", "-case"], name="reading_question_asked"),
                    models.Index(fields=["agency", "-case"], name="reading_question_agency"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "asked_by"), name="reading_asked_about_once"),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="reading_question_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None), ("answered_by", ""), ("law", "")),
                            models.Q(
                                ("answered_at__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                                models.Q(("law", ""), _negated=True),
                                models.Q(("answered_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="reading_answer_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answered_by", models.F("person")), _negated=True),
                        name="reader_does_not_answer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadingScan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "assessment_reading_scan",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="reading_scan_one_row")],
            },
        ),
        migrations.CreateModel(
            name="ReadingTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency", models.TextField()),
                ("person", models.TextField()),
                ("person_name", models.TextField()),
                ("day", models.DateField()),
                ("hour", models.SmallIntegerField()),
                ("object", models.TextField()),
                ("purpose", models.TextField()),
                ("readings", models.IntegerField()),
                ("caseless", models.IntegerField()),
            ],
            options={
                "db_table": "assessment_reading_tally",
                "indexes": [models.Index(fields=["agency", "-day"], name="reading_tally_agency")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "agency", "day", "hour", "object", "purpose"), name="reading_tally_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("caseless__gte", 0), ("caseless__lte", models.F("readings")), ("readings__gt", 0)
                        ),
                        name="reading_tally_counts",
                    ),
                ],
            },
        ),
    ]
