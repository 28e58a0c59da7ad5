"""Passkeys: set up by their owner, and given as a second factor."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from shuniu.directory import models
from shuniu.directory.actors.checks import account_of, locked
from shuniu.directory.declare import Attempt
from shuniu.directory.signing_in import passkeys
from shuniu.directory.signing_in.api import attempts, factors, sittings
from shuniu.directory.signing_in.declare import RecoveryCodes
from shuniu.directory.signing_in.passkeys import Question, Site
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


def ask_new(actor: Actor, site: Site) -> Question:
    """What the actor's browser is asked, to make a passkey."""
    row = models.Account.objects.get(pk=account_of(actor))
    return passkeys.ask_new(site, row.pk, row.login, row.name, _held(row))


def ask_held(actor: Actor, site: Site) -> Question:
    """What the actor's browser is asked, to sign with a passkey."""
    return passkeys.ask_held(site, _held(models.Account.objects.get(pk=account_of(actor))))


@verb("directory.add_passkey", "启用通行密钥")
def add_passkey(
    *, actor: Actor, sitting: int, site: Site, challenge: bytes, answer: str, title: str = ""
) -> RecoveryCodes:
    """Put a passkey to use that the browser made for this challenge. Returns recovery codes where there were none.

    Raises Refused: directory.step_up; directory.passkey when the answer is not good or the passkey is in use.
    """
    require()
    row = locked(account_of(actor))
    factors.check_may_add(row.pk, sitting)
    made = passkeys.new(site, challenge, answer)
    if made is None:
        raise Refused("directory.passkey", "通行密钥没有创建成功。", "请重试；仍不成功的，换一个浏览器或改用动态口令。")
    try:
        with transaction.atomic():
            kept = models.Factor.objects.create(
                account=row, kind="passkey", title=title.strip()[:60] or "通行密钥", secret=made.public,
                credential=made.id, counter=made.count, confirmed=timezone.now(),
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused("directory.passkey", "这个通行密钥已经登记过。", "请换一个设备或安全钥匙。") from error
    sittings.proved(row.pk, sitting, "passkey", strong=True)
    codes = factors.fresh_codes(row) if not factors.recovery_left(row.pk) else RecoveryCodes(())
    record(f"account:{row.pk}", detail={"factor": kept.pk, "kind": "passkey"})
    return codes


@verb("directory.confirm_passkey", "核对通行密钥")
def confirm_passkey(
    *, actor: Actor, sitting: int, site: Site, challenge: bytes, answer: str, origin: str = ""
) -> Attempt:
    """Check a passkey's signature and note it in the sitting; failures count and lock. Raises directory.no_sitting."""
    require()
    row = locked(account_of(actor))
    sittings.open_sitting(row.pk, sitting)
    words = "通行密钥没有通过核对。"
    attempt = attempts.on_account(row, origin, lambda one: _signed(one, site, challenge, answer), words)
    if attempt.account is not None:
        sittings.proved(row.pk, sitting, "passkey", strong=True)
    return attempt


def _signed(account: models.Account, site: Site, challenge: bytes, answer: str) -> bool:
    credential = passkeys.named(answer)
    live = account.factors.select_for_update().filter(kind="passkey", removed=None, credential=credential)
    row = live.first() if credential else None
    if row is None or not challenge:
        return False
    count = passkeys.signed(site, challenge, answer, bytes(row.secret), row.counter)
    if count is None:
        return False
    row.counter, row.used = count, timezone.now()
    row.save(update_fields=["counter", "used"])
    return True


def _held(row: models.Account) -> list[bytes]:
    live = row.factors.filter(kind="passkey", removed=None).values_list("credential", flat=True)
    return [bytes(one) for one in live if one is not None]
