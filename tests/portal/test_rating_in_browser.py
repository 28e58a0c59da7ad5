"""The pages of ratings in a real browser: clean for axe, no wider than a phone, rated by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from shuniu.cases.api import rectifying
from shuniu.trust.declare import Actor
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cases.filing import chief, clerk, examiner, published
from tests.cases.rating import bad, decided
from tests.cast import Cast, SignedIn, client_of, newcomer

__all__ = ["chief", "clerk", "decided", "examiner", "published"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("published")]


def test_an_applicant_rates_by_keyboard_and_an_officer_sees_to_it(
    cast: Cast, decided: str, chief: Actor, signed_in: SignedIn
) -> None:
    rating = bad(cast.citizen, decided)
    rectifying.rectify(actor=chief, rating=rating, measures="已批评教育，增设首问负责制。")
    officer = client_of(newcomer("43.market", "rating_officer", login="jiangwen", name="蒋文"))
    citizen = signed_in(cast.citizen)
    with serving() as site, browser() as chromium:
        with page_of(chromium, citizen, site) as page:
            page.goto(f"{site}/hall/cases/{decided}/rate/accept/")
            page.get_by_label("非常满意", exact=True).focus()
            page.keyboard.press("Space")
            page.get_by_role("button", name="提交评价").focus()
            page.keyboard.press("Enter")
            expect(page.get_by_text("评价已收到")).to_be_visible()
            rate = f"/hall/cases/{decided}/rate/"
            for at in (rate, f"{rate}decide/", "/hall/ratings/", "/hall/ratings/list/?agency=43.market"):
                page.goto(site + at)
                look(page)
        with page_of(chromium, officer, site) as page:
            for at in ("/desk/ratings/", f"/desk/ratings/{rating}/", f"/desk/ratings/{rating}/rater/"):
                page.goto(site + at)
                look(page)
