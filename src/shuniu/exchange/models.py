"""Tables of the exchange: submissions with their receipts, and the rows that were refused."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Submission(models.Model):
    """One delivery of one file for one resource, and, once finished, its receipt."""

    resource = models.TextField()
    agency = models.TextField()
    region = models.TextField(default="")  # set when a slice speaks for one region only
    name = models.TextField()  # file name as delivered
    digest = models.TextField()
    size = models.BigIntegerField()
    mode = models.TextField()
    department_batch = models.TextField(default="")
    channel = models.TextField()  # web · api · command · folder · entry · nothing (零报告)
    period = models.TextField(default="")  # the period that a 零报告 speaks for: 2026-11, 2026Q4 …
    person = models.TextField()
    officer = models.TextField()
    received_at = models.DateTimeField(auto_now_add=True)
    state = models.TextField(default="received")
    attempts = models.IntegerField(default=0)
    spool_key = models.BinaryField(null=True)  # the file's key: destroyed with the receipt, and the file is noise
    released_by = models.TextField(default="")
    # the receipt
    finished_at = models.DateTimeField(null=True)
    batch = models.IntegerField(null=True)
    rule = models.TextField(default="")
    reason = models.TextField(default="")
    remedy = models.TextField(default="")
    received = models.BigIntegerField(default=0)
    new = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    duplicate = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    withdrawn = models.BigIntegerField(default=0)
    held_before = models.BigIntegerField(default=0)
    held_after = models.BigIntegerField(default=0)
    awaiting = models.BigIntegerField(default=0)
    notes = ArrayField(models.TextField(), default=list)  # what the reader skipped or took for something, as sentences
    sample_withdrawn = ArrayField(models.TextField(), default=list)
    sample_changed = ArrayField(models.TextField(), default=list)
    signature = models.TextField(default="")
    key = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="receipt_adds_up",
                condition=Q(
                    received=F("new") + F("changed") + F("unchanged") + F("duplicate") + F("rejected"),
                    held_after=F("held_before") + F("new") - F("withdrawn"),
                ),
            ),
            # Idempotent by the department's own batch number, and by content where it gives none.
            models.UniqueConstraint(
                fields=["resource", "region", "department_batch"],
                condition=~Q(department_batch="") & ~Q(state__in=["refused", "recalled"]),
                name="department_batch_once",
            ),
            models.UniqueConstraint(
                fields=["resource", "region", "period"],
                condition=~Q(period="") & Q(state="stored"),
                name="nothing_once_a_period",
            ),
            models.CheckConstraint(
                name="submission_state",
                condition=Q(state__in=["received", "held", "stored", "refused", "recalled"]),
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "-id"], name="submission_by_agency"),
            models.Index(fields=["resource", "-id"], name="submission_by_resource"),
            models.Index(fields=["id"], condition=Q(state="received"), name="submission_waiting"),
        ]


class Reject(models.Model):
    """A refused row as delivered, with its faults, kept for the department to mend."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="rejects")
    line = models.BigIntegerField()
    cells = models.JSONField()
    faults = models.JSONField()  # [[item, rule], …]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "line"], name="reject_line_once")]


class Progress(models.Model):
    """How far a running submission is; written on a connection of its own, so that it shows before the commit."""

    submission = models.BigIntegerField(primary_key=True)
    stage = models.TextField()
    done = models.BigIntegerField()
    total = models.BigIntegerField()
    at = models.DateTimeField(auto_now=True)


class Objection(models.Model):
    """That somebody says a row is wrong (数据异议), and what became of it; the procedure's case keeps who did what."""

    resource = models.TextField()
    agency = models.TextField()  # the row's owner, who answers
    row = models.BigIntegerField()  # the row's version when the objection was raised
    key = models.UUIDField()  # the row over all its versions
    digest = models.UUIDField()  # what it held then: a correction is another
    subject = models.BigIntegerField(null=True)
    item = models.TextField(default="")  # the item that is wrong; empty: the row as a whole
    claim = models.TextField()
    person = models.TextField()
    person_name = models.TextField()
    person_agency = models.TextField(default="")
    case = models.BigIntegerField(null=True)
    state = models.TextField(default="raised")
    reason = models.TextField(default="")
    raised_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="objection_state",
                condition=Q(state__in=["raised", "accepted", "upheld", "corrected", "rejected", "declined"]),
            ),
            models.UniqueConstraint(
                fields=["resource", "key", "item", "person"],
                condition=Q(state__in=["raised", "accepted", "upheld"]),
                name="objection_open_once",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "-id"], name="objection_by_agency"),
            models.Index(fields=["person", "-id"], name="objection_by_person"),
            models.Index(fields=["resource", "key"], name="objection_by_row"),
        ]


from shuniu.exchange.grants import models as _grants  # noqa: E402, F401 - the tables of grants belong to this app
