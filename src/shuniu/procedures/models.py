"""Tables of procedures. The events are the truth; a case's outcome and open stages, and the tasks, are projections."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast, Coalesce

from shuniu.procedures.declare.log import Move


class Declaration(models.Model):
    """A procedure as it was declared, stored with its first case: a case outlives the release that opened it."""

    key = models.TextField()
    version = models.IntegerField()
    form = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="procedure_version_once")]


class Case(models.Model):
    """One matter under a procedure. Its row is the lock that orders its deciders."""

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    object = models.TextField()  # opaque to this engine: "resource:43.market/registration"
    agency = models.TextField()
    region = models.TextField()
    lanes = models.JSONField(default=dict)  # stage -> agencies that sit in it, where not the case's own
    opened_at = models.DateTimeField()
    opened_by = models.TextField()
    opened_by_name = models.TextField()
    due = models.DateField(null=True)
    due_provisional = models.BooleanField(default=False)
    rule = models.TextField(default="")  # id of the dated rule that gave the due date
    term_amount = models.IntegerField(null=True)  # what was promised for the whole, of which stages have their share
    term_unit = models.TextField(default="", db_default="")
    # projections
    next_due = models.DateField(null=True)  # the first of its running clocks, the stages' among them
    open_stages = ArrayField(models.TextField(), default=list)
    waits_for = ArrayField(models.TextField(), default=list)  # its opener, kinds of suspension, its parts
    outcome = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="case_outcome",
                condition=Q(outcome__in=["", "granted", "partial", "refused", "withdrawn", "ended"]),
            ),
            models.CheckConstraint(name="case_ended_or_open", condition=Q(outcome="") ^ Q(open_stages=[])),
            models.CheckConstraint(
                name="case_term",
                condition=Q(term_amount__isnull=True, term_unit="")
                | Q(term_amount__gte=0, term_unit__in=["working_day", "day", "month", "year"]),
            ),
            models.CheckConstraint(name="case_after_what_it_is_part_of", condition=Q(id__gt=F("parent"))),
        ]
        indexes = [
            models.Index(fields=["object", "id"], name="case_object"),
            models.Index(
                Func(F("object"), Value(":"), Value(1), function="split_part"),  # the kind of object
                F("agency"),
                Coalesce(F("next_due"), Cast(Value("infinity"), models.DateField())),
                F("id"),
                F("region"),  # so that what lies elsewhere is passed over in the index
                name="case_running_by_due",
                condition=Q(outcome=""),
            ),
        ]


class Event(models.Model):
    """One line of a case's log; a trigger keeps it as it was written. Two deciders cannot both write the same place."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    seq = models.IntegerField()
    verb = models.TextField()
    person = models.TextField()
    person_name = models.TextField()
    stage = models.TextField()
    seat = models.IntegerField()
    to = ArrayField(models.TextField())
    reason = models.TextField()
    rule = models.TextField(default="")  # id of the dated rule that gives the stage its term, where it was handed out
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="event_in_its_place"),
            models.CheckConstraint(name="event_is_a_move", condition=Q(verb__in=[one.value for one in Move])),
        ]
        indexes = [
            models.Index(
                fields=["person", "-id"],
                name="event_done_by_person",
                condition=Q(verb__in=["同意", "不同意", "退回", "转办"]),
            ),
        ]


class Task(models.Model):
    """An unanswered seat, so that a person's list is one indexed query. `barred` may not take it (own approval, twice).

    One that is not `open` waits for another seat, or its case stands still.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    seat = models.IntegerField()
    stage = models.TextField()
    capability = models.TextField()
    agency = models.TextField()
    region = models.TextField()
    person = models.TextField()
    barred = ArrayField(models.TextField())
    since = models.DateTimeField()
    due = models.DateField(null=True)  # the case's, or the stage's where that comes first
    due_provisional = models.BooleanField(default=False)
    open = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seat"], name="task_of_a_seat_once")]
        indexes = [
            models.Index(fields=["capability", "agency", "due"], name="task_lane"),
            models.Index(fields=["person"], name="task_of_a_person", condition=~Q(person="")),
        ]


class Watch(models.Model):
    """Somebody to whom a case was circulated (read), or who supervises it: a projection, for their lists."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="watches")
    kind = models.TextField()
    person = models.TextField()
    since = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    due = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="watch_kind", condition=Q(kind__in=["read", "supervise"])),
            models.UniqueConstraint(fields=["case", "kind", "person"], name="watch_of_a_case_once"),
        ]
        indexes = [models.Index(fields=["person", "kind", "-since"], name="watch_of_a_person")]


from shuniu.procedures.calendars import models as _clocks  # noqa: E402, F401 - its tables point at those above
