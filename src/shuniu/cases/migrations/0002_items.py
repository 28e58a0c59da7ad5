"""Tables for the versions of service items and life events, and the sequence of their stamp."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL("create sequence cases_item_stamp_value", "drop sequence cases_item_stamp_value"),
        migrations.CreateModel(
            name="ItemStamp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="ItemVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField()),
                ("key", models.TextField()),
                ("number", models.IntegerField()),
                ("agency", models.TextField()),
                ("declaration", models.JSONField()),
                ("state", models.TextField()),
                ("shipped", models.BooleanField(default=False)),
                ("made_by", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("published_by", models.TextField(null=True)),
                ("valid_from", models.DateField(null=True)),
                ("valid_until", models.DateField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["agency", "state"], name="cases_item_by_agency")],
                "constraints": [
                    models.UniqueConstraint(fields=["key", "number"], name="cases_item_number"),
                    models.UniqueConstraint(
                        fields=["key"], condition=Q(state="published"), name="cases_item_published"
                    ),
                    models.UniqueConstraint(
                        fields=["key"], condition=Q(state__in=["draft", "review"]), name="cases_item_open"
                    ),
                    models.CheckConstraint(name="cases_item_kind", condition=Q(kind__in=["item", "bundle"])),
                    models.CheckConstraint(
                        name="cases_item_state", condition=Q(state__in=["draft", "review", "published", "withdrawn"])
                    ),
                    models.CheckConstraint(
                        name="cases_item_dated",
                        condition=Q(state__in=["draft", "review"], published_by__isnull=True, valid_from__isnull=True)
                        | Q(
                            state="published",
                            published_by__isnull=False,
                            valid_from__isnull=False,
                            valid_until__isnull=True,
                        )
                        | Q(
                            state="withdrawn",
                            published_by__isnull=False,
                            valid_from__isnull=False,
                            valid_until__isnull=False,
                        ),
                    ),
                    models.CheckConstraint(
                        name="cases_item_two_people",
                        condition=Q(shipped=True) | Q(published_by__isnull=True) | ~Q(published_by=F("made_by")),
                    ),
                ],
            },
        ),
    ]
