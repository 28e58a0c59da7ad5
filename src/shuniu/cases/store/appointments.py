"""Windows, bookings and numbers as they stand in the tables, and their locks. Called by `api` alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from shuniu.cases.declare.appointment import BookingState, NumberState, Schedule
from shuniu.cases.models import Booking, QueueNumber, ServiceWindow
from shuniu.cases.rules import appointments as rules
from shuniu.trust.declare import Refused

HELD = (BookingState.OPEN, BookingState.ARRIVED, BookingState.MISSED)


def no_window(window: int) -> Refused:
    return Refused("appointments.no_window", f"没有第 {window} 号窗口。", "请从事项的办事指南或者窗口列表进入。")


def no_booking(number: str) -> Refused:
    return Refused(
        "appointments.no_booking", f"没有预约 {number}，或者您不能查看它。", "请核对预约号，或从“我的预约”进入。"
    )


def found(window: int, *, lock: bool = False) -> ServiceWindow:
    """A window; `lock`: its row orders who books and who takes a number there. Raises Refused appointments.no_window."""
    rows = ServiceWindow.objects.select_for_update() if lock else ServiceWindow.objects
    row = rows.filter(pk=window).first()
    if row is None:
        raise no_window(window)
    return row


def hold_account(account: str) -> None:
    """Until this transaction ends, let no other booking of the account pass: how many it has is counted."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"cases.booking:{account}"])


def booking(number: str) -> Booking:
    """A booking, locked after its window. Raises Refused appointments.no_booking."""
    row = Booking.objects.filter(number=number).values_list("window", flat=True).first()
    if row is None:
        raise no_booking(number)
    found(row, lock=True)
    return Booking.objects.select_related("window").select_for_update(of=("self",)).get(number=number)


def next_booking() -> str:
    """预约号, from a sequence."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval('cases_booking_serial')")
        return f"Y{int(cursor.fetchone()[0]):08d}"


def next_number(window: ServiceWindow, day: date) -> int:
    """The next number of a window's day; the window is locked."""
    last = QueueNumber.objects.filter(window=window, day=day).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def schedules(window: ServiceWindow) -> tuple[Schedule, ...]:
    return tuple(
        Schedule(row.since, rules.shifts(row.hours), row.minutes, row.places)
        for row in sorted(window.schedules.all(), key=lambda one: one.since)
    )


def taken(window: ServiceWindow, days: Sequence[date]) -> dict[date, list[time]]:
    """The starts of the slots of these days, once for each place that is held."""
    held: dict[date, list[time]] = {day: [] for day in days}
    rows = Booking.objects.filter(window=window, day__in=days, state__in=HELD).values_list("day", "start")
    for day, start in rows:
        held[day].append(start)
    return held


def moment(day: date, at: time) -> datetime:
    """A time of day, local, as a moment."""
    return timezone.make_aware(datetime.combine(day, at))


def code(row: QueueNumber) -> str:
    return rules.code(row.number, booked=row.booking_id is not None)


def in_order(window: ServiceWindow, now: datetime) -> list[QueueNumber]:
    """Today's waiting numbers of a window in the order in which they will be called."""
    rows = {
        row.number: row
        for row in QueueNumber.objects.filter(
            window=window, day=timezone.localdate(now), state=NumberState.WAITING
        ).select_related("booking")
    }
    waiting = [rules.Waiting(row.number, _kept(row)) for row in rows.values()]
    return [rows[one.number] for one in rules.call_order(waiting, timezone.localtime(now).time())]


def _kept(row: QueueNumber) -> time | None:
    """The start of the slot that a number was booked for; who comes after the slot waits as one who walked in."""
    if row.booking is None or timezone.localtime(row.taken_at).time() > row.booking.until:
        return None
    return row.booking.start
