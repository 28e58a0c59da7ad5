"""Attempts to prove who one is: counted by account and by network address, locked for a while after too many, journalled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from shuniu.directory import models, store
from shuniu.directory.api.checks import dated
from shuniu.directory.declare import Attempt
from shuniu.trust.api import keyed, record
from shuniu.trust.declare import Refused

CREDENTIALS = "登录名、密码或激活码不正确，或者激活码已过期。"


def on_login(login: str, origin: str, proves: Callable[[models.Account], bool]) -> Attempt:
    """Try one proof on the account of a login, holding its row, so that guesses made at once are counted one by one."""
    row = models.Account.objects.select_for_update().filter(login=login.strip().lower(), is_active=True).first()
    if row is None:
        if (until := _paused(origin)) is not None:
            return _refused(f"login:{keyed(login)}", origin, _address_locked(until))
        make_password(login)  # takes the time that a check takes: an answer's speed must not tell which logins exist
        _count(origin)
        return _refused(f"login:{keyed(login)}", origin, _wrong(CREDENTIALS))
    return on_account(row, origin, proves)


def on_account(
    row: models.Account, origin: str, proves: Callable[[models.Account], bool], words: str = CREDENTIALS
) -> Attempt:
    """Try one proof on an account whose row is held. The failure is a result, so that its count is committed."""
    now = timezone.now()
    target = f"account:{row.pk}"
    if (until := _paused(origin)) is not None:
        return _refused(target, origin, _address_locked(until))
    if row.locked_until is not None and row.locked_until > now:
        return _refused(target, origin, _locked(row.locked_until, "directory.locked"))
    if proves(row):
        if row.failed or row.locked_until:
            models.Account.objects.filter(pk=row.pk).update(failed=0, locked_until=None)
        record(target, detail={"origin": origin})
        return Attempt(row.pk)
    _count(origin)
    row.failed += 1
    if row.failed >= dated("account.lock.failures"):
        row.failed, row.locked_until = 0, now + timedelta(minutes=dated("account.lock.minutes"))
    row.save(update_fields=["failed", "locked_until"])
    locked = row.locked_until is not None and row.locked_until > now
    refusal = _locked(row.locked_until, "directory.credentials") if locked and row.locked_until else _wrong(words)
    return _refused(target, origin, refusal)


def _refused(target: str, origin: str, refusal: Refused) -> Attempt:
    record(target, outcome="refused", detail={"rule": refusal.rule, "origin": origin})
    return Attempt(None, refusal)


_FORGOTTEN = "忘记密码的，工作人员请本单位管理员重发激活码；个人和企业请带身份证件到政务服务窗口领取激活码。"


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


def _address_locked(until: datetime) -> Refused:
    return Refused(
        "directory.address_locked",
        f"从您所在的网络登录失败的次数过多，暂停登录到 {timezone.localtime(until):%Y-%m-%d %H:%M}。",
        "请到时再试，或换一个网络；不是您造成的，请告诉单位的网络管理员。",
    )


def network(origin: str) -> str:
    """What is counted together: an IPv4 address, the 64 bits of an IPv6 one. Empty where nobody is told apart by it:
    for no address, and for this machine's own, from which a proxy calls.
    """
    try:
        found = ip_address(origin)
    except ValueError:
        return ""
    if found.is_loopback:
        return ""
    return origin if found.version == 4 else str(ip_network(f"{found}/64", strict=False))


def _paused(origin: str) -> datetime | None:
    place = network(origin)
    if not place:
        return None
    found = models.Failing.objects.filter(address=keyed(place), locked_until__gt=timezone.now()).first()
    return found.locked_until if found else None


def _count(origin: str) -> None:
    if not (place := network(origin)):
        return
    now, pause = timezone.now(), timedelta(minutes=dated("account.lock.minutes"))
    if store.failed_from(keyed(place), now, pause) >= dated("account.lock.address_failures"):
        models.Failing.objects.filter(address=keyed(place)).update(failures=0, since=now, locked_until=now + pause)
