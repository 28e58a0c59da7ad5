"""A founder opens a firm through five agencies, by keyboard alone: from the hall to the licence; each page clean for axe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from shuniu.directory.models import Account
from tests.browser.at_the_desk import examines, grants, handles, issues, opens, refuses, says
from tests.browser.chromium import browser, serving
from tests.browser.keyboard import choose, pick, press, press_alt, reach, tick, write
from tests.browser.looking import look, page_of
from tests.cases import licensed
from tests.cases.founding import NO, TYPED, shipped
from tests.cases.papers import PDF, uploaded
from tests.cast import Cast, SignedIn, cast, newcomer, number, signed_in

__all__ = ["cast", "shipped", "signed_in"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shipped")]
PASSWORD = "长城脚下种三棵树"
HANDS = ("case_clerk", "case_examiner", "case_decider")
COMPANY, SEAL, TAX, INVOICE, INSURANCE, FUND = (
    "公司设立登记", "公章刻制备案", "新办纳税人信息确认（税务登记）", "发票领用（票种核定）", "企业社会保险登记",
    "单位住房公积金缴存登记",
)  # fmt: skip
OTHERS = {"43.police": "何静", "43.tax": "罗税", "43.labour": "贺劳", "43.housing": "龙建"}
"""At each agency but the first one officer holds all three hands; the first has one for each."""
ARTICLES: FilePayload = {"name": "公司章程.pdf", "mimeType": "application/pdf", "buffer": PDF + b"3"}
_QUESTIONS = "() => [...document.querySelectorAll('main [name^=q-]')].map(one => [one.name, one.type])"


@dataclass(frozen=True)
class Desks:
    """Where officers sit down: each in a browser of his own, by name."""

    chromium: Browser
    site: str
    sessions: dict[str, Client]

    @contextmanager
    def at(self, name: str) -> Iterator[Page]:
        """His list of cases."""
        with page_of(self.chromium, self.sessions[name], self.site) as page:
            page.goto(f"{self.site}/start/")
            yield page


@pytest.fixture
def people(cast: Cast, signed_in: SignedIn) -> dict[str, Client]:
    """The officers of the five agencies by name, at work; the founder and the first clerk have a password to sign in by."""
    cache.clear()
    licensed.agencies()
    clerk = newcomer("43.market", "case_clerk", login="mali", name="马丽")
    password = make_password(PASSWORD)
    Account.objects.filter(pk__in=[number(clerk), number(cast.citizen)]).update(password=password)
    officers = [
        newcomer("43.market", "case_examiner", login="pengtao", name="彭涛"),
        newcomer("43.market", "case_decider", "licence_officer", login="zengzhi", name="曾志"),
        *(newcomer(agency, *HANDS, login=f"one-{agency}", name=name) for agency, name in OTHERS.items()),
    ]
    return {one.name: signed_in(one) for one in officers}


def sign_in(page: Page, login: str) -> None:
    write(page.get_by_label("登录名"), login)
    write(page.get_by_label("密码"), PASSWORD)
    look(page)
    press(page.get_by_role("main").get_by_role("button", name="登录"))


def begins(page: Page, site: str) -> None:
    """From the hall over the questions that decide, and signing in on the way, to the task list and in whose name."""
    page.goto(f"{site}/hall/")
    look(page)
    press(page.get_by_role("link", name="开办企业"))
    look(page)
    for question in ("开业时就雇用职工吗", "马上要开发票吗"):
        choose(page.get_by_role("group", name=question).get_by_label("是", exact=True))
    press(page.get_by_role("button", name="看要办哪些"))
    expect(page.get_by_text("6 个事项，5 个单位")).to_be_visible()
    look(page)
    press(page.get_by_role("link", name="开始办理"))
    sign_in(page, "tianye")
    look(page)
    press(page.get_by_role("button", name="开始填写"))
    look(page)
    press(page.get_by_role("link", name="以谁的名义办理"))
    look(page)
    choose(page.get_by_label("本人", exact=True))
    press(page.get_by_role("button", name="保存并继续"))


def answers(page: Page) -> None:
    """Every question of the page that the form shows now."""
    for name, kind in dict(page.evaluate(_QUESTIONS)).items():
        one, words = page.locator(f"[name='{name}']"), TYPED.get(name.removeprefix("q-"))
        if kind == "radio":
            group = page.get_by_role("group").filter(has=one)
            choose(group.get_by_label(words, exact=True) if words else group.get_by_role("radio").first)
        elif kind == "select-one":
            pick(one, one.locator("option").nth(1).inner_text())
        elif words:
            write(one, words)


def fills_in(page: Page) -> None:
    """Page by page to the answers to check; what is left out is asked for where it belongs."""
    press(page.get_by_role("link", name=re.compile("：申请人$")))
    press(page.get_by_role("button", name="保存并继续"))
    expect(page.get_by_role("alert")).to_contain_text("没有填写")
    look(page)
    press(page.get_by_role("alert").get_by_role("link").first)
    expect(page.get_by_label("姓名")).to_be_focused()
    while "/page/" in page.url:
        answers(page)
        look(page)
        press(page.get_by_role("button", name="保存并继续"))
    expect(page.get_by_role("heading", name="核对所填内容")).to_be_visible()
    look(page)


def asked_for(page: Page, title: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=title, exact=True))


def files(page: Page) -> None:
    """Two papers from those that were uploaded before, a third one in the page."""
    page.once("filechooser", lambda window: window.set_files(ARTICLES))  # the system's own window, no part of the page
    press(page.get_by_role("button", name="确认提交"))
    expect(page.get_by_text("还缺 3 份材料")).to_be_visible()
    look(page)
    for title in ("居民身份证", "住所使用证明"):
        tick(asked_for(page, title).get_by_label(f"{title}.pdf"))
    press(page.get_by_role("button", name="提交申请"))
    expect(page.get_by_role("alert")).to_contain_text("还缺 1 份材料：公司章程")
    expect(asked_for(page, "居民身份证").get_by_text("还缺")).to_have_count(0)
    look(page)
    upload = asked_for(page, "公司章程").get_by_label("上传“公司章程”")
    reach(upload)
    page.keyboard.press("Enter")
    expect(upload).to_have_value(re.compile("公司章程.pdf"))
    press(page.get_by_role("button", name="提交申请"))
    expect(page.get_by_text("6 个事项，已办结 0 个")).to_be_visible()
    expect(page.get_by_text("等“公司设立登记”准予后自动开始")).to_have_count(4)
    look(page)


def accepts_at_the_front(desks: Desks) -> None:
    """The first agency's clerk signs in from the front page and accepts."""
    page = desks.chromium.new_context().new_page()
    page.goto(desks.site)
    press(page.get_by_role("link", name="工作人员登录"))
    sign_in(page, "mali")
    look(page)
    opens(page, COMPANY)
    look(page)
    says(page, "y", "已受理，并通知申请人。")


