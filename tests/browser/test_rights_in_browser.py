"""The pages of rights in a real browser: clean for axe, no wider than a phone, a review decided by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from shuniu.directory import api
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cast import Cast, SignedIn, cast, signed_in
from tests.directory.posts.people import arrange

__all__ = ["cast", "signed_in"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_rights_are_explained_lent_and_looked_through(cast: Cast, signed_in: SignedIn) -> None:
    arrange(cast.tax_officer, cast.tax_officer, cast.stranger)
    api.open_reviews(actor=api.system("worker"))
    (review,) = api.list_reviews(actor=cast.tax_admin)
    admin, office = signed_in(cast.tax_admin), signed_in(cast.office)
    with serving() as site, browser() as chromium:
        with page_of(chromium, admin, site) as page:
            for at in (
                "/desk/rights/", "/desk/rights/?login=wufang&act=exchange.release&region=430102",
                "/desk/rights/?login=moqi&act=exchange.release", "/desk/substitutions/", "/desk/rights/reviews/",
                f"/desk/rights/reviews/{review.number}/",
            ):  # fmt: skip
                page.goto(site + at)
                look(page)
            page.get_by_label("周杰：岗位").focus()
            page.keyboard.press("Space")
            page.get_by_role("button", name="确认保留").focus()
            page.keyboard.press("Enter")
            expect(page.get_by_text("已核查 1 行")).to_be_visible()
        with page_of(chromium, office, site) as page:
            page.goto(f"{site}/desk/rights/reviews/")
            look(page)
