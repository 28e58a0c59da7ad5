"""English in a real browser, without JavaScript: one link switches, pages stay clean for axe and no wider than a phone."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from tests.browser.chromium import browser, serving
from tests.browser.looking import look
from tests.cast import Cast, SignedIn, cast, signed_in
from tests.exchange.conftest import Deliver, catalogued, deliver, firm, registration

__all__ = ["cast", "catalogued", "deliver", "signed_in"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_reader_turns_to_english_without_javascript_and_stays_there(
    deliver: Deliver, cast: Cast, signed_in: SignedIn
) -> None:
    cache.clear()
    receipt = deliver(registration(firm(0), firm(1, founded="昨天")), actor=cast.market_officer)
    people = [(signed_in(who), where) for who, where in ((cast.market_officer, "/desk/"), (cast.office, "/office/"))]
    with serving() as site, browser() as chromium:
        context = chromium.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{site}/catalogue/?q=登记")
        page.get_by_role("link", name="English").click()
        assert page.url.endswith("/catalogue/?q=%E7%99%BB%E8%AE%B0"), "the same page, asked the same"
        expect(page.get_by_role("heading", name="Resource catalogue")).to_be_visible()
        page.get_by_role("link", name="企业登记信息").click()
        expect(page.get_by_text("Latest batches")).to_be_visible()
        page.get_by_role("link", name="中文").click()
        expect(page.get_by_text("最近的批次")).to_be_visible()
        context.close()
        for client, where in people:
            context = chromium.new_context()
            cookies = {"sessionid": client.cookies["sessionid"].value, "language": "en"}
            context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
            page = context.new_page()
            addresses = (
                [where] if where == "/office/" else [where, f"/desk/submissions/{receipt.number}/", "/", "/rights/"]
            )
            for address in addresses:
                page.goto(site + address)
                look(page)
            context.close()
