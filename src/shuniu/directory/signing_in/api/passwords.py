"""Signing in with a password and out again; the password set with a one-time code, and changed."""

from __future__ import annotations

import hmac

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from shuniu.directory import models
from shuniu.directory.actors.checks import account_of, dated, digest, locked
from shuniu.directory.declare import Attempt
from shuniu.directory.signing_in.api import attempts, sittings
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


@verb("directory.sign_in", "登录")
def sign_in(*, actor: Actor, login: str, password: str, origin: str = "") -> Attempt:
    """Check a login and its password. Every attempt is journalled; failures in a row lock the account for a while.

    The failure is a result and no exception, so that its count is committed. `origin` is the caller's address.
    """
    require()
    return attempts.on_login(login, origin, lambda row: row.check_password(password))


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

    return attempts.on_login(login, origin, proves)


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

    return attempts.on_account(row, "", proves)


@verb("directory.sign_out", "退出")
def sign_out(*, actor: Actor, sitting: int = 0) -> None:
    """End a sitting of the actor's (0: a session without one), and tell the applications entered from it."""
    require()
    account = account_of(actor)
    sittings.end(models.Sitting.objects.filter(pk=sitting, account=account), "本人退出")
    record(f"account:{account}")


def shortest_password() -> int:
    """How many characters a new password has at least, by the dated rule of today."""
    return dated("account.password.min_length")


def _check_password(password: str) -> None:
    shortest = shortest_password()
    if len(password) < shortest:
        raise Refused(
            "directory.password", f"密码只有 {len(password)} 位，至少应有 {shortest} 位。", "请设置更长的密码。"
        )
    try:
        validate_password(password)
    except ValidationError as error:
        raise Refused("directory.password", "".join(error.messages), "请换一个密码。") from error
