"""Which agency took which one's place; parts of a letter that came with an agency stand beside the successor's own."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

FIXED = """
create trigger cases_succession_fixed before update or delete or truncate on cases_succession
    for each statement execute function cases_refuse_change();
"""
LOOSE = "drop trigger cases_succession_fixed on cases_succession"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0024_document_codes")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Succession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency", models.TextField(unique=True)),
                ("successor", models.TextField()),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("person", models.TextField()),
                ("person_name", models.TextField()),
            ],
            options={
                "constraints": [
                    CheckConstraint(name="succession_by_another", condition=~Q(agency=F("successor"))),
                    CheckConstraint(name="succession_says_why", condition=~Q(reason="")),
                ],
            },
        ),
        migrations.RunSQL(FIXED, LOOSE),
        migrations.AddField("letterpart", "came_from", models.TextField(default="")),
        migrations.RemoveConstraint("letterpart", "letter_part_once"),
        migrations.AddConstraint(
            "letterpart",
            UniqueConstraint(
                fields=["letter", "round", "agency"],
                name="letter_part_once",
                condition=~Q(state="moved") & Q(came_from=""),
            ),
        ),
    ]
