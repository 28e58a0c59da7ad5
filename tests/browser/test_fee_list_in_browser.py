"""The list of bills at the desk in a real browser, with the longest that its cells can say."""

from __future__ import annotations

import pytest

from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cases.fees import billed
from tests.cast import Cast, SignedIn, cast, signed_in
from tests.portal.cases import officer

__all__ = ["cast", "signed_in"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONGEST = """() => {
    const said = ["430000202611200012-01", "某某市某某区某某建设工程有限责任公司", null, "1,234,567.89 元", "1,234,567.89 元",
                  "1,234,567.89 元"];
    for (const row of document.querySelectorAll("#bills tbody tr")) {
        said.forEach((text, at) => { if (text) row.cells[at].textContent = text; });
        row.cells[said.length].innerHTML = '<span class="state waiting">退款在途 1,234,567.89 元</span>';
    }
}"""


def test_the_list_of_bills_is_no_wider_than_the_desk(cast: Cast, signed_in: SignedIn) -> None:
    billed()
    client = signed_in(officer("fee_officer", "caiqin", "蔡琴"))
    with serving() as site, browser() as chromium, page_of(chromium, client, site) as page:
        page.goto(f"{site}/desk/fees/")
        page.evaluate(LONGEST)
        look(page, "fees")
