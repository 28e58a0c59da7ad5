import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("procedures", "0002_terms_and_endings")]

    operations = [
        migrations.AddField(
            "case",
            "parent",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="procedures.case"
            ),
        ),
        migrations.AddField(
            "case",
            "waits_for",
            django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
        ),
        migrations.RemoveConstraint("case", "case_outcome"),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                condition=Q(outcome__in=["", "granted", "partial", "refused", "withdrawn", "ended"]),
                name="case_outcome",
            ),
        ),
        migrations.AddConstraint(
            "case", models.CheckConstraint(condition=Q(id__gt=F("parent")), name="case_after_what_it_is_part_of")
        ),
        migrations.AddField("task", "open", models.BooleanField(default=True)),
        migrations.AddIndex("task", models.Index(fields=["person"], name="task_of_a_person", condition=~Q(person=""))),
        migrations.CreateModel(
            "Watch",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField()),
                ("person", models.TextField()),
                ("since", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("due", models.DateField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="watches", to="procedures.case"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(kind__in=["read", "supervise"]), name="watch_kind"),
                    models.UniqueConstraint(fields=["case", "kind", "person"], name="watch_of_a_case_once"),
                ],
                "indexes": [models.Index(fields=["person", "kind", "-since"], name="watch_of_a_person")],
            },
        ),
    ]
