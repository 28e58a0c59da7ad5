"""An agency's cases are searched: by the ends of their numbers, and along its lists by names and items that the lists hold."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

RUNNING = ["filed", "correcting", "accepted"]
ENDED = ["declined", "granted", "refused", "withdrawn", "partial", "cut"]
LISTS = (("case_running_by_agency", RUNNING), ("case_ended_by_agency", ENDED))
END = "create index case_by_end on cases_case (reverse(substring(number, 32)) text_pattern_ops)"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0015_specials")]
    operations: ClassVar = [
        *(migrations.RemoveIndex("case", name) for name, _ in LISTS),
        *(
            migrations.AddIndex(
                "case",
                models.Index(
                    fields=["agency", "-id"],
                    include=["applicant_name", "item", "region"],
                    name=name,
                    condition=Q(state__in=states),
                ),
            )
            for name, states in LISTS
        ),
        migrations.RunSQL(END, "drop index case_by_end"),
    ]
