"""Every part in every state, as a reader's browser shows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.test import override_settings
from django.urls import include, path
from playwright.sync_api import Browser, Page

from tests.browser.axe import violations
from tests.browser.chromium import browser, serving

pytestmark = pytest.mark.browser

urlpatterns = [path("", include("shuniu.web.urls"))]
MIDDLEWARE = ["shuniu.web.security.ContentSecurity", "shuniu.web.errors.ErrorPages"]
FACES = ["public", "desk", "board"]


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=MIDDLEWARE, SHUNIU_DEMO=True), serving() as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as running:
        yield running


def opened(chromium: Browser, address: str, width: int = 1280, *, elder: bool = False, dark: bool = False) -> Page:
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme="dark" if dark else "light")
    if elder:
        context.add_cookies([{"name": "elder", "value": "1", "url": address}])
    page = context.new_page()
    page.goto(address)
    return page


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize(("width", "elder", "dark"), [(1280, False, False), (360, True, False), (1280, False, True)])
def test_axe_finds_nothing_in_the_gallery(
    site: str, chromium: Browser, face: str, width: int, elder: bool, dark: bool
) -> None:
    assert violations(opened(chromium, f"{site}/gallery/?face={face}", width, elder=elder, dark=dark)) == []


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("elder", [False, True])
def test_nothing_is_wider_than_a_phone(site: str, chromium: Browser, face: str, elder: bool) -> None:
    page = opened(chromium, f"{site}/gallery/?face={face}", 360, elder=elder)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_page_loads_nothing_from_elsewhere_and_breaks_no_policy(site: str, chromium: Browser) -> None:
    page = chromium.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{site}/gallery/", wait_until="networkidle")
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(site).netloc}
    assert said == []
    assert page.evaluate("typeof htmx") == "object"


def test_the_elder_version_enlarges_text_and_targets_and_goes_back(site: str, chromium: Browser) -> None:
    page = opened(chromium, f"{site}/gallery/?face=desk")
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "15px"
    page.get_by_role("link", name="长辈版").click()
    assert page.url == f"{site}/gallery/?face=desk"
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "24px"
    for button in page.locator("main button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 60
    page.get_by_role("link", name="返回标准版").click()
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "15px"


def test_the_first_stop_of_the_keyboard_skips_to_the_content(site: str, chromium: Browser) -> None:
    page = opened(chromium, f"{site}/gallery/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_head_of_a_table_stays_in_sight_while_its_rows_scroll(site: str, chromium: Browser) -> None:
    page = opened(chromium, f"{site}/gallery/?face=public")
    head = page.locator("#companies thead th").first
    page.locator("#companies tbody tr").nth(9).evaluate("row => row.scrollIntoView({block: 'start'})")
    box = head.bounding_box()
    assert box is not None
    assert box["y"] == pytest.approx(0, abs=2)


def test_a_link_in_the_error_summary_leads_to_its_field(site: str, chromium: Browser) -> None:
    page = opened(chromium, f"{site}/gallery/")
    page.get_by_role("alert").get_by_role("link", name="请选择主体类别。").click()
    assert page.evaluate("document.querySelector(':target').type") == "radio"


def test_paper_shows_the_content_without_what_only_a_screen_needs(site: str, chromium: Browser, tmp_path: Path) -> None:
    page = opened(chromium, f"{site}/gallery/")
    page.emulate_media(media="print")
    assert not page.locator(".search").is_visible()
    assert page.get_by_text("演示数据").first.is_visible()
    page.pdf(path=tmp_path / "gallery.pdf")
    assert (tmp_path / "gallery.pdf").read_bytes().startswith(b"%PDF")


def test_a_list_filters_as_one_types_and_the_address_tells_how(site: str, chromium: Browser) -> None:
    page = opened(chromium, f"{site}/gallery/?q=old")
    for typed in ("甲", "甲乙"):
        with page.expect_response(lambda response: "hx-request" in response.request.headers):
            page.get_by_label("名称或代码").fill(typed)
        page.wait_for_url(f"{site}/gallery/?q={quote(typed)}&state=")
    assert page.evaluate("document.activeElement.name") == "q"
    assert page.locator("#companies tbody tr").count() == 12


def test_a_list_filters_without_javascript_too(site: str, chromium: Browser) -> None:
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/gallery/")
    page.get_by_label("名称或代码").fill("甲")
    page.get_by_role("button", name="筛选").click()
    assert parse_qs(urlsplit(page.url).query)["q"] == ["甲"]
