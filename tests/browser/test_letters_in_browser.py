"""A complaint in a real browser: written without an account, split, answered, reopened, answered again; axe clean."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import BrowserContext, Page, expect

from shuniu.cases.models import Letter
from tests.browser.chromium import browser, serving
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


def try_the_table(clerk: Page, site: str) -> None:
    """The centre sees which letters a changed row would move."""
    clerk.goto(f"{site}/desk/letters/new/")
    look(clerk)
    clerk.goto(f"{site}/desk/letters/routes/")
    clerk.get_by_label("来信内容").fill("超市")
    clerk.get_by_label("试改哪一条规则").select_option(label="消费维权和市场秩序")
    clerk.get_by_role("button", name="模拟").click()
    expect(clerk.get_by_text("改动后有 1 封派给别的单位")).to_be_visible()
    look(clerk)


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
        page.goto(f"{site}/letters/")
        look(page)
        page.get_by_role("link", name="写信").click()
        look(page)
        page.get_by_label("投诉").check()
        page.get_by_label("问题发生在哪里").select_option(label="芙蓉区")
        page.get_by_label("标题").fill("超市不给退货")
        page.get_by_label("内容", exact=True).fill("超市卖坏电扇，不退货。")
        page.get_by_role("button", name="提交").click()
        expect(page.get_by_role("heading", name="来信已收到")).to_be_visible()
        look(page)
        number, code = page.locator("dd").all_inner_texts()[:2]

        clerk = officer(chromium.new_context(), site, session["43.office", "letter_clerk"])
        clerk.goto(f"{site}/desk/letters/")
        look(clerk)
        clerk.get_by_role("link", name=number).click()
        look(clerk)
        clerk.get_by_label("办理单位 1").select_option(label="省市场监督管理局")
        clerk.get_by_label("办理单位 2").select_option(label="省税务局")
        clerk.get_by_role("button", name="分办").click()
        expect(clerk.get_by_text("（直接指定）").first).to_be_visible()
        try_the_table(clerk, site)

        desks = [
            tuple(
                officer(chromium.new_context(), site, session[agency, role])
                for role in ("letter_handler", "letter_reviewer")
            )
            for agency in AGENCIES
        ]
        for satisfied in ("不满意", "满意"):
            for handler, reviewer in desks:
                handler.goto(f"{site}/desk/letters/{number}/")
                handler.get_by_role("button", name="签收").click()
                handler.get_by_label("答复", exact=True).fill("已经办妥。")
                look(handler)
                handler.get_by_role("button", name="送审").click()
                reviewer.goto(f"{site}/desk/letters/{number}/")
                reviewer.get_by_label("同意答复").check()
                reviewer.get_by_role("button", name="提交审核意见").click()
            page.goto(f"{site}/letters/follow/")
            page.get_by_label("来信编号").fill(number)
            page.get_by_label("查询码").fill(code)
            page.get_by_role("button", name="查询").click()
            expect(page.get_by_text("已经办妥。").first).to_be_visible()
            look(page)
            page.get_by_label(satisfied).first.check()
            page.get_by_label("说明").fill("电扇没有退")
            page.get_by_role("button", name="提交评价").click()
    letter = Letter.objects.get()
    assert (letter.round, letter.state) == (2, "answered")
    assert list(letter.ratings.order_by("round").values_list("satisfied", flat=True)) == [False, True]
