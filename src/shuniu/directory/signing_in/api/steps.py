"""The step after the password, and the same again before what is delicate: a second factor, checked and counted."""

from __future__ import annotations

import time

from django.conf import settings
from django.utils import timezone

from shuniu.directory import models
from shuniu.directory.actors.checks import account_of, digest, locked, person_id
from shuniu.directory.declare import PUBLIC, Attempt
from shuniu.directory.signing_in import totp
from shuniu.directory.signing_in.api import attempts, messages, sittings
from shuniu.directory.signing_in.api.factors import factors, plain
from shuniu.directory.signing_in.declare import HALF, Means
from shuniu.directory.signing_in.sealing import unseal
from shuniu.directory.store import Standing
from shuniu.trust.api import require, verb
from shuniu.trust.declare import Actor, Refused

_WORDS = "验证码不正确，或者已经用过、已过期。"


def half_actor(found: Standing) -> Actor:
    """The actor of an account between its password and its second factor: what anybody may do, and giving the factor."""
    return Actor(person_id(found.kind, found.account), found.name, capabilities=PUBLIC | HALF)


@verb("directory.confirm_second", "核对第二因素")
def confirm_second(*, actor: Actor, sitting: int, means: Means, code: str, origin: str = "") -> Attempt:
    """Check a typed second factor and note it in the sitting. Failures count and lock as those of the password do.

    `means` is totp, message or recovery. Raises Refused directory.means for another, directory.no_sitting.
    """
    require()
    row = locked(account_of(actor))
    sittings.open_sitting(row.pk, sitting)
    said = plain(code)
    if means == "totp":
        attempt = attempts.on_account(row, origin, lambda one: _totp(one, said), _WORDS)
    elif means == "message":
        attempt = attempts.on_account(row, origin, lambda one: messages.spend(one, said), _WORDS)
    elif means == "recovery":
        attempt = attempts.on_account(row, origin, lambda one: _recovery(one, said), _WORDS)
    else:
        raise Refused("directory.means", "没有这种核对方式。", "请选择列出的方式。")
    if attempt.account is not None:
        sittings.proved(row.pk, sitting, means, strong=True)
    return attempt


@verb("directory.confirm_password", "重新核对密码")
def confirm_password(*, actor: Actor, sitting: int, password: str, origin: str = "") -> Attempt:
    """Check one's own password again. In a demo instance it passes for strong where the account has no second factor.

    Raises Refused directory.no_sitting.
    """
    require()
    row = locked(account_of(actor))
    sittings.open_sitting(row.pk, sitting)
    attempt = attempts.on_account(row, origin, lambda one: one.check_password(password))
    if attempt.account is not None:
        strong = settings.SHUNIU_DEMO and not factors(row.pk)
        sittings.proved(row.pk, sitting, "password", strong=strong)
    return attempt


def _totp(account: models.Account, said: str) -> bool:
    now = timezone.now()
    for row in account.factors.select_for_update().filter(kind="totp", removed=None, confirmed__isnull=False):
        step = totp.matching(unseal(row.secret, account.pk), said, time.time(), row.counter)
        if step is not None:
            row.counter, row.used = step, now
            row.save(update_fields=["counter", "used"])
            return True
    return False


def _recovery(account: models.Account, said: str) -> bool:
    live = account.recovery_codes.filter(used=None, digest=digest(said))
    return bool(live.update(used=timezone.now()))
