"""A decision stands as it was made; letters, their parts and cases are in a state that there is, with what it needs."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations
from django.db.models import CheckConstraint, Q

FIXED = """
create trigger cases_decision_fixed before update or delete or truncate on cases_decision
    for each statement execute function cases_refuse_change();
"""
LOOSE = "drop trigger cases_decision_fixed on cases_decision"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0021_no_kept_pages")]
    operations: ClassVar = [
        migrations.AddConstraint(
            "case",
            CheckConstraint(
                name="cases_accepted_on_a_day", condition=~Q(state="accepted") | Q(accepted_at__isnull=False)
            ),
        ),
        migrations.AddConstraint(
            "letter",
            CheckConstraint(name="letter_state", condition=Q(state__in=["handling", "declined", "answered"])),
        ),
        migrations.AddConstraint(
            "letter", CheckConstraint(name="letter_declined_says_why", condition=Q(declined="") ^ Q(state="declined"))
        ),
        migrations.AddConstraint(
            "letter",
            CheckConstraint(name="letter_channel", condition=Q(channel__in=["web", "counter", "telephone"])),
        ),
        migrations.AddConstraint("letter", CheckConstraint(name="letter_category", condition=~Q(category=""))),
        migrations.AddConstraint(
            "letterpart",
            CheckConstraint(
                name="letter_part_state", condition=Q(state__in=["sent", "signed", "review", "done", "moved"])
            ),
        ),
        migrations.AddConstraint(
            "letterpart",
            CheckConstraint(name="letter_part_answered", condition=~Q(state__in=["review", "done"]) | ~Q(answer="")),
        ),
        migrations.AddConstraint(
            "letterpart",
            CheckConstraint(
                name="letter_part_done_on_a_day", condition=Q(state="done") ^ Q(answered_at__isnull=True)
            ),
        ),
        migrations.RunSQL(FIXED, LOOSE),
    ]
