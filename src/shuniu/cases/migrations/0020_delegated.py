"""A case remembers the delegation that it was filed under."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0019_makers_and_outcomes")]
    operations: ClassVar = [
        migrations.AddField("case", "delegation", models.BigIntegerField(null=True)),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                condition=Q(delegation=None) | (~Q(acting="") & ~Q(acting_name="") & Q(applicant__isnull=False)),
                name="cases_delegated_to_somebody",
            ),
        ),
    ]
