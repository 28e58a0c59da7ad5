"""The desk of documents: sorts, the procedure of each, returned ones, evaluated tasks; and rating by a link."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models.deletion import PROTECT


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0013_licences_desk")]
    operations: ClassVar = [
        migrations.AddField("document", "sort", models.TextField(default="outgoing")),
        migrations.AddField("document", "matter", models.BigIntegerField(null=True)),
        migrations.AddField("dispatch", "matter", models.BigIntegerField(null=True)),
        migrations.AddField("dispatchreceipt", "returned", models.TextField(default="")),
        migrations.RemoveIndex("document", "document_by_agency"),
        migrations.AddIndex("document", models.Index(fields=["agency", "sort", "-id"], name="document_by_agency")),
        migrations.AddConstraint(
            "document",
            models.CheckConstraint(
                condition=models.Q(("sort__in", ["outgoing", "information", "supervision"])), name="document_sort"
            ),
        ),
        migrations.CreateModel(
            name="TaskGrade",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency", models.TextField()),
                ("grade", models.TextField()),
                ("words", models.TextField(default="")),
                ("person_name", models.TextField()),
                ("at", models.DateTimeField()),
                ("document", models.ForeignKey(on_delete=PROTECT, related_name="grades", to="cases.document")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("document", "agency"), name="document_task_evaluated_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="RatingLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stage", models.TextField()),
                ("digest", models.TextField(unique=True)),
                ("made_at", models.DateTimeField()),
                ("until", models.DateField()),
                ("used_at", models.DateTimeField(null=True)),
                ("case", models.ForeignKey(on_delete=PROTECT, related_name="rating_links", to="cases.case")),
            ],
            options={
                "indexes": [models.Index(fields=["case", "-id"], name="rating_link_by_case")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", ["accept", "decide", "accept-rectified", "decide-rectified"])),
                        name="rating_link_stage",
                    )
                ],
            },
        ),
    ]
