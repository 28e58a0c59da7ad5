"""Signing in and out, and the actors that everything else is done by."""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from shuniu.directory import models, rules, store
from shuniu.directory.api.checks import account_of, dated, digest, locked, person_id
from shuniu.directory.declare import CITIZEN, FIRM, PUBLIC, SIGNED_IN, SYSTEMS, Attempt
from shuniu.trust.api import keyed, record, require, verb
from shuniu.trust.declare import Actor, Refused


def anonymous() -> Actor:
    """Who reads without signing in: what anybody may do, nowhere in particular."""
    return Actor("anonymous", "访客", capabilities=PUBLIC)


def system(name: str) -> Actor:
    """A job of the platform itself, with the capabilities listed for it. Raises KeyError for an unlisted job."""
    return Actor(f"system:{name}", f"系统任务 {name}", regions=(settings.PROVINCE,), capabilities=SYSTEMS[name])


def console(agency: str = "") -> Actor:
    """Whoever holds the host's command line, delivering for an agency or for none; the journal keeps his user number.

    Raises Refused (directory.no_agency) for an unknown agency.
    """
    found = models.Agency.objects.filter(key=agency).first()
    if agency and found is None:
        raise Refused("directory.no_agency", f"没有单位“{agency}”。", "请核对单位标识，例如 43.market。")
    name = f"主机命令行（用户 {os.getuid()}）"
    return replace(system("console"), name=name, agency=agency, agency_name=found.name if found else "")


def actor_of(account: int, *, on: date | None = None) -> Actor:
    """The actor that an account is on a day (default today), from its open posts.

    Raises Refused (directory.no_account) when the account is closed or unknown.
    """
    found = store.standing(account, on or timezone.localdate())
    if found is None or not found.active:
        raise Refused("directory.no_account", "没有这个账号，或者账号已停用。", "请联系本单位管理员。")
    return standing_actor(found)


def standing_actor(found: store.Standing) -> Actor:
    """The actor of an account that was read already."""
    person = person_id(found.kind, found.account)
    if found.kind != "officer":
        own = CITIZEN if found.kind == "citizen" else FIRM
        return Actor(person, found.name, capabilities=PUBLIC | SIGNED_IN | own, subject=found.subject)
    held = frozenset[str]().union(*(post.capabilities for post in found.posts))
    regions = rules.with_predecessors((region for post in found.posts for region in post.regions), found.abolished)
    return Actor(person, found.name, found.agency, found.agency_name, regions, PUBLIC | SIGNED_IN | held)


@verb("directory.sign_in", "登录")
def sign_in(*, actor: Actor, login: str, password: str, origin: str = "") -> Attempt:
    """Check a login and its password. Every attempt is journalled; failures in a row lock the account for a while.

    The failure is a result and no exception, so that its count is committed. `origin` is the caller's address.
    """
    require()
    return _attempt(login, origin, lambda row: row.check_password(password))


@verb("directory.enrol", "激活账号")
def enrol(*, actor: Actor, login: str, code: str, password: str, origin: str = "") -> Attempt:
    """Use a one-time code to set the account's password. Counts and locks as a sign-in does.

    Raises Refused (directory.password) for a password that is too weak, before the code is looked at.
    """
    require()
    _check_password(password)
    wanted = digest(code.strip().upper())

    def proves(row: models.Account) -> bool:
        now = timezone.now()
        live = row.codes.filter(used=None, expires__gt=now)
        if not any(hmac.compare_digest(bytes(one.digest), wanted) for one in live):
            return False
        row.codes.filter(used=None).update(used=now)
        row.set_password(password)
        row.save(update_fields=["password"])
        return True

    return _attempt(login, origin, proves)


@verb("directory.change_password", "修改密码")
def change_password(*, actor: Actor, old: str, new: str) -> Attempt:
    """Change one's own password; a wrong old one counts as a failed sign-in. Raises Refused (directory.password)."""
    require()
    _check_password(new)
    row = locked(account_of(actor))

    def proves(row: models.Account) -> bool:
        if not row.check_password(old):
            return False
        row.set_password(new)
        row.save(update_fields=["password"])
        return True

    return _attempt(row.login, "", proves)


@verb("directory.sign_out", "退出")
def sign_out(*, actor: Actor) -> None:
    """Journal that somebody leaves; the session is ended by `session.leave`."""
    require()
    record(f"account:{account_of(actor)}")


def _attempt(login: str, origin: str, proves: Callable[[models.Account], bool]) -> Attempt:
    """Try one proof on one account, holding its row, so that guesses made at once are counted one by one."""
    row = models.Account.objects.select_for_update().filter(login=login.strip().lower(), is_active=True).first()
    if row is None:
        make_password(login)  # takes the time that a check takes: an answer's speed must not tell which logins exist
        return _failed(f"login:{keyed(login)}", "directory.credentials", origin)
    now = timezone.now()
    if row.locked_until is not None and row.locked_until > now:
        return _failed(f"account:{row.pk}", "directory.locked", origin, row)
    if proves(row):
        if row.failed or row.locked_until:
            models.Account.objects.filter(pk=row.pk).update(failed=0, locked_until=None)
        record(f"account:{row.pk}", detail={"origin": origin})
        return Attempt(row.pk)
    row.failed += 1
    if row.failed >= dated("account.lock.failures"):
        row.failed, row.locked_until = 0, now + timedelta(minutes=dated("account.lock.minutes"))
    row.save(update_fields=["failed", "locked_until"])
    return _failed(f"account:{row.pk}", "directory.credentials", origin, row)


def _failed(target: str, rule: str, origin: str, row: models.Account | None = None) -> Attempt:
    record(target, outcome="refused", detail={"rule": rule, "origin": origin})
    failures, minutes = dated("account.lock.failures"), dated("account.lock.minutes")
    if row is not None and row.locked_until is not None and row.locked_until > timezone.now():
        until = timezone.localtime(row.locked_until)
        message = f"连续 {failures} 次未通过核对，账号已锁定到 {until:%Y-%m-%d %H:%M}。"
        return Attempt(None, Refused(rule, message, "请到时再试，或请本单位管理员重发激活码。"))
    return Attempt(
        None,
        Refused(
            rule,
            "登录名、密码或激活码不正确，或者激活码已过期。",
            f"请核对后重试；连续 {failures} 次不正确将锁定 {minutes} 分钟。忘记密码的，请本单位管理员重发激活码。",
        ),
    )


def _check_password(password: str) -> None:
    shortest = dated("account.password.min_length")
    if len(password) < shortest:
        raise Refused(
            "directory.password", f"密码只有 {len(password)} 位，至少应有 {shortest} 位。", "请设置更长的密码。"
        )
    try:
        validate_password(password)
    except ValidationError as error:
        raise Refused("directory.password", "".join(error.messages), "请换一个密码。") from error
