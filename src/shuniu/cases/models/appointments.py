"""Windows, their dated schedules, bookings of a slot, and the numbers that are called."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shuniu.cases.declare.appointment import BookingState

_HELD = ("open", "arrived", "missed")


class ServiceWindow(models.Model):
    """A counter of an agency and the items that it serves. Its row is the lock that orders bookings and numbers."""

    agency = models.TextField()
    region = models.TextField()
    title = models.TextField()
    place = models.TextField()
    items = ArrayField(models.TextField())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "title"], name="window_once"),
            models.CheckConstraint(name="window_serves_something", condition=~Q(items=[])),
        ]


class WindowSchedule(models.Model):
    """How a window works from a day on; never changed: a later one takes its place."""

    window = models.ForeignKey(ServiceWindow, on_delete=models.PROTECT, related_name="schedules")
    since = models.DateField()
    hours = models.TextField()  # 09:00-12:00 13:30-17:00; empty: shut
    minutes = models.IntegerField()  # of one slot
    places = models.IntegerField()  # in one slot

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["window", "since"], name="schedule_once_a_day"),
            models.CheckConstraint(name="schedule_has_places", condition=Q(minutes__gt=0, places__gt=0)),
        ]


class Booking(models.Model):
    """One place in one slot. Two of them never hold the same seat, nor any a seat that the slot has not."""

    number = models.TextField(unique=True)
    window = models.ForeignKey(ServiceWindow, on_delete=models.PROTECT, related_name="bookings")
    item = models.TextField()
    day = models.DateField()
    start = models.TimeField()
    until = models.TimeField()
    seat = models.IntegerField()
    places = models.IntegerField()  # of the slot, when it was booked
    account = models.TextField()
    subject = models.BigIntegerField(null=True)
    called = models.TextField()  # the name as the counter needs it: a person's is masked
    state = models.TextField(default="open")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["window", "day", "start", "seat"], condition=Q(state__in=_HELD), name="booking_seat_once"
            ),
            models.UniqueConstraint(
                fields=["account", "item", "day"], condition=Q(state__in=_HELD), name="booking_once_a_day"
            ),
            models.CheckConstraint(
                name="booking_within_capacity", condition=Q(seat__gte=1, seat__lte=F("places"), start__lt=F("until"))
            ),
            models.CheckConstraint(
                name="booking_open_or_ended",
                condition=Q(state="open", ended_at__isnull=True)
                | Q(state__in=[one.value for one in BookingState if one != "open"], ended_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="booking_by_account"),
            models.Index(fields=["day"], condition=Q(state="open"), name="booking_open_by_day"),
        ]


class QueueNumber(models.Model):
    """A number taken at a window on a day, by who had booked or walked in."""

    window = models.ForeignKey(ServiceWindow, on_delete=models.PROTECT, related_name="numbers")
    day = models.DateField()
    number = models.IntegerField()
    item = models.TextField()
    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, null=True, related_name="queue_number")
    state = models.TextField(default="waiting")
    taken_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    called_by = models.TextField(default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["window", "day", "number"], name="queue_number_once"),
            models.CheckConstraint(
                name="queue_number_state",
                condition=Q(state="waiting", called_at__isnull=True, ended_at__isnull=True)
                | Q(state="called", called_at__isnull=False, ended_at__isnull=True)
                | Q(state="served", called_at__isnull=False, ended_at__isnull=False)
                | Q(state="absent", ended_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["day"], condition=Q(state__in=["waiting", "called"]), name="queue_number_open_by_day")
        ]
