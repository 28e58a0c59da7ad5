"""A citizen in a real browser finds out what a thing takes before typing anything: by words, ways in, life events."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import expect

from shuniu.cases.api import items as hall
from shuniu.catalogue import api as catalogue
from shuniu.directory import api as directory
from shuniu.project import province
from shuniu.systems.life_events.declare import BUNDLES
from shuniu.systems.service_hall.declare import ITEMS
from tests.browser.chromium import browser, serving
from tests.browser.looking import look as clean

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site() -> Iterator[str]:
    """The province's agencies with the shipped items and life events."""
    cache.clear()
    install, folder = directory.system("install"), settings.PROVINCE_FOLDER
    directory.load_regions(actor=install, rows=province.regions(folder))
    directory.load_agencies(actor=install, rows=province.agencies(folder))
    catalogue.ship(actor=install, elements=province.elements(folder))
    hall.ship(actor=install, items=ITEMS, bundles=BUNDLES)
    with serving() as address:
        yield address


@pytest.mark.parametrize("javascript", [True, False])
def test_a_founder_learns_what_a_company_takes_of_five_agencies(site: str, javascript: bool) -> None:
    with browser() as chromium:
        page = chromium.new_context(java_script_enabled=javascript).new_page()
        said: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("request", lambda request: asked.append(request.url))
        look = partial(clean, scripts=javascript)
        page.goto(f"{site}/hall/")
        look(page)
        page.get_by_role("link", name="开办企业").click()
        for question in page.locator("fieldset").all():
            question.get_by_label("是").check()
        page.get_by_role("button", name="看要办哪些").click()
        expect(page.get_by_text("6 个事项，5 个单位")).to_be_visible()
        expect(page.get_by_text("承诺 2 个工作日")).to_be_visible()
        expect(page.get_by_text("来自 公司设立登记").first).to_be_visible()
        look(page)
        page.get_by_role("row", name="公司设立登记").first.get_by_role("link").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("公司设立登记")
        expect(page.get_by_role("link", name="开始办理")).to_have_attribute(
            "href", "/apply/new/43.market/company-registration/"
        )
        expect(page.get_by_text("平台调取").first).to_be_visible()
        look(page)
        assert said == []
        assert [url for url in asked if not url.startswith(site)] == []


def test_every_number_of_the_hall_opens_a_list_of_that_length(site: str) -> None:
    with browser() as chromium:
        page = chromium.new_page()
        page.goto(f"{site}/hall/")
        numbers = [
            (link.get_attribute("href") or "", int(link.locator("span").inner_text()))
            for link in page.locator(".counted a, .stages a").all()
        ]
        assert len(numbers) >= 30
        for href, count in numbers:
            page.goto(site + href)
            assert page.locator("#items tbody tr").count() == count or (count == 0), href


def test_a_thing_is_found_by_the_words_that_people_use(site: str) -> None:
    with browser() as chromium:
        page = chromium.new_page()
        page.goto(f"{site}/hall/")
        page.get_by_label("您要办什么事").fill("护照")
        page.get_by_role("button", name="查找").click()
        expect(page.locator("#items tbody tr").first).to_contain_text("普通护照签发")
        clean(page)
        page.goto(f"{site}/hall/items/?q=我要办饭馆许可")
        expect(page.locator("#items tbody tr").first).to_contain_text("许可")
        page.goto(f"{site}/hall/items/?q=没有这种事")
        expect(page.get_by_text("没有找到。")).to_be_visible()
        clean(page)
        page.goto(f"{site}/hall/guide/43.no/such/")
        expect(page.get_by_text("没有正在受理的事项")).to_be_visible()


def test_an_item_that_is_not_online_says_where_to_go_instead(site: str) -> None:
    with browser() as chromium:
        page = chromium.new_page()
        page.goto(f"{site}/hall/guide/43.education/teacher-qualification/")
        expect(page.get_by_role("link", name="开始办理")).to_have_count(0)
        expect(page.get_by_text("还不能在网上申请")).to_be_visible()
        page.goto(f"{site}/hall/guide/43.police/identity-card/")
        expect(page.get_by_text("40 元")).to_be_visible()
        clean(page)
