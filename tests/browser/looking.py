"""How the tests look at a page: signed in, by axe, at the desk's width and at a phone's."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route

from tests.browser.axe import violations


@contextmanager
def page_of(chromium: Browser, client: Client, site: str, *, scripts: bool = True) -> Iterator[Page]:
    """A page in which the client's reader has signed in."""
    context = chromium.new_context(java_script_enabled=scripts)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    yield context.new_page()
    context.close()


def look(page: Page, name: str = "", *, scripts: bool = True) -> None:
    """Nothing for axe to find, at either width, and nothing wider than a phone.

    Where scripts are forbidden axe, one itself, cannot run. A page with a name is kept as a picture in the folder that
    SHUNIU_SCREENSHOTS names, if it names one, for eyes.
    """
    folder = os.environ.get("SHUNIU_SCREENSHOTS")
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        if scripts:
            assert violations(page) == [], page.url
            assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        if name and folder:
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def look_at_answers(chromium: Browser, answers: Mapping[str, bytes]) -> None:
    """Look at pages that the test client was given, each by its name; their style sheets come from the sources."""

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            assert isinstance(found, str), path
            route.fulfill(body=Path(found).read_bytes(), content_type=mimetypes.guess_type(found)[0] or "text/plain")
        else:
            route.fulfill(body=answers[path.strip("/")], content_type="text/html; charset=utf-8")

    page = chromium.new_page()
    page.route("**/*", answer)
    for name in answers:
        page.goto(f"http://answers.test/{name}/")
        look(page, name)
