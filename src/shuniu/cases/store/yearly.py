"""SQL of an item's year: each application stands once among what came and once among what became of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection

from shuniu.cases.declare.yearly import CARRIED, LEFT, NEW, OTHER, YearlyRow
from shuniu.cases.models import Case

_STOOD = """
with stood as (
  select c.number, (c.filed_at at time zone %(zone)s)::date as filed, (c.ended_at at time zone %(zone)s)::date as ended,
         case when c.applicant_kind = 'natural' then %(natural)s
              else coalesce(nullif(nullif(c.answers ->> %(column)s, %(natural)s), ''), 'other') end as kind,
         case when c.filed_at >= %(start)s then %(new)s else %(carried)s end as came,
         case when c.ended_at is null or c.ended_at >= %(end)s then %(left)s
              else coalesce(nullif(d.result, ''), %(other)s) end as became
  from cases_case c left join cases_decision d on d.case_id = c.id
  where c.item = %(item)s and (c.agency = %(agency)s or %(agency)s = '') and c.filed_at < %(end)s
    and (c.ended_at is null or c.ended_at >= %(start)s)
)
"""


def _values(item: str, agency: str, column: str, span: tuple[datetime, datetime], natural: str) -> dict[str, Any]:
    start, end = span
    return {
        "item": item, "agency": agency, "column": column, "start": start, "end": end, "natural": natural,
        "zone": str(start.tzinfo), "new": NEW, "carried": CARRIED, "left": LEFT, "other": OTHER,
    }  # fmt: skip


def cells(
    item: str, agency: str, column: str, span: tuple[datetime, datetime], natural: str
) -> dict[tuple[str, str], int]:
    """How many by line and column; the column "" is all of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            _STOOD + "select line, coalesce(kind, ''), count(*) from stood"
            " cross join lateral (values (came), (became)) as told (line) group by grouping sets ((line, kind), (line))",
            _values(item, agency, column, span, natural),
        )
        return {(line, kind): int(number) for line, kind, number in cursor.fetchall()}


def rows(
    item: str, agency: str, column: str, span: tuple[datetime, datetime], natural: str, *,
    line: str, kind: str, limit: int,
) -> tuple[YearlyRow, ...]:  # fmt: skip
    """The applications behind one number, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            _STOOD + "select number, kind, became, filed, ended from stood where %(line)s in (came, became)"
            " and (kind = %(kind)s or %(kind)s = '') order by filed, number limit %(limit)s",
            _values(item, agency, column, span, natural) | {"line": line, "kind": kind, "limit": limit},
        )
        return tuple(
            YearlyRow(number, kind, became, filed, _within(ended, span))
            for number, kind, became, filed, ended in cursor
        )


def agencies(item: str) -> tuple[str, ...]:
    """The agencies that were ever asked under an item, by key."""
    return tuple(Case.objects.filter(item=item).order_by("agency").values_list("agency", flat=True).distinct())


def _within(ended: date | None, span: tuple[datetime, datetime]) -> date | None:
    """What ended after the year had not ended in it."""
    return ended if ended is not None and ended < span[1].date() else None
