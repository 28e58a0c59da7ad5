"""What officers do with a case at the desk, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.keyboard import hold_alt, press, press_alt, write
from tests.browser.looking import look
from tests.cases.founding import NO


def opens(page: Page, title: str) -> None:
    """What waits for the officer, from his list."""
    press(page.get_by_role("region", name="等您办理").get_by_role("link", name=title, exact=True))


def says(page: Page, key: str, said: str) -> None:
    press_alt(page, key)
    expect(page.get_by_role("status")).to_contain_text(said)


def examines(page: Page) -> None:
    write(page.get_by_label("审查意见"), "材料齐全，符合条件，建议准予。")
    says(page, "y", "审查意见已送交决定。")


def refuses(page: Page) -> None:
    hold_alt(page, "n")
    write(page.get_by_label("认定的事实"), NO.facts)
    write(page.get_by_label("适用的条款"), NO.articles)
    look(page)
    press(page.get_by_role("button", name="不予许可"))
    expect(page.get_by_role("status")).to_contain_text("已决定不予许可，并通知申请人。")


def handles(page: Page, end: Callable[[Page], None]) -> None:
    """One officer from the acceptance of the case before him to its decision."""
    says(page, "y", "已受理，并通知申请人。")
    examines(page)
    end(page)


def grants(page: Page) -> None:
    says(page, "y", "已准予，并通知申请人。")


def issues(page: Page) -> None:
    """The licence that the decision gives, from the list of those that wait for theirs."""
    press(page.get_by_role("navigation", name="工作台").get_by_role("link", name="证照", exact=True))
    look(page)
    press(page.get_by_role("region", name="还没有制证").get_by_role("link"))
    look(page)
    press(page.get_by_role("button", name="制发"))
    expect(page.get_by_role("status")).to_contain_text("已制发")
    look(page)
