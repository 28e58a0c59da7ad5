"""A lost second factor is taken away by two people; the public's codes come by message; addresses that fail too often."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from shuniu.directory import api
from shuniu.directory.declare import Attempt
from shuniu.directory.models import Account, Factor, Failing, MessageCode, ResetRequest, Sitting
from shuniu.directory.signing_in.places import network
from shuniu.notices.models import Contact, Delivery
from shuniu.notices.sealing import seal
from shuniu.trust.declare import Actor, Refused
from tests.cast import Cast, newcomer, number
from tests.directory.signing_in.hands import PASSWORD, browser, enrol, shown

pytestmark = pytest.mark.usefixtures("passwords")


@pytest.fixture
def second_admin(cast: Cast) -> Actor:
    """刘洋, the market administration's other administrator."""
    return newcomer("43.market", "agency_administrator", login="liuyang", name="刘洋")


def test_who_asks_for_a_reset_is_not_who_decides_it(cast: Cast, second_admin: Actor) -> None:
    account = number(cast.market_officer)
    enrol(account)
    client = browser("wangmin")
    asked = api.ask_factor_reset(actor=cast.market_admin, account=account, reason="手机遗失，本人持证到场")
    with pytest.raises(Refused, match="已有待办"):
        api.ask_factor_reset(actor=second_admin, account=account, reason="再申请")
    with pytest.raises(Refused, match="不能办理自己的申请"):
        api.decide_factor_reset(actor=cast.market_admin, number=asked, agree=True)
    with pytest.raises(Refused, match="本单位范围"):
        api.decide_factor_reset(actor=cast.tax_admin, number=asked, agree=True)
    assert [one.name for one in api.list_factor_resets(actor=second_admin)] == ["王敏"]
    assert api.list_factor_resets(actor=cast.tax_admin) == ()
    api.decide_factor_reset(actor=second_admin, number=asked, agree=True)
    assert not Factor.objects.filter(removed=None).exists()
    assert client.get("/rights/").status_code == 302
    assert browser("wangmin").get("/rights/").status_code == 200
    with pytest.raises(Refused, match="没有这项待办"):
        api.decide_factor_reset(actor=second_admin, number=asked, agree=True)


def test_a_refused_reset_changes_nothing_and_can_be_asked_again(cast: Cast, second_admin: Actor) -> None:
    account = number(cast.market_officer)
    enrol(account)
    asked = api.ask_factor_reset(actor=cast.market_admin, account=account, reason="手机遗失")
    api.decide_factor_reset(actor=second_admin, number=asked, agree=False)
    assert Factor.objects.filter(removed=None).count() == 1
    assert api.ask_factor_reset(actor=second_admin, account=account, reason="手机遗失") != asked


def test_nobody_resets_himself_the_three_or_without_a_reason(cast: Cast) -> None:
    for actor, row, words in (
        (cast.market_admin, cast.market_admin, "自己"),
        (cast.security, cast.auditor, "平台主机"),
        (cast.market_admin, cast.market_officer, "原因"),
        (cast.identity_clerk, cast.market_officer, "本单位范围"),
        (cast.security, cast.citizen, "权限"),
    ):
        with pytest.raises(Refused, match=words):
            api.ask_factor_reset(actor=actor, account=number(row), reason=" " if words == "原因" else "遗失")
    assert api.ask_factor_reset(actor=cast.identity_clerk, account=number(cast.citizen), reason="遗失")
    assert ResetRequest.objects.count() == 1
    assert [one.name for one in api.list_factor_resets(actor=cast.identity_clerk)] == ["田野"]
    assert api.list_factor_resets(actor=cast.security) == (), (
        "who may not decide of the public does not see whose it is"
    )


def test_the_host_restores_one_of_the_three_with_his_second_factor(cast: Cast) -> None:
    enrol(number(cast.auditor))
    api.reset_access(actor=cast.installer, account=number(cast.auditor))
    assert not Factor.objects.filter(removed=None).exists()