def registers(desks: Desks) -> None:
    """The first agency's examiner and chief, each from his own list."""
    with desks.at("彭涛") as page:
        opens(page, COMPANY)
        look(page)
        examines(page)
    with desks.at("曾志") as page:
        opens(page, COMPANY)
        look(page)
        grants(page)
        issues(page)


def branch(page: Page, title: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=title, exact=True))


def sees_the_clocks(page: Page) -> None:
    """The founder, once the first agency has accepted: who holds it, by when, and why by then."""
    page.reload()
    expect(branch(page, COMPANY)).to_contain_text("审查 省市场监督管理局")
    expect(branch(page, COMPANY).get_by_role("cell").nth(3)).to_contain_text(re.compile(r"\d{4}-\d\d-\d\d"))
    press(page.get_by_role("link", name=COMPANY, exact=True))
    look(page)
    press(page.get_by_role("link", name="为什么是这一天到期").first)
    look(page)
    press(page.get_by_role("navigation", name="当前位置").get_by_role("link", name=COMPANY))
    press(page.get_by_role("navigation", name="当前位置").get_by_role("link", name="我的办件"))
    look(page)
    press(page.get_by_role("link", name="开办企业"))


def sees_who_holds_what(page: Page) -> None:
    """The founder, once the firm is registered: four agencies have begun at once, one item waits for another."""
    page.reload()
    for title, agency in ((SEAL, "省公安厅"), (TAX, "省税务局"), (INSURANCE, "省人社厅"), (FUND, "省住建厅")):
        expect(branch(page, title)).to_contain_text(f"受理 {agency}")
    expect(branch(page, INVOICE)).to_contain_text(f"等“{TAX}”准予后自动开始")
    expect(page.get_by_text("6 个事项，已办结 1 个")).to_be_visible()
    look(page)


def sees_what_came_of_it(page: Page) -> None:
    """The founder at the end: five granted, one not and why, the licence, and who did what."""
    page.reload()
    expect(page.get_by_text("6 个事项，已办结 6 个")).to_be_visible()
    expect(page.get_by_text("部分准予")).to_be_visible()
    for title in (COMPANY, SEAL, TAX, INVOICE, INSURANCE):
        expect(branch(page, title)).to_contain_text("准予")
    expect(branch(page, FUND)).to_contain_text("不予许可")
    look(page, "founded")
    press(page.get_by_role("link", name=FUND, exact=True))
    expect(page.get_by_text(NO.facts).first).to_be_visible()
    expect(page.get_by_text("行政复议").first).to_be_visible()
    look(page)
    page.go_back()
    press(page.get_by_role("link", name=COMPANY, exact=True))
    done = page.get_by_role("main").get_by_role("listitem")
    for name, what in (("田野", "提交申请"), ("马丽", "受理"), ("彭涛", "审查完毕"), ("曾志", "决定：准予")):
        expect(done.filter(has_text=name).filter(has_text=what)).to_have_count(1)
    look(page)
    page.go_back()
    press(page.get_by_role("link", name="查看营业执照"))
    expect(page.get_by_text(TYPED["enterprise_name"])).to_be_visible()
    look(page)


def decide(desks: Desks) -> None:
    """The other agencies; what rests on the tax registration follows it on the same desk, the last agency refuses."""
    for agency, name in OTHERS.items():
        with desks.at(name) as page:
            press(page.get_by_role("region", name="等您办理").get_by_role("link"))
            handles(page, refuses if agency == "43.housing" else grants)
            look(page)
            if agency == "43.tax":
                expect(page.get_by_role("link", name="办下一件")).to_be_visible()
                press_alt(page, "j")
                handles(page, grants)


@pytest.mark.timeout(300)  # six cases from beginning to end, on a machine that may be busy
def test_a_founder_opens_a_firm_through_five_agencies(cast: Cast, people: dict[str, Client]) -> None:
    for at, title in enumerate(("居民身份证", "住所使用证明")):
        uploaded(cast.citizen, PDF + str(at).encode(), f"{title}.pdf")
    with serving() as site, browser() as chromium:
        founder, desks = chromium.new_context().new_page(), Desks(chromium, site, people)
        begins(founder, site)
        fills_in(founder)
        files(founder)
        accepts_at_the_front(desks)
        sees_the_clocks(founder)
        registers(desks)
        sees_who_holds_what(founder)
        decide(desks)
        sees_what_came_of_it(founder)
