"""An agency's lists of running and of ended cases go by an index each."""

from django.db import migrations, models
from django.db.models import Q

RUNNING = ["filed", "correcting", "accepted"]
ENDED = ["declined", "granted", "refused", "withdrawn", "partial", "cut"]


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_letters")]

    operations = [
        migrations.RemoveIndex("case", "case_by_agency"),
        *(
            migrations.AddIndex(
                "case", models.Index(fields=["agency", "-id"], name=name, condition=Q(state__in=states))
            )
            for name, states in (("case_running_by_agency", RUNNING), ("case_ended_by_agency", ENDED))
        ),
    ]
