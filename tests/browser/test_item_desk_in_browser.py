"""A department's own copy of an item, from the copy to the hall, in a real browser: copied, widened, mended, published."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from shuniu.cases.api import items
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Element
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cases.service_items import ITEM
from tests.cast import Cast, SignedIn, cast, signed_in

__all__ = ["cast", "signed_in"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = "/desk/items/43.market/food-own/"
TITLE = "食品经营许可（本省）"


@pytest.fixture
def site(cast: Cast) -> Iterator[str]:
    kept = [Element(key="uscc", title="统一社会信用代码"), Element(key="phone", title="联系电话")]
    catalogue.ship(actor=cast.installer, elements=kept)
    items.ship(actor=cast.installer, items=[ITEM])
    with serving() as address:
        yield address


def test_a_copied_item_is_widened_mended_published_and_seen_in_the_hall(
    site: str, cast: Cast, signed_in: SignedIn
) -> None:
    editor, publisher, citizen = (signed_in(one) for one in (cast.market_cataloguer, cast.office, cast.citizen))
    with browser() as chromium:
        with page_of(chromium, editor, site, scripts=False) as page:
            _copied(page, site)
            _widened(page)
            _mended(page, site)
        with page_of(chromium, editor, site) as page:
            _looked_at(page, site)
            page.get_by_role("button", name="提交发布").click()
            expect(page.get_by_text("已提交，等平台审核后发布。")).to_be_visible()
        with page_of(chromium, publisher, site) as page:
            page.goto(f"{site}/desk/items/")
            look(page)
            page.get_by_role("link", name=TITLE).click()
            look(page)
            page.get_by_role("button", name="发布", exact=True).click()
            expect(page.get_by_text("已发布，办事大厅现在按这一版受理。")).to_be_visible()
        with page_of(chromium, citizen, site) as page:
            page.goto(f"{site}/hall/items/")
            page.get_by_role("link", name=TITLE).click()
            expect(page.get_by_role("heading", name="租赁合同")).to_be_visible()
            expect(page.get_by_text("店里有几个灶台", exact=True)).to_be_visible()
            look(page)


def _copied(page: Page, site: str) -> None:
    page.goto(f"{site}/desk/items/")
    page.get_by_role("link", name=ITEM.title, exact=True).click()
    page.get_by_role("link", name="复制为新事项").click()
    page.get_by_label("事项代码").fill("food-own")
    page.get_by_label("事项名称").fill(TITLE)
    page.get_by_role("button", name="做成草稿").click()
    expect(page.get_by_text("已做成草稿")).to_be_visible()


def _widened(page: Page) -> None:
    """A question, and a material that is asked for only by its answer."""
    page.get_by_role("link", name="表单的问题", exact=True).click()
    page.get_by_role("link", name="添加问题").click()
    page.get_by_label("问题（选填）", exact=True).fill("店里有几个灶台")
    page.get_by_label("代码（选填）", exact=True).fill("stoves")
    page.get_by_label("类型").select_option("integer")
    page.get_by_role("button", name="添加").click()
    page.get_by_role("link", name="回到各部分").click()
    page.get_by_role("link", name="材料", exact=True).click()
    page.get_by_role("link", name="添加材料").click()
    page.get_by_label("材料名称").fill("租赁合同")
    page.get_by_label("什么时候出现").select_option("stoves")
    page.get_by_label("这个问题的回答是").fill("2")
    page.get_by_role("button", name="添加").click()
    page.get_by_role("link", name="回到各部分").click()


def _mended(page: Page, site: str) -> None:
    """A fault is told with a link to its field, which is mended there."""
    page.get_by_role("link", name="服务方式", exact=True).click()
    page.get_by_label("监督投诉").fill(ITEM.telephone)
    page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="去改：服务方式，咨询电话").click()
    expect(page).to_have_url(f"{site}{AT}parts/service/#id_telephone")
    page.get_by_label("咨询电话").fill("0731-12345")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("button", name="提交发布")).to_be_visible()


def _looked_at(page: Page, site: str) -> None:
    """Each kind of page of the desk, by axe and at a phone's width."""
    for at in (
        "parts/basics/", "parts/terms/", "parts/results/", "parts/service/", "parts/materials/", "parts/materials/0/",
        "parts/questions/", "parts/questions/new/", "parts/fees/0/", "parts/pages/0/", "guide/", "form/", "effect/",
    ):  # fmt: skip
        page.goto(f"{site}{AT}{at}")
        look(page)
    for at in ("/desk/items/new/", "/desk/items/", AT):
        page.goto(f"{site}{at}")
        look(page)
