"""A card is for a seat, supervision has a beginning, and a scan says by what calendar and rules it judged."""

from __future__ import annotations

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q
from django.utils import timezone

KEPT = """
create function assessment_beginning_kept() returns trigger language plpgsql as $$
begin
    raise exception 'since when was supervised stands as it was set' using errcode = 'restrict_violation';
end $$;
create trigger assessment_beginning_kept before update or delete on assessment_beginning
    for each row execute function assessment_beginning_kept();
"""
UNKEPT = """
drop trigger assessment_beginning_kept on assessment_beginning;
drop function assessment_beginning_kept();
"""


def begin(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    """Supervision begins with its tables; where it ran before this release, with its first scan."""
    first = apps.get_model("assessment", "Scan").objects.order_by("pk").values_list("at", flat=True).first()
    apps.get_model("assessment", "Beginning").objects.create(
        since=timezone.localdate(first), at=first or timezone.now(), person="", person_name="平台",
        reason="电子监察随平台启用",
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies: ClassVar = [("assessment", "0001_cards")]
    operations: ClassVar = [
        migrations.CreateModel(
            "Beginning",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField()),
                ("at", models.DateTimeField()),
                ("person", models.TextField()),
                ("person_name", models.TextField()),
                ("reason", models.TextField()),
            ],
            {"constraints": [models.CheckConstraint(name="beginning_says_why", condition=~Q(reason=""))]},
        ),
        migrations.AddField("scan", "calendar", models.BigIntegerField(default=0)),
        migrations.AddField("scan", "rules", models.TextField(default="")),
        migrations.AddField("card", "seat", models.IntegerField(default=0)),
        migrations.RemoveConstraint("card", "card_once"),
        migrations.AddConstraint(
            "card", models.UniqueConstraint(fields=["rule", "matter", "stage", "seat", "level"], name="card_once")
        ),
        migrations.AddIndex("card", models.Index(fields=["region", "-id"], name="card_by_region")),
        migrations.RunSQL(KEPT, UNKEPT),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
