"""The directory's pages in a real browser: nothing for axe to find, at a phone's width and at a desk's."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.browser.chromium import browser
from tests.browser.looking import look_at_answers
from tests.cast import Cast, SignedIn

pytestmark = pytest.mark.browser


@pytest.fixture
def pages(cast: Cast, client: Client, signed_in: SignedIn) -> dict[str, bytes]:
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


def test_every_page_of_the_directory_is_clean_and_fits(pages: dict[str, bytes]) -> None:
    with browser() as chromium:
        look_at_answers(chromium, pages)
