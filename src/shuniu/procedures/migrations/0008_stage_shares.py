"""A case keeps the time that was promised for it as a whole: stages may have their share of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

UNITS = ["working_day", "day", "month", "year"]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("procedures", "0007_events_fixed")]
    operations: ClassVar = [
        migrations.AddField("case", "term_amount", models.IntegerField(null=True)),
        migrations.AddField("case", "term_unit", models.TextField(default="", db_default="")),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                name="case_term",
                condition=Q(term_amount__isnull=True, term_unit="") | Q(term_amount__gte=0, term_unit__in=UNITS),
            ),
        ),
    ]
