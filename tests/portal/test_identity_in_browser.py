"""The identity clerk's window and an agency's tokens in a real browser: by keys alone, clean for axe, no wider than a phone."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests.browser.chromium import browser, serving
from tests.browser.keyboard import choose, press, tick, write
from tests.browser.looking import look, page_of
from tests.cast import Cast, SignedIn
from tests.portal.test_identity_pages import NEW_ID, PASSWORD, clerk

__all__ = ["clerk"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_person_gets_an_account_at_the_window_and_comes_in(clerk: Client) -> None:
    with serving() as site, browser() as chromium:
        with page_of(chromium, clerk, site) as page:
            page.goto(f"{site}/desk/identities/")
            look(page, "identities")
            write(page.get_by_label("公民身份号码或者统一社会信用代码"), NEW_ID)
            write(page.get_by_label("证件上的姓名或者企业名称"), "林船")
            press(page.get_by_role("button", name="核对"))
            look(page, "identities-none")
            write(page.get_by_label("证件上的姓名或者企业名称"), "林川")
            press(page.get_by_role("button", name="核对"))
            look(page, "identity-new")
            choose(page.get_by_label("本人持居民身份证到场，人证相符"))
            write(page.get_by_label("登录名"), "tianye")
            press(page.get_by_role("button", name="登记账号"))
            look(page, "identity-refused")
            write(page.get_by_label("登录名"), "linchuan")
            press(page.get_by_role("button", name="登记账号"))
            look(page, "identity-given")
            code = page.locator("dl.summary div", has_text="激活码").first.locator("dd").inner_text()
            press(page.get_by_role("link", name="看这个账号的状态"))
            expect(page.get_by_text("待激活")).to_be_visible()
            look(page, "identity-known")
            press(page.get_by_role("link", name="核对下一位"))
            look(page, "identities-listed")
        owner = chromium.new_context().new_page()
        owner.goto(f"{site}/enrol/")
        write(owner.get_by_label("登录名"), "linchuan")
        write(owner.get_by_label("一次性激活码"), code)
        write(owner.get_by_label("设置密码"), PASSWORD)
        press(owner.get_by_role("button", name="设置密码并登录"))
        expect(owner.get_by_role("link", name="我的办件").first).to_be_visible()


def test_an_administrator_gives_a_token_and_takes_it_back_without_scripts(cast: Cast, signed_in: SignedIn) -> None:
    admin = signed_in(cast.market_admin)
    with serving() as site, browser() as chromium:
        with page_of(chromium, admin, site, scripts=False) as page:
            page.goto(f"{site}/accounts/tokens/")
            write(page.get_by_label("代表哪个工作人员"), "wangmin")
            write(page.get_by_label("用途"), "业务系统每日报送")
            press(page.get_by_role("button", name="发放令牌"))
            expect(page.get_by_text("只显示这一次")).to_be_visible()
            page.goto(f"{site}/accounts/tokens/")
            press(page.get_by_role("link", name="业务系统每日报送"))
            tick(page.get_by_label("确认收回"))
            press(page.get_by_role("button", name="收回令牌"))
            expect(page.get_by_text("令牌已收回")).to_be_visible()
        with page_of(chromium, admin, site) as page:
            page.goto(f"{site}/accounts/tokens/")
            look(page, "tokens")
            write(page.get_by_label("代表哪个工作人员"), "wangmin")
            press(page.get_by_role("button", name="发放令牌"))
            look(page, "tokens-refused")
            write(page.get_by_label("用途"), "第二个系统")
            press(page.get_by_role("button", name="发放令牌"))
            look(page, "tokens-given")
            press(page.get_by_role("link", name="第二个系统"))
            look(page, "token")
