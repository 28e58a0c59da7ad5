"""The credit site in a reader's browser: nothing that axe finds wrong, nothing wider than a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.chromium import browser, serving
from tests.systems import credit_province
from tests.systems.credit_province import FIRM, NAME, PENALTY, Case, deliver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fits(page: Page, width: int) -> None:
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_reader_looks_a_firm_up_takes_its_report_and_verifies_it() -> None:
    cache.clear()
    credit_province.found()
    decided = (timezone.localdate() - timedelta(days=30)).isoformat()
    deliver(PENALTY, *(Case(f"湘市监罚〔2026〕{n}号", decided, facts="经营超过保质期的食品" * 8).row for n in range(3)))
    with serving() as site, browser() as chromium:
        for width in (1280, 360):
            page = chromium.new_context(viewport={"width": width, "height": 800}).new_page()
            page.goto(f"{site}/credit/")
            fits(page, width)
            page.fill("#ask", "湘江机械")
            with page.expect_navigation():
                page.keyboard.press("Enter")
            fits(page, width)
            with page.expect_navigation():
                page.click(f"text={NAME}")
            assert page.url.endswith(f"/credit/{FIRM}/")
            fits(page, width)
            with page.expect_navigation():
                page.click("text=在网页上看报告")
            fits(page, width)
            number = page.inner_text(".cover code")
            page.goto(f"{site}/credit/verify/")
            page.fill("#id_number", number)
            with page.expect_navigation():
                page.click("main button[type=submit]")
            assert "没有变化" in page.inner_text("main")
            fits(page, width)
