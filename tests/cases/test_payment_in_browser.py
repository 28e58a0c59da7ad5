"""A bill in a real browser: paid at the provider's page by keyboard, clean for axe, and no wider than a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from shuniu.cases.models import Case
from shuniu.cases.payments.sandbox import Sandbox
from tests.browser.axe import violations
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cases.fees import SECRET, billed
from tests.cast import Cast, SignedIn, cast, signed_in

__all__ = ["cast", "signed_in"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sandbox(settings: Settings) -> Iterator[Sandbox]:
    books = Sandbox(SECRET).start()
    settings.PAYMENT_URL, settings.PAYMENT_SECRET = books.address, SECRET
    yield books
    books.stop()


def press(page: Page, name: str, role: str = "button") -> None:
    """Reach something by the keyboard and press it."""
    page.get_by_role(role, name=name, exact=True).focus()  # type: ignore[arg-type]  # button or link
    page.keyboard.press("Enter")


def test_a_bill_is_paid_by_keyboard(sandbox: Sandbox, cast: Cast, signed_in: SignedIn, settings: Settings) -> None:
    number = billed().number
    Case.objects.update(account=cast.citizen.person)
    client = signed_in(cast.citizen)
    with serving() as site, browser() as chromium, page_of(chromium, client, site) as page:
        settings.PUBLIC_URL = site
        page.goto(f"{site}/hall/bills/{number}/")
        look(page)
        press(page, "缴费")
        expect(page.get_by_text("即将离开本站")).to_be_visible()
        look(page)
        press(page, "前往支付", "link")
        expect(page.get_by_role("button", name="确认支付", exact=True)).to_be_visible()
        assert violations(page) == []
        press(page, "确认支付")
        expect(page.get_by_text(f"{number}-S").first).to_be_visible()
        look(page)
        page.goto(f"{site}/hall/bills/{number}/pay/")  # back: an address that is only posted to
        page.goto(f"{site}/hall/bills/{number}/")
        expect(page.get_by_role("button", name="缴费", exact=True)).to_have_count(0)
