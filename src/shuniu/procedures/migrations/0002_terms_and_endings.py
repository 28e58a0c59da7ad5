from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_cases")]

    operations = [
        migrations.AddField("event", "rule", models.TextField(default="")),
        migrations.AddField("task", "due_provisional", models.BooleanField(default=False)),
        migrations.RemoveConstraint("case", "case_outcome"),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                condition=models.Q(("outcome__in", ["", "granted", "refused", "ended"])), name="case_outcome"
            ),
        ),
    ]
