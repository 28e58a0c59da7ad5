"""Who explained a flag is kept: of a machine's it is nobody's own, and who explains it does not close it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("assessment", "0003_looked")]

    operations: ClassVar = [
        migrations.AddField("ReadingFlag", "explained_by", models.TextField(default="")),
        migrations.AddField("ReadingFlag", "explained_name", models.TextField(default="")),
        migrations.RunSQL(
            "update assessment_reading_flag set explained_by = person, explained_name = person_name"
            " where explained_at is not null",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveConstraint("ReadingFlag", "reading_flag_two_people"),
        migrations.AddConstraint(
            "ReadingFlag",
            models.CheckConstraint(
                name="reading_flag_two_people",
                condition=~Q(closed_by=F("person")) & (Q(closed_by="") | ~Q(closed_by=F("explained_by"))),
            ),
        ),
    ]
