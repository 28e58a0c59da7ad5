"""Signing in in a real browser: a passkey made and used with chromium's own virtual authenticator; every page clean."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from shuniu.directory import api
from shuniu.directory.models import Factor, RecoveryCode
from tests.browser.chromium import browser, serving
from tests.browser.looking import look
from tests.cast import Cast, number
from tests.directory.signing_in.hands import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("passwords")]


def sign_in(page: Page, base: str, login: str) -> None:
    page.goto(f"{base}/sign-in/?next=/security/")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="登录").click()


def test_a_passkey_is_made_used_and_removed(cast: Cast, passwords: None) -> None:
    api.register_application(
        actor=cast.security, title="办公系统", agency="43.market", redirects=["https://oa.example.gov.cn/callback"],
        scopes=["profile"],
    )  # fmt: skip
    api.ask_factor_reset(actor=cast.market_admin, account=number(cast.market_officer), reason="手机遗失，本人到场")
    with serving() as address, browser() as chromium:
        base = address.replace("127.0.0.1", "localhost")
        page = chromium.new_page()
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        session.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                    "isUserVerified": True, "automaticPresenceSimulation": True,
                }
            },
        )  # fmt: skip
        sign_in(page, base, "wangmin")
        look(page, "security-none")
        page.get_by_role("link", name="启用通行密钥").click()
        look(page, "passkey")
        page.get_by_label("给它起个名字").fill("办公室电脑")
        page.get_by_role("button", name="创建通行密钥").click()
        page.get_by_role("heading", name="只显示这一次").wait_for()
        look(page, "recovery")
        page.get_by_role("link", name="我已保存，继续").click()
        page.get_by_role("button", name="退出").first.click()
        sign_in(page, base, "wangmin")
        look(page, "second")
        page.get_by_role("button", name="用通行密钥核对").click()
        page.get_by_role("heading", name="我的账号安全").wait_for()
        assert page.get_by_role("heading", name="办公室电脑").is_visible()
        look(page, "security")
        page.get_by_role("link", name="启用动态口令").click()
        page.get_by_role("button", name="开始启用").click()
        look(page, "totp")
        page.goto(f"{base}/security/")
        page.get_by_role("button", name="移除“办公室电脑”").click()
        page.get_by_text("还没有启用。").wait_for()
        other = chromium.new_context().new_page()
        sign_in(other, base, "guoan")
        for path in ("applications", "accounts/resets"):
            other.goto(f"{base}/{path}/")
            look(other, path.replace("/", "-"))
        other.goto(f"{base}/sign-in/confirm/?next=/security/")
        look(other, "confirm")
    row = Factor.objects.get(kind="passkey")
    assert row.removed is not None and row.counter > 0 and not RecoveryCode.objects.exists()
