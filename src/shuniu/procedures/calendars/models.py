"""Tables of clocks: what runs, what stopped it, the holiday tables that days are counted by, and what each one moved."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

UNITS = ["working_day", "day", "month", "year"]


class HolidayTable(models.Model):
    """One year's special days as a notice ordered them, for the nation (region "") or for a region beside it.

    In force from `applied_at` until `withdrawn_at`; a draft moves nothing. Its id is the version that others speak of.
    """

    region = models.TextField(default="")
    year = models.IntegerField()
    source = models.TextField()
    confirmed = models.BooleanField()  # an issued notice; else the year stays unpublished and what it moves provisional
    saved_at = models.DateTimeField()
    saved_by = models.TextField()
    saved_by_name = models.TextField()
    applied_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "year"],
                name="one_holiday_table_in_force",
                condition=Q(applied_at__isnull=False, withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="holiday_table_withdrawn_after_applied",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("applied_at")),
            ),
        ]


class Holiday(models.Model):
    """One day that a table says something of: off (holiday) or worked (work)."""

    table = models.ForeignKey(HolidayTable, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    kind = models.TextField()
    name = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "day"], name="holiday_once_in_a_table"),
            models.CheckConstraint(name="holiday_kind", condition=Q(kind__in=["holiday", "work"])),
        ]


class Recount(models.Model):
    """One recomputation of all running clocks: why, by whom, how many it met and moved. Its id is the calendar's version."""

    at = models.DateTimeField()
    cause = models.TextField()  # apply · withdraw · rules
    table = models.ForeignKey(HolidayTable, on_delete=models.PROTECT, null=True)
    person = models.TextField()
    person_name = models.TextField()
    clocks = models.IntegerField()
    moved = models.IntegerField()


class Clock(models.Model):
    """One term that runs in a case. `due` and `provisional` are computed from the rest; None: an open stop holds it.

    The whole case's (`stage` empty) or one stage's. Units are those of `base.periods`. `calendar` is the recount that
    gave its due date, 0 while none moved it since it began.
    """

    case = models.ForeignKey("procedures.Case", on_delete=models.CASCADE, related_name="clocks")
    kind = models.TextField()  # statutory · promised · stage
    stage = models.TextField(default="")
    region = models.TextField()  # the case's, as a prefix: says which local holidays count
    start = models.DateField()
    amount = models.IntegerField()
    unit = models.TextField()
    rule = models.TextField(default="")  # id of the dated rule that gave the term
    extension = models.IntegerField(null=True)
    extension_unit = models.TextField(default="")
    extension_reason = models.TextField(default="")
    due = models.DateField(null=True)
    provisional = models.BooleanField(default=False)
    calendar = models.BigIntegerField(default=0)
    ended = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "stage"], name="one_running_clock_of_a_kind", condition=Q(ended__isnull=True)
            ),
            models.CheckConstraint(name="clock_kind", condition=Q(kind__in=["statutory", "promised", "stage"])),
            models.CheckConstraint(name="clock_of_a_stage_names_it", condition=Q(kind="stage") ^ Q(stage="")),
            models.CheckConstraint(name="clock_unit", condition=Q(unit__in=UNITS) & Q(amount__gte=0)),
            models.CheckConstraint(
                name="clock_extension",
                condition=Q(extension__isnull=True, extension_unit="")
                | (Q(extension__gte=0, extension_unit__in=UNITS) & ~Q(extension_reason="")),
            ),
        ]


class Stop(models.Model):
    """A span in which every clock of a case stands still: why, on what basis, and what shows that it was so."""

    case = models.ForeignKey("procedures.Case", on_delete=models.CASCADE, related_name="stops")
    kind = models.TextField()  # 补正 公示 听证 检验 …
    basis = models.TextField()
    evidence = models.TextField()
    begun = models.DateField()
    ended = models.DateField(null=True)
    ended_evidence = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], name="one_open_stop_of_a_kind", condition=Q(ended__isnull=True)
            ),
            models.CheckConstraint(
                name="stop_ends_after_it_begins", condition=Q(ended__isnull=True) | Q(ended__gte=F("begun"))
            ),
            models.CheckConstraint(name="stop_says_why", condition=~Q(kind="") & ~Q(evidence="")),
        ]


class ClockChange(models.Model):
    """What one recount did to one clock: its due date before and after."""

    # written by one statement from rows that it has just read: checking each again would double its time
    recount = models.ForeignKey(Recount, models.CASCADE, related_name="changes", db_constraint=False, db_index=False)
    clock = models.ForeignKey(Clock, models.CASCADE, related_name="changes", db_constraint=False)
    before = models.DateField(null=True)
    after = models.DateField(null=True)
    provisional = models.BooleanField()  # after

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recount", "clock"], name="clock_moved_once_by_a_recount")]
