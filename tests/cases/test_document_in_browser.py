"""A document's page in a real browser: opinions, receipts and two versions side by side, clean for axe, on a phone too."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from shuniu.cases.api.dispatches import send_document
from shuniu.cases.api.documents import draft_document, review_document, sign_document, submit_document
from shuniu.systems.documents.declare import OUTGOING
from shuniu.trust.declare import Actor
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cases.documents import AUTHOR, CHIEF, NOTICE, REVIEWER
from tests.cast import Cast, SignedIn, cast, signed_in, with_posts

__all__ = ["cast", "signed_in"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def written(author: Actor) -> int:
    """A document that was turned down once, mended, signed and sent."""
    it = draft_document(actor=author, draft=NOTICE)
    submit_document(actor=author, document=it.id, procedure=OUTGOING.key)
    review_document(actor=REVIEWER, document=it.id, stage="review", answer="不同意", opinion="缺少依据")
    mended = NOTICE.model_copy(
        update={"body": ("根据《企业信息公示暂行条例》，通知如下。", "一、按时公示。", "二、依法抽查。")}
    )
    draft_document(actor=author, draft=mended, document=it.id)
    submit_document(actor=author, document=it.id, procedure=OUTGOING.key)
    review_document(actor=REVIEWER, document=it.id, stage="review", answer="同意", opinion="已补依据")
    sign_document(actor=CHIEF, document=it.id, answer="同意", opinion="请印发")
    send_document(actor=author, document=it.id)
    return it.id


def test_a_document_is_read_with_its_opinions_and_versions(cast: Cast, signed_in: SignedIn) -> None:
    with_posts(cast.market_officer, "document_clerk")
    number = written(replace(AUTHOR, person="officer:0"))
    client = signed_in(cast.market_officer)
    pdf = client.get(f"/desk/documents/{number}/document.pdf")
    assert (pdf.status_code, pdf["Content-Type"], pdf.content[:5]) == (200, "application/pdf", b"%PDF-")
    with serving() as site, browser() as chromium, page_of(chromium, client, site) as page:
        page.goto(f"{site}/desk/documents/{number}/")
        for words in ("缺少依据", "请印发", "根据《企业信息公示暂行条例》，通知如下。", "现就有关事项通知如下。"):
            expect(page.get_by_text(words).first).to_be_visible()
        look(page)
        page.get_by_label("新稿").select_option("1")
        page.get_by_role("button", name="对比", exact=True).press("Enter")
        expect(page.get_by_text("修改")).to_have_count(0)  # a version beside itself
