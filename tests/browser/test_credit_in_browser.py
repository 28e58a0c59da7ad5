"""A citizen in a real browser: a firm is looked up, its report opened, taken home and verified by its number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.chromium import browser, serving
from tests.browser.looking import look as clean
from tests.systems import credit_province
from tests.systems.credit_province import FIRM, LICENCE, NAME, PENALTY, Case, deliver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site() -> Iterator[str]:
    """A firm with a penalty and a licence."""
    cache.clear()
    credit_province.found()
    today = timezone.localdate()
    deliver(PENALTY, Case("湘市监罚〔2026〕1号", (today - timedelta(30)).isoformat()).row)
    deliver(LICENCE, f"许一,{NAME},{FIRM},药品零售,2020-01-01,{(today + timedelta(10)).isoformat()}")
    with serving() as address:
        yield address


@pytest.mark.parametrize("javascript", [True, False])
def test_a_citizen_looks_a_firm_up_and_verifies_its_report(site: str, javascript: bool, tmp_path: Path) -> None:
    with browser() as chromium:
        page = chromium.new_context(java_script_enabled=javascript, accept_downloads=True).new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        look = partial(clean, scripts=javascript)
        page.goto(site)
        page.get_by_role("link", name="信用公示").click()
        look(page)
        page.get_by_label("统一社会信用代码或者名称").fill("湘江机械")
        page.get_by_role("button", name="查询").click()
        look(page)
        page.get_by_role("link", name=NAME).click()
        expect(page.get_by_text("湘市监罚〔2026〕1号")).to_be_visible()
        look(page)
        with page.expect_download() as download:
            page.get_by_role("button", name="下载报告（PDF）").click()
        download.value.save_as(tmp_path / "report.pdf")
        assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
        page.get_by_role("button", name="在网页上看报告").click()
        number, digest = _printed(page, "报告编号"), _printed(page, "摘要（SHA-256）")
        look(page)
        # Whoever was handed the paper types its number on the verify page, as people type it.
        page.goto(site)
        page.get_by_role("link", name="报告核验").click()
        look(page)
        _verify(page, number.lower().replace("-", " "), digest[:16])
        expect(page.get_by_text("摘要相符")).to_be_visible()
        expect(page.get_by_text("报告所列的信息没有变化")).to_be_visible()
        expect(page.get_by_text(NAME)).to_be_visible()
        look(page)
        _verify(page, number, "0" * 16)
        expect(page.get_by_text("摘要不符")).to_be_visible()
        _verify(page, "ABCD-EFGH-JKLM-NPQR-STUV-WXYZ", "")
        expect(page.get_by_text("没有出具过这个编号的报告")).to_be_visible()
        look(page)
        assert said == []


def _printed(page: Page, term: str) -> str:
    """What the report's cover says of one thing."""
    return page.locator(".cover .summary > div", has_text=term).locator("code").inner_text()


def _verify(page: Page, number: str, digest: str) -> None:
    page.get_by_label("报告编号").fill(number)
    page.get_by_label("摘要").fill(digest)
    page.get_by_role("button", name="核验").click()
