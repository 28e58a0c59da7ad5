"""Tables for letters from the public. A letter is public only with consent, and no report or matter of minors ever is."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q
from django.db.models.deletion import PROTECT


def _id() -> tuple[str, models.BigAutoField[int, int]]:
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0009_ratings")]
    operations: ClassVar = [
        migrations.RunSQL("create sequence cases_letter_serial", "drop sequence cases_letter_serial"),
        migrations.CreateModel(
            name="Letter",
            fields=[
                _id(),
                ("number", models.TextField(unique=True)),
                ("code", models.TextField()),
                ("object", models.TextField(unique=True)),
                ("box", models.TextField()),
                ("category", models.TextField()),
                ("channel", models.TextField()),
                ("region", models.TextField()),
                ("title", models.TextField()),
                ("text", models.TextField()),
                ("sealed", models.BooleanField()),
                ("minor", models.BooleanField()),
                ("consent", models.BooleanField()),
                ("route", models.TextField()),
                ("why", models.TextField()),
                ("state", models.TextField()),
                ("declined", models.TextField(default="")),
                ("round", models.IntegerField(default=1)),
                ("matter", models.BigIntegerField(null=True)),
                ("received_at", models.DateTimeField()),
                ("published", models.TextField(null=True)),
                ("published_title", models.TextField(default="")),
            ],
            options={
                "indexes": [models.Index(fields=["region", "-received_at"], name="letter_by_region")],
                "constraints": [
                    models.CheckConstraint(
                        name="letter_public_with_consent",
                        condition=Q(published=None) | Q(consent=True, sealed=False, minor=False),
                    ),
                    models.CheckConstraint(name="letter_reopened_once", condition=Q(round__in=(1, 2))),
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterWriter",
            fields=[
                _id(),
                ("letter", models.OneToOneField(on_delete=PROTECT, related_name="writer", to="cases.letter")),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="LetterAccused",
            fields=[
                _id(),
                ("letter", models.ForeignKey(on_delete=PROTECT, related_name="accused", to="cases.letter")),
                ("agency", models.TextField()),
            ],
            options={
                "indexes": [models.Index(fields=["agency"], name="letter_by_accused")],
                "constraints": [models.UniqueConstraint(fields=["letter", "agency"], name="letter_accused_once")],
            },
        ),
        migrations.CreateModel(
            name="LetterPart",
            fields=[
                _id(),
                ("letter", models.ForeignKey(on_delete=PROTECT, related_name="parts", to="cases.letter")),
                ("agency", models.TextField()),
                ("task", models.TextField(default="")),
                ("round", models.IntegerField()),
                ("matter", models.BigIntegerField(unique=True)),
                ("state", models.TextField()),
                ("designated", models.BooleanField(default=False)),
                ("sent_at", models.DateTimeField()),
                ("sign_by", models.DateTimeField()),
                ("return_reason", models.TextField(default="")),
                ("answer", models.TextField(default="")),
                ("answered_by", models.TextField(default="")),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["agency", "-id"], name="letter_part_by_agency")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["letter", "round", "agency"], name="letter_part_once", condition=~Q(state="moved")
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterRating",
            fields=[
                _id(),
                ("letter", models.ForeignKey(on_delete=PROTECT, related_name="ratings", to="cases.letter")),
                ("round", models.IntegerField()),
                ("satisfied", models.BooleanField()),
                ("words", models.TextField(default="")),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["letter", "round"], name="letter_rated_once_a_round")],
            },
        ),
    ]
