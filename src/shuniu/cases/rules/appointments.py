"""What a schedule offers, who may book, and who is called next. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from shuniu.cases.declare.appointment import Schedule, Shift, Slot
from shuniu.trust.declare import Refused

_SHIFT = re.compile(r"([0-2]?[0-9])[:：]([0-5][0-9])\s*[-–—~至]\s*([0-2]?[0-9])[:：]([0-5][0-9])")
_LONGEST, _MOST = 240, 200
"""A slot in minutes; places in a slot."""


@dataclass(frozen=True)
class Limits:
    """Today's dated rules: working days ahead, open bookings of an account, and when missing some shuts booking."""

    ahead: int
    open: int
    missed: int
    within: int  # days
    blocked: int  # days


@dataclass(frozen=True)
class Waiting:
    """A number that waits: its place in the day's order, and the start of the slot of who had booked."""

    number: int
    booked: time | None


def shifts(hours: str) -> tuple[Shift, ...]:
    """Opening hours as they are written (09:00-12:00 13:30-17:00), in order. Raises Refused appointments.hours."""
    rest = _SHIFT.sub("", hours).strip(" ,，、;；")
    try:
        found = [Shift(time(int(a), int(b)), time(int(c), int(d))) for a, b, c, d in _SHIFT.findall(hours)]
    except ValueError:
        rest = hours
    overlap = not rest and any(one.since >= one.until for one in found)
    found = [] if rest else sorted(found, key=lambda one: one.since)
    if rest or overlap or any(one.until > two.since for one, two in pairwise(found)):
        raise Refused(
            "appointments.hours",
            "开放时间写得不对，或者时间有重叠。",
            "请写成“09:00-12:00 13:30-17:00”，不开放的留空。",
        )
    return tuple(found)


def schedule(since: date, hours: str, minutes: int, places: int) -> Schedule:
    """A schedule in order. Raises Refused: appointments.hours, appointments.minutes, appointments.places."""
    if not 5 <= minutes <= _LONGEST:
        raise Refused("appointments.minutes", f"每段 {minutes} 分钟不行。", f"请填 5 到 {_LONGEST} 分钟。")
    if not 1 <= places <= _MOST:
        raise Refused("appointments.places", f"每段 {places} 个号不行。", f"请填 1 到 {_MOST} 个。")
    found = Schedule(since, shifts(hours), minutes, places)
    if any(not _of_shift(one, minutes) for one in found.shifts):
        raise Refused("appointments.minutes", "有的开放时间不够一段。", "请缩短每段的时间，或者加长开放时间。")
    return found


def _of_shift(shift: Shift, minutes: int) -> list[tuple[time, time]]:
    day = date(2000, 1, 1)
    at, end, step = datetime.combine(day, shift.since), datetime.combine(day, shift.until), timedelta(minutes=minutes)
    found = []
    while at + step <= end:
        found.append((at.time(), (at + step).time()))
        at += step
    return found


def times(schedule: Schedule) -> list[tuple[time, time]]:
    """The slots of a day, each wholly within a shift."""
    return [slot for shift in schedule.shifts for slot in _of_shift(shift, schedule.minutes)]


def in_force(schedules: Iterable[Schedule], day: date) -> Schedule | None:
    """The schedule of a day: the newest that has begun."""
    return max((one for one in schedules if one.since <= day), key=lambda one: one.since, default=None)


def days_ahead(is_working: Callable[[date], bool], today: date, ahead: int) -> list[date]:
    """Today if it is a working day, and the next `ahead` working days."""
    found = [today] if is_working(today) else []
    day, wanted = today, len(found) + ahead
    while len(found) < wanted:
        day += timedelta(days=1)
        if is_working(day):
            found.append(day)
    return found


def slots(schedule: Schedule | None, taken: Iterable[time], not_before: time | None = None) -> tuple[Slot, ...]:
    """The slots of a day, less what is taken; those that have begun (`not_before`) are not offered."""
    if schedule is None:
        return ()
    held = Counter(taken)
    return tuple(
        Slot(start, until, schedule.places, max(schedule.places - held[start], 0))
        for start, until in times(schedule)
        if not_before is None or start > not_before
    )


def free_seat(places: int, taken: Collection[int]) -> int | None:
    """The lowest seat of a slot that nobody holds; None when it is full."""
    if len(taken) >= places:
        return None
    return next(seat for seat in range(1, places + 1) if seat not in taken)


def blocked_until(missed: Sequence[date], limits: Limits) -> date | None:
    """The last day on which nobody may book who missed these days; None for who missed too few within the term."""
    days = sorted(missed)
    found = None
    for first, last in zip(days, days[limits.missed - 1 :], strict=False):
        if (last - first).days < limits.within:
            found = last + timedelta(days=limits.blocked)
    return found


def call_order(waiting: Iterable[Waiting], now: time) -> list[Waiting]:
    """In what order numbers are called: first who booked and whose time has come, by slot; then all others as they came.

    Who booked and came early waits for the slot, unless nobody else is there.
    """

    def key(one: Waiting) -> tuple[int, time, int]:
        if one.booked is None:
            return (1, time.min, one.number)
        return (0, one.booked, one.number) if one.booked <= now else (2, one.booked, one.number)

    return sorted(waiting, key=key)


def code(number: int, *, booked: bool) -> str:
    """What is called and shown: A for who had booked, B for who walked in."""
    return f"{'A' if booked else 'B'}{number:03d}"
