"""How the documents of a case are handed over, and everything that happened on the way, as evidence."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuniu.cases.declare.postal import MOVES, HandoverState, Way
from shuniu.cases.models.cases import Case

_ENDED = [one.value for one in HandoverState if one.ended]


class Handover(models.Model):
    """What the applicant chose and how far it has come. The address is sealed, and destroyed once they arrived."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="handover")
    way = models.TextField()
    state = models.TextField(default="waiting")
    sealed = models.BinaryField(null=True)
    name = models.TextField(default="")  # these three are masked
    telephone = models.TextField(default="")
    address = models.TextField(default="")
    attempt = models.IntegerField(default=0)
    order = models.TextField(null=True, unique=True)  # of the newest attempt
    waybill = models.TextField(default="")
    contents = models.TextField(default="")
    chosen_at = models.DateTimeField()
    consigned_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="handover_state",
                condition=Q(state__in=[one.value for one in HandoverState], way__in=[one.value for one in Way]),
            ),
            models.CheckConstraint(
                name="handover_ended_keeps_no_address",
                condition=Q(state__in=_ENDED, ended_at__isnull=False, sealed__isnull=True)
                | ~Q(state__in=_ENDED) & Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="handover_mail_has_an_address",
                condition=~Q(way="mail") | Q(sealed__isnull=False) | Q(state__in=_ENDED),
            ),
            models.CheckConstraint(
                name="handover_on_the_way_is_mail",
                condition=~Q(state__in=["consigned", "transit", "signed", "returned"])
                | Q(consigned_at__isnull=False, order__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "id"], condition=~Q(state__in=_ENDED), name="handover_open"),
        ]


class HandoverEvent(models.Model):
    """One thing that happened. Rows are only added."""

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="events")
    move = models.TextField()
    at = models.DateTimeField()
    noted_at = models.DateTimeField()
    who = models.TextField()
    person = models.TextField()
    said = models.TextField(default="")
    signer = models.TextField(default="")
    proof = models.TextField(default="")
    order = models.TextField(default="")
    event = models.TextField(default="")  # the courier's number of its word

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event"], condition=~Q(event=""), name="handover_word_once"),
            models.CheckConstraint(name="handover_event_move", condition=Q(move__in=list(MOVES))),
            models.CheckConstraint(
                name="handover_receipt_says_who", condition=~Q(move__in=["signed", "taken"]) | ~Q(signer="")
            ),
            models.CheckConstraint(name="handover_taken_with_proof", condition=~Q(move="taken") | ~Q(proof="")),
        ]
