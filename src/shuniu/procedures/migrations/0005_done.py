"""What a person has answered (已办) is found by an index."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("procedures", "0004_clocks")]

    operations = [
        migrations.AddIndex(
            "event",
            models.Index(
                fields=["person", "-id"],
                name="event_done_by_person",
                condition=Q(verb__in=["同意", "不同意", "退回", "转办"]),
            ),
        ),
    ]
