"""Second factors: set up by their owner with recovery codes, removed after a fresh strong sign-in alone."""

from __future__ import annotations

import base64
import secrets
import time
from typing import cast

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import RuleBook
from shuniu.directory import models, store
from shuniu.directory.actors.checks import account_of, dated, digest, locked
from shuniu.directory.signing_in import totp
from shuniu.directory.signing_in.api import messages, sittings
from shuniu.directory.signing_in.declare import FactorView, Means, NewTotp, RecoveryCodes, Second
from shuniu.directory.signing_in.sealing import seal, unseal
from shuniu.directory.store import Standing
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


def second_of(found: Standing) -> Second:
    """What an account gives after its password. In a demo instance no role demands a second factor."""
    kinds = {one.kind for one in factors(found.account)}
    means: list[Means] = [kind for kind in cast(tuple[Means, ...], ("passkey", "totp")) if kind in kinds]
    demanded = _demanded(found)
    if found.kind != "officer" and (demanded or means) and messages.reachable(f"{found.kind}:{found.account}"):
        means.append("message")
    if kinds and recovery_left(found.account):
        means.append("recovery")
    return Second(tuple(means), demanded)


def awaits_second(account: int) -> bool:
    """Whether signing in to an account takes a second factor after its password."""
    found = store.standing(account, timezone.localdate())
    return found is not None and second_of(found).awaited


def _demanded(found: Standing) -> bool:
    if settings.SHUNIU_DEMO:
        return False
    named = RuleBook.load(settings.RULE_PACK).resolve("account.second_factor.roles", timezone.localdate()).texts()
    return bool({found.kind, *(post.role for post in found.posts)} & set(named))


def factors(account: int) -> tuple[FactorView, ...]:
    """An account's second factors in use."""
    rows = models.Factor.objects.filter(account=account, removed=None, confirmed__isnull=False).order_by("pk")
    return tuple(FactorView(row.pk, cast(Means, row.kind), row.title, row.created, row.used) for row in rows)


def recovery_left(account: int) -> int:
    """How many recovery codes are unused."""
    return models.RecoveryCode.objects.filter(account=account, used=None).count()


def check_may_add(account: int, sitting: int) -> None:
    """Refuse a new factor unless an old one was given lately; the first takes the password. A stolen password alone
    must not add a thief's device beside its owner's."""
    sittings.check_fresh(account, sitting, strong=bool(factors(account)))


@verb("directory.add_totp", "启用动态口令")
def add_totp(*, actor: Actor, sitting: int) -> NewTotp:
    """A new TOTP secret, which counts once its first code came back; asked again, another one.

    Raises Refused: directory.step_up; directory.totp_held where one is in use.
    """
    require()
    row = locked(account_of(actor))
    check_may_add(row.pk, sitting)
    if row.factors.filter(kind="totp", removed=None, confirmed__isnull=False).exists():
        raise Refused("directory.totp_held", "动态口令已经启用。", "换手机的，请先移除原来的，再重新启用。")
    row.factors.filter(kind="totp", confirmed=None, removed=None).update(removed=timezone.now())
    secret = totp.fresh()
    made = models.Factor.objects.create(account=row, kind="totp", title="动态口令", secret=seal(secret, row.pk))
    record(f"account:{row.pk}", outcome="begun", detail={"factor": made.pk})
    return _new_totp(made, secret, row.login)


def pending_totp(actor: Actor) -> NewTotp | None:
    """The secret that waits for its first code, to be shown again; None when there is none."""
    account = account_of(actor)
    row = models.Factor.objects.filter(account=account, kind="totp", confirmed=None, removed=None).first()
    return _new_totp(row, unseal(row.secret, account), row.account.login) if row else None


def _new_totp(row: models.Factor, secret: bytes, login: str) -> NewTotp:
    return NewTotp(row.pk, totp.shown(secret), totp.address(secret, "枢纽", login))


@verb("directory.confirm_totp", "核对动态口令并启用")
def confirm_totp(*, actor: Actor, sitting: int, code: str) -> RecoveryCodes | None:
    """Put the waiting secret to use when this is its code; None when it is not: a result, so that it is journalled.

    It counts as a second factor given now. Returns recovery codes where the account had none, else empty ones.
    Raises Refused directory.step_up, directory.totp_none.
    """
    require()
    account = locked(account_of(actor))
    check_may_add(account.pk, sitting)
    row = account.factors.select_for_update().filter(kind="totp", confirmed=None, removed=None).first()
    if row is None:
        raise Refused("directory.totp_none", "没有等待核对的动态口令。", "请重新开始启用。")
    step = totp.matching(unseal(row.secret, account.pk), plain(code), time.time(), row.counter)
    if step is None:
        record(f"account:{account.pk}", outcome="refused", detail={"factor": row.pk, "rule": "directory.totp_wrong"})
        return None
    now = timezone.now()
    row.confirmed, row.used, row.counter = now, now, step
    row.save(update_fields=["confirmed", "used", "counter"])
    sittings.proved(account.pk, sitting, "totp", strong=True)
    codes = fresh_codes(account) if not recovery_left(account.pk) else RecoveryCodes(())
    record(f"account:{account.pk}", detail={"factor": row.pk, "kind": "totp"})
    return codes


@verb("directory.remove_factor", "移除第二因素")
def remove_factor(*, actor: Actor, sitting: int, factor: int) -> None:
    """Remove one of one's own second factors; with the last one go the recovery codes.

    Raises Refused directory.step_up without a fresh strong sign-in, directory.no_factor.
    """
    require()
    account = locked(account_of(actor))
    sittings.check_fresh(account.pk, sitting, strong=True)
    if not account.factors.filter(pk=factor, removed=None).update(removed=timezone.now()):
        raise Refused("directory.no_factor", "没有这个第二因素。", "请从列表中选择。")
    if not factors(account.pk):
        account.recovery_codes.all().delete()
    record(f"account:{account.pk}", detail={"factor": factor})


@verb("directory.renew_recovery_codes", "换发恢复码")
def renew_recovery_codes(*, actor: Actor, sitting: int) -> RecoveryCodes:
    """Fresh recovery codes; the old ones end. Raises Refused directory.step_up, directory.no_factor."""
    require()
    account = locked(account_of(actor))
    sittings.check_fresh(account.pk, sitting, strong=True)
    if not factors(account.pk):
        raise Refused("directory.no_factor", "还没有启用第二因素。", "请先启用动态口令或通行密钥，恢复码随之发给您。")
    codes = fresh_codes(account)
    record(f"account:{account.pk}", detail={"codes": len(codes.codes)})
    return codes


def take_all_away(account: models.Account) -> int:
    """Remove every second factor and recovery code of an account. Called inside the verbs that reset it."""
    account.recovery_codes.all().delete()
    return account.factors.filter(removed=None).update(removed=timezone.now())


def plain(said: str) -> str:
    """A typed code without what people put between its parts."""
    return said.translate({ord(mark): None for mark in "- \u3000\t"}).strip().upper()


def fresh_codes(account: models.Account) -> RecoveryCodes:
    """New recovery codes instead of the old. Called inside the verbs that give them out."""
    account.recovery_codes.all().delete()
    letters = [base64.b32encode(secrets.token_bytes(10)).decode() for _ in range(dated("account.recovery.codes"))]
    models.RecoveryCode.objects.bulk_create(models.RecoveryCode(account=account, digest=digest(one)) for one in letters)
    return RecoveryCodes(tuple("-".join(one[at : at + 4] for at in range(0, 16, 4)) for one in letters))
