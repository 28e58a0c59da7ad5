"""An official is carded, explains, the agency appeals, another cancels: by keyboard alone, axe clean, fit for a phone."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from shuniu.cases.api import handling
from shuniu.trust.declare import Actor
from tests.assessment.told import accepted, numbered, scanned
from tests.browser.chromium import browser, serving
from tests.browser.keyboard import choose, press, write
from tests.browser.looking import look, page_of
from tests.cases.filing import clerk, published
from tests.cast import Cast, SignedIn, cast, signed_in
from tests.portal.test_supervision_pages import examiner, head

__all__ = ["cast", "clerk", "examiner", "head", "published", "signed_in"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("published")]


def test_an_official_is_carded_explains_appeals_and_the_card_is_cancelled(
    cast: Cast, clerk: Actor, examiner: Actor, head: Actor, signed_in: SignedIn
) -> None:
    cache.clear()
    handling.take(actor=examiner, number=accepted(cast, clerk).number)
    scanned(11)
    card = numbered(examiner)["J02.stage"]
    clients = {who.person: signed_in(who) for who in (examiner, head, cast.office)}
    with serving() as site, browser() as chromium:
        at, month = f"{site}/desk/cards/{card.number}/", f"{card.at:%Y-%m}"
        steps = ((examiner, "提交说明", "系统停机两日。"), (head, "提出申诉", "停机由平台造成。"))
        for who, button, words in steps:
            with page_of(chromium, clients[who.person], site) as page:
                page.goto(f"{site}/desk/cards/")
                look(page)
                press(page.get_by_role("link", name=f"第 {card.number} 号").first)
                look(page)
                write(page.get_by_label("事实、依据和经过", exact=True), words)
                press(page.get_by_role("button", name=button))
                expect(page.get_by_text(words)).to_be_visible()
                expect(page.get_by_role("button", name=button)).to_have_count(0)
        with page_of(chromium, clients[head.person], site) as page:
            page.goto(at)
            expect(page.get_by_role("button", name="作出复核决定")).to_have_count(0)
            press(page.get_by_role("link", name="重新计算并对照"))
            expect(page.get_by_text("完全相同")).to_be_visible()
            look(page)
            page.goto(f"{site}/desk/cards/officers/?period={month}")
            look(page)
        with page_of(chromium, clients[cast.office.person], site) as page:
            page.goto(at)
            choose(page.get_by_label("撤销：这张牌不应当出"))
            write(page.get_by_label("理由", exact=True), "停机属实。")
            look(page)
            press(page.get_by_role("button", name="作出复核决定"))
            expect(page.get_by_text("停机属实。")).to_be_visible()
            look(page)
            page.goto(f"{site}/desk/cards/beginning/")
            look(page)
        with page_of(chromium, clients[examiner.person], site) as page:
            page.goto(at)
            expect(page.get_by_text("已撤销").first).to_be_visible()
        page = chromium.new_context().new_page()
        page.goto(f"{site}/supervision/?period={month}")
        look(page)
        press(page.locator("#agencies").get_by_role("link", name="1", exact=True).last)
        expect(page.get_by_text("已撤销")).to_be_visible()
        look(page)
