"""A decision names which of its item's results it is, and what is handed over."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_handling")]  # noqa: RUF012

    operations = [  # noqa: RUF012
        migrations.AddField("decision", "result", models.TextField(default="")),
        migrations.AddField("decision", "text", models.TextField(default="")),
        migrations.RemoveConstraint("decision", "decision_states_its_grounds"),
        migrations.AddConstraint(
            "decision",
            models.CheckConstraint(
                name="decision_states_its_grounds",
                condition=Q(state="granted")
                | Q(state__in=["declined", "partial", "refused"]) & ~Q(facts="") & ~Q(articles="") & ~Q(remedy=""),
            ),
        ),
    ]
