"""The directory's pages in a real browser: nothing for axe to find, at a phone's width and at a desk's."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Route

from shuniu.trust.declare import Actor
from tests.browser.axe import violations
from tests.browser.chromium import browser
from tests.cast import Cast

pytestmark = pytest.mark.browser


@pytest.fixture
def pages(cast: Cast, client: Client, signed_in: Callable[[Actor], Client]) -> dict[str, bytes]:
    """Pages as the test client gets them; read before the browser starts, whose thread may not use the database."""
    admin = signed_in(cast.market_admin)
    account = cast.market_officer.person.split(":")[1]
    return {
        "sign-in": client.get("/sign-in/").content,
        "sign-in-refused": client.post("/sign-in/", {"login": "wangmin", "password": "x"}).content,
        "enrol": client.get("/enrol/").content,
        "rights": signed_in(cast.market_officer).get("/rights/").content,
        "no-rights": signed_in(cast.stranger).get("/rights/").content,
        "password": admin.get("/password/").content,
        "accounts": admin.get("/accounts/").content,
        "made": admin.post("/accounts/", {"login": "qianduo", "name": "钱多"}).content,
        "account": admin.get(f"/accounts/{account}/").content,
        "refused": signed_in(cast.market_officer).get("/accounts/").content,
    }


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_of_the_directory_is_clean_and_fits(pages: dict[str, bytes], width: int, tmp_path: Path) -> None:
    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            assert isinstance(found, str), path
            route.fulfill(body=Path(found).read_bytes(), content_type=mimetypes.guess_type(found)[0] or "text/plain")
        else:
            route.fulfill(body=pages[path.strip("/")], content_type="text/html; charset=utf-8")

    with browser() as chromium:
        page = chromium.new_page(viewport={"width": width, "height": 800})
        page.route("**/*", answer)
        for name in pages:
            page.goto(f"http://directory.test/{name}/")
            assert violations(page) == [], name
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
