"""The clock of a case, pure: when it is due, computed from what happened; never counted down.

What counts, in whole days:

- The day on which a term begins to run (受理 or 交办) is not counted; its last day is still in time (民法典 §201, 行政许可法 §82).
- A day counts when it is one of the term's unit: a working day for 工作日, any day for 自然日. Months and years become
  natural days once, at the start (the same day of the later month, or that month's last day), and count as such.
- A stop (挂起: 补正 公示 听证 检验 …, 行政许可法 §45) takes out the day on which it begins, the day on which it ends and all
  between: as at receipt, counting goes on the day after. Stops that overlap count once. One that begins after the last
  day changes nothing. While one is open nothing is due: `left` says how many days remain when it ends.
- An extension (延期, once, with the head's approval) runs on from the day on which the term would have ended.
- A working-day term that reaches into a year without a published holiday table is provisional.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shuniu.base.calendar import Calendar, DayKind
from shuniu.base.periods import Period, Term, Unit, add_months

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from `start` to `end`, both included, in which the clock ran (`counted` days of them) or was stopped."""

    start: date
    end: date | None
    running: bool
    counted: int = 0


@dataclass(frozen=True, slots=True)
class Clock:
    """When it is due (None while an open stop holds it, with `left` days still to run), and how that came about."""

    due: date | None
    intervals: tuple[Interval, ...]
    provisional: bool
    left: int = 0


class Why(StrEnum):
    """Why a day is counted or is not."""

    START = "起算当日不计入"
    WORKING = "工作日"
    MADE_UP = "调休上班"
    NATURAL = "自然日"
    WEEKEND = "周末"
    HOLIDAY = "节假日"
    STOPPED = "停止计时"


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a clock: its `number` in the term (0: not counted) and why; `name` of the holiday; a guess or known."""

    day: date
    number: int
    why: Why
    name: str = ""
    guessed: bool = False
    extended: bool = False


def merged(stops: Iterable[Period]) -> tuple[Period, ...]:
    """The stops in order, those that overlap or touch made one."""
    found: list[Period] = []
    for stop in sorted(stops, key=lambda one: one.start):
        last = found[-1] if found else None
        if last is None or (last.end is not None and stop.start > last.end + _ONE_DAY):
            found.append(stop)
        elif last.end is not None:
            found[-1] = Period(last.start, None if stop.end is None else max(last.end, stop.end))
    return tuple(found)


def clock(start: date, term: Term, stops: Sequence[Period], calendar: Calendar, extension: Term | None = None) -> Clock:
    """When a term that begins to run on `start` ends, past its stops and with its extension: see the module."""
    first = _run(start, term, stops, calendar)
    if extension is None or first.due is None:
        return first
    more = _run(first.due, extension, stops, calendar)
    return Clock(more.due, first.intervals + more.intervals, first.provisional or more.provisional, more.left)


def _run(start: date, term: Term, stops: Sequence[Period], calendar: Calendar) -> Clock:
    left, at, intervals = days_of(start, term), start, list[Interval]()
    working = term.unit is Unit.WORKING_DAY
    for stop in merged(stops):
        if stop.end is not None and stop.end <= at:
            continue
        begun = max(stop.start, at + _ONE_DAY)
        if _ends(at, left, working, calendar) < begun:
            break
        counted = _counted(at, begun - _ONE_DAY, working, calendar)
        if begun - at > _ONE_DAY:
            intervals.append(Interval(at + _ONE_DAY, begun - _ONE_DAY, True, counted))
        left -= counted
        intervals.append(Interval(begun, stop.end, False))
        if stop.end is None:
            return Clock(None, tuple(intervals), False, left)
        at = stop.end
    due = _ends(at, left, working, calendar)
    if due > at:
        intervals.append(Interval(at + _ONE_DAY, due, True, left))
    guessed = working and any(calendar.is_guessed(day) for day in _days(start + _ONE_DAY, due))
    return Clock(due, tuple(intervals), guessed)


def days_of(start: date, term: Term) -> int:
    """How many days of its kind a term is that begins on `start`: working days for 工作日, natural days else."""
    match term.unit:
        case Unit.WORKING_DAY | Unit.DAY:
            return term.amount
        case Unit.MONTH:
            return (add_months(start, term.amount) - start).days
        case Unit.YEAR:
            return (add_months(start, 12 * term.amount) - start).days


def _ends(at: date, left: int, working: bool, calendar: Calendar) -> date:
    return calendar.add_working_days(at, left).date if working else at + timedelta(days=left)


def _counted(after: date, until: date, working: bool, calendar: Calendar) -> int:
    return calendar.working_days_between(after, until) if working else (until - after).days


def _days(start: date, end: date) -> Iterator[date]:
    return (start + timedelta(days=n) for n in range((end - start).days + 1))


def explain(
    start: date,
    term: Term,
    stops: Sequence[Period],
    calendar: Calendar,
    extension: Term | None = None,
    *,
    until: date | None = None,
) -> tuple[Day, ...]:
    """Every day of a clock with its reason, from the start to the due day; `until` that day while a stop is open."""
    first = _run(start, term, stops, calendar)
    days = [Day(start, 0, Why.START), *_told(first, term, calendar, until, 0, False)]
    if extension is not None and first.due is not None:
        more = _run(first.due, extension, stops, calendar)
        days += _told(more, extension, calendar, until, days_of(start, term), True)
    return tuple(days)


def _told(
    found: Clock, term: Term, calendar: Calendar, until: date | None, number: int, extended: bool
) -> Iterator[Day]:
    for interval in found.intervals:
        end = interval.end or max(until or interval.start, interval.start)
        for day in _days(interval.start, end):
            why, name = (Why.STOPPED, "") if not interval.running else _why(day, term.unit, calendar)
            counts = why in _COUNTING
            number += counts
            guessed = term.unit is Unit.WORKING_DAY and calendar.is_guessed(day)
            yield Day(day, number if counts else 0, why, name, guessed, extended)


_COUNTING = (Why.WORKING, Why.MADE_UP, Why.NATURAL)


def _why(day: date, unit: Unit, calendar: Calendar) -> tuple[Why, str]:
    if unit is not Unit.WORKING_DAY:
        return Why.NATURAL, ""
    special = calendar.days.get(day)
    if special is None:
        return (Why.WORKING if calendar.is_working(day) else Why.WEEKEND), ""
    if special.kind is DayKind.HOLIDAY:
        return Why.HOLIDAY, special.name
    return (Why.MADE_UP if day.weekday() >= 5 else Why.WORKING), special.name
