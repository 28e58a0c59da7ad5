"""Applying in a real browser: a firm page by page, and after its session ended; clean for axe, at phone width too."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from shuniu.cases.api import drafts, items
from shuniu.directory.api import actor_of, system
from shuniu.directory.models import Account
from shuniu.trust.declare import Actor
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cases.drafting import service
from tests.cast import Cast, SignedIn, cast, signed_in
from tests.registries.conftest import REGISTRATION, Load, load, mounted, subject_of, uscc

__all__ = ["cast", "load", "mounted", "signed_in"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "长城脚下种三棵树"
OWN = {"uscc": uscc(1), "name": "湘江机械有限公司", "representative": "钱进", "founded": "2010-03-05",
       "address": "芙蓉路 1 号"}  # fmt: skip


@pytest.fixture
def firm(cast: Cast, load: Load) -> Actor:
    """The firm's account, as the firm that the register knows."""
    load(REGISTRATION, OWN)
    account = Account.objects.get(login="xingsha")
    account.subject = subject_of(REGISTRATION, uscc(1), "uscc")
    account.name = OWN["name"]
    account.save()
    items.ship(actor=system("install"), items=[service()])
    return actor_of(account.pk)


def test_a_firm_applies_page_by_page(firm: Actor, signed_in: SignedIn) -> None:
    client = signed_in(firm)
    with serving() as site, browser() as chromium, page_of(chromium, client, site) as page:
        page.goto(f"{site}/apply/new/43.market/restaurant/")
        look(page)
        page.get_by_role("button", name="开始填写").click()
        expect(page.get_by_text("还有 4 项没有完成")).to_be_visible()
        look(page)
        page.get_by_role("link", name="以谁的名义办理").click()
        look(page)
        page.get_by_label("法定代表人，与登记核对").check()
        page.get_by_label("到场或经办人的姓名").fill("孙行")
        page.get_by_role("button", name="保存并继续").click()
        expect(page.get_by_role("alert")).to_contain_text("与登记的不一致")
        look(page)
        page.get_by_label("到场或经办人的姓名").fill("钱进")
        page.get_by_role("button", name="保存并继续").click()
        page.get_by_role("link", name="调取已有信息").click()
        expect(page.get_by_role("row", name="成立日期")).to_contain_text("省市场监督管理局 · 企业登记")
        look(page)
        page.get_by_role("button", name="同意调取").click()
        expect(page.get_by_text("已调取 2 项")).to_be_visible()
        page.get_by_role("link", name="：店名").click()
        page.get_by_role("button", name="保存并继续").click()
        expect(page.get_by_role("alert")).to_contain_text("“店名”没有填写。请填写。")
        look(page)
        page.get_by_label("店名").fill("湘味小馆")
        page.get_by_role("button", name="保存并继续").click()
        page.get_by_label("否").check()
        look(page)
        page.get_by_role("button", name="保存并继续").click()
        expect(page.get_by_role("heading", name="核对所填内容")).to_be_visible()
        expect(page.get_by_text("2010-03-05")).to_be_visible()
        assert page.get_by_role("link", name="来源").count() == 2
        look(page)
        page.get_by_role("link", name="：是否经营食品").click()
        page.get_by_label("是", exact=True).check()
        page.get_by_role("button", name="保存并继续").click()
        expect(page.get_by_text("还不能提交，请先完成")).to_be_visible()
        look(page)
        page.go_back()
        page.get_by_label("否").check()
        page.get_by_role("button", name="保存并继续").click()
        expect(page.get_by_text("还不能提交")).to_have_count(0)
        page.goto(f"{site}/apply/")
        look(page)


def test_a_session_that_ends_in_mid_form_is_gone_on_with_after_signing_in(firm: Actor, signed_in: SignedIn) -> None:
    draft = drafts.start(actor=firm, item=service(), version=1)
    account = Account.objects.get(login="xingsha")
    account.set_password(PASSWORD)
    account.save()
    client = signed_in(firm)
    with serving() as site, browser() as chromium, page_of(chromium, client, site) as page:
        page.goto(f"{site}/apply/{draft}/page/shop/")
        page.get_by_label("店名").fill("湘味小馆")
        page.context.clear_cookies(name="sessionid")
        page.get_by_role("button", name="保存并继续").click()
        expect(page.get_by_role("status")).to_contain_text("登录后请核对，再由您自己提交")
        look(page, "kept-sign-in")
        page.get_by_label("登录名").fill("xingsha")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="登录").click()
        expect(page.get_by_role("heading", name="您刚才填写的内容还在")).to_be_visible()
        expect(page.get_by_text("湘味小馆")).to_be_visible()
        look(page, "kept")
        page.get_by_role("button", name="提交这些内容").click()
        page.goto(f"{site}/apply/{draft}/page/shop/")
        expect(page.get_by_label("店名")).to_have_value("湘味小馆")
        page.goto(f"{site}/kept/")
        expect(page.get_by_role("heading", name="没有留下的内容")).to_be_visible()
