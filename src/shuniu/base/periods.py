"""Lengths and spans of time as laws state them: "three months from", "from … to …", counted in whole days."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_CYCLE_YEARS = 400
_CYCLE_DAYS = 146_097


class Unit(StrEnum):
    """The unit of a legal term; the law says which, and 工作日 and 自然日 are never interchangeable."""

    WORKING_DAY = "working_day"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time such as "7 工作日" or "3 个月"; the calendar turns it into a due date."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError(f"期限不能为负数：{self.amount}")

    def __str__(self) -> str:
        names = {Unit.WORKING_DAY: "个工作日", Unit.DAY: "日", Unit.MONTH: "个月", Unit.YEAR: "年"}
        return f"{self.amount}{names[self.unit]}"


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days, both ends included; without an end it is still running."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"结束日期 {self.end} 早于开始日期 {self.start}")

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)

    def overlaps(self, other: Period) -> bool:
        """Whether at least one day lies in both."""
        return (other.end is None or self.start <= other.end) and (self.end is None or other.start <= self.end)


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on (or back); the month's last day where that day does not exist.

    Raises ValueError outside the years 1 to 9999.
    """
    return date.fromordinal(add_months_to_ordinal(day.toordinal(), months))


def add_months_to_ordinal(ordinal: int, months: int) -> int:
    """`add_months` on proleptic Gregorian day numbers of any size.

    Registers write 长期有效 as 9999-12-31; PostgreSQL adds months to that without complaint where Python's dates end,
    so expressions count in day numbers to give the same answer.
    """
    cycles, rest = divmod(ordinal - 1, _CYCLE_DAYS)
    day = date.fromordinal(rest + 1)
    years, month = divmod((day.year - 1) * 12 + day.month - 1 + months, 12)
    more_cycles, year = divmod(years, _CYCLE_YEARS)
    length = calendar.monthrange(year + 1, month + 1)[1]
    moved = date(year + 1, month + 1, min(day.day, length))
    return moved.toordinal() + (cycles + more_cycles) * _CYCLE_DAYS
