"""A citizen asks a county bureau for information, the bureau gives a part and says why not the rest, the citizen reads it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from shuniu.cases.api import handling
from shuniu.cases.models import Case
from shuniu.systems.disclosure.declare import LAW
from shuniu.trust.declare import Actor
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cases.papers import PDF, uploaded
from tests.cast import Cast, SignedIn, cast, signed_in
from tests.portal.cases import chief, clerk, examiner
from tests.systems.information import PARTLY, WHAT, asked, shipped

__all__ = ["cast", "chief", "clerk", "examiner", "shipped", "signed_in"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shipped")]


def ask(page: Page, site: str) -> None:
    """From the hall to the receipt."""
    page.goto(f"{site}/hall/information/")
    look(page)
    page.get_by_role("link", name="申请公开", exact=True).click()
    page.get_by_label("向哪个机关申请").fill("市场监督")
    page.get_by_role("button", name="开始填写").click()
    look(page)
    page.get_by_role("link", name="省市场监督管理局", exact=True).click()
    page.get_by_role("button", name="开始填写").click()
    page.get_by_role("link", name=re.compile("以谁的名义办理|打开")).first.click()
    page.get_by_label("本人", exact=True).check()
    page.get_by_role("button", name="保存并继续").click()
    root = page.url
    page.goto(f"{root}page/what/")
    page.get_by_label("政府信息的名称、文号或者特征").fill(WHAT)
    page.get_by_role("button", name="保存并继续").click()
    page.get_by_label("电子数据").check()
    page.get_by_role("button", name="保存并继续").click()
    page.get_by_label("自然人", exact=True).check()
    page.get_by_label("手机号码").fill("13900000000")
    page.get_by_role("button", name="保存并继续").click()
    look(page)
    page.get_by_role("button", name="确认提交").click()
    page.get_by_label("身份证.pdf").check()
    page.get_by_role("button", name="提交申请").press("Enter")
    expect(page.get_by_text("办件编号").first).to_be_visible()
    look(page)


def reply(page: Page, site: str, number: str) -> None:
    """What the bureau's chief does: looks at what was asked before, chooses, gives reasons."""
    page.goto(f"{site}/desk/cases/{number}/")
    page.get_by_role("link", name="相似申请和收费").click()
    expect(page.get_by_text("没有相似的申请")).to_be_visible()
    look(page)
    page.go_back()
    page.locator("summary", has_text="作出答复").click()
    page.locator("select[name=reply-result]").select_option("partial")
    page.locator("textarea[name=reply-text]").fill("名单的其余部分见附表。")
    page.locator("textarea[name=reply-facts]").fill(PARTLY.facts)
    page.get_by_role("button", name="作出答复").press("Enter")
    expect(page.get_by_text("部分公开").first).to_be_visible()
    look(page)


def test_a_citizen_finds_the_bureau_and_asks(cast: Cast, signed_in: SignedIn) -> None:
    uploaded(cast.citizen, PDF, "身份证.pdf")
    client = signed_in(cast.citizen)
    with serving() as site, browser() as chromium, page_of(chromium, client, site) as page:
        ask(page, site)
    assert Case.objects.get().agency == "43.market"


def test_a_citizen_reads_what_is_given_and_why_the_rest_is_not(
    cast: Cast, signed_in: SignedIn, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    number = asked(cast.citizen).number
    handling.accept(actor=clerk, number=number)
    handling.examine(actor=examiner, number=number, opinion="检索到一份，其中两家企业的配方属于商业秘密。")
    citizen, officer = signed_in(cast.citizen), signed_in(chief)
    with serving() as site, browser() as chromium:
        with page_of(chromium, officer, site) as page:
            reply(page, site, number)
        with page_of(chromium, citizen, site) as page:
            page.goto(f"{site}/hall/cases/{number}/")
            for words in (PARTLY.facts, f"《{LAW}》第三十七条", "应当先自知道之日起60日内", "名单的其余部分见附表。"):
                expect(page.get_by_text(words).first).to_be_visible()
            look(page)


def test_the_year_is_read_without_scripts_and_each_number_opens(cast: Cast, signed_in: SignedIn) -> None:
    asked(cast.citizen)
    client = signed_in(cast.citizen)
    with serving() as site, browser() as chromium, page_of(chromium, client, site, scripts=False) as page:
        page.goto(f"{site}/hall/information/?agency=43.market")
        page.get_by_role("row", name=re.compile("本年新收")).get_by_role("link", name="1").first.click()
        expect(page.get_by_text("不列申请人")).to_be_visible()
    with serving() as site, browser() as chromium, page_of(chromium, client, site) as page:
        page.goto(f"{site}/hall/information/rows/?line=%2Bnew&kind=natural")
        look(page)
