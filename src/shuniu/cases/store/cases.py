"""SQL of cases, beside `api`: numbers, and finding one under its lock."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.db.models import Q

from shuniu.base.rules import region_prefix
from shuniu.cases.declare.bundle import Bundle
from shuniu.cases.declare.service import ServiceItem
from shuniu.cases.models import Case
from shuniu.directory import api as directory
from shuniu.trust.declare import Actor, Refused

LISTED = (
    "number", "item", "version", "agency", "region", "applicant_name", "state", "filed_at", "ended_at", "matter", "parent",
)  # fmt: skip
"""What a list reads of a case: not its answers."""


def subjects(case: Case) -> list[int]:
    """Whom a case is about, for the journal."""
    return [case.applicant] if case.applicant is not None else []


def matter_of(case: Case) -> int:
    """The case's procedure. Raises Refused case.unknown for a part that has not come to its turn."""
    if case.matter is None:
        raise unknown(case.number)
    return case.matter


def within(actor: Actor, field: str = "region") -> Q:
    """That a row lies in the actor's reach, as `Actor.reaches` would say of its region."""
    reach = Q(pk__in=[])
    for region in actor.regions:
        reach |= Q(**{f"{field}__startswith": region_prefix(region)})
    return reach


def unknown(number: str) -> Refused:
    return Refused("case.unknown", f"没有办件 {number}，或者您不能查看它。", "请核对办件编号，或从“我的办件”进入。")


def next_number(item: ServiceItem | Bundle, day: date) -> str:
    """办件编号: 实施编码 (31: agency's USCC, level, 基本编码), the day, a running number of at least four digits.

    The level is the asked agency's where the application names one. A life event has no 基本编码: it is the lead agency's,
    with zeros there. From a sequence, so that filings do not wait for one another. GB/T 39554.1-2020.
    """
    level, code = (item.level, item.code) if isinstance(item, ServiceItem) else ("2", "0" * 12)
    agency = directory.agency(item.agency)
    if isinstance(item, ServiceItem) and item.asked_of and agency is not None:
        level = str(agency.level + 1)  # the nation is level 1 here, the province in the directory
    with connection.cursor() as cursor:
        cursor.execute("select nextval('cases_serial')")
        serial = int(cursor.fetchone()[0])
    uscc = (agency.uscc if agency else "") or "0" * 18
    return f"{uscc}{level}{code}{day:%Y%m%d}{serial:04d}"


def locked(number: str) -> Case:
    """A case, locked: its row orders those who act on it; a part's whole is locked before it. Raises Refused case.unknown."""
    whole = Case.objects.filter(number=number).values_list("parent", flat=True).first()
    if whole is not None:
        Case.objects.select_for_update().get(pk=whole)
    found = Case.objects.select_for_update().filter(number=number).first()
    if found is None:
        raise unknown(number)
    return found
