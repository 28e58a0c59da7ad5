"""What filing and deciding need: the form that a case was filed with, decisions, running numbers."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_documents")]

    operations = [
        migrations.AddField("case", "form", models.TextField(default=""), preserve_default=False),
        migrations.AddField("case", "acting_name", models.TextField(default="")),
        migrations.AddField("case", "prefilled", models.JSONField(default=list)),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.TextField(unique=True)),
                ("state", models.TextField()),
                ("facts", models.TextField(default="")),
                ("articles", models.TextField(default="")),
                ("remedy", models.TextField(default="")),
                ("rules", models.JSONField(default=list)),
                ("person", models.TextField()),
                ("person_name", models.TextField()),
                ("agency_name", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="cases.case"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        name="decision_states_its_grounds",
                        condition=Q(state="granted")
                        | Q(state__in=["declined", "refused"]) & ~Q(facts="") & ~Q(articles="") & ~Q(remedy=""),
                    ),
                ],
            },
        ),
        migrations.RunSQL("create sequence cases_serial", "drop sequence cases_serial"),
    ]
