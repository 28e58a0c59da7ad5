"""Tokens of departments' machines: an officer's business rights, without his administration rights."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from shuniu.directory import models
from shuniu.directory.actors.api import actor_of
from shuniu.directory.actors.checks import digest, locked, within
from shuniu.directory.declare import IssuedToken
from shuniu.trust.api import record, verb
from shuniu.trust.declare import Actor, Refused

LONGEST = 366


@verb("directory.issue_token", "发放接口令牌")
def issue_token(*, actor: Actor, account: int, title: str, days: int = LONGEST) -> IssuedToken:
    """Give a machine of an agency a token that acts as that officer; shown once, only its digest is kept.

    Raises Refused (right.agency, directory.no_account, closed, token_days, not_officer).
    """
    row = locked(account)
    within(actor, row.agency_id or "")
    if row.kind != "officer":
        raise Refused("directory.not_officer", f"{row.name}不是单位工作人员。", "接口令牌只发给单位工作人员的账号。")
    if not 1 <= days <= LONGEST:
        raise Refused("directory.token_days", f"令牌有效期应为 1–{LONGEST} 天。", "到期前可以再发新的令牌。")
    if not title.strip():
        raise Refused("directory.no_title", "令牌没有用途说明。", "请写明用在哪个系统，例如“业务系统每日报送”。")
    secret = secrets.token_urlsafe(32)
    expires = timezone.now() + timedelta(days=days)
    made = models.ApiToken.objects.create(account=row, digest=digest(secret), title=title.strip(), expires=expires)
    record(f"account:{account}", detail={"token": made.pk, "title": made.title, "expires": expires.isoformat()})
    return IssuedToken(made.pk, f"{made.pk}.{secret}", expires)


@verb("directory.revoke_token", "收回接口令牌")
def revoke_token(*, actor: Actor, token: int) -> None:
    """Make a token useless at once. Raises Refused (right.agency, directory.no_token)."""
    found = models.ApiToken.objects.select_for_update(of=("self",)).select_related("account").filter(pk=token).first()
    if found is None:
        raise Refused("directory.no_token", "没有这个令牌。", "请从账号页面的令牌列表中选择。")
    within(actor, found.account.agency_id or "")
    if found.revoked is None:
        found.revoked = timezone.now()
        found.save(update_fields=["revoked"])
    record(f"account:{found.account_id}", detail={"token": token})


def actor_of_token(token: str) -> Actor | None:
    """The actor of a token that a machine presents; None when it is unknown, wrong, expired, revoked or its officer's
    account is closed. It may do the officer's own business, no other's for whom he stands in, and nothing to accounts,
    rights or the journal.
    """
    number, _, secret = token.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    found = models.ApiToken.objects.filter(pk=int(number), revoked=None, expires__gt=timezone.now()).first()
    if found is None or not hmac.compare_digest(bytes(found.digest), digest(secret)):
        return None
    try:
        officer = actor_of(found.account_id, own=True)
    except Refused:
        return None
    business = frozenset(one for one in officer.capabilities if one.split(".")[0] not in ("directory", "trust"))
    return replace(officer, name=f"{officer.name}（接口：{found.title}）", capabilities=business)
