"""Interface tokens at the administrator's: given out and shown once, listed, taken back after a confirmation."""

from __future__ import annotations

import re

import pytest

from shuniu.directory import api
from shuniu.directory.models import ApiToken
from tests.cast import Cast, SignedIn, number

AT = "/accounts/tokens/"
ASKED = {"login": "wangmin", "title": "业务系统每日报送", "days": "90"}
TOKEN = re.compile(r"<code>(\d+\.[\w-]{40,})</code>")


@pytest.fixture
def token(cast: Cast) -> int:
    """A good token of the market bureau's officer 王敏."""
    return api.issue_token(actor=cast.market_admin, account=number(cast.market_officer), title="每日报送").id


def test_a_token_is_shown_once_and_does_its_officers_business(cast: Cast, signed_in: SignedIn) -> None:
    admin = signed_in(cast.market_admin)
    made = admin.post(AT, ASKED).content.decode()
    shown = TOKEN.search(made)
    assert shown is not None and "只显示这一次" in made and "Authorization: Bearer" in made
    machine = api.actor_of_token(shown[1])
    assert machine is not None and machine.person == cast.market_officer.person
    listed = admin.get(AT).content.decode()
    assert shown[1].partition(".")[2] not in listed
    assert all(words in listed for words in ("业务系统每日报送", "王敏（wangmin）", "刘强", "有效", "没有用过"))


def test_a_second_click_gives_no_second_token_and_says_what_to_do(cast: Cast, signed_in: SignedIn) -> None:
    admin = signed_in(cast.market_admin)
    admin.post(AT, ASKED)
    twice = admin.post(AT, ASKED)
    content = twice.content.decode()
    assert twice.status_code == 422 and not TOKEN.search(content) and ApiToken.objects.count() == 1
    assert re.search('id="id_title_error">.*已有一个用途是“业务系统每日报送”的有效令牌.*请先收回再发', content)


def test_refusals_stand_beside_their_fields_and_what_was_typed_stays(cast: Cast, signed_in: SignedIn) -> None:
    admin = signed_in(cast.market_admin)
    for field, typed, words in (
        ("login", "zhoujie", "本单位没有这个登录名"), ("login", "", "请填写代表哪个工作人员"), ("title", "", "请填写用途"),
        ("days", "0", "1–366 天"), ("days", "367", "1–366 天"), ("days", "很久", "只用数字"),
    ):  # fmt: skip
        answer = admin.post(AT, {**ASKED, field: typed})
        content = answer.content.decode()
        assert answer.status_code == 422, field
        assert re.search(rf'id="id_{field}_error">.*{words}', content), f"{field}: {typed}"
        assert f'value="{typed}"' in content or not typed
    assert not ApiToken.objects.exists()


def test_a_token_is_taken_back_after_it_was_confirmed(cast: Cast, signed_in: SignedIn, token: int) -> None:
    admin, at = signed_in(cast.market_admin), f"{AT}{token}/"
    page = admin.get(at).content.decode()
    assert "收回后立即失效" in page and f'href="{at}"' in admin.get(AT).content.decode()
    unsure = admin.post(at, {"sure": ""})
    assert unsure.status_code == 422 and "请通知对方后勾选确认" in unsure.content.decode()
    assert ApiToken.objects.get().revoked is None
    done = admin.post(at, {"sure": "on"}, follow=True).content.decode()
    assert "已收回" in done and "刘强" in done and "收回后立即失效" not in done
    assert f"{AT}?agency=43.market&amp;login=wangmin#new-token" in done, "the way on"
    first = ApiToken.objects.get().revoked
    assert admin.post(at, {"sure": "on"}).status_code == 302 and ApiToken.objects.get().revoked == first


def test_the_account_leads_to_its_token_with_the_login_filled_in(cast: Cast, signed_in: SignedIn) -> None:
    admin = signed_in(cast.market_admin)
    page = admin.get(f"/accounts/{number(cast.market_officer)}/").content.decode()
    (way,) = re.findall(r'href="(/accounts/tokens/\?[^"#]*)#new-token"', page)
    assert 'value="wangmin"' in admin.get(way.replace("&amp;", "&")).content.decode()
    assert (
        "#new-token" not in signed_in(cast.security).get(f"/accounts/{number(cast.market_officer)}/").content.decode()
    )


def test_another_agency_and_other_roles_are_shut_out(cast: Cast, signed_in: SignedIn, token: int) -> None:
    for who in (cast.tax_admin, cast.market_officer, cast.office, cast.citizen, cast.identity_clerk):
        browser = signed_in(who)
        for answer in (browser.get(f"{AT}{token}/"), browser.post(f"{AT}{token}/", {"sure": "on"})):
            assert answer.status_code == 403 and "每日报送" not in answer.content.decode()
        assert browser.get(AT, {"agency": "43.market"}).status_code == 403
        assert browser.post(f"{AT}?agency=43.market", ASKED).status_code == 403
    assert "王敏" not in signed_in(cast.tax_admin).get(AT).content.decode()
    assert ApiToken.objects.get().revoked is None


def test_the_security_administrator_sees_an_agencys_tokens_and_only_takes_back(
    cast: Cast, signed_in: SignedIn, token: int
) -> None:
    security = signed_in(cast.security)
    page = security.get(AT, {"agency": "43.market"}).content.decode()
    assert "每日报送" in page and "发放令牌" not in page
    assert security.post(f"{AT}?agency=43.market", ASKED).status_code == 403
    assert security.post(f"{AT}{token}/", {"sure": "on"}).status_code == 302
    assert ApiToken.objects.get().revoked is not None
    assert security.get(f"{AT}{token + 1}/").status_code in (403, 404)
