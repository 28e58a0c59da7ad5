"""An agency's list of cases: what is due first at the top whatever is older, every page of it, for any reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from shuniu.cases.api import filing, finding, handling
from shuniu.cases.models import Case
from shuniu.procedures.calendars import api as calendars
from shuniu.procedures.calendars.models import Clock
from shuniu.procedures.calendars.store import recounting
from shuniu.procedures.models import Case as Matter
from shuniu.trust.declare import Actor
from tests.cases.filing import NO, clerk, filed, published
from tests.cast import Cast, cast, client_of, newcomer

__all__ = ["cast", "clerk", "published"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
TODAY = date(2026, 11, 2)


def leafed(actor: Actor, most: int = 2, *, running: bool = True) -> list[str]:
    """The numbers of all pages, one after another."""
    seen: list[str] = []
    after: str | None = None
    while after != "":
        page = finding.list_agency(actor=actor, running=running, after=after or "", most=most)
        assert len(page.lines) == most or not page.next
        seen += [one.number for one in page.lines]
        after = page.next
    return seen


def accepted(citizen: Actor, clerk: Actor, days: int) -> str:
    """A case whose first clock is due so many days after the day."""
    number = filed(citizen).number
    matter = handling.accept(actor=clerk, number=number).matter.id
    Clock.objects.filter(case=matter, ended=None).update(due=TODAY + timedelta(days=days))
    recounting.project([matter])
    return number


def placed(number: str, region: str) -> None:
    """Have a case lie in a region, as one that was filed there does."""
    Case.objects.filter(number=number).update(region=region)
    Matter.objects.filter(object=f"case:{number}").update(region=region)


def test_pages_go_by_the_day_then_by_age_and_end_with_what_has_no_term_now(cast: Cast, clerk: Actor) -> None:
    dues = {accepted(cast.citizen, clerk, days): days for days in (9, 2, 5, 2)}
    stopped = accepted(cast.citizen, clerk, 1)
    calendars.stop(case=filing.read_case(actor=clerk, number=stopped).matter.id, kind="听证", evidence="听证通知书")
    due_first = [*sorted(dues, key=lambda one: (dues[one], one)), stopped]
    for most in (1, 2, 3, 4, 5, 50):
        assert leafed(clerk, most) == due_first


def test_one_that_is_due_first_is_on_the_first_page_however_many_are_older(cast: Cast, clerk: Actor) -> None:
    for _ in range(4):
        accepted(cast.citizen, clerk, 30)
    newest = accepted(cast.citizen, clerk, 1)
    page = finding.list_agency(actor=clerk, most=2)
    assert page.lines[0].number == newest and page.lines[0].due == TODAY + timedelta(days=1)


def test_an_item_whose_turn_has_not_come_is_listed_last(cast: Cast, clerk: Actor) -> None:
    made = [accepted(cast.citizen, clerk, days) for days in (3, 4, 5)]
    Case.objects.filter(number__in=made[:2]).update(matter=None)  # as a part of a life event stands before its turn
    Matter.objects.filter(object__in=[f"case:{one}" for one in made[:2]]).update(object="none:1")
    for most in (1, 2, 3, 50):
        assert leafed(clerk, most) == [made[2], *made[:2]]


def test_an_officer_of_one_county_finds_what_lies_there_behind_any_number_that_does_not(
    cast: Cast, clerk: Actor
) -> None:
    own, ended = accepted(cast.citizen, clerk, 9), accepted(cast.citizen, clerk, 9)
    others = [accepted(cast.citizen, clerk, 1) for _ in range(3)]
    for number in (own, ended):
        placed(number, "430181")
    for number in others:
        placed(number, "430102")
    local = replace(clerk, regions=("430181",))
    assert leafed(local, 1) == [own, ended]
    withdrawn = [ended, others[0]]
    for number in withdrawn:
        filing.withdraw(actor=cast.citizen, number=number, reason="不办了")
    assert leafed(local, 1, running=False) == [ended] and leafed(local) == [own]
    assert {*leafed(clerk, running=False)} == {*withdrawn}
    assert leafed(replace(clerk, regions=())) == []


def test_ended_cases_are_leafed_through_the_newest_first(cast: Cast, clerk: Actor) -> None:
    made = [filed(cast.citizen).number for _ in range(5)]
    for number in made[:4]:
        handling.decline(actor=clerk, number=number, grounds=NO)
    assert leafed(clerk, running=False) == made[3::-1] and leafed(clerk) == made[4:]


@pytest.mark.parametrize(
    "after", ["nonsense", "2026-02-31_1", "infinity_", "0001-01-01_0", "-infinity_0", "2026-11-02_x"]
)
def test_a_place_that_is_none_is_the_first_page(cast: Cast, clerk: Actor, after: str) -> None:
    number = filed(cast.citizen).number
    assert [one.number for one in finding.list_agency(actor=clerk, after=after).lines] == [number]


def test_the_page_says_its_order_and_leads_on_and_back(
    cast: Cast, clerk: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shuniu.portal.pages.cases.SIZE", 2)
    made = [accepted(cast.citizen, clerk, days) for days in (3, 4, 5)]
    client = client_of(newcomer("43.market", "case_clerk", login="m1", name="马丽"))

    def rows(query: str) -> tuple[str, list[str]]:
        page = client.get(f"/desk/cases/{query}").content.decode().partition('id="cases"')[2]
        return page, sorted((one for one in made if one in page), key=page.index)

    page, shown = rows("")
    assert shown == made[:2] and "先到期的在前" in page and "回到第一页" not in page
    place = finding.list_agency(actor=clerk, most=2).next
    assert f"after={place}" in page
    page, shown = rows(f"?after={place}")
    assert shown == made[2:] and "回到第一页" in page
    assert "?as=csv" in page, "the file is of the whole list, from wherever it is asked for"


def test_ones_own_cases_are_leafed_through_the_newest_first(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [filed(cast.citizen).number for _ in range(3)]
    foreign = filed(cast.citizen).number
    Case.objects.filter(number=foreign).update(account="citizen:0", applicant=None, applicant_name="王伟")
    first = [one.number for one in filing.list_own(actor=cast.citizen, most=2)]
    assert first == [made[2], made[1]]
    assert [one.number for one in filing.list_own(actor=cast.citizen, before=first[-1], most=2)] == [made[0]]
    assert len(filing.list_own(actor=cast.citizen, before=foreign)) == 3, "another's is no place in one's own"
    monkeypatch.setattr("shuniu.portal.hall.cases.SIZE", 2)
    client = client_of(cast.citizen)
    page = client.get("/hall/cases/").content.decode()
    assert f"before={made[1]}" in page and made[0] not in page
    assert made[0] in client.get(f"/hall/cases/?before={made[1]}").content.decode()


def test_of_many_tasks_the_page_lists_the_first_and_leads_to_all(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(newcomer("43.market", "case_clerk", "data_officer", login="m1", name="马丽"))
    for page in ("cases", "desk"):
        monkeypatch.setattr(f"shuniu.portal.pages.{page}.MOST_TASKS", 2)
    filed(cast.citizen)
    assert "这里只列" not in client.get("/desk/cases/").content.decode()
    filed(cast.citizen)
    for address in ("/desk/cases/", "/desk/"):
        said = client.get(address).content.decode().partition("这里只列")
        assert said[2].startswith("最先到期的 2 件") and said[0].rstrip().endswith('href="/desk/work/">'), address
