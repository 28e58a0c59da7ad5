"""An agency's cases are found by what an officer has in hand: the end of a number, a part of a name, the item."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.db.models import F

from shuniu.cases.api import finding, handling
from shuniu.cases.models import Case
from shuniu.cases.store import finding as store
from shuniu.cases.store.cases import within
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cases.filing import NO, clerk, filed, published
from tests.cast import Cast, cast

__all__ = ["cast", "clerk", "published"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
NAMES = ("湖南湘江机械有限公司", "湘江", "江湘贸易有限公司", "TCL 电器", "王伟")


@pytest.fixture
def named(cast: Cast) -> list[Case]:
    """A running case of each of these names, in order."""
    rows = [Case.objects.get(number=filed(cast.citizen).number) for _ in NAMES]
    for row, name in zip(rows, NAMES, strict=True):
        row.applicant_name = name
        row.save(update_fields=["applicant_name"])
    return rows


def found(actor: Actor, text: str, running: bool | None = None) -> list[str]:
    return [one.applicant for one in finding.search_agency(actor=actor, text=text, running=running).lines]


def test_a_part_of_a_name_finds_it_in_order_and_in_any_case(named: list[Case], clerk: Actor) -> None:
    assert found(clerk, "湘江") == ["湘江", "湖南湘江机械有限公司"]
    assert found(clerk, " 有限公司 ") == ["江湘贸易有限公司", "湖南湘江机械有限公司"]
    assert found(clerk, "tcl") == ["TCL 电器"] and found(clerk, "王伟") == ["王伟"]
    assert found(clerk, "江湘江") == [] and found(clerk, "%公") == [] and found(clerk, "李四") == []


def test_a_single_character_is_no_search_and_lists_all_the_newest_first(named: list[Case], clerk: Actor) -> None:
    assert found(clerk, "王") == found(clerk, "") == [*reversed(NAMES)]


def test_the_end_of_a_number_finds_the_case_whether_it_runs_or_has_ended(named: list[Case], clerk: Actor) -> None:
    handling.decline(actor=clerk, number=named[4].number, grounds=NO)
    for text in (named[4].number, named[4].number[-12:], named[4].number[-5:]):
        assert found(clerk, text, running=True) == ["王伟"]
    assert found(clerk, named[4].number[-12:-1] + "x") == []
    assert found(clerk, "王伟", running=True) == [] and found(clerk, "王伟", running=False) == ["王伟"]


def test_the_title_of_the_item_finds_all_of_its_cases(named: list[Case], clerk: Actor) -> None:
    assert found(clerk, "餐饮服务") == [*reversed(NAMES)] and found(clerk, "殡葬服务") == []


def test_pages_follow_one_another_and_lose_nothing(named: list[Case], clerk: Actor) -> None:
    handling.decline(actor=clerk, number=named[2].number, grounds=NO)
    seen: list[str] = []
    before: int | None = 0
    while before is not None:
        page = finding.search_agency(actor=clerk, before=before, most=2)
        seen += [one.applicant for one in page.lines]
        before = page.next
    assert seen == [*reversed(NAMES)]


def test_only_the_own_agency_and_the_own_regions_are_searched_and_names_stay_out_of_the_journal(
    named: list[Case], cast: Cast, clerk: Actor
) -> None:
    assert found(replace(clerk, agency="43.tax"), "王伟") == []
    Case.objects.filter(pk=named[4].pk).update(region="440000")
    assert found(clerk, "王伟") == []
    with pytest.raises(Refused):
        finding.search_agency(actor=cast.tax_officer, text="王伟")
    assert not Entry.objects.filter(verb="cases.search_agency", detail__icontains="王伟").exists()


def test_both_ways_have_an_index(named: list[Case], clerk: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off; set local enable_bitmapscan = off; set local enable_sort = off")
    numbered = store.by_number(Case.objects.all(), "20261122").order_by((F("id") + 0).desc())
    assert "case_by_end" in numbered.explain()
    # In this order no other index gives them; within one agency the primary key does as well where the table is small.
    running = Case.objects.filter(state__in=["filed", "correcting", "accepted"]).order_by("agency", "-id")
    listed = store.by_name(running, "湘江", ["43.market/restaurant"]).values_list("pk")[:51]
    assert "Index Only Scan using case_running_by_agency" in listed.explain()


def test_ended_cases_of_a_narrow_reach_are_found_by_region_and_not_along_all(named: list[Case], clerk: Actor) -> None:
    for row, region in zip(named, ("430000", "430102", "430102001000", "430103", "440102"), strict=True):
        Case.objects.filter(pk=row.pk).update(region=region, state="declined", ended_at=row.filed_at)
    narrow = replace(clerk, regions=("430102",))
    assert found(narrow, "", running=False) == [NAMES[2], NAMES[1]] and found(narrow, "湘江", running=False) == [
        NAMES[1]
    ]
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("drop index case_ended_by_agency")  # which gives them as well, after all of the agency's
        cursor.execute("set local enable_seqscan = off; set local enable_bitmapscan = off")
    ended = Case.objects.filter(
        agency="43.market", state__in=["declined", "granted", "refused", "withdrawn", "partial", "cut"]
    )
    listed = store.by_name(ended.filter(within(narrow)), "湘江", []).order_by((F("id") + 0).desc())
    plan = listed.values_list("pk").explain()
    assert "Index Only Scan using case_ended_by_region" in plan and "region ~>=~ '430102'" in plan


def test_what_ends_in_four_digits_is_taken_for_a_number() -> None:
    assert store.is_number("0012") and store.is_number("43X20261122")
    assert not store.is_number("012") and not store.is_number("王伟1234")
