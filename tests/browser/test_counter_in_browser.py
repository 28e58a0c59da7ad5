"""A clerk enters for a citizen at the counter, by keyboard alone and without scripts; each page met is clean for axe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from shuniu.cases.api import items
from shuniu.directory.api import system
from tests.browser.chromium import browser, serving
from tests.browser.keyboard import choose, enter, press, write
from tests.browser.looking import look, page_of
from tests.cases.drafting import service
from tests.cast import Cast, SignedIn, cast, newcomer, signed_in

__all__ = ["cast", "signed_in"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@contextmanager
def looked_at(chromium: Browser, client: Client, site: str) -> Iterator[Page]:
    """A page without scripts; where it led is looked at afterwards in another, for axe is a script."""
    met: list[str] = []
    with page_of(chromium, client, site, scripts=False) as page:
        page.on("framenavigated", lambda frame: met.append(frame.url.partition("#")[0]))
        yield page
    with page_of(chromium, client, site) as page:
        for address in dict.fromkeys(met):
            page.goto(address)
            look(page)


def begins(page: Page, site: str) -> None:
    """From where the clerk's work begins to the item, and in whose name."""
    page.goto(f"{site}/start/")
    press(page.get_by_role("main").get_by_role("link", name="办事大厅"))
    press(page.get_by_role("link", name="全部 1 个事项"))
    press(page.get_by_role("link", name=service().title))
    press(page.get_by_role("link", name="开始办理"))
    press(page.get_by_role("button", name="开始填写"))
    press(page.get_by_role("link", name="以谁的名义办理"))
    choose(page.get_by_label("申请人本人到场"))
    write(page.get_by_label("申请人的姓名或名称"), "刘老五")
    enter(page)


def fills_in(page: Page) -> None:
    """All questions on one page: Tab to the next, Enter saves and stands where the next answer is wanted."""
    press(page.get_by_role("link", name="一页填写全部"))
    expect(page.get_by_role("textbox", name="店名")).to_be_focused()
    page.keyboard.type("湘味小馆")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("2020-01-02")
    page.keyboard.press("Tab")
    page.keyboard.type("芙蓉路 1 号")
    enter(page)
    expect(page.get_by_label("座位数")).to_be_focused()
    page.keyboard.type("30")
    enter(page)
    expect(page.get_by_role("heading", name="核对所填内容")).to_be_visible()


def files(page: Page, checked: str) -> None:
    page.goto(checked)
    press(page.get_by_role("button", name="确认提交"))
    expect(page.get_by_role("heading", name="申请已提交")).to_be_visible()
    expect(page.get_by_text("刘老五")).to_be_visible()
    press(page.get_by_role("link", name="查看办件"))
    expect(page.get_by_role("heading", name="所填内容")).to_be_visible()
    expect(page.get_by_text("湘味小馆")).to_be_visible()


def test_a_clerk_enters_for_a_citizen_by_keyboard_without_scripts(cast: Cast, signed_in: SignedIn) -> None:
    items.ship(actor=system("install"), items=[service()])
    client = signed_in(newcomer("43.tax", "counter_clerk", login="guiying", name="桂英"))
    with serving() as site, browser() as chromium:
        with looked_at(chromium, client, site) as page:
            begins(page, site)
            fills_in(page)
            checked = page.url
        with looked_at(chromium, client, site) as page:
            files(page, checked)
