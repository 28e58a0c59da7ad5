"""Bills: what a case owes, frozen at acceptance, the attempts to pay it, and the events that say what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from shuniu.cases.declare.fee import BillMove
from shuniu.cases.models.cases import Case


class Bill(models.Model):
    """What one case owes, in all. Its row is the lock that orders what happens to it; it is never changed."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="bill")
    number = models.TextField(unique=True)
    issued_at = models.DateTimeField()


class BillLine(models.Model):
    """One charge, as the table of the day of acceptance gave it, and whose income it is; amounts in fen."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="lines")
    key = models.TextField()
    title = models.TextField()
    basis = models.TextField()
    agency = models.TextField()
    rule = models.TextField()  # id of the dated rule
    unit = models.BigIntegerField()
    count = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bill", "key"], name="bill_line_once"),
            models.CheckConstraint(name="bill_line_is_money", condition=Q(unit__gt=0, count__gt=0)),
        ]
        indexes = [models.Index(fields=["agency", "-id"], name="bill_line_by_agency")]


class PayOrder(models.Model):
    """One attempt to pay a bill: the amount and the time that the provider was given."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="orders")
    number = models.TextField(unique=True)
    amount = models.BigIntegerField()
    made_at = models.DateTimeField()
    expires = models.DateTimeField()
    person = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="pay_order_is_money", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="pay_order_lives", condition=Q(expires__gt=F("made_at"))),
        ]


class BillEvent(models.Model):
    """One thing that happened to a bill. Rows are only added; a trigger sees that what is paid is what is owed."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="events")
    seq = models.IntegerField()
    move = models.TextField()
    amount = models.BigIntegerField()
    at = models.DateTimeField()
    person = models.TextField()
    person_name = models.TextField()
    line = models.TextField(default="")
    reason = models.TextField(default="")
    answers = models.IntegerField(default=0)
    trade = models.TextField(default="")
    order = models.TextField(default="")
    happened = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bill", "seq"], name="bill_event_in_its_place"),
            models.UniqueConstraint(fields=["bill"], condition=Q(move="paid"), name="bill_settled_once"),
            models.UniqueConstraint(
                fields=["trade"], condition=Q(move__in=["paid", "unsettled"]), name="bill_payment_taken_once"
            ),
            models.UniqueConstraint(fields=["trade"], condition=Q(move="refunded"), name="bill_refund_taken_once"),
            models.UniqueConstraint(
                fields=["bill", "answers"], condition=~Q(answers=0), name="bill_event_answered_once"
            ),
            models.CheckConstraint(name="bill_event_is_money", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="bill_event_move", condition=Q(move__in=[one.value for one in BillMove])),
            models.CheckConstraint(
                name="bill_event_of_a_trade",
                condition=Q(move__in=["paid", "unsettled", "refunded"]) ^ Q(trade="", happened__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["happened"], name="bill_event_by_day", condition=Q(happened__isnull=False)),
            models.Index(
                fields=["bill"], name="bill_event_to_refund", condition=Q(move__in=["unsettled", "refund_agreed"])
            ),
        ]


class RefundTry(models.Model):
    """How the provider was asked for a refund that it has not confirmed: how often, what it said, when next, why no more."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="tries")
    order = models.TextField(unique=True)  # number of the refund
    tries = models.IntegerField(default=0)
    said = models.TextField(default="")
    at = models.DateTimeField(null=True)  # of the last try
    due = models.DateTimeField(null=True)  # of the next; None: no more
    why = models.TextField(default="")  # why no more

    class Meta:
        constraints = [models.CheckConstraint(name="refund_goes_on_or_says_why", condition=Q(due=None) ^ Q(why=""))]


class Reconciliation(models.Model):
    """One comparison of a day's books with the provider's statement of that day."""

    day = models.DateField()
    made_at = models.DateTimeField()
    here = models.IntegerField()  # trades in our books
    there = models.IntegerField()  # trades in the statement
    differences = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["day", "-id"], name="reconciliation_by_day")]
