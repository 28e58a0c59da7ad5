"""Money comes back after it was paid, and a licence is suspended, each at the desk and seen by the public: in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from django.core.cache import cache
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from shuniu.cases.api import licences, uploads
from shuniu.cases.models import Case
from shuniu.cases.payments.sandbox import Sandbox
from shuniu.cases.payments.tasks import pay_back, reconcile_day
from shuniu.systems.licences.declare import BY_KEY
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cases import licensed
from tests.cases.fees import SECRET, billed
from tests.cases.papers import PNG, WORKER, uploaded
from tests.cast import FIRM_SUBJECT, Cast, SignedIn, cast, signed_in
from tests.portal.cases import officer

__all__ = ["cast", "signed_in"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sandbox(settings: Settings) -> Iterator[Sandbox]:
    books = Sandbox(SECRET, silent=True).start()
    settings.PAYMENT_URL, settings.PAYMENT_SECRET = books.address, SECRET
    yield books
    books.stop()


def aside(job: Callable[[], object]) -> None:
    """Do a job of the worker's, in a thread: the browser's loop runs in this one."""

    def done() -> None:
        try:
            job()
        finally:
            connections.close_all()

    thread = Thread(target=done)
    thread.start()
    thread.join()


def press(page: Page, name: str) -> None:
    """Reach a button by the keyboard and press it."""
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def pay(page: Page, site: str, number: str) -> None:
    """Paid at the provider, which tells nothing: coming back is what finds it out."""
    page.goto(f"{site}/hall/bills/{number}/")
    press(page, "缴费")
    page.get_by_role("link", name="前往支付").click()
    page.get_by_role("button", name="确认支付").click()
    expect(page.get_by_text(f"{number}-S").first).to_be_visible()
    expect(page.get_by_role("button", name="缴费", exact=True)).to_have_count(0)


def ask(page: Page, site: str, number: str) -> None:
    page.goto(f"{site}/desk/fees/")
    look(page)
    page.get_by_role("link", name=number, exact=True).click()
    page.get_by_label("权属证书工本费").check()
    page.get_by_label("依据和事实").fill("少领一本证书")
    look(page)
    press(page, "提出，交另一人复核")
    expect(page.get_by_text("已提出")).to_be_visible()


def decide(page: Page, site: str, number: str) -> None:
    page.goto(f"{site}/desk/fees/?show=asked")
    page.get_by_role("link", name=number, exact=True).click()
    look(page)
    page.get_by_label("同意", exact=True).check()
    press(page, "复核")
    expect(page.get_by_text("已同意")).to_be_visible()
    page.goto(f"{site}/desk/refunds/")
    look(page)


def test_money_comes_back_after_it_was_paid(
    sandbox: Sandbox, cast: Cast, signed_in: SignedIn, settings: Settings
) -> None:
    number = billed().number
    Case.objects.update(account=cast.citizen.person)
    first, second = officer("fee_officer", "caiqin", "蔡琴"), officer("fee_officer", "fuyong", "傅勇")
    clients = [signed_in(who) for who in (cast.citizen, first, second)]
    with serving() as site, browser() as chromium:
        settings.PUBLIC_URL = site
        pages = [page_of(chromium, client, site) for client in clients]
        with pages[0] as payer, pages[1] as asker, pages[2] as decider:
            pay(payer, site, number)
            ask(asker, site, number)
            decide(decider, site, number)
            aside(lambda: pay_back(0))
            payer.goto(f"{site}/hall/bills/{number}/")
            expect(payer.get_by_text("部分退费")).to_be_visible()
            expect(payer.get_by_text("退款完成").first).to_be_visible()
            look(payer)
            sandbox.trades.popitem()
            aside(lambda: reconcile_day(timezone.localdate()))
            asker.goto(f"{site}/desk/reconciliations/")
            look(asker)


def test_a_licence_is_suspended_at_the_desk_and_whoever_verifies_it_reads_so(cast: Cast, signed_in: SignedIn) -> None:
    cache.clear()
    licensed.agencies()
    keeper = officer("licence_officer", "sunfang", "孙芳")
    case = licensed.granted(applicant=FIRM_SUBJECT)
    it = licences.issue_licence(actor=keeper, case=case, licence=BY_KEY["food_business"])
    client = signed_in(keeper)
    with serving() as site, browser() as chromium, page_of(chromium, client, site) as page:
        verify = f"{site}/hall/licences/verify/?number={it.number}&check={it.check}"
        page.goto(verify)
        expect(page.get_by_text("现在有效")).to_be_visible()
        page.goto(f"{site}/desk/licences/")
        look(page)
        page.get_by_role("link", name=it.number, exact=True).click()
        page.get_by_label("暂扣", exact=True).check()
        page.get_by_label("事实和理由").fill("抽检不合格")
        page.get_by_label("法律依据").fill("食品安全法第一百二十六条")
        look(page)
        press(page, "办理")
        expect(page.get_by_text("现为“暂扣”")).to_be_visible()
        page.goto(verify)
        expect(page.get_by_text("现在不能使用：暂扣")).to_be_visible()
        look(page)


def test_what_waits_for_the_scanner_is_clean_for_axe(cast: Cast, signed_in: SignedIn, settings: Settings) -> None:
    settings.CLAMD = "tcp://127.0.0.1:1"
    uploaded(cast.citizen, PNG, "租赁合同（2026 年续签，盖章页）.png")
    uploads.tend(actor=WORKER)
    client = signed_in(cast.office)
    with serving() as site, browser() as chromium, page_of(chromium, client, site) as page:
        page.goto(f"{site}/desk/quarantine/")
        look(page)
        press(page, "停止查毒，请上传人另传")
        expect(page.get_by_text("请填写为什么查不了")).to_have_count(2)
        look(page)
