"""Cards, what happened to them, and scans. The database itself sees that a card stays as issued and is never deleted."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q
from django.db.models.deletion import PROTECT

KEPT = """
create function assessment_card_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or to_jsonb(old) - 'state' - 'appeal' <> to_jsonb(new) - 'state' - 'appeal' then
        raise exception 'card %: stays as it was issued', old.id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger assessment_card_kept before update or delete on assessment_card
    for each row execute function assessment_card_kept();
create function assessment_card_event_kept() returns trigger language plpgsql as $$
begin
    raise exception 'card %: what happened stands', old.card_id using errcode = 'restrict_violation';
end $$;
create trigger assessment_card_event_kept before update or delete on assessment_cardevent
    for each row execute function assessment_card_event_kept();
"""
UNKEPT = """
drop trigger assessment_card_event_kept on assessment_cardevent;
drop function assessment_card_event_kept();
drop trigger assessment_card_kept on assessment_card;
drop function assessment_card_kept();
"""


def key() -> tuple[str, models.BigAutoField]:
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = []
    operations: ClassVar = [
        migrations.CreateModel(
            "Scan",
            [
                key(),
                ("at", models.DateTimeField()),
                ("event", models.BigIntegerField()),
                ("cases", models.IntegerField()),
                ("cards", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            "Card",
            [
                key(),
                ("rule", models.TextField()),
                ("rule_title", models.TextField()),
                ("level", models.TextField()),
                ("ladder", models.TextField()),
                ("matter", models.BigIntegerField()),
                ("object", models.TextField()),
                ("title", models.TextField()),
                ("stage", models.TextField()),
                ("agency", models.TextField()),
                ("region", models.TextField()),
                ("person", models.TextField()),
                ("person_name", models.TextField()),
                ("at", models.DateTimeField()),
                ("finding", models.JSONField()),
                ("facts", models.JSONField()),
                ("calendar", models.BigIntegerField()),
                ("state", models.TextField(default="issued")),
                ("appeal", models.BigIntegerField(null=True, unique=True)),
            ],
            {
                "indexes": [
                    models.Index(fields=["matter"], name="card_by_matter"),
                    models.Index(fields=["agency", "-id"], name="card_by_agency"),
                    models.Index(fields=["person", "-id"], name="card_by_person", condition=~Q(person="")),
                    models.Index(fields=["at"], name="card_by_day"),
                    models.Index(fields=["at"], name="card_unanswered", condition=Q(state="issued", level="yellow")),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["rule", "matter", "stage", "level"], name="card_once"),
                    models.CheckConstraint(name="card_level", condition=Q(level__in=["reminder", "yellow", "red"])),
                    models.CheckConstraint(
                        name="card_state",
                        condition=Q(state__in=["issued", "explained", "appealed", "upheld", "cancelled"]),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "CardEvent",
            [
                key(),
                ("seq", models.IntegerField()),
                ("step", models.TextField()),
                ("person", models.TextField()),
                ("person_name", models.TextField()),
                ("at", models.DateTimeField()),
                ("said", models.TextField()),
                ("card", models.ForeignKey(on_delete=PROTECT, related_name="events", to="assessment.card")),
            ],
            {
                "constraints": [
                    models.UniqueConstraint(fields=["card", "seq"], name="card_event_in_its_place"),
                    models.UniqueConstraint(fields=["card", "step"], name="card_step_once"),
                    models.CheckConstraint(
                        name="card_step", condition=Q(step__in=["出牌", "说明", "申诉", "维持", "撤销"])
                    ),
                    models.CheckConstraint(name="card_step_says_why", condition=~Q(said="")),
                ]
            },
        ),
        migrations.RunSQL(KEPT, UNKEPT),
    ]
