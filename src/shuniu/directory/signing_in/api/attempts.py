"""Attempts to prove who one is: counted by account and by network address, locked for a while after too many, journalled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from shuniu.directory import models
from shuniu.directory.actors.checks import dated
from shuniu.directory.declare import Attempt
from shuniu.directory.signing_in import store
from shuniu.directory.signing_in.api.factors import awaits_second
from shuniu.directory.signing_in.places import network
from shuniu.trust.api import keyed, record
from shuniu.trust.declare import Refused

CREDENTIALS = "登录名、密码或激活码不正确，或者激活码已过期。"
_FORGOTTEN = "忘记密码的，工作人员请本单位管理员重发激活码；个人和企业请带身份证件到政务服务窗口领取激活码。"
_PLACES = 5
"""Hex digits of the keyed value under which a login of nobody is counted: a million counts at most, whatever is tried."""


def on_login(login: str, origin: str, proves: Callable[[models.Account], bool]) -> Attempt:
    """Try one proof on the account of a login, holding its row, so that guesses made at once are counted one by one."""
    name = login.strip().lower()
    row = models.Account.objects.select_for_update().filter(login=name, is_active=True).first()
    return _on_nobody(name, origin) if row is None else on_account(row, origin, proves)


def on_account(
    row: models.Account, origin: str, proves: Callable[[models.Account], bool], words: str = CREDENTIALS
) -> Attempt:
    """Try one proof on an account whose row is held. The failure is a result, so that its count is committed.

    A good proof ends the count only where no second factor belongs to the account; else `sittings.proved` ends it, with
    that factor. Whoever has the password could otherwise guess at the factor without end.
    """
    target = f"account:{row.pk}"
    if refusal := _paused_here(origin) or _shut(row):
        return _refused(target, origin, refusal)
    if not proves(row):
        return _refused(target, origin, _failed(row, origin, words))
    if (row.failed or row.locked_until) and not awaits_second(row.pk):
        store.forget_failures(row.pk)
    record(target, detail={"origin": origin})
    return Attempt(row.pk)


def _on_nobody(login: str, origin: str) -> Attempt:
    """What an attempt on an account leads to, in its words and its time: neither may tell which logins there are."""
    target = f"login:{keyed(login)}"
    if refusal := _paused_here(origin):
        return _refused(target, origin, refusal)
    row = store.held_failing(f"login:{keyed(f'directory.login:{login}')[:_PLACES]}", timezone.now())
    if refusal := _shut(row):
        return _refused(target, origin, refusal)
    make_password(login)  # takes the time that a check takes
    return _refused(target, origin, _failed(row, origin, CREDENTIALS))


def _shut(row: models.Account | models.Failing) -> Refused | None:
    if row.locked_until is not None and row.locked_until > timezone.now():
        return _locked(row.locked_until, "directory.locked")
    return None


def _failed(row: models.Account | models.Failing, origin: str, words: str) -> Refused:
    """Count one more failure on a row that is held, and lock it when that was one too many."""
    _count(origin)
    now = timezone.now()
    if row.failed_since is None or row.failed_since < now - timedelta(days=dated("account.lock.lapse_days")):
        row.failed, row.failed_since = 0, now
    row.failed += 1
    said = _wrong(words)
    if row.failed >= dated("account.lock.failures"):
        row.failed, row.failed_since = 0, now
        row.locked_until = now + timedelta(minutes=dated("account.lock.minutes"))
        said = _locked(row.locked_until, "directory.credentials")
    row.save(update_fields=["failed", "failed_since", "locked_until"])
    return said


def _refused(target: str, origin: str, refusal: Refused) -> Attempt:
    record(target, outcome="refused", detail={"rule": refusal.rule, "origin": origin})
    return Attempt(None, refusal)


def _wrong(words: str) -> Refused:
    failures, minutes = dated("account.lock.failures"), dated("account.lock.minutes")
    return Refused(
        "directory.credentials",
        words,
        f"请核对后重试；连续 {failures} 次不正确将锁定 {minutes} 分钟。{_FORGOTTEN}",
    )


def _locked(until: datetime, rule: str) -> Refused:
    failures = dated("account.lock.failures")
    message = f"连续 {failures} 次未通过核对，账号已锁定到 {timezone.localtime(until):%Y-%m-%d %H:%M}。"
    return Refused(rule, message, f"请到时再试。{_FORGOTTEN}")


def _paused_here(origin: str) -> Refused | None:
    if not (place := network(origin)):
        return None
    live = models.Failing.objects.filter(place=keyed(place), locked_until__gt=timezone.now())
    until = live.values_list("locked_until", flat=True).first()
    if until is None:
        return None
    return Refused(
        "directory.address_locked",
        f"从您所在的网络登录失败的次数过多，暂停登录到 {timezone.localtime(until):%Y-%m-%d %H:%M}。",
        "请到时再试，或换一个网络；不是您造成的，请告诉单位的网络管理员。",
    )


def _count(origin: str) -> None:
    if not (place := network(origin)):
        return
    now, pause = timezone.now(), timedelta(minutes=dated("account.lock.minutes"))
    if store.failed_from(keyed(place), now, pause) >= dated("account.lock.address_failures"):
        models.Failing.objects.filter(place=keyed(place)).update(failed=0, failed_since=now, locked_until=now + pause)
