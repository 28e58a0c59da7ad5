"""How the tests look at a page: signed in, by axe, at the desk's width and at a phone's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.test import Client
from playwright.sync_api import Browser, Page

from tests.browser.axe import violations


@contextmanager
def page_of(chromium: Browser, client: Client, site: str, *, scripts: bool = True) -> Iterator[Page]:
    """A page in which the client's reader has signed in."""
    context = chromium.new_context(java_script_enabled=scripts)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    yield context.new_page()
    context.close()


def look(page: Page) -> None:
    """Nothing for axe to find, at either width, and nothing wider than a phone."""
    assert violations(page) == [], page.url
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.url
    assert violations(page) == [], page.url
    page.set_viewport_size({"width": 1280, "height": 800})
