"""Tables of supervision: cards with the facts they were computed from, what happened to each, and the scans."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuniu.assessment.declare import CardState, Level, Step


class Beginning(models.Model):
    """Since which day cases are supervised here. Rows are only added; the newest holds, and a first comes with the tables."""

    since = models.DateField()
    at = models.DateTimeField()
    person = models.TextField()
    person_name = models.TextField()
    reason = models.TextField()

    class Meta:
        constraints = [models.CheckConstraint(name="beginning_says_why", condition=~Q(reason=""))]


class Scan(models.Model):
    """One run over the cases; `event` is the newest event of procedures that it could see.

    `calendar` and `rules` say by what it judged: where either is another now, the next run looks at all that is due.
    """

    at = models.DateTimeField()
    event = models.BigIntegerField()
    calendar = models.BigIntegerField(default=0)
    rules = models.TextField(default="")  # digest of the rules, their limits and the beginning
    cases = models.IntegerField()
    cards = models.IntegerField()


class Card(models.Model):
    """One card. A trigger keeps every column but `state` and `appeal` as issued, and every row for ever."""

    rule = models.TextField()
    rule_title = models.TextField()
    level = models.TextField()
    ladder = models.TextField()
    matter = models.BigIntegerField()  # the case of procedures
    object = models.TextField()
    title = models.TextField()
    stage = models.TextField()
    seat = models.IntegerField(default=0)  # of the stage, where the card is for one of several; 0: of the whole
    agency = models.TextField()
    region = models.TextField()
    person = models.TextField()
    person_name = models.TextField()
    at = models.DateTimeField()
    finding = models.JSONField()
    facts = models.JSONField()
    calendar = models.BigIntegerField()
    # projections of its events
    state = models.TextField(default=CardState.ISSUED.value)
    appeal = models.BigIntegerField(null=True, unique=True)  # the case of procedures in which the appeal is decided

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "matter", "stage", "seat", "level"], name="card_once"),
            models.CheckConstraint(name="card_level", condition=Q(level__in=[one.value for one in Level])),
            models.CheckConstraint(name="card_state", condition=Q(state__in=[one.value for one in CardState])),
        ]
        indexes = [
            models.Index(fields=["matter"], name="card_by_matter"),
            models.Index(fields=["agency", "-id"], name="card_by_agency"),
            models.Index(fields=["person", "-id"], name="card_by_person", condition=~Q(person="")),
            models.Index(fields=["at"], name="card_by_day"),
            models.Index(fields=["region", "-id"], name="card_by_region"),
            models.Index(fields=["at"], name="card_unanswered", condition=Q(state="issued", level="yellow")),
        ]


class CardEvent(models.Model):
    """One thing that happened to a card. Rows are only added."""

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="events")
    seq = models.IntegerField()
    step = models.TextField()
    person = models.TextField()
    person_name = models.TextField()
    at = models.DateTimeField()
    said = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["card", "seq"], name="card_event_in_its_place"),
            models.UniqueConstraint(fields=["card", "step"], name="card_step_once"),
            models.CheckConstraint(name="card_step", condition=Q(step__in=[one.value for one in Step])),
            models.CheckConstraint(name="card_step_says_why", condition=~Q(said="")),
        ]


from shuniu.assessment.looked import models as _looked  # noqa: E402, F401 - a room of this engine with tables of its own
