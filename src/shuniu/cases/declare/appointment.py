"""Appointments (预约取号): a window's hours, the slots that it offers, a booking, the numbers that are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from shuniu.base.titled import Titled


class BookingState(Titled):
    """Where a booking stands. All but open are ends."""

    OPEN = "open", "已预约"
    ARRIVED = "arrived", "已取号"
    MISSED = "missed", "未到"
    CANCELLED = "cancelled", "已取消"
    DROPPED = "dropped", "窗口取消"  # by the window, which no longer works at that time


class NumberState(Titled):
    """Where a queue number stands."""

    WAITING = "waiting", "等候"
    CALLED = "called", "已叫号"
    SERVED = "served", "已办"
    ABSENT = "absent", "过号"


@dataclass(frozen=True)
class Shift:
    """Opening hours without a break: from `since` until `until`, local time."""

    since: time
    until: time


@dataclass(frozen=True)
class Schedule:
    """How a window works from a day on: its shifts, the minutes of a slot, the places in each. No shift: it is shut."""

    since: date
    shifts: tuple[Shift, ...]
    minutes: int
    places: int

    @property
    def hours(self) -> str:
        return " ".join(f"{one.since:%H:%M}-{one.until:%H:%M}" for one in self.shifts)


@dataclass(frozen=True)
class Slot:
    """A time that can be booked and how many places are left in it."""

    start: time
    until: time
    places: int
    free: int


@dataclass(frozen=True)
class Offer:
    """A working day of a window with its slots, full ones too."""

    day: date
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class WindowView:
    """A window: its agency, where it is, the items that it serves (key, title), its schedules, the oldest first."""

    id: int
    agency: str
    agency_name: str
    title: str
    place: str
    items: tuple[tuple[str, str], ...]
    schedules: tuple[Schedule, ...]


@dataclass(frozen=True)
class BookingView:
    """A booking as its holder and the counter see it. `code`: the queue number, once taken."""

    number: str
    item: str
    title: str
    window: int
    window_title: str
    place: str
    agency_name: str
    day: date
    start: time
    until: time
    called: str
    state: BookingState
    code: str
    may_cancel: bool


@dataclass(frozen=True)
class NumberView:
    """A queue number at the counter. `booked`: the slot, for who had booked."""

    id: int
    code: str
    title: str
    state: NumberState
    taken_at: datetime
    booked: tuple[time, time] | None
    called: str = ""


@dataclass(frozen=True)
class Board:
    """What everybody may see of a window's queue: numbers and nothing else. `next` is who is called next, in order."""

    window: WindowView
    now: tuple[str, ...]
    next: tuple[str, ...]


@dataclass(frozen=True)
class Queue:
    """A window's day at the counter: numbers in the order in which they will be called, and who has not come yet."""

    window: WindowView
    day: date
    numbers: tuple[NumberView, ...]
    ended: tuple[NumberView, ...]
    expected: tuple[BookingView, ...]
    missed: tuple[BookingView, ...]
