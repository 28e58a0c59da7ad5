"""Passwords, one-time codes, the lock, tokens; and that every attempt is journalled without its secret."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from shuniu.directory import api
from shuniu.directory.declare import Attempt
from shuniu.directory.models import Account, ApiToken, Failing, OneTimeCode
from shuniu.directory.signing_in.store import forget_lapsed
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.cast import Cast, number
from tests.directory.signing_in.hands import PASSWORD

Entries = Callable[[str], list[Entry]]


@pytest.fixture
def wangmin(cast: Cast) -> int:
    """王敏 with a password of her own."""
    made = api.reset_access(actor=cast.market_admin, account=number(cast.market_officer))
    assert api.enrol(actor=cast.anonymous, login="wangmin", code=made.code, password=PASSWORD).account == made.account
    return made.account


def attempt(password: str, login: str = "wangmin") -> Attempt:
    return api.sign_in(actor=api.anonymous(), login=login, password=password, origin="10.0.0.8")


def test_the_right_password_signs_in_and_is_journalled(wangmin: int, entries: Entries) -> None:
    assert attempt(PASSWORD).account == wangmin
    assert attempt(PASSWORD, " WangMin ").account == wangmin
    entry = entries("directory.sign_in")[-1]
    assert (entry.object, entry.outcome, entry.detail) == (f"account:{wangmin}", "done", {"origin": "10.0.0.8"})


def test_a_wrong_password_and_an_unknown_login_get_the_same_answer_and_are_journalled(
    wangmin: int, entries: Entries
) -> None:
    wrong, unknown = attempt("wrong-password"), attempt("wrong-password", "nobody-here")
    assert wrong.refusal is not None and unknown.refusal is not None
    assert str(wrong.refusal) == str(unknown.refusal)
    assert "连续 5 次不正确将锁定 15 分钟" in wrong.refusal.remedy
    one, other = entries("directory.sign_in")
    assert one.outcome == other.outcome == "refused"
    assert one.object == f"account:{wangmin}" and "nobody-here" not in other.object
    assert not any("wrong-password" in f"{entry.object}{entry.detail}" for entry in (one, other))


def test_five_failures_lock_for_a_quarter_of_an_hour_even_for_the_right_password(wangmin: int) -> None:
    for _ in range(4):
        attempt("wrong-password")
    assert "已锁定" in str(attempt("wrong-password").refusal)
    locked = attempt(PASSWORD)
    assert locked.account is None and locked.refusal is not None and locked.refusal.rule == "directory.locked"
    found = api.person(wangmin)
    assert found is not None and found.locked_until is not None
    assert timedelta(minutes=14) < found.locked_until - timezone.now() < timedelta(minutes=16)
    Account.objects.filter(pk=wangmin).update(locked_until=timezone.now() - timedelta(seconds=1))
    assert attempt(PASSWORD).account == wangmin


def test_a_success_forgets_the_failures_before_it(wangmin: int) -> None:
    for _ in range(2):
        for _ in range(4):
            attempt("wrong-password")
        assert attempt(PASSWORD).account == wangmin


def test_a_login_of_nobody_is_locked_in_the_same_words_at_the_same_moment(wangmin: int, entries: Entries) -> None:
    def told(login: str) -> list[str]:
        """What seven wrong passwords are told, but for the minute: the clock goes on between two logins."""
        return [re.sub(r"\d\d:\d\d", "", str(attempt("wrong-password", login).refusal)) for _ in range(7)]

    for nobody in ("nobody-here", "nobody-there"):
        said = told(nobody)
        api.reset_access(actor=api.system("install"), account=wangmin)
        assert said == told("wangmin")
        assert "已锁定到" in said[4] and "已锁定到" not in said[3]
    rules = [[one.detail["rule"] for one in entries("directory.sign_in")][at : at + 7] for at in (0, 7)]
    assert rules[0] == rules[1]
    assert "已锁定" not in str(attempt("wrong-password", "nobody-else").refusal), "each login by itself"


def test_a_closed_account_is_told_the_same_as_one_that_never_was(cast: Cast, wangmin: int) -> None:
    api.close_account(actor=cast.market_admin, account=wangmin, reason="调离")
    said = [str(attempt(PASSWORD).refusal) for _ in range(5)]
    assert said == [str(attempt(PASSWORD, "nobody-here").refusal) for _ in range(5)]


def test_failures_lapse_after_a_day_whoevers_login_it_was(wangmin: int) -> None:
    for login in ("wangmin", "nobody-here"):
        for _ in range(4):
            attempt("wrong-password", login)
    old = timezone.now() - timedelta(days=1, seconds=1)
    Account.objects.filter(pk=wangmin).update(failed_since=old)
    Failing.objects.update(failed_since=old)
    assert forget_lapsed(timezone.now() - timedelta(days=1)) == 2, "the login and the address"
    for login in ("wangmin", "nobody-here"):
        said = [str(attempt("wrong-password", login).refusal) for _ in range(5)]
        assert ["已锁定" in one for one in said] == [False] * 4 + [True]
    assert forget_lapsed(timezone.now() + timedelta(days=1)) == 1, "what is locked stays"


def test_logins_of_nobody_fill_no_more_than_the_places_there_are(cast: Cast) -> None:
    for at in range(3):
        attempt("wrong-password", f"nobody-{at}" * 50)
    places = Failing.objects.filter(place__startswith="login:").values_list("place", flat=True)
    assert len(places) == 3 and all(re.fullmatch(r"login:[0-9a-f]{5}", one) for one in places)


def test_a_code_works_once_in_its_time_and_for_its_account_only(cast: Cast) -> None:
    made = api.create_account(actor=cast.market_admin, login="qianduo", name="钱多", agency="43.market")

    def enrol(login: str, code: str) -> int | None:
        return api.enrol(actor=cast.anonymous, login=login, code=code, password=PASSWORD).account

    assert attempt("", "qianduo").account is None  # no password yet
    assert enrol("wangmin", made.code) is None
    assert enrol("qianduo", "AAAA-BBBB-CCCC-DDDD") is None
    OneTimeCode.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert enrol("qianduo", made.code) is None
    OneTimeCode.objects.update(expires=timezone.now() + timedelta(minutes=1))
    assert enrol("qianduo", made.code.lower() + " ") == made.account
    assert enrol("qianduo", made.code) is None
    assert attempt(PASSWORD, "qianduo").account == made.account


def test_a_new_code_kills_the_old_one_the_password_and_the_lock(cast: Cast, wangmin: int) -> None:
    first = api.reset_access(actor=cast.market_admin, account=wangmin)
    second = api.reset_access(actor=cast.market_admin, account=wangmin)
    assert attempt(PASSWORD).account is None
    for code, account in ((first.code, None), (second.code, wangmin)):
        done = api.enrol(actor=cast.anonymous, login="wangmin", code=code, password=PASSWORD)
        assert done.account == account


@pytest.mark.parametrize(("weak", "words"), [("short", "至少应有 10 位"), ("1234567890", "常见|普遍|容易")])
def test_a_weak_password_is_refused_before_the_code_is_spent(cast: Cast, weak: str, words: str) -> None:
    made = api.reset_access(actor=cast.market_admin, account=number(cast.market_officer))
    with pytest.raises(Refused, match=words):
        api.enrol(actor=cast.anonymous, login="wangmin", code=made.code, password=weak)
    assert api.enrol(actor=cast.anonymous, login="wangmin", code=made.code, password=PASSWORD).account == made.account


def test_a_password_is_changed_by_its_owner_who_knows_the_old_one(cast: Cast, wangmin: int) -> None:
    other = "另一个更长的密码-2027"
    assert api.change_password(actor=cast.market_officer, old="wrong-password", new=other).account is None
    assert api.change_password(actor=cast.market_officer, old=PASSWORD, new=other).account == wangmin
    assert attempt(other).account == wangmin
    with pytest.raises(Refused, match="没有“修改密码”的权限"):
        api.change_password(actor=cast.anonymous, old=other, new=PASSWORD)


def test_passwords_codes_and_tokens_are_nowhere_in_the_database_as_they_are(cast: Cast, wangmin: int) -> None:
    token = api.issue_token(actor=cast.market_admin, account=wangmin, title="每日报送")
    secret = token.token.split(".")[1]
    kept = ApiToken.objects.get(pk=token.id)
    assert secret.encode() not in bytes(kept.digest) and secret not in repr(token)
    assert PASSWORD not in Account.objects.get(pk=wangmin).password
    said = "".join(f"{entry.object}{entry.detail}" for entry in Entry.objects.all())
    assert secret not in said and PASSWORD not in said


def test_a_machines_token_does_its_officers_business_and_administers_nothing(cast: Cast) -> None:
    account = number(cast.market_officer)
    issued = api.issue_token(actor=cast.market_admin, account=account, title="每日报送", days=30)
    actor = api.actor_of_token(issued.token)
    assert actor is not None
    assert (actor.person, actor.name, actor.agency) == (f"officer:{account}", "王敏（接口：每日报送）", "43.market")
    assert actor.may("exchange.submit") and not actor.may("directory.change_password")
    for wrong in (
        "",
        ".",
        "x.y",
        f"{issued.id}.",
        f"{issued.id}.x",
        f"{issued.id + 1}.{issued.token}",
        "9" * 30 + ".x",
    ):
        assert api.actor_of_token(wrong) is None
    with pytest.raises(Refused, match="只能在本单位范围内"):
        api.revoke_token(actor=cast.tax_admin, token=issued.id)
    api.revoke_token(actor=cast.market_admin, token=issued.id)
    assert api.actor_of_token(issued.token) is None


def test_a_token_ends_on_its_day_and_is_given_for_a_year_at_most(cast: Cast) -> None:
    account = number(cast.market_officer)
    issued = api.issue_token(actor=cast.market_admin, account=account, title="每日报送")
    ApiToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert api.actor_of_token(issued.token) is None
    for days, title, words in ((0, "报送", "1–366 天"), (367, "报送", "1–366 天"), (1, " ", "用途")):
        with pytest.raises(Refused, match=words):
            api.issue_token(actor=cast.market_admin, account=account, title=title, days=days)


def test_the_systems_own_jobs_have_names_and_only_their_listed_rights(db: None) -> None:
    assert api.system("worker").person == "system:worker"
    assert not api.system("worker").may("directory.create_account")
    with pytest.raises(KeyError):
        api.system("unheard-of")
    with pytest.raises(Refused, match=r"没有单位“43[.]none”"):
        api.console("43.none")


def test_the_command_line_delivers_for_an_agency_by_name(cast: Cast) -> None:
    actor = api.console("43.market")
    assert (actor.agency, actor.agency_name) == ("43.market", "省市场监督管理局")
    assert actor.may("exchange.submit") and api.console().agency == ""
