"""A document in a real browser: drafted, signed by two agencies, numbered, sent, received; clean for axe, on a phone too."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from shuniu.cases.models import Dispatch, GivenNumber, Signing
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cases.papers import PDF
from tests.cast import Cast, cast
from tests.portal.test_document_pages import holder

__all__ = ["cast"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TITLE = "关于联合开展年度报告抽查的通知"


def choose(page: Page, field: str, agency: str) -> None:
    """Open the agencies of the province by keyboard, and choose one."""
    group = page.get_by_role("group", name=field)
    group.locator("summary", has_text="省直单位").press("Enter")
    group.get_by_label(agency).press("Space")


def draft(page: Page, site: str) -> str:
    """Write the document by keyboard and hand it in for two agencies' signatures; where it is."""
    page.goto(f"{site}/desk/documents/")
    look(page)
    page.get_by_role("link", name="起草公文").press("Enter")
    page.get_by_label("文种").select_option("通知")
    page.get_by_label("标题").fill(TITLE)
    page.get_by_label("机关代字").select_option("湘市监发")
    choose(page, "主送机关", "省政务信息化办公室")
    page.get_by_label("正文").fill("现就有关事项通知如下。\n一、共同抽查。")
    page.get_by_label("上传附件文件").set_input_files(
        {"name": "抽查名单.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    look(page)
    page.get_by_role("button", name="保存").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_role("link", name="抽查名单.pdf")).to_be_visible()
    choose(page, "联合签发单位", "省税务局")
    look(page)
    page.get_by_role("button", name="送审").press("Enter")
    expect(page.get_by_text("现在等待：审核：省市场监督管理局")).to_be_visible()
    return page.url


def agree(page: Page, address: str, stage: str, opinion: str) -> None:
    page.goto(address)
    page.get_by_label("同意", exact=True).press("Space")
    page.get_by_label("批注").fill(opinion)
    page.get_by_role("button", name=f"提交{stage}意见").press("Enter")
    expect(page.get_by_text(opinion)).to_be_visible()


def again(page: Page, address: str) -> None:
    """Mend what was given back and hand it in anew (修改后重发)."""
    page.goto(address)
    look(page)
    page.get_by_role("link", name="修改后重发").press("Enter")
    page.get_by_label("正文").fill("现就有关事项通知如下。\n一、十二月一日起共同抽查。")
    look(page)
    page.get_by_role("button", name="保存").press("Enter")
    expect(page.get_by_role("group", name="联合签发单位").get_by_label("省税务局")).to_be_checked()
    page.get_by_role("button", name="送审").press("Enter")
    expect(page.get_by_text("现在等待：审核：省市场监督管理局")).to_be_visible()


def test_a_document_goes_from_its_draft_through_two_agencies_to_its_receipt(cast: Cast) -> None:
    cache.clear()
    author, reviewer = holder("起草人", "43.market", "document_clerk"), holder("审核人", "43.market", "document_clerk")
    chief, other = holder("签发人", "43.market", "document_signer"), holder("税务签发人", "43.tax", "document_signer")
    office = holder("收文人", "43.office", "document_clerk")
    with serving() as site, browser() as chromium:
        with page_of(chromium, author, site) as page:
            address = draft(page, site)
        for client, stage, opinion in (
            (reviewer, "审核", "情况属实"), (chief, "签发", "请印发"), (other, "签发", "同意联合行文"),
        ):  # fmt: skip
            with page_of(chromium, client, site) as page:
                agree(page, address, stage, opinion)
        with page_of(chromium, author, site) as page:
            page.goto(address)
            expect(page.get_by_text("未加盖电子印章")).to_be_visible()
            page.get_by_role("button", name="发出公文").press("Enter")
            expect(page.get_by_text("未签收", exact=True)).to_be_visible()
            look(page)
        with page_of(chromium, office, site) as page:
            page.goto(f"{site}/desk/documents/incoming/")
            look(page)
            page.get_by_role("link", name=TITLE).press("Enter")
            expect(page.get_by_text("省市场监督管理局、省税务局")).to_be_visible()
            page.get_by_label("退文理由").fill("没有写明抽查日期")
            page.get_by_role("button", name="退回发文单位").press("Enter")
            expect(page.get_by_text("已退文").first).to_be_visible()
        with page_of(chromium, author, site) as page:
            again(page, address)
        for client, stage, opinion in (
            (reviewer, "审核", "日期已补"), (chief, "签发", "请再印发"), (other, "签发", "同意重发"),
        ):  # fmt: skip
            with page_of(chromium, client, site) as page:
                agree(page, address, stage, opinion)
        with page_of(chromium, author, site) as page:
            page.goto(address)
            page.get_by_role("button", name="发出公文").press("Enter")
            expect(page.get_by_text("第 2 稿", exact=True)).to_be_visible()
        with page_of(chromium, office, site) as page:
            page.goto(f"{site}/desk/documents/incoming/")
            page.get_by_role("link", name=TITLE).first.press("Enter")
            expect(page.get_by_text("第 2 稿（修改后重发）")).to_be_visible()
            look(page)
            page.get_by_role("button", name="签收并登记").press("Enter")
            expect(page.get_by_text("现在等待：拟办")).to_be_visible()
            look(page)
    assert list(GivenNumber.objects.values_list("serial", flat=True)) == [1]
    assert [one.signers for one in Signing.objects.order_by("pk")] == [["签发人", "税务签发人"]] * 2
    assert Dispatch.objects.get(version=2).receipt.person_name == "收文人"
