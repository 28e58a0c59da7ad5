"""The working-day calendar: weekends, holidays, make-up working days (调休), and honesty about unpublished years.

The State Council announces each year's holidays in November or December before. Until then only the weekday rule is
known, so a deadline that reaches into an unpublished year is marked provisional and is computed again later.

The data file `data/calendar.csv` (date, kind, name) holds what the yearly notices 国务院办公厅关于…部分节假日安排的通知
ordered since 2004; a new notice is a handful of new lines.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from shuniu.base.periods import Term, Unit, add_months

_ONE_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """Whether offices are shut on a special day or open on it."""

    HOLIDAY = "holiday"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that the weekday rule gets wrong: a weekday off (holiday) or a weekend day worked (work)."""

    date: date
    kind: DayKind
    name: str


@dataclass(frozen=True, slots=True)
class Due:
    """A due date; `provisional` when a day of an unpublished year was counted by the weekday rule alone."""

    date: date
    provisional: bool


@dataclass(frozen=True)
class Calendar:
    """National days plus local ones (自治州 holidays); immutable, a change makes a new calendar.

    `published` are the years whose national notice is known; local days do not publish a year.
    """

    days: Mapping[date, SpecialDay]
    published: frozenset[int]

    @classmethod
    def of(cls, national: Iterable[SpecialDay], local: Iterable[SpecialDay] = ()) -> Calendar:
        """Build from national days and local ones, which prevail. A year is published once its 1 January is listed."""
        days = {day.date: day for day in national}
        published = frozenset(
            d.year for d, day in days.items() if (d.month, d.day) == (1, 1) and day.kind == DayKind.HOLIDAY
        )
        days.update((day.date, day) for day in local)
        return cls(days, published)

    @classmethod
    def load(cls, local: Iterable[SpecialDay] = ()) -> Calendar:
        """The calendar shipped with the platform, with a region's own days added."""
        return cls.of(_national(), local)

    def is_working(self, day: date) -> bool:
        """Whether offices work on this day; the weekday rule where nothing else is known."""
        special = self.days.get(day)
        return special.kind == DayKind.WORK if special else day.weekday() < 5

    def is_guessed(self, day: date) -> bool:
        """Whether `is_working` is only the weekday rule for a year whose notice is not out."""
        return day.year not in self.published and day not in self.days

    def add_working_days(self, start: date, n: int) -> Due:
        """The n-th working day after `start`; the day of receipt itself is not counted. n = 0 gives `start`."""
        if n < 0:
            raise ValueError(f"工作日数不能为负数：{n}")
        day, left, provisional = start, n, False
        while left:
            day += _ONE_DAY
            provisional = provisional or self.is_guessed(day)
            left -= self.is_working(day)
        return Due(day, provisional)

    def add_natural_days(self, start: date, n: int, *, to_working_day: bool = False) -> Due:
        """`start` plus n 自然日; with `to_working_day` a last day that is off moves on to the next working day."""
        if n < 0:
            raise ValueError(f"自然日数不能为负数：{n}")
        due = Due(start + timedelta(days=n), False)
        return self._next_working_day(due.date) if to_working_day else due

    def due(self, start: date, term: Term) -> Due:
        """When a legal term that begins to run on `start` (not counted) ends; its last day is still in time."""
        match term.unit:
            case Unit.WORKING_DAY:
                return self.add_working_days(start, term.amount)
            case Unit.DAY:
                return self.add_natural_days(start, term.amount)
            case Unit.MONTH:
                return Due(add_months(start, term.amount), False)
            case Unit.YEAR:
                return Due(add_months(start, 12 * term.amount), False)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.working_days_between(end, start)
        span = (start + timedelta(days=i) for i in range(1, (end - start).days + 1))
        return sum(self.is_working(day) for day in span)

    def _next_working_day(self, day: date) -> Due:
        provisional = self.is_guessed(day)
        while not self.is_working(day):
            day += _ONE_DAY
            provisional = provisional or self.is_guessed(day)
        return Due(day, provisional)


def parse_days(lines: Iterable[str]) -> tuple[SpecialDay, ...]:
    """Read the calendar's CSV form. Raises ValueError naming the line, in Chinese, when a line cannot be read."""
    days: dict[date, SpecialDay] = {}
    for number, row in enumerate(csv.DictReader(lines), start=2):
        day_text, kind_text = row.get("date") or "", row.get("kind") or ""
        try:
            day = date.fromisoformat(day_text)
        except ValueError as error:
            raise ValueError(f"节假日表第{number}行：日期“{day_text}”应写作 2026-10-01") from error
        if kind_text not in tuple(DayKind):
            raise ValueError(f"节假日表第{number}行：类别“{kind_text}”应为 holiday（放假）或 work（上班）")
        if day in days:
            raise ValueError(f"节假日表第{number}行：{day} 已在前面出现，请只保留一行")
        days[day] = SpecialDay(day, DayKind(kind_text), row.get("name") or "")
    return tuple(days.values())


@cache
def _national() -> tuple[SpecialDay, ...]:
    text = (files("shuniu.base") / "data" / "calendar.csv").read_text(encoding="utf-8")
    return parse_days(text.splitlines())
