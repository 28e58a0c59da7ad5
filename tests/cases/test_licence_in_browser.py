"""Materials and licences in a real browser: clean for axe and no wider than a phone, an upload made by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from pytest_django import Settings

from shuniu.cases.api import uploads
from shuniu.cases.declare.licence import LicenceState
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cases import licensed
from tests.cases.papers import PDF, WORKER, uploaded
from tests.cast import FIRM_SUBJECT, Cast, SignedIn, cast, signed_in

__all__ = ["cast", "signed_in"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_firm_uploads_by_keyboard_and_sees_its_licences(
    cast: Cast, signed_in: SignedIn, settings: Settings, tmp_path: Path
) -> None:
    cache.clear()
    licensed.agencies()
    issued = licensed.issued(applicant=FIRM_SUBJECT)
    licensed.change(issued.number, LicenceState.SUSPENDED, "抽检不合格", "食品安全法第一百二十六条")
    sick = uploaded(cast.firm, name="发票.pdf")
    uploads.record_scan(actor=WORKER, number=sick.id, virus="Wicked.Test")
    file = tmp_path / "租赁合同（2026 年续签，盖章页）.pdf"
    file.write_bytes(PDF)
    settings.CLAMD = "tcp://127.0.0.1:1"
    client = signed_in(cast.firm)
    with serving() as site, browser() as chromium, page_of(chromium, client, site) as page:
        page.goto(f"{site}/hall/materials/")
        page.get_by_label("要上传的文件").set_input_files(file)
        page.get_by_role("button", name="上传", exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("已收好")).to_be_visible()
        expect(page.get_by_text("未查毒，正在重试")).to_be_visible()
        for at in (
            "/hall/materials/", "/hall/licences/", f"/hall/licences/{issued.number}/",
            f"/hall/licences/verify/?number={issued.number}&check={issued.check}", "/hall/licences/verify/?number=1&check=1",
        ):  # fmt: skip
            page.goto(site + at)
            look(page)
