"""The way of a data dictionary in a real browser: brought, recognised, handed in, agreed on twice, reported on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from shuniu.catalogue import api as catalogue
from shuniu.directory.models import Account
from tests.browser.chromium import browser, serving
from tests.browser.looking import look as clean
from tests.browser.test_deliver_in_browser import PASSWORD
from tests.cast import Cast, cast, with_posts
from tests.catalogue.conftest import may
from tests.catalogue.sample import CODE_LISTS, ELEMENTS, LICENCE, changed
from tests.portal.test_cataloguing_pages import dictionary

__all__ = ["cast"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = "/desk/catalogue/"


@pytest.fixture
def site(cast: Cast) -> Iterator[str]:
    catalogue.ship(actor=may(cast.installer, "catalogue.ship"), elements=ELEMENTS, code_lists=CODE_LISTS)
    tax = changed(LICENCE, key="43.tax/licence", agency="43.tax", items=[LICENCE.items[0], LICENCE.items[3]])
    catalogue.draft(actor=cast.tax_officer, resource=tax)
    catalogue.draft(actor=cast.market_cataloguer, resource=LICENCE)
    for login in ("zhaoyun", "lihua", "chenlan"):
        account = Account.objects.get(login=login)
        account.set_password(PASSWORD)
        account.save()
    with_posts(cast.market_second, "catalogue_reviewer")
    with serving() as address:
        yield address


def signed_in(chromium: Browser, site: str, login: str, at: str, said: list[str]) -> Page:
    page = chromium.new_context().new_page()
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{site}{at}")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url(f"{site}{at}")
    return page


def test_a_dictionary_goes_from_its_file_to_the_published_catalogue(site: str) -> None:
    said: list[str] = []
    with browser() as chromium:
        page = signed_in(chromium, site, "zhaoyun", AT, said)
        clean(page)
        page.get_by_role("link", name="导入数据字典").click()
        clean(page)
        page.get_by_label("数据字典文件").set_input_files(
            {"name": "字典.csv", "mimeType": "text/csv", "buffer": dictionary()}
        )
        page.get_by_role("button", name="导入为草稿").click()
        expect(page.get_by_text("已做成 1 份草稿")).to_be_visible()
        clean(page)
        page.get_by_label("许可证编号", exact=True).fill("无")
        page.get_by_role("button", name="保存认定").click()
        expect(page.get_by_text("已保存 1 项")).to_be_visible()
        clean(page)
        page.goto(f"{site}{AT}")
        page.get_by_label("选择 许可证", exact=True).check()
        page.get_by_role("button", name="提交所选审核").click()
        expect(page.get_by_text("1 项已提交审核")).to_be_visible()
        _review(chromium, site, "lihua", said)
        _review(chromium, site, "chenlan", said)
        page.goto(f"{site}{AT}versions/43.market/permit/1/")
        expect(page.get_by_text("已发布", exact=True)).to_be_visible()
        clean(page)
        _reports(chromium, site, said)
    assert said == []


def _review(chromium: Browser, site: str, login: str, said: list[str]) -> None:
    """Look at the list, at the version, and agree."""
    page = signed_in(chromium, site, login, f"{AT}review/", said)
    clean(page)
    page.get_by_role("link", name="许可证", exact=True).click()
    expect(page.get_by_role("heading", name="您的答复")).to_be_visible()
    clean(page)
    page.go_back()
    page.get_by_role("link", name="勾选本页可以同意的").click()
    page.get_by_role("button", name="同意", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("1 项")


def _reports(chromium: Browser, site: str, said: list[str]) -> None:
    page = signed_in(chromium, site, "chenlan", f"{AT}conformance/", said)
    clean(page)
    page.get_by_role("link", name="省市场监督管理局", exact=True).click()
    clean(page)
    page.goto(f"{site}{AT}duplicates/")
    expect(page.get_by_text("请人工判断").last).to_be_visible()
    clean(page)


def test_a_draft_is_written_handed_in_and_taken_back_without_javascript(site: str) -> None:
    said: list[str] = []
    with browser() as chromium:
        page = chromium.new_context(java_script_enabled=False).new_page()
        page.goto(f"{site}{AT}draft/{LICENCE.key}/")
        page.get_by_label("登录名").fill("zhaoyun")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.get_by_role("button", name="上移 发证日期").click()
        page.get_by_role("link", name="添加信息项").click()
        page.get_by_label("信息项名称").fill("联系电话")
        page.get_by_label("字段名").fill("phone")
        page.get_by_label("数据元").fill("联系电话")
        page.get_by_label("长度").fill("20")
        page.get_by_role("button", name="保存", exact=True).click()
        page.get_by_role("button", name="删除 证书编号").click()
        expect(page.get_by_role("alert")).to_contain_text("没有主键")
        page.get_by_label("资源摘要").fill("核发的许可证，新写的。")
        page.get_by_role("button", name="保存说明和条款").click()
        names = page.locator("#items td.code").all_text_contents()
        assert names == ["number", "uscc", "issued", "name", "phone"]
        expect(page.get_by_label("资源摘要")).to_have_value("核发的许可证，新写的。")
        page.get_by_role("button", name="提交审核", exact=True).click()
        page.get_by_role("link", name=LICENCE.title).click()
        page.get_by_role("link", name="撤回送审").click()
        page.get_by_label("理由").fill("漏了一项")
        page.get_by_role("button", name="撤回送审").click()
        expect(page.get_by_text("已撤回，现在是草稿。")).to_be_visible()
        _axe(chromium, site, said)
    assert said == []


def _axe(chromium: Browser, site: str, said: list[str]) -> None:
    """The pages of a draft, looked at by axe, which is a script itself."""
    at = f"{AT}draft/{LICENCE.key}/"
    page = signed_in(chromium, site, "zhaoyun", at, said)
    others = (f"item/{LICENCE.key}/name/", f"item/{LICENCE.key}/new", "new/", f"withdraw/{LICENCE.key}/")
    for address in (at, *(f"{AT}{one}" for one in others)):
        page.goto(f"{site}{address}")
        clean(page)
