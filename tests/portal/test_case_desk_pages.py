"""The desk's pages of cases: each officer is offered what is due from him, once, and errors come back in the form."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from shuniu.cases.api import draft_facts, drafts, filing, handling
from shuniu.cases.declare.draft import Whom
from shuniu.cases.models import Case
from shuniu.directory.api import actor_of
from shuniu.directory.models import Account, Appointment
from shuniu.trust.declare import Actor
from tests.cases.filing import ANSWERS, ITEM, NO, published
from tests.cast import DAY, Cast, cast
from tests.portal.cases import chief, clerk, examiner, filed, offered, seat, text
from tests.portal.conftest import signed_in

__all__ = ["cast", "chief", "clerk", "examiner", "published", "signed_in"]
pytestmark = pytest.mark.usefixtures("published")

SignedIn = Callable[[Actor], Client]


def test_each_officer_is_offered_only_what_is_due_from_him(
    cast: Cast, signed_in: SignedIn, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    number = filed(cast.citizen)
    root = f"/desk/cases/{number}/"
    pages = {who.name: signed_in(who) for who in (clerk, examiner, chief)}
    assert offered(text(pages["马丽"].get(root))) == {"accept", "ask", "decline"}
    assert offered(text(pages["彭涛"].get(root))) == set()
    at = seat(text(pages["马丽"].get(root)), "accept")
    assert "已受理" in text(pages["马丽"].post(f"{root}act/accept/", {"accept-seat": at}, follow=True))
    twice = pages["马丽"].post(f"{root}act/accept/", {"accept-seat": at})
    assert twice.status_code == 422 and "summary-error" in text(twice)
    assert number in text(pages["彭涛"].get("/desk/cases/"))
    assert offered(text(pages["彭涛"].get(root))) == {"examine", "return"}
    at = seat(text(pages["彭涛"].get(root)), "examine")
    pages["彭涛"].post(f"{root}act/examine/", {"examine-seat": at, "examine-opinion": "场所合格，建议准予。"})
    page = text(pages["曾志"].get(root))
    assert offered(page) == {"grant", "refuse", "return"} and "场所合格，建议准予。" in page
    assert "场所合格" not in text(signed_in(cast.citizen).get(f"/hall/cases/{number}/"))
    assert pages["曾志"].get(f"{root}act/grant/").status_code == 405
    assert pages["曾志"].post(f"{root}act/nothing/").status_code == 404


def test_a_refusal_without_grounds_comes_back_in_its_form_and_with_them_the_applicant_reads_all(
    cast: Cast, signed_in: SignedIn, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    number = filed(cast.citizen)
    handling.accept(actor=clerk, number=number)
    handling.examine(actor=examiner, number=number, opinion="没有独立加工间。")
    client, root = signed_in(chief), f"/desk/cases/{number}/"
    said = {"refuse-seat": seat(text(client.get(root)), "refuse"), "refuse-articles": NO.articles}
    bare = client.post(f"{root}act/refuse/", {**said, "refuse-facts": "不行"})
    assert bare.status_code == 422 and "没有写明认定的事实" in text(bare) and "不行</textarea>" in text(bare)
    assert "至少 10 个字" in text(bare) and NO.articles in text(bare)
    done = client.post(f"{root}act/refuse/", {**said, "refuse-facts": NO.facts}, follow=True)
    assert "已决定不予许可" in text(done) and offered(text(done)) == set()
    page = text(signed_in(cast.citizen).get(f"/hall/cases/{number}/"))
    for shown in (NO.facts, NO.articles, "60日内", "不予许可", f"{number}-D"):
        assert shown in page
    assert number in text(client.get("/desk/cases/?state=ended"))
    assert number not in text(client.get("/desk/cases/"))


def test_the_chief_sends_a_case_back_and_it_is_accepted_once_more_without_a_second_bill_or_clock(
    cast: Cast, signed_in: SignedIn, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    number = filed(cast.citizen)
    first = handling.accept(actor=clerk, number=number)
    handling.examine(actor=examiner, number=number, opinion="建议准予。")
    client, root = signed_in(chief), f"/desk/cases/{number}/"
    page = text(client.get(root))
    assert re.search(r'<option value="examine">审查</option>\s*<option value="accept">受理</option>', page)
    said = {"return-seat": seat(page, "return"), "return-to_stage": "accept", "return-reason": "受理材料请再核对。"}
    assert "已退回" in text(client.post(f"{root}act/return/", said, follow=True))
    desk = signed_in(clerk)
    page = text(desk.get(root))
    assert offered(page) == {"accept", "decline"} and "受理材料请再核对。" in page
    assert "受理材料请再核对" not in text(signed_in(cast.citizen).get(f"/hall/cases/{number}/"))
    again = desk.post(f"{root}act/accept/", {"accept-seat": seat(page, "accept")}, follow=True)
    assert "已受理" in text(again)
    now = filing.read_case(actor=cast.citizen, number=number)
    assert now.clocks == first.clocks and now.accepted_at == first.accepted_at
    assert [one.stage for one in now.matter.open] == ["examine"]


def test_who_applied_himself_is_told_that_a_colleague_must_handle_it(cast: Cast, signed_in: SignedIn) -> None:
    account = Account.objects.create(kind="officer", login="both", name="李双", agency_id="43.market", password="!")
    for role in ("case_clerk", "counter_clerk"):
        Appointment.objects.create(
            account=account, agency_id="43.market", title=role, role=role, regions=["430000"], since=DAY
        )
    who = actor_of(account.pk)
    draft = drafts.start(actor=who, item=ITEM, version=1)
    draft_facts.name_applicant(actor=who, draft=draft, whom=Whom(name="刘老五"), seen=0)
    drafts.save_page(actor=who, draft=draft, pages=["shop", "food", "seats"], posted=ANSWERS, seen=1)
    client = signed_in(who)
    client.post("/hall/cases/file/", {"draft": str(draft)})
    page = text(client.get(f"/desk/cases/{Case.objects.get().number}/"))
    assert "须由本单位另一位人员办理" in page and offered(page) == set()


def test_the_menu_leads_officers_to_the_agencys_cases_and_applicants_to_their_own(
    cast: Cast, signed_in: SignedIn, clerk: Actor
) -> None:
    assert 'href="/desk/cases/"' in text(signed_in(clerk).get("/desk/notices/"))
    assert signed_in(clerk).get("/start/").headers["Location"] == "/desk/cases/"
    assert 'href="/hall/cases/"' in text(signed_in(cast.citizen).get("/desk/notices/"))
    assert signed_in(cast.firm).get("/hall/cases/").status_code == 200
    assert signed_in(cast.firm).get("/desk/cases/").status_code == 403


def test_the_list_puts_first_what_is_due_first(cast: Cast, signed_in: SignedIn, clerk: Actor) -> None:
    waiting, due = filed(cast.citizen), filed(cast.citizen)
    handling.accept(actor=clerk, number=due)
    assert [one.number for one in handling.list_agency(actor=clerk)] == [due, waiting]
    page = text(signed_in(clerk).get("/desk/cases/"))
    listed = page.partition('id="cases"')[2]
    assert listed.index(due) < listed.index(waiting) and "还有" in listed
