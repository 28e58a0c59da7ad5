"""A reviewer in a real browser: a doubtful match is resolved, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from shuniu.directory.models import Account
from shuniu.registries import api as registries
from shuniu.registries.models import Merge
from tests.browser.chromium import browser, serving
from tests.browser.looking import look as clean
from tests.cast import Cast, cast
from tests.registries.conftest import (
    HOUSEHOLD,
    PENALTY,
    REGISTRATION,
    VOLUNTEER,
    Load,
    load,
    mounted,
    registration_number,
    resident,
    subject_of,
    uscc,
)

__all__ = ["cast", "load", "mounted"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "densely-wooded-1"
FIRM, OTHER = "湖南省湘江机械制造有限公司", "星沙重工有限公司"


@pytest.fixture
def site(load: Load, cast: Cast) -> Iterator[str]:
    """A firm whose registration number another name carries, a person with a namesake, and two reviewers."""
    load(REGISTRATION, {"uscc": uscc(1), "name": FIRM, "registration_number": registration_number(1),
                        "representative": "张伟", "founded": "2010-03-05", "address": "长沙市五一大道一号"})  # fmt: skip
    load(
        PENALTY, {"number": "1", "registration_number": registration_number(1), "name": OTHER, "representative": "李娜"}
    )
    twins = [resident("1980-05-01", 11), resident("1980-05-01", 23)]
    load(HOUSEHOLD, *({"resident_id": each, "person_name": "欧阳志强"} for each in twins))
    load(VOLUNTEER, {"number": "1", "person_name": "欧阳志强", "birth_date": "1980-05-01"})
    account = Account.objects.get(login="tangjing")
    account.set_password(PASSWORD)
    account.save()
    with serving() as address:
        yield address


def sign_in(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_role("link", name="工作人员登录").click()
    page.get_by_label("登录名").fill("tangjing")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="主体复核").click()


@pytest.mark.parametrize("javascript", [True, False])
def test_an_official_resolves_a_doubtful_match_and_takes_it_back(site: str, javascript: bool) -> None:
    with browser() as chromium:
        page = chromium.new_context(java_script_enabled=javascript).new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        look = partial(clean, scripts=javascript)
        sign_in(page, site)
        expect(page.get_by_role("row")).to_have_count(4)  # the head, the firm, and each of two namesakes
        look(page)
        page.get_by_role("row", name=OTHER).get_by_role("link").click()
        expect(page.get_by_text("工商注册号相同")).to_be_visible()
        look(page)
        page.get_by_role("button", name="由我领办").click()
        expect(page.get_by_text("已由您领办")).to_be_visible()
        look(page)
        page.get_by_role("link", name="查阅两边的原始记录").click()
        expect(page.get_by_role("heading", name="两边的原始记录")).to_be_visible()
        look(page)
        page.get_by_role("link", name="回去判断").click()
        page.get_by_label("是同一主体：合并").check()
        page.get_by_role("button", name="提交结论").click()
        expect(page.get_by_role("link", name="请填写理由")).to_be_visible()
        look(page)
        page.get_by_label("理由", exact=True).fill("曾用名，见 2021 年变更登记")
        page.get_by_role("button", name="提交结论").click()
        expect(page.get_by_text("结论已记下：同一主体")).to_be_visible()
        look(page)
        page.get_by_role("link", name="继续复核其余的").click()
        page.get_by_role("link", name="同一主体", exact=True).click()
        look(page)
        page.get_by_role("row", name=OTHER).get_by_role("link").click()
        page.get_by_label("为什么撤销").fill("变更登记属另一企业")
        page.get_by_role("button", name="撤销结论").click()
        expect(page.get_by_text("须由另一位复核员重新判断")).to_be_visible()
        look(page)
        page.get_by_role("link", name="主体复核").first.click()
        page.get_by_role("row", name="欧阳").first.get_by_role("link").click()
        expect(page.get_by_text("个人信息已遮盖")).to_be_visible()
        look(page)
        assert "欧阳志强" not in page.content()
        # The form that was sent back without its reason is the one answer that a browser calls an error.
        assert [line for line in said if "422" not in line] == []
    assert Merge.objects.get(rung="review").undone_why == "变更登记属另一企业", "made, and taken back"
    assert subject_of(PENALTY, "1") != registries.find_subject("uscc", uscc(1))
