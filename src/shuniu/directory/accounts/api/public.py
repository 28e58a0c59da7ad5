"""The public's accounts: made and restored by an identity clerk for who proved at the window who he is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import cast

from django.db.models import Max
from django.utils import timezone

from shuniu.base.masking import mask_free_text, mask_name
from shuniu.directory import models
from shuniu.directory.accounts.api.people import new_account, reset
from shuniu.directory.actors.checks import locked
from shuniu.directory.declare import PROOFS, AccessState, Enrolment, GivenAccess, Kind, PublicAccount
from shuniu.trust.api import given_by, record, require, verb
from shuniu.trust.declare import Actor, Refused

SHOWN = 50
"""How many of his own last codes a clerk looks back on."""
_REGISTER = ("directory.register_citizen", "directory.register_firm")
_RESET = "directory.reset_public_access"


@verb("directory.register_citizen", "登记个人账号")
def register_citizen(*, actor: Actor, login: str, name: str, subject: int, proof: str) -> Enrolment:
    """Make the account of a person whose identity was verified to be the registered subject of that number.

    `proof` is one of `PROOFS["citizen"]`. A person has one account. Raises Refused directory.no_proof, has_account,
    login_form, login_identity, login_taken.
    """
    require()
    said = _proved("citizen", proof)
    if models.Account.objects.filter(kind="citizen", subject=subject, is_active=True).exists():
        raise Refused("directory.has_account", "这个人已有账号。", "忘记登录名或者密码的，请重发激活码。")
    return new_account(kind="citizen", login=login, name=name, subject=subject, detail={"proof": said})


@verb("directory.register_firm", "登记企业账号")
def register_firm(*, actor: Actor, login: str, name: str, subject: int, proof: str) -> Enrolment:
    """Make an account that acts for the legal person of that subject number; `proof` is one of `PROOFS["firm"]`."""
    require()
    said = _proved("firm", proof)
    return new_account(kind="firm", login=login, name=name, subject=subject, detail={"proof": said})


@verb("directory.reset_public_access", "重发个人、企业激活码")
def reset_public_access(*, actor: Actor, account: int, proof: str, reason: str) -> Enrolment:
    """Take a citizen's or a firm's password away and give a new one-time code, after the identity was proved again.

    Unlocks, ends sessions. Raises Refused directory.no_account, closed, not_public, no_proof, no_reason, reason_identity.
    """
    require()
    row = locked(account)
    if row.kind == "officer":
        raise Refused("directory.not_public", "这是工作人员账号。", "请由其单位管理员重发激活码。")
    said = _proved(cast(Kind, row.kind), proof)
    if not reason.strip():
        raise Refused("directory.no_reason", "重发激活码须说明原因。", "请写明为什么重发，例如“忘记密码”。")
    if mask_free_text(reason) != reason:
        raise Refused(
            "directory.reason_identity", "原因里有证件号码、电话或者住址。", "请只写为什么重发，例如“手机遗失”。"
        )
    return reset(row, detail={"proof": said, "reason": reason.strip()})


@verb("directory.list_public_accounts", "查看个人、企业的账号", reads=True)
def list_public_accounts(*, actor: Actor, subjects: Collection[int]) -> tuple[PublicAccount, ...]:
    """The accounts of a verified person or firm (all subject numbers that are one), the open ones first."""
    require()
    rows = list(
        models.Account.objects.filter(subject__in=subjects, kind__in=("citizen", "firm")).order_by("-is_active", "pk")
    )
    states, seen = _states(rows), _signed_in(rows)
    record("public_accounts", subjects=subjects, detail={"shown": len(rows)})
    return tuple(
        PublicAccount(
            row.pk, row.login, row.name, cast(Kind, row.kind), *states[row.pk], row.created, seen.get(row.pk)
        )
        for row in rows
    )  # fmt: skip


@verb("directory.list_given_access", "查看自己发出的激活码", reads=True)
def list_given_access(*, actor: Actor) -> tuple[GivenAccess, ...]:
    """The codes that the actor gave out to the public, the newest first, and what came of each account. Citizens masked."""
    require()
    acts = given_by(actor.person, (*_REGISTER, _RESET), SHOWN)
    numbers = [int(one.object.partition(":")[2]) for one in acts]
    rows = {row.pk: row for row in models.Account.objects.filter(pk__in=numbers)}
    states = _states(list(rows.values()))
    record(actor.person, detail={"shown": len(acts)})
    return tuple(
        GivenAccess(
            number, row.login, mask_name(row.name) if row.kind == "citizen" else row.name, cast(Kind, row.kind),
            act.verb == _RESET, act.at, *states[number],
        )
        for act, number in zip(acts, numbers, strict=True)
        if (row := rows.get(number)) is not None
    )  # fmt: skip


def _proved(kind: Kind, proof: str) -> str:
    """The proof in words. Raises Refused directory.no_proof for what is none of its kind."""
    known = PROOFS[kind]
    if proof not in known:
        raise Refused("directory.no_proof", "没有说明怎样核验的身份。", f"请从中选择：{'；'.join(known.values())}。")
    return known[proof]


def _states(rows: Sequence[models.Account]) -> dict[int, tuple[AccessState, datetime | None]]:
    """How each account stands, and until when it is locked or its code is good."""
    now = timezone.now()
    live = models.OneTimeCode.objects.filter(account__in=rows, used=None, expires__gt=now)
    codes = dict(live.values_list("account").annotate(Max("expires")))
    return {row.pk: _state(row, codes.get(row.pk), now) for row in rows}


def _state(row: models.Account, code: datetime | None, now: datetime) -> tuple[AccessState, datetime | None]:
    if not row.is_active:
        return AccessState.CLOSED, None
    if row.locked_until is not None and row.locked_until > now:
        return AccessState.LOCKED, row.locked_until
    if row.has_usable_password():
        return AccessState.ACTIVE, None
    return (AccessState.WAITING, code) if code is not None else (AccessState.LAPSED, None)


def _signed_in(rows: Sequence[models.Account]) -> dict[int, datetime]:
    """When each last signed in, where that is known."""
    return dict(models.Sitting.objects.filter(account__in=rows).values_list("account").annotate(Max("since")))
