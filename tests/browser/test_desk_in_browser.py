"""The desk's and the office's further pages in a real browser: clean for axe, and no wider than a phone."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from shuniu.catalogue import api as catalogue
from shuniu.exchange import api as exchange
from shuniu.exchange import digest
from shuniu.registries import api as registries
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cast import Cast, SignedIn, cast, signed_in
from tests.exchange.conftest import Deliver, catalogued, deliver, firm, registration
from tests.exchange.test_submission import many_codes

__all__ = ["cast", "catalogued", "deliver", "signed_in"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY = "43.market/registration"
GOOD = [f"{code},湘江机械有限公司,2010-03-05,{n},存续,430102" for n, code in enumerate(many_codes(60))]


@pytest.fixture
def new(deliver: Deliver, cast: Cast) -> str:
    """A month with good, faulty and refused deliveries; and where an objection to one row is raised."""
    deliver(registration(*GOOD, firm(0, founded="昨天")), actor=cast.market_officer)
    deliver("x,y\n1,2\n", actor=cast.market_officer)
    row = registries.rows(catalogue.published(KEY), limit=1)[0].row
    return "/desk/objections/new/?" + urlencode({"resource": KEY, "row": row})


def test_the_new_pages_are_clean_and_fit_a_phone(new: str, cast: Cast, signed_in: SignedIn, tmp_path: Path) -> None:
    desk = tmp_path / "本单位数据.csv"
    desk.write_text(registration(GOOD[0], firm(1)), encoding="utf-8")
    declaration = exchange.export_declaration(actor=cast.market_officer, resource=KEY)
    summary = tmp_path / "本单位数据.csv.digest"
    summary.write_bytes(digest.make(desk, declaration).to_bytes(declaration.key))
    # Signed in beforehand: where the browser's own event loop runs, Django lets no query through.
    people = (cast.office, cast.tax_officer, cast.market_officer, cast.county_clerk)
    office, tax, market, county = map(signed_in, people)
    with serving() as site, browser() as chromium:
        with page_of(chromium, office, site) as page:
            for address in (
                "/office/bulletin/",
                *(f"/office/bulletin/rows/?show={name}" for name in ("late", "received")),
            ):
                page.goto(site + address)
                look(page)
        with page_of(chromium, tax, site) as page:
            page.goto(site + new)
            look(page)
            page.get_by_label("哪里有误，依据是什么").fill("注册资本应为 500 万元，见 2021 年变更登记")
            page.get_by_role("button", name="提出异议").click()
            expect(page.get_by_text("异议已提出")).to_be_visible()
        with page_of(chromium, market, site) as page:
            page.goto(f"{site}/desk/notices/")
            look(page)
            page.goto(f"{site}/desk/objections/")
            look(page)
            page.get_by_role("link", name="第 ").first.click()
            page.get_by_role("button", name="提交").click()
            look(page)
            page.goto(f"{site}/desk/entry/{KEY}/")
            look(page)
            page.get_by_role("button", name="提交").click()
            expect(page.get_by_text("有 2 处需要改正")).to_be_visible()
            look(page)
            page.goto(f"{site}/desk/reconciling/")
            look(page)
            page.get_by_role("link", name="企业登记信息").click()
            look(page)
            page.get_by_label("摘要文件").set_input_files(summary)
            page.get_by_role("button", name="对账").click()
            expect(page.get_by_text("平台缺 1 行")).to_be_visible()
            look(page)
            page.get_by_role("button", name="下一页").click()
            expect(page.get_by_text("第 2 页，共 2 页")).to_be_visible()
        with page_of(chromium, county, site) as page:
            page.goto(f"{site}/desk/region/")
            look(page)
            page.goto(f"{site}/desk/region/{KEY}/")
            look(page)
