"""The yearly figures of an item (政府信息公开条例 §49, §50): public, computed from the cases, each opening its rows.

Nothing of an applicant is in them but the column that he stands in.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from shuniu.cases.declare.yearly import ALL, Yearly, YearlyRow
from shuniu.cases.store import yearly as store

NATURAL = "natural"
"""The column of natural persons, whatever was answered."""


def figures(*, item: str, column: str, year: int, agency: str = "") -> Yearly:
    """A year of an item at one agency, or at all. `column`: the question whose answer is a legal person's column."""
    span = _span(year)
    until = min(timezone.localdate(), span[1].date() - timedelta(days=1))
    return Yearly(year, until, store.cells(item, agency, column, span, NATURAL))


def rows(
    *, item: str, column: str, year: int, line: str, kind: str = ALL, agency: str = "", limit: int = 10_000
) -> tuple[YearlyRow, ...]:
    """The applications behind one number of `figures`."""
    return store.rows(item, agency, column, _span(year), NATURAL, line=line, kind=kind, limit=limit)


def agencies(*, item: str) -> tuple[str, ...]:
    """The agencies that were ever asked under an item."""
    return store.agencies(item)


def _span(year: int) -> tuple[datetime, datetime]:
    """From the first moment of the year to the first of the next."""
    zone = timezone.get_default_timezone()
    start, end = (datetime.combine(datetime(one, 1, 1).date(), time(), zone) for one in (year, year + 1))
    return start, end
