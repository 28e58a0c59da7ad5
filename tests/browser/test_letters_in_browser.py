"""A complaint, by keyboard alone: written without an account, split, answered, reopened, answered again; axe clean."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import BrowserContext, Locator, Page, expect

from shuniu.cases.models import Letter
from tests.browser.chromium import browser, serving
from tests.browser.keyboard import choose, pick, press, write
from tests.browser.looking import look
from tests.cast import cast
from tests.portal.test_letter_pages import holder

__all__ = ["cast"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AGENCIES = ("43.market", "43.tax")


@pytest.fixture
def site(cast: object) -> Iterator[str]:
    cache.clear()
    with serving() as address:
        yield address


def officer(context: BrowserContext, site: str, session: str) -> Page:
    """A page of somebody who has signed in."""
    context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    return context.new_page()


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def try_the_table(clerk: Page) -> None:
    """The centre sees which letters a changed row would move."""
    back = clerk.get_by_role("navigation", name="工作台").get_by_role("link", name="群众来信", exact=True)
    press(back)
    press(clerk.get_by_role("link", name="代录来信"))
    look(clerk)
    press(back)
    press(clerk.get_by_role("link", name="分派规则"))
    write(clerk.get_by_label("来信内容"), "超市")
    pick(clerk.get_by_label("试改哪一条规则"), "消费维权和市场秩序")
    press(button(clerk, "模拟"))
    expect(clerk.get_by_text("改动后有 1 封派给别的单位")).to_be_visible()
    look(clerk)


def writes(page: Page, site: str) -> tuple[str, str]:
    """Anybody: without a word first, and told what is missing; then the letter. Its number and code."""
    page.goto(f"{site}/letters/")
    look(page)
    press(page.get_by_role("link", name="写信"))
    look(page)
    press(button(page, "提交"))
    press(page.get_by_role("alert").get_by_role("link", name="来信类别"))
    choose(page.get_by_label("投诉"))
    pick(page.get_by_label("问题发生在哪里"), "芙蓉区")
    write(page.get_by_label("标题"), "超市不给退货")
    write(page.get_by_label("内容", exact=True), "超市卖坏电扇，不退货。")
    press(button(page, "提交"))
    expect(page.get_by_role("heading", name="来信已收到")).to_be_visible()
    look(page)
    number, code = page.locator("dd").all_inner_texts()[:2]
    return number, code


def splits(clerk: Page, site: str, number: str) -> None:
    clerk.goto(f"{site}/start/")
    look(clerk)
    press(clerk.get_by_role("link", name=number))
    look(clerk)
    pick(clerk.get_by_label("办理单位 1"), "省市场监督管理局")
    pick(clerk.get_by_label("办理单位 2"), "省税务局")
    press(button(clerk, "分办"))
    expect(clerk.get_by_text("（直接指定）").first).to_be_visible()


def answers(handler: Page, reviewer: Page, letter: str) -> None:
    """One agency's officer signs for it and answers, another agrees to the answer."""
    handler.goto(letter)
    press(button(handler, "签收"))
    write(handler.get_by_label("答复", exact=True), "已经办妥。")
    look(handler)
    press(button(handler, "送审"))
    reviewer.goto(letter)
    choose(reviewer.get_by_label("同意答复"))
    press(button(reviewer, "提交审核意见"))


def rates(page: Page, number: str, code: str, satisfied: str) -> None:
    write(page.get_by_label("来信编号"), number)
    write(page.get_by_label("查询码"), code)
    press(button(page, "查询"))
    expect(page.get_by_text("已经办妥。").first).to_be_visible()
    look(page)
    choose(page.get_by_label(satisfied).first)
    write(page.get_by_label("说明"), "电扇没有退")
    press(button(page, "提交评价"))


def test_a_complaint_is_written_split_answered_and_reopened(site: str) -> None:
    session = {
        (agency, role): holder(agency, role).cookies["sessionid"].value
        for agency, role in (
            ("43.office", "letter_clerk"),
            *((agency, role) for agency in AGENCIES for role in ("letter_handler", "letter_reviewer")),
        )
    }
    with browser() as chromium:
        page = chromium.new_context().new_page()
        number, code = writes(page, site)
        clerk = officer(chromium.new_context(), site, session["43.office", "letter_clerk"])
        splits(clerk, site, number)
        try_the_table(clerk)
        desks = [
            tuple(
                officer(chromium.new_context(), site, session[agency, role])
                for role in ("letter_handler", "letter_reviewer")
            )
            for agency in AGENCIES
        ]
        press(page.get_by_role("link", name="查询来信"))
        for satisfied in ("不满意", "满意"):
            for handler, reviewer in desks:
                answers(handler, reviewer, f"{site}/desk/letters/{number}/")
            rates(page, number, code, satisfied)
            page.goto(f"{site}/letters/follow/")
    letter = Letter.objects.get()
    assert (letter.round, letter.state) == (2, "answered")
    assert list(letter.ratings.order_by("round").values_list("satisfied", flat=True)) == [False, True]
