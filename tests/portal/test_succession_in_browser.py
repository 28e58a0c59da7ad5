"""The page of an agency's merger in a real browser: by keyboard, with and without scripts; clean for axe at both widths."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from shuniu.cases.api import handling
from shuniu.cases.models import Case
from shuniu.trust.declare import Actor
from tests.browser.chromium import browser, serving
from tests.browser.keyboard import choose, press, tick, unfold, write
from tests.browser.looking import look, page_of
from tests.cases import booking
from tests.cases.booking import window
from tests.cases.filing import chief, clerk, filed, published
from tests.cast import Cast, SignedIn, cast, signed_in

__all__ = ["cast", "chief", "clerk", "published", "signed_in", "window"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("published")]
AT = "/desk/successions/"


def test_the_office_orders_a_merger_by_keyboard(cast: Cast, clerk: Actor, window: int, signed_in: SignedIn) -> None:
    for _ in range(3):
        handling.accept(actor=clerk, number=filed(cast.citizen).number)
    office = signed_in(cast.office)
    with serving() as site, browser() as chromium:
        with page_of(chromium, office, site) as page:
            page.goto(site + AT)
            look(page, "successions")
            press(page.get_by_role("button", name="看会转移什么").last)
            look(page, "successions-wrong")
            first, second = page.locator(".field.agencies").all()
            unfold(first.get_by_text("省直单位"))
            choose(first.get_by_label("省市场监督管理局", exact=True))
            write(second.get_by_label("按名称找单位"), "税务")
            press(second.get_by_role("button", name="找"))
            look(page, "successions-found")
            choose(page.locator(".field.agencies").last.get_by_label("省税务局"))
            press(page.get_by_role("button", name="看会转移什么").last)
            expect(page.get_by_text("共 3 件在办流程转由承接单位办理")).to_be_visible()
            look(page, "succession")
            write(page.get_by_label("依据"), "湘编〔2026〕3 号")
            press(page.get_by_role("button", name="确认承接"))
            expect(page.get_by_label("依据")).to_have_value("湘编〔2026〕3 号")
            look(page, "succession-wrong")
            tick(page.get_by_label("我已核对"))
            press(page.get_by_role("button", name="确认承接"))
            expect(page.get_by_text("已转由省税务局承接")).to_be_visible()
            look(page, "successions-done")
        with page_of(chromium, office, site, scripts=False) as page:
            page.goto(f"{site}{AT}?agency=43.tax&successor=43.office&save=1")
            expect(page.get_by_text("共 3 件在办流程")).to_be_visible()
            look(page, "succession-plain", scripts=False)
    assert {*Case.objects.values_list("agency", flat=True)} == {"43.tax"} and booking.ITEM.agency == "43.market"