def test_the_pages_ask_and_decide(cast: Cast) -> None:
    enrol(number(cast.market_officer))
    row = Account.objects.get(pk=number(cast.market_admin))
    row.set_password(PASSWORD)
    row.save(update_fields=["password"])
    client = browser("liuqiang")
    path = f"/accounts/{number(cast.market_officer)}/reset/"
    assert client.post(path, {"reason": ""}).status_code == 422
    assert client.post(path, {"reason": "手机遗失"})["Location"] == "/accounts/resets/"
    page = shown(client.get("/accounts/resets/"))
    assert "王敏" in page and "手机遗失" in page
    client.post("/accounts/resets/", {"number": ResetRequest.objects.get().pk, "act": "agree"})
    assert "不能办理自己的申请" in shown(client.get("/accounts/resets/"))
    guoan = browser("guoan")
    guoan.post("/accounts/resets/", {"number": ResetRequest.objects.get().pk, "act": "agree"})
    assert ResetRequest.objects.get().agreed is True


def test_in_production_a_citizen_gives_a_code_that_came_to_his_own_mobile(cast: Cast, settings: Settings) -> None:
    settings.SMS_URL, settings.SMS_SECRET, settings.SHUNIU_DEMO = "http://127.0.0.1:9", "s", False
    Contact.objects.create(
        person=cast.citizen.person, agency="", channel="sms", address=seal("13800001234"), verified_at=timezone.now()
    )
    client = browser("tianye")
    step = "/sign-in/second/?next=/rights/"
    assert client.get("/rights/")["Location"].startswith("/sign-in/second/")
    assert "发送验证码" in shown(client.get(step))
    client.post(step, {"act": "send", "means": "message", "next": "/rights/"})
    client.post(step, {"act": "send", "means": "message", "next": "/rights/"})
    assert "验证码刚刚发出" in shown(client.get(step))
    (code,) = re.findall(r"\d{6}", Delivery.objects.get().text)
    assert code not in MessageCode.objects.get().digest
    assert client.post(step, {"means": "message", "code": "x" + code}).status_code == 422
    assert client.post(step, {"means": "message", "code": code, "next": "/rights/"})["Location"] == "/rights/"
    assert "田野" in shown(client.get("/rights/"))
    again = browser("tianye")
    assert again.post(step, {"means": "message", "code": code}).status_code == 422


def test_an_officer_is_sent_no_code(cast: Cast) -> None:
    with pytest.raises(Refused, match="工作人员不用短信"):
        api.send_code(actor=cast.market_officer)
    with pytest.raises(Refused, match="没有已验证的手机"):
        api.send_code(actor=cast.citizen)


def tried(origin: str, login: str = "nobody", password: str = "") -> Attempt:
    return api.sign_in(actor=api.anonymous(), login=login, password=password, origin=origin)


def test_an_address_that_fails_too_often_waits_whoever_it_tries(cast: Cast) -> None:
    tried("10.0.0.8")
    Failing.objects.exclude(place__startswith="login:").update(failed=59)
    tried("10.0.0.8")
    answer = tried("10.0.0.8", "wangmin", PASSWORD)
    assert answer.refusal is not None and answer.refusal.rule == "directory.address_locked"
    assert "从您所在的网络登录失败的次数过多" in str(answer.refusal)
    assert tried("10.0.0.9", "wangmin", PASSWORD).account == number(cast.market_officer)
    assert not any("10.0.0.8" in one.place or "nobody" in one.place for one in Failing.objects.all())
    Failing.objects.update(locked_until=timezone.now())
    assert tried("10.0.0.8", "wangmin", PASSWORD).account == number(cast.market_officer)


@pytest.mark.parametrize(
    ("origin", "counted"),
    [
        ("10.0.0.8", "10.0.0.8"),
        ("2001:db8::1:2:3:4", "2001:db8::/64"),
        ("::ffff:10.0.0.8", "10.0.0.8"),
        ("::ffff:127.0.0.1", ""),
        ("fe80::1%eth0", "fe80::/64"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("", ""),
        ("unknown, 10.0.0.1", ""),
    ],
)
def test_what_is_counted_together(origin: str, counted: str) -> None:
    assert network(origin) == counted


def test_behind_a_proxy_only_the_header_that_it_sets_is_believed(cast: Cast, settings: Settings) -> None:
    client = Client(headers={"x-real-ip": "10.9.8.7", "x-forwarded-for": "1.2.3.4"})
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    client.post("/sign-in/", {"login": "nobody", "password": "x"})
    addresses = Failing.objects.exclude(place__startswith="login:")
    assert not addresses.exists()
    settings.ADDRESS_HEADER = "HTTP_X_REAL_IP"
    client.post("/sign-in/", {"login": "nobody", "password": "x"})
    assert addresses.count() == 1
    client.post("/sign-in/", {"login": "wangmin", "password": PASSWORD})
    assert Sitting.objects.get().address == "10.9.*.*"
