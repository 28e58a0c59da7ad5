"""Regions and agencies: loaded in bulk, read as they stood on any day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from shuniu.directory import models, rules, store
from shuniu.directory.declare import Agency, Region
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor

M = TypeVar("M", bound=Model)


@verb("directory.load_regions", "载入区划")
def load_regions(*, actor: Actor, rows: Sequence[Region]) -> int:
    """Add or correct standings of region codes, keyed by code and first day; what is not named stays as it is.

    Returns the number of rows. Raises Refused (directory.region_code, region_level, region_period, region_overlap).
    """
    require()
    keys = {(row.code, row.valid_from) for row in rows}
    known = models.Region.objects.filter(code__in={row.code for row in rows})
    rules.check_region_rows(rows, [one for one in map(_region, known) if (one.code, one.valid_from) not in keys])
    # Spans that end come first: the database lets a code stand open only once.
    ordered = sorted(rows, key=lambda row: row.valid_to is None)
    models.Region.objects.bulk_create(
        [models.Region(**asdict(row)) for row in ordered],
        batch_size=5000,
        update_conflicts=True,
        unique_fields=["code", "valid_from"],
        update_fields=["name", "level", "parent", "valid_to", "successor"],
    )
    record("regions", detail={"rows": len(rows)})
    return len(rows)


@verb("directory.load_agencies", "载入单位")
def load_agencies(*, actor: Actor, rows: Sequence[Agency]) -> int:
    """Add or correct agencies by key. Returns the number of rows.

    Raises Refused (directory.agency_key, agency_region, agency_uscc).
    """
    require()
    codes = models.Region.objects.filter(code__in={row.region for row in rows}).values_list("code", flat=True)
    rules.check_agency_rows(rows, set(codes))
    models.Agency.objects.bulk_create(
        [models.Agency(**{**asdict(row), "parent": None, "parent_id": row.parent}) for row in rows],
        batch_size=5000,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["name", "short", "level", "region", "uscc", "parent", "valid_from", "valid_to"],
    )
    record("agencies", detail={"rows": len(rows)})
    return len(rows)


def regions(*, on: date | None = None, level: int | None = None) -> tuple[Region, ...]:
    """Every region that stood on that day (default today), of one level or all, by code."""
    found = _standing(models.Region.objects.order_by("code"), on)
    return tuple(map(_region, found if level is None else found.filter(level=level)))


def region_names(*, on: date | None = None, level: int | None = None) -> dict[str, str]:
    """Code to name of every region that stood on that day (default today), down to a level or all: one cheap query."""
    found = _standing(models.Region.objects.order_by("code"), on)
    return dict((found if level is None else found.filter(level__lte=level)).values_list("code", "name"))


def region(code: str, *, on: date | None = None) -> Region | None:
    """The region of that code as it stood on that day; None when the code was not in use."""
    found = _standing(models.Region.objects.filter(code=code), on).first()
    return None if found is None else _region(found)


def region_path(code: str, *, on: date | None = None) -> str:
    """Where a region lies in words, as named on that day: 湖南省长沙市芙蓉区. Empty when the code was not in use."""
    return "".join(store.path_names(code, on or timezone.localdate()))


def successor(code: str, *, on: date | None = None) -> str | None:
    """The code that stands for a code on that day: itself, or what took over its ground; None when nothing did."""
    return store.successor(code, on or timezone.localdate())


def issued_codes(*, on: date | None = None) -> dict[str, str]:
    """Every region code ever issued in a province that is known down to its counties → the code that stands for it.

    As cells write them: 2, 4 or 6 digits, and 6 filled to 9 or 12 with zeros where the code has moved. A code that
    nothing followed stands for itself. What is not among them and begins like one of these provinces, was never issued.
    """
    rows = models.Region.objects.order_by("valid_from")
    return rules.issued_codes([_region(row) for row in rows], on or timezone.localdate())


def agencies(*, on: date | None = None, region: str | None = None) -> tuple[Agency, ...]:
    """Agencies that stood on that day, all or those inside a region, by level and key."""
    reach = Actor("", "", regions=() if region is None else (region,))
    found = _standing(models.Agency.objects.order_by("level", "key"), on)
    return tuple(_agency(one) for one in found if region is None or reach.reaches(one.region))


def agency_names() -> dict[str, str]:
    """Key to name of every agency that stands today, by level and key: one cheap query."""
    return dict(_standing(models.Agency.objects.order_by("level", "key"), None).values_list("key", "name"))


def agency(key: str) -> Agency | None:
    """One agency, standing or abolished; None for an unknown key."""
    return store.agency(key)


def agency_name(key: str) -> str:
    """The name of an agency, standing or abolished; the key itself where it is unknown."""
    found = store.agency(key)
    return found.name if found else key


def _standing(rows: QuerySet[M], on: date | None) -> QuerySet[M]:
    day = on or timezone.localdate()
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


def _region(row: models.Region) -> Region:
    return Region(row.code, row.name, row.level, row.parent, row.valid_from, row.valid_to, row.successor)


def _agency(row: models.Agency) -> Agency:
    return Agency(
        row.key, row.name, row.short, row.level, row.region, row.uscc, row.parent_id, row.valid_from, row.valid_to
    )
