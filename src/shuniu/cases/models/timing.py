"""Tables of what moves due days: the time told for a special procedure, and requests for the one extension."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from shuniu.cases.models.cases import Case

UNITS = ["working_day", "day", "month", "year"]


class SpecialTime(models.Model):
    """The time that the applicant was told for a special procedure. When and why it began and ended the log says."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="special_times")
    event = models.IntegerField()  # the suspension's place in the log of the case's procedure
    kind = models.TextField()
    basis = models.TextField()
    amount = models.IntegerField()
    unit = models.TextField()
    until = models.DateField()  # the last day of that time, as the applicant was told it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "event"], name="special_time_of_an_event_once"),
            models.CheckConstraint(name="special_time_is_some", condition=Q(amount__gt=0, unit__in=UNITS)),
            models.CheckConstraint(name="special_time_says_why", condition=~Q(kind="") & ~Q(basis="")),
        ]


class Extension(models.Model):
    """A request to extend the term of a case. One that was not refused stands alone; another person answers it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="extensions")
    amount = models.IntegerField()
    unit = models.TextField()
    reason = models.TextField()  # the applicant is told it
    asked_by = models.TextField()
    asked_by_name = models.TextField()
    asked_at = models.DateTimeField()
    state = models.TextField(default="waiting")
    answered_by = models.TextField(default="")
    answered_by_name = models.TextField(default="")
    answered_at = models.DateTimeField(null=True)
    why_not = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="extension_of_a_case_once", condition=Q(state__in=["waiting", "approved"])
            ),
            models.CheckConstraint(name="extension_by_two", condition=~Q(asked_by=F("answered_by"))),
            models.CheckConstraint(
                name="extension_says_why", condition=~Q(reason="") & Q(amount__gt=0, unit__in=UNITS)
            ),
            models.CheckConstraint(
                name="extension_answered",
                condition=Q(state="waiting", answered_by="", answered_at__isnull=True, why_not="")
                | Q(state="approved", answered_at__isnull=False, why_not="") & ~Q(answered_by="")
                | Q(state="refused", answered_at__isnull=False) & ~Q(answered_by="") & ~Q(why_not=""),
            ),
        ]
