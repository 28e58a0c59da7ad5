"""A firm asks for a repair by keyboard alone; commitments are read on a phone; axe finds nothing wrong."""

from __future__ import annotations

import pytest
from django.test import Client

from shuniu.cases.api import handling
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.portal.test_repair_pages import applied, case_number, firm
from tests.systems.repairs import CLERK, officer

__all__ = ["firm"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_firm_goes_from_its_report_to_the_first_page_of_the_form(firm: Client) -> None:
    with serving() as site, browser() as chromium, page_of(chromium, firm, site) as page:
        page.goto(f"{site}/credit/mine/repairs/")
        look(page)
        for step in ("申请修复", "开始申请"):
            page.focus(f"text={step}")
            with page.expect_navigation():
                page.keyboard.press("Enter")
            look(page)
        page.goto(f"{page.url}page/fact/")
        assert page.is_checked("main input[type=radio]"), "the fact that was begun with is chosen"
        look(page)


def test_commitments_are_read_by_anybody(firm: Client) -> None:
    handling.accept(actor=officer(*CLERK), number=case_number(applied(firm)))
    with serving() as site, browser() as chromium:
        page = chromium.new_page()
        page.goto(f"{site}/credit/commitments/")
        assert "郑重承诺" in page.inner_text("main")
        look(page)
