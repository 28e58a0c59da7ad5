"""An appointment and a parcel in a real browser: booked without scripts and by keyboard, called, posted; axe clean."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from shuniu.cases.models import Booking, Handover
from shuniu.trust.declare import Actor
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cases.booking import ITEM
from tests.cases.posting import ADDRESS, CONTENTS, NAME, TELEPHONE, decided, published
from tests.cast import Cast, SignedIn, cast, signed_in
from tests.portal.cases import chief, clerk
from tests.portal.test_appointment_pages import window

__all__ = ["cast", "chief", "clerk", "decided", "published", "signed_in", "window"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def opened(page: Page, address: str) -> None:
    page.goto(address)
    look(page)


def test_a_citizen_books_without_scripts_and_is_called_at_the_counter(
    cast: Cast, window: int, clerk: Actor, chief: Actor, signed_in: SignedIn
) -> None:
    citizen, counter, manager = signed_in(cast.citizen), signed_in(clerk), signed_in(chief)
    with serving() as site, browser() as chromium:
        with page_of(chromium, citizen, site, scripts=False) as page:
            page.goto(f"{site}/hall/guide/{ITEM.key}/")
            page.get_by_role("link", name="预约办事时间").click()
            page.get_by_role("link", name="余 4 个号").last.focus()
            page.keyboard.press("Enter")
            page.get_by_label("09:30–10:00").focus()
            page.keyboard.press("Space")
            page.get_by_role("button", name="预约").press("Enter")
            expect(page.get_by_text("预约成功")).to_be_visible()
        with page_of(chromium, citizen, site) as page:
            for at in (f"book/{ITEM.key}/", f"windows/{window}/", "bookings/"):
                opened(page, f"{site}/hall/{at}")
            page.get_by_role("link", name="取消").click()
            look(page)
            page.goto(f"{site}/hall/book/{ITEM.key}/")
            page.get_by_role("link", name="余 4 个号").first.click()
            look(page)
        with page_of(chromium, counter, site) as page:
            page.goto(f"{site}/desk/windows/{window}/")
            page.get_by_label("事项").select_option(label=ITEM.title)
            page.get_by_role("button", name="取号").click()
            look(page)
            page.get_by_role("button", name="叫下一个：B001").press("Enter")
            expect(page.get_by_text("请 B001 到窗口")).to_be_visible()
            look(page)
            page.get_by_role("button", name="办完了").press("Enter")
            expect(page.get_by_text("B001 已办")).to_be_visible()
            opened(page, f"{site}/desk/windows/")
        with page_of(chromium, manager, site) as page:
            for at in ("new/", f"{window}/schedule/", f"{window}/edit/"):
                opened(page, f"{site}/desk/windows/{at}")
    assert Booking.objects.get().state == "open"


def test_documents_are_chosen_by_post_posted_and_signed_for(
    cast: Cast, decided: str, clerk: Actor, signed_in: SignedIn
) -> None:
    citizen, counter = signed_in(cast.citizen), signed_in(clerk)
    with serving() as site, browser() as chromium:
        with page_of(chromium, citizen, site, scripts=False) as page:
            page.goto(f"{site}/hall/cases/{decided}/delivery/")
            page.get_by_label("邮寄", exact=True).check()
            for label, value in (("收件人", NAME), ("收件电话", TELEPHONE), ("收件地址", ADDRESS)):
                page.get_by_label(label).fill(value)
            page.get_by_role("button", name="保存").press("Enter")
            expect(page.get_by_text("已选择邮寄")).to_be_visible()
        with page_of(chromium, counter, site) as page:
            opened(page, f"{site}/desk/postal/")
            page.get_by_role("link", name="食品经营许可").click()
            look(page)
            page.get_by_role("button", name="查看收件地址").click()
            expect(page.get_by_text(ADDRESS)).to_be_visible()
            look(page)
            page.get_by_role("link", name="返回").click()
            page.get_by_label("内件").fill(CONTENTS)
            page.get_by_label("运单号").fill("EX123456789CN")
            page.get_by_role("button", name="提交：交寄").press("Enter")
            page.get_by_label("签收人").fill("本人")
            look(page)
            page.get_by_role("button", name="提交：登记签收或者退回").press("Enter")
            expect(page.get_by_text("签收人：本人")).to_be_visible()
            opened(page, f"{site}/desk/postal/?show=done")
        with page_of(chromium, citizen, site) as page:
            opened(page, f"{site}/hall/cases/{decided}/delivery/")
            expect(page.get_by_text("已签收").first).to_be_visible()
    assert Handover.objects.get().sealed is None
