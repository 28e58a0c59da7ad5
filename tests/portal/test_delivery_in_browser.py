"""The pages of deliveries and contacts in a real browser: clean for axe, and no wider than a phone."""

from __future__ import annotations

import pytest

from shuniu.notices import api as notices
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cast import Cast, SignedIn
from tests.notices.conftest import ADDRESS, mailbox
from tests.notices.post_office import Mailbox
from tests.portal.test_delivery_pages import sent

__all__ = ["mailbox"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_pages_are_clean_and_fit_a_phone(mailbox: Mailbox, cast: Cast, signed_in: SignedIn) -> None:
    sent(mailbox, "450 busy")
    (last, *_rest) = notices.deliveries(actor=cast.office)
    notices.set_contact(actor=cast.market_officer, channel="email", address=ADDRESS)
    officer = signed_in(cast.market_officer)
    with serving() as site, browser() as chromium, page_of(chromium, officer, site) as page:
        for at in ("/desk/deliveries/", f"/desk/deliveries/evidence/{last.notice}/", "/desk/contacts/"):
            page.goto(site + at)
            look(page)
