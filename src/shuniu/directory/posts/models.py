"""Tables of substitutions and of the yearly reviews of rights. `directory.models` imports them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value


class Substitution(models.Model):
    """Somebody holds another's post for a while: until the day before `until`, which an ending brings forward."""

    post = models.ForeignKey("Appointment", on_delete=models.PROTECT, related_name="substitutions")
    substitute = models.ForeignKey("Account", on_delete=models.PROTECT, related_name="substitutions")
    since = models.DateField()
    until = models.DateField()
    reason = models.TextField()
    arranged_by = models.ForeignKey("Account", on_delete=models.PROTECT, related_name="+")
    arranged = models.DateTimeField(auto_now_add=True)
    ended = models.DateTimeField(null=True)
    ended_by = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="directory_substitution_span"),
            # As ranges both, which need no extension of the database: one post, one substitute on each day.
            ExclusionConstraint(
                name="directory_substitution_one",
                expressions=[
                    (Func("post", "post", Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (Func("since", "until", function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Review(models.Model):
    """One agency's look through all its rights: opened, due, and finished when every line is decided."""

    agency = models.ForeignKey("Agency", on_delete=models.PROTECT, related_name="reviews")
    opened = models.DateField()
    due = models.DateField()
    finished = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "opened"], name="directory_review_day"),
            models.UniqueConstraint(fields=["agency"], condition=Q(finished=None), name="directory_review_open"),
            models.CheckConstraint(condition=Q(due__gte=F("opened")), name="directory_review_span"),
        ]


class ReviewLine(models.Model):
    """One right as it stood when the review was opened, and what was decided of it. The words are kept as they were then."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="lines")
    kind = models.TextField()
    number = models.BigIntegerField()
    account = models.ForeignKey("Account", null=True, on_delete=models.PROTECT, related_name="+")
    holder = models.TextField()
    title = models.TextField()
    role = models.TextField(default="")
    regions = ArrayField(models.TextField(), default=list)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    last_used = models.DateTimeField(null=True)
    decision = models.TextField(default="")
    decided_by = models.ForeignKey("Account", null=True, on_delete=models.PROTECT, related_name="+")
    decided_by_name = models.TextField(default="")
    decided = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "kind", "number"], name="directory_review_line"),
            models.CheckConstraint(
                condition=Q(kind__in=["post", "substitution", "token", "certificate"]), name="directory_review_kind"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by=None, decided=None)
                | Q(decision__in=["kept", "ended"], decided_by__isnull=False, decided__isnull=False),
                name="directory_review_decision",
            ),
            models.CheckConstraint(
                condition=Q(account=None) | Q(decided_by=None) | ~Q(decided_by=F("account")),
                name="directory_review_two_people",
            ),
        ]
