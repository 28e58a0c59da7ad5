"""A citizen looks who looked, asks why, and is answered, in a real browser; axe clean, at a phone's width too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from shuniu.assessment.looked import api
from shuniu.assessment.looked.models import CovertInquiry
from shuniu.directory import api as directory
from shuniu.trust.declare import Actor
from tests.assessment.looking import guard, holding, placed, read
from tests.assessment.test_reading_flags import at, working_day
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cast import Cast, cast, client_of
from tests.directory.signing_in.strong import strengthen
from tests.exchange.conftest import catalogued

__all__ = ["cast", "catalogued"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(cast: Cast, catalogued: None) -> Iterator[str]:
    cache.clear()
    with serving() as address:
        yield address


def strong(who: Actor) -> Client:
    """A browser in which somebody has given a second factor."""
    client = client_of(who)
    strengthen(client)
    return client


def test_a_citizen_looks_asks_and_is_answered(site: str, cast: Cast) -> None:
    read(cast.tax_officer, purpose="核对申报", items=["name"])
    for number in range(9):
        read(cast.market_officer, purpose=f"事由{number}")
    officer, citizen = strong(guard(cast)), strong(cast.citizen)
    with browser() as chromium:
        with page_of(chromium, citizen, site) as page:
            page.goto(f"{site}/hall/readings/")
            look(page)
            page.get_by_role("link", name="下一页").click()
            expect(page.get_by_text("省税务局 · 数据专员")).to_be_visible()
            page.get_by_role("row", name="核对申报").get_by_role("link", name="为什么查我？").click()
            look(page)
            page.get_by_role("button", name="提交询问").click()
            expect(page.get_by_text("待答复")).to_be_visible()
            look(page)
        with page_of(chromium, officer, site) as desk:
            desk.goto(f"{site}/desk/readings/questions/")
            look(desk)
            desk.get_by_role("table").get_by_role("link").first.click()
            look(desk)
            desk.get_by_label("为办理什么事项").fill("核对增值税申报。")
            desk.get_by_label("法律依据").fill("中华人民共和国税收征收管理法第五十四条")
            desk.get_by_role("button", name="答复").click()
            expect(desk.get_by_text("已答复")).to_be_visible()
        with page_of(chromium, citizen, site) as page:
            page.goto(f"{site}/hall/readings/questions/")
            expect(page.get_by_text("中华人民共和国税收征收管理法第五十四条")).to_be_visible()
            look(page)


def test_an_officer_is_asked_to_explain_and_the_watcher_closes_it(site: str, cast: Cast) -> None:
    for minute in range(20):
        read(cast.tax_officer, [7_500_000 + minute], at(working_day(), 9, minute), purpose="核查")
    placed()
    while api.flag_readings(actor=directory.system("worker"))[0]:
        continue
    reader, guarding, province = strong(cast.tax_officer), strong(guard(cast)), strong(cast.office)
    with browser() as chromium:
        with page_of(chromium, reader, site) as own:
            own.goto(f"{site}/desk/readings/flags/")
            look(own)
            own.get_by_role("table").get_by_role("link").first.click()
            look(own)
            own.get_by_label("写明经过或者理由").fill("专项核查，任务书在案。")
            own.get_by_role("button", name="提交说明").click()
            expect(own.get_by_text("已说明，待查看")).to_be_visible()
        with page_of(chromium, guarding, site) as watcher:
            watcher.goto(f"{site}/desk/readings/?person={cast.tax_officer.person}")
            look(watcher)
            watcher.get_by_role("main").get_by_role("link", name="查阅提示").click()
            watcher.get_by_role("table").get_by_role("link").first.click()
            watcher.get_by_label("写明经过或者理由").fill("与任务书相符。")
            watcher.get_by_role("button", name="了结").click()
            expect(watcher.get_by_text("方正：与任务书相符。")).to_be_visible()
            look(watcher)
        with page_of(chromium, province, site) as office:
            office.goto(f"{site}/office/readings/")
            expect(office.get_by_role("table").get_by_text("省税务局").first).to_be_visible()
            look(office)


def test_an_inquiry_kept_back_is_decided_by_the_head(site: str, cast: Cast) -> None:
    head = holding(cast.tax_officer, "agency_head", "ruzhang", "汝章")
    CovertInquiry.objects.create(
        subject=7_000_001, agency="43.tax", person=cast.tax_officer.person, person_name="周杰", ground="duty",
        rule="c26.reading.covert.ground.duty", reason="湘税稽〔2026〕7号", proposed_at=timezone.now(),
        until=timezone.localdate() + timedelta(days=9),
    )  # fmt: skip
    proposer, decider = strong(cast.tax_officer), strong(head)
    with browser() as chromium:
        with page_of(chromium, proposer, site) as officer:
            officer.goto(f"{site}/desk/readings/kept-back/")
            look(officer)
        with page_of(chromium, decider, site) as page:
            page.goto(f"{site}/desk/readings/kept-back/")
            look(page)
            page.get_by_role("button", name="同意不告知").click()
            expect(page.get_by_text("已决定")).to_be_visible()
