"""Holiday tables in the database, and the calendars that they make with the days shipped with the platform."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import connection

from shuniu.base.calendar import Calendar, DayKind, SpecialDay
from shuniu.base.rules import region_prefix
from shuniu.procedures.calendars.declare import Standing, Table
from shuniu.procedures.calendars.models import Holiday, HolidayTable, Recount
from shuniu.trust.api import fetch_each

_LOCK = 0x5348_4E01
"""The advisory lock of running clocks: shared by what starts or changes one, held alone by a recount."""


@dataclass(frozen=True)
class Year:
    """One table in force as a calendar is built from it."""

    region: str
    year: int
    confirmed: bool
    days: tuple[SpecialDay, ...]


@dataclass(frozen=True)
class Calendars:
    """The calendar of every region: the nation's, and for each region with days of its own that with these."""

    by_region: Mapping[str, Calendar]

    def key(self, region: str) -> str:
        """The longest region with a calendar of its own that this region lies in; "" is the nation."""
        return max((one for one in self.by_region if region.startswith(one)), key=len)

    def of(self, region: str) -> Calendar:
        """The calendar that days are counted by in a region (a code or its prefix)."""
        return self.by_region[self.key(region_prefix(region) if region else "")]


def built(years: Iterable[Year]) -> Calendars:
    """The calendars that these tables make: a year's national table takes the place of the days shipped for it."""
    tables = sorted(years, key=lambda one: (len(one.region), one.year))
    shipped = Calendar.load()
    national = [one for one in tables if not one.region]
    replaced = {one.year for one in national}
    days = {day: one for day, one in shipped.days.items() if day.year not in replaced}
    days |= {one.date: one for table in national for one in table.days}
    published = shipped.published - replaced | {one.year for one in national if one.confirmed}
    found = {"": Calendar(days, published)}
    for region in sorted({one.region for one in tables} - {""}):
        local = {day.date: day for one in tables if one.region and region.startswith(one.region) for day in one.days}
        found[region] = Calendar({**days, **local}, published)
    return Calendars(found)


def in_force() -> tuple[Year, ...]:
    """The tables in force."""
    rows = HolidayTable.objects.filter(applied_at__isnull=False, withdrawn_at__isnull=True).prefetch_related("days")
    return tuple(_year(row) for row in rows)


def _year(row: HolidayTable) -> Year:
    return Year(row.region, row.year, row.confirmed, _days(row))


def year_of(table: Table) -> Year:
    """A table as a calendar would be built from it."""
    return Year(table.region, table.year, table.confirmed, table.days)


def _days(row: HolidayTable) -> tuple[SpecialDay, ...]:
    days = (SpecialDay(one.day, DayKind(one.kind), one.name) for one in row.days.all())
    return tuple(sorted(days, key=lambda one: one.date))


def hold(*, alone: bool = False) -> None:
    """Until this transaction ends, let no recount pass (`alone`: nothing that starts or changes a clock either)."""
    with connection.cursor() as cursor:
        cursor.execute(f"select pg_advisory_xact_lock{'' if alone else '_shared'}(%s)", [_LOCK])


def version() -> int:
    """The calendar's version: the number of the last recount, 0 as shipped."""
    return Recount.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


# Two statements: the second must see what a recount did for which the first had waited.
_HELD = (
    b"select null::bigint[], null::bigint from pg_advisory_xact_lock_shared(%d)" % _LOCK,
    f"""
    select array(
      select id from {HolidayTable._meta.db_table} where applied_at is not null and withdrawn_at is null order by id
    ), coalesce((select max(id) from {Recount._meta.db_table}), 0)
    """.encode(),
)


def held() -> tuple[Calendars, int]:
    """`hold`, and what then is in force: the calendars, and their version (the number of the last recount, 0 as shipped)."""
    _, (ids, version) = fetch_each(_HELD, ())
    return _cached(tuple(ids)), version


def calendars() -> Calendars:
    """The calendars in force now."""
    ids = HolidayTable.objects.filter(applied_at__isnull=False, withdrawn_at__isnull=True).order_by("pk")
    return _cached(tuple(ids.values_list("pk", flat=True)))


@lru_cache(maxsize=8)
def _cached(tables: tuple[int, ...]) -> Calendars:
    """A table that was applied is never edited: its number says its days."""
    rows = HolidayTable.objects.filter(pk__in=tables).prefetch_related("days")
    return built(_year(row) for row in rows)


def standing(row: HolidayTable) -> Standing:
    """Where a table stands."""
    if row.applied_at is None:
        return Standing.DRAFT
    return Standing.WITHDRAWN if row.withdrawn_at else Standing.IN_FORCE


def view(row: HolidayTable, *, days: bool = True) -> Table:
    """A table as others see it."""
    return Table(
        row.pk, row.region, row.year, row.source, row.confirmed, standing(row), row.saved_at, row.saved_by_name,
        row.applied_at, row.withdrawn_at, _days(row) if days else (),
    )  # fmt: skip


def write_days(row: HolidayTable, days: Sequence[SpecialDay]) -> None:
    """Store a table's days."""
    Holiday.objects.bulk_create(Holiday(table=row, day=one.date, kind=one.kind.value, name=one.name) for one in days)


HORIZON = (date(1990, 1, 1), date(2079, 12, 31))
"""The days that clocks are counted on."""
