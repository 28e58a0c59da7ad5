"""A case, by keyboard alone: filed by a citizen from the hall, accepted, examined, decided, and read by the citizen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from shuniu.cases.api import filing, handling, items
from shuniu.directory.api import system
from shuniu.trust.declare import Actor
from tests.browser.chromium import browser, serving
from tests.browser.keyboard import choose, enter, pick, press, tick, unfold, write
from tests.browser.looking import look, page_of
from tests.cases.filing import ITEM, drafted
from tests.cases.papers import uploaded
from tests.cast import Cast, SignedIn, cast, signed_in
from tests.portal.cases import LEASE, PLAN, TAX, chief, clerk, examiner

__all__ = ["cast", "chief", "clerk", "examiner", "signed_in"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FACTS = "现场核查发现经营场所与住宅相通，不具备独立的加工间。"


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def fills_in(page: Page) -> None:
    """In whose name, and the form page by page."""
    press(page.get_by_role("link", name="以谁的名义办理"))
    choose(page.get_by_label("本人", exact=True))
    press(button(page, "保存并继续"))
    press(page.get_by_role("link", name="：店名"))
    write(page.get_by_label("店名"), "湘味小馆")
    enter(page)
    choose(page.get_by_label("是", exact=True))
    press(button(page, "保存并继续"))
    write(page.get_by_label("座位数"), "30")
    enter(page)


def apply(page: Page, site: str) -> str:
    """From the guide to the receipt; the case's number."""
    page.goto(f"{site}/hall/guide/{ITEM.key}/")
    press(page.get_by_role("link", name="开始办理"))
    press(button(page, "开始填写"))
    fills_in(page)
    press(button(page, "确认提交"))
    look(page)
    press(button(page, "提交申请"))
    expect(page.get_by_role("alert")).to_contain_text("还缺 2 份材料：平面图；完税证明")
    look(page)
    tick(page.get_by_label("平面图.pdf").first)
    tick(page.get_by_label("以承诺代替提交"))
    press(button(page, "提交申请"))
    expect(page.get_by_role("heading", name="申请已提交")).to_be_visible()
    look(page)
    press(page.get_by_role("link", name="查看办件"))
    expect(page.get_by_text("现在谁在办")).to_be_visible()
    look(page)
    return page.url.partition("#")[0].rstrip("/").rpartition("/")[2]


def test_a_case_goes_from_the_citizen_through_three_hands_and_back(
    cast: Cast,
    signed_in: SignedIn,
    clerk: Actor,
    examiner: Actor,
    chief: Actor,
) -> None:
    items.ship(actor=system("install"), items=[ITEM.model_copy(update={"materials": (PLAN, TAX, LEASE)})])
    uploaded(cast.citizen, name="平面图.pdf")
    clients = {who.name: signed_in(who) for who in (cast.citizen, clerk, examiner, chief)}
    with serving() as site, browser() as chromium:
        with page_of(chromium, clients[cast.citizen.name], site) as page:
            number = apply(page, site)
            press(page.get_by_role("link", name="补交").first)
            look(page)
            page.goto(f"{site}/hall/cases/{number}/")
            press(page.get_by_role("link", name="不办了，撤回申请"))
            look(page)
        with page_of(chromium, clients[clerk.name], site) as page:
            page.goto(f"{site}/start/")
            press(page.get_by_role("region", name="等您办理").get_by_role("link", name=ITEM.title))
            unfold(page.get_by_text("一次告知补正"))
            look(page)
            press(button(page, "受理"))
            expect(page.get_by_text("已受理，并通知申请人。")).to_be_visible()
            look(page)
        with page_of(chromium, clients[examiner.name], site) as page:
            page.goto(f"{site}/desk/cases/{number}/")
            write(page.get_by_label("审查意见"), "场所、设备符合要求，建议准予。")
            look(page)
            press(button(page, "送交决定"))
            expect(page.get_by_text("审查意见已送交决定。")).to_be_visible()
        with page_of(chromium, clients[chief.name], site) as page:
            page.goto(f"{site}/desk/cases/{number}/")
            unfold(page.locator("summary", has_text="不予许可"))
            press(button(page, "不予许可"))
            expect(page.get_by_role("alert")).to_contain_text("请填写认定的事实")
            look(page)
            press(button(page, "准予"))
            expect(page.get_by_text("已准予，并通知申请人。")).to_be_visible()
            look(page)
            press(page.get_by_role("navigation", name="当前位置").get_by_role("link", name="办件"))
            pick(page.get_by_label("办理情况"), "已办结")
            expect(page.get_by_role("region", name="已办结的").get_by_role("link", name=ITEM.title)).to_be_visible()
            look(page)
        with page_of(chromium, clients[cast.citizen.name], site) as page:
            page.goto(f"{site}/hall/cases/")
            look(page)
            press(page.get_by_role("link", name=ITEM.title))
            expect(page.get_by_role("heading", name="决定")).to_be_visible()
            look(page)


def test_an_applicant_corrects_what_was_asked_for(cast: Cast, signed_in: SignedIn, clerk: Actor) -> None:
    items.ship(actor=system("install"), items=[ITEM])
    number = filing.file(actor=cast.citizen, draft=drafted(cast.citizen)).number
    handling.ask_correction(actor=clerk, number=number, what="平面图上没有座位数，请补画。")
    client, desk = signed_in(cast.citizen), signed_in(clerk)
    with serving() as site, browser() as chromium:
        with page_of(chromium, client, site) as page:
            page.goto(f"{site}/hall/cases/{number}/")
            look(page)
            press(page.get_by_role("link", name="提交补正"))
            look(page)
            write(page.get_by_label("补正说明"), "已补画座位")
            press(button(page, "补正完毕，提交"))
            expect(page.get_by_text("补正已提交")).to_be_visible()
        with page_of(chromium, desk, site) as page:
            page.goto(f"{site}/desk/cases/")
            look(page)
            press(page.get_by_role("region", name="等您办理").get_by_role("link", name=ITEM.title))
            unfold(page.get_by_text("不予受理").first)
            press(button(page, "不予受理"))
            expect(page.get_by_role("alert")).to_contain_text("请填写认定的事实")
            write(page.get_by_label("认定的事实"), FACTS)
            write(page.get_by_label("适用的条款"), "《食品安全法》第三十三条")
            press(button(page, "不予受理"))
            expect(page.get_by_text("已决定不予受理")).to_be_visible()
            look(page)
