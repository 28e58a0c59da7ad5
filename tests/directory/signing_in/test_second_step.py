"""The step after the password: what is half signed in may nothing; codes, recovery codes, locks; who must have one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from shuniu.directory import api, store
from shuniu.directory.models import Account, Factor, RecoveryCode, Sitting
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.cast import Cast, number
from tests.directory.signing_in.hands import PASSWORD, browser, current, enrol, shown
from tests.directory.signing_in.strong import strengthen
from tests.refusals import rule_of

Entries = Callable[[str], list[Entry]]
pytestmark = pytest.mark.usefixtures("passwords")


def test_without_a_second_factor_the_demo_signs_in_by_password_alone() -> None:
    client = browser("wangmin")
    assert "王敏" in shown(client.get("/rights/"))


def test_with_one_the_password_alone_opens_nothing(cast: Cast, entries: Entries) -> None:
    enrol(number(cast.market_officer))
    client = Client()
    answer = client.post("/sign-in/", {"login": "wangmin", "password": PASSWORD, "next": "/rights/"})
    assert answer["Location"] == "/sign-in/second/?next=%2Frights%2F"
    for path in ("/rights/", "/security/", "/password/", "/accounts/"):
        assert client.get(path)["Location"].startswith("/sign-in/second/")
    assert 'action="/sign-out/"' not in shown(client.get("/"))
    right = {"code": current(number(cast.market_officer)), "means": "totp", "next": "/rights/"}
    assert client.post("/sign-in/second/", right)["Location"] == "/rights/"
    assert "王敏" in shown(client.get("/rights/"))
    assert entries("directory.confirm_second")[-1].person == cast.market_officer.person


def test_half_signed_in_no_verb_but_the_next_step_is_allowed(cast: Cast) -> None:
    enrol(number(cast.market_officer))
    client = browser("wangmin")
    sitting = Sitting.objects.get(key=client.session.session_key).pk
    assert client.post("/security/totp/")["Location"].startswith("/sign-in/confirm/")
    assert Factor.objects.count() == 1
    found = store.standing(number(cast.market_officer), timezone.localdate())
    assert found is not None
    half = api.half_actor(found)
    for verb in (
        lambda: api.list_sittings(actor=half),
        lambda: api.remove_factor(actor=half, sitting=sitting, factor=1),
        lambda: api.change_password(actor=half, old=PASSWORD, new="另一个更长的密码-2027"),
        lambda: api.end_sittings(actor=half),
    ):
        assert rule_of(verb) == "right.missing"
    assert rule_of(lambda: api.add_totp(actor=half, sitting=sitting)) == "directory.step_up"


def test_the_second_step_waits_ten_minutes_and_no_longer(cast: Cast) -> None:
    enrol(number(cast.market_officer))
    client = browser("wangmin")
    session = client.session
    session["half_until"] = 0
    session.save()
    answer = client.post("/sign-in/second/", {"code": current(number(cast.market_officer)), "means": "totp"})
    assert answer.status_code == 302 and client.get("/rights/")["Location"].startswith("/sign-in/?")


def test_a_session_key_never_outlives_a_step(cast: Cast) -> None:
    enrol(number(cast.market_officer))
    client = browser("wangmin")
    before = client.session.session_key
    client.post("/sign-in/second/", {"code": current(number(cast.market_officer)), "means": "totp"})
    assert client.session.session_key != before
    old = Client()
    old.cookies["sessionid"] = before or ""
    assert old.get("/rights/")["Location"].startswith("/sign-in/?")


def test_a_code_works_once(cast: Cast) -> None:
    enrol(number(cast.market_officer))
    said = current(number(cast.market_officer))
    for expected in (302, 422):
        client = browser("wangmin")
        assert client.post("/sign-in/second/", {"code": said, "means": "totp"}).status_code == expected


def test_wrong_codes_lock_the_account_as_wrong_passwords_do(cast: Cast, entries: Entries) -> None:
    enrol(number(cast.market_officer))
    client = browser("wangmin")
    for _ in range(5):
        answer = client.post("/sign-in/second/", {"code": "000000", "means": "totp"})
    assert "账号已锁定" in shown(answer)
    right = client.post("/sign-in/second/", {"code": current(number(cast.market_officer)), "means": "totp"})
    assert right.status_code == 422
    assert [entry.outcome for entry in entries("directory.confirm_second")] == ["refused"] * 6
    assert "000000" not in "".join(f"{entry.detail}" for entry in Entry.objects.all())


@pytest.mark.parametrize("means", ["totp", "recovery", "passkey"])
def test_the_password_given_in_between_buys_no_more_guesses(cast: Cast, means: str) -> None:
    enrol(number(cast.market_officer))
    Factor.objects.create(
        account_id=number(cast.market_officer), kind="passkey", secret=b"", credential=b"x", confirmed=timezone.now()
    )
    wrong = {"means": means, "answer": "{}"} if means == "passkey" else {"means": means, "code": "000000"}
    client = browser("wangmin")
    for _ in range(4):
        client.post("/sign-in/second/", wrong)
    client = browser("wangmin")
    client.post("/sign-in/second/", wrong)
    assert "账号已锁定" in shown(client.post("/sign-in/second/", wrong, follow=True))
    assert "账号已锁定" in shown(Client().post("/sign-in/", {"login": "wangmin", "password": PASSWORD}))


def test_a_changed_password_buys_no_more_guesses_either(cast: Cast) -> None:
    account = number(cast.market_officer)
    enrol(account)
    Account.objects.filter(pk=account).update(failed=4, failed_since=timezone.now())
    api.change_password(actor=cast.market_officer, old=PASSWORD, new="另一个更长的密码-2027")
    client = browser("wangmin", "另一个更长的密码-2027")
    assert "账号已锁定" in shown(client.post("/sign-in/second/", {"code": "000000", "means": "totp"}))


def test_the_whole_sign_in_forgets_the_failures_of_both_steps(cast: Cast) -> None:
    account = number(cast.market_officer)
    codes = enrol(account)
    for round in range(3):
        for _ in range(2):
            browser("wangmin", "wrong-password")
        client = browser("wangmin")
        for _ in range(2):
            client.post("/sign-in/second/", {"code": "000000", "means": "totp"})
        assert Account.objects.get(pk=account).failed == 4
        assert client.post("/sign-in/second/", {"code": codes[round], "means": "recovery"}).status_code == 302
        assert Account.objects.get(pk=account).failed == 0


def test_a_first_factor_set_up_at_signing_in_ends_the_count(cast: Cast, settings: Settings) -> None:
    settings.SHUNIU_DEMO = False
    Account.objects.filter(pk=number(cast.auditor)).update(failed=4, failed_since=timezone.now())
    client = browser("shenming")
    assert Account.objects.get(pk=number(cast.auditor)).failed == 4
    client.post("/security/totp/", {})
    client.post("/security/totp/", {"code": current(number(cast.auditor), -1)})
    assert Account.objects.get(pk=number(cast.auditor)).failed == 0


def test_a_recovery_code_stands_in_once_however_it_is_typed(cast: Cast) -> None:
    codes = enrol(number(cast.market_officer))
    assert len(codes) == len(set(codes)) == 10
    assert codes[0].encode() not in b"".join(bytes(row.digest) for row in RecoveryCode.objects.all())
    for expected in (302, 422):
        client = browser("wangmin")
        said = {"code": codes[0].lower().replace("-", " "), "means": "recovery"}
        assert client.post("/sign-in/second/", said).status_code == expected
    assert RecoveryCode.objects.filter(used=None).count() == 9


@pytest.mark.parametrize("means", ["password", "passkey", "", "x"])
def test_a_means_that_is_not_offered_does_not_pass(cast: Cast, means: str) -> None:
    account = number(cast.market_officer)
    enrol(account)
    sitting = strengthen(browser("tianye"))
    with pytest.raises(Refused):
        api.confirm_second(actor=cast.citizen, sitting=sitting, means=means, code=PASSWORD)  # type: ignore[arg-type]  # wrong on purpose
    client = browser("wangmin")
    assert client.post("/sign-in/second/", {"code": PASSWORD, "means": means}).status_code == 422


def test_in_production_named_roles_must_set_one_up_before_anything_else(cast: Cast, settings: Settings) -> None:
    settings.SHUNIU_DEMO = False
    assert browser("wangmin").get("/rights/").status_code == 200  # a data officer need not
    client = Client()
    client.post("/sign-in/", {"login": "shenming", "password": PASSWORD})
    answer = client.get("/sign-in/second/?next=/rights/")
    assert answer["Location"] == "/security/totp/?next=%2Frights%2F"
    assert "才能继续登录" in shown(client.get("/security/totp/"))
    assert client.post("/security/totp/", {"next": "/rights/"}).status_code == 302
    page = shown(client.get("/security/totp/?next=/rights/"))
    assert "<svg" in page and "第二步" in page
    wrong = client.post("/security/totp/", {"code": "000000", "next": "/rights/"})
    assert wrong.status_code == 422 and "口令不对" in shown(wrong)
    done = shown(client.post("/security/totp/", {"code": current(number(cast.auditor), -1), "next": "/rights/"}))
    assert done.count("<code>") == 10 and 'href="/rights/"' in done
    assert "沈明" in shown(client.get("/rights/"))


def test_a_stolen_password_adds_no_device_beside_the_owners(cast: Cast) -> None:
    enrol(number(cast.citizen))
    client = browser("tianye")
    assert client.get("/sign-in/second/").status_code == 200
    sitting = Sitting.objects.get(key=client.session.session_key).pk
    assert rule_of(lambda: api.add_totp(actor=cast.citizen, sitting=sitting)) == "directory.step_up"


def test_factors_are_removed_and_codes_renewed_after_a_fresh_strong_sign_in_alone(cast: Cast) -> None:
    account = number(cast.market_officer)
    old = enrol(account)
    client = browser("wangmin")
    client.post("/sign-in/second/", {"code": current(account), "means": "totp"})
    factor = Factor.objects.get(account=account)
    sitting = Sitting.objects.filter(key=client.session.session_key)
    stale = timezone.now() - timedelta(minutes=11)
    sitting.update(strong_at=stale, proved_at=stale)
    for act in ({"act": "remove", "number": factor.pk}, {"act": "codes"}):
        assert client.post("/security/", act)["Location"] == "/sign-in/confirm/?next=%2Fsecurity%2F"
    sitting.update(strong_at=timezone.now())
    fresh = shown(client.post("/security/", {"act": "codes"}))
    assert fresh.count("<code>") == 10 and old[1] not in fresh
    client.post("/security/", {"act": "remove", "number": factor.pk})
    assert "还没有启用" in shown(client.get("/security/"))
    assert not RecoveryCode.objects.exists()
    assert browser("wangmin").get("/rights/").status_code == 200
