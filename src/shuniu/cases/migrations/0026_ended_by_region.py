"""The ended cases of an agency are found by region: an officer of a narrow reach does not walk along all of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

ENDED = ["declined", "granted", "refused", "withdrawn", "partial", "cut"]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0025_successions")]
    operations: ClassVar = [
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["agency", "region", "-id"],
                opclasses=["text_ops", "text_pattern_ops", "int8_ops"],
                include=["applicant_name", "item"],
                name="case_ended_by_region",
                condition=Q(state__in=ENDED),
            ),
        ),
    ]
