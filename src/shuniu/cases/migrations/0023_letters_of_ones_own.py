"""A letter is found again by who wrote it signed in: by a keyed digest of the account; a report (举报) never."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import CheckConstraint, Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0022_states_kept")]
    operations: ClassVar = [
        migrations.AddField("letter", "account", models.TextField(default="")),
        migrations.AddConstraint(
            "letter",
            CheckConstraint(name="letter_report_is_nobodys", condition=Q(sealed=False) | Q(account="")),
        ),
        migrations.AddIndex(
            "letter",
            models.Index(fields=["account", "-id"], name="letter_by_account", condition=~Q(account="")),
        ),
    ]
