"""Tokens of departments' machines: an officer's business rights, without his administration rights."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Case, Value, When
from django.utils import timezone

from shuniu.directory import models
from shuniu.directory.accounts.api.people import administered
from shuniu.directory.actors.api import actor_of
from shuniu.directory.actors.checks import digest, within
from shuniu.directory.declare import IssuedToken, TokenState, TokenView
from shuniu.trust.api import given, last_uses, record, verb
from shuniu.trust.declare import Actor, Given, Refused, Used

LONGEST = 366
PAGE = 50
_ISSUE, _REVOKE = "directory.issue_token", "directory.revoke_token"


@verb(_ISSUE, "发放接口令牌")
def issue_token(*, actor: Actor, account: int, title: str, days: int = LONGEST) -> IssuedToken:
    """Give a machine of an agency a token that acts as that officer; shown once, only its digest is kept.

    Its uses are known in the journal by its title, which no other good token of that officer may have.
    Raises Refused (right.agency, directory.no_account, closed, own_account, administrator, token_days, not_officer,
    no_title, token_title): nobody gets a token of rights that are not his to give.
    """
    row = administered(actor, account)
    if row.kind != "officer":
        raise Refused("directory.not_officer", f"{row.name}不是单位工作人员。", "接口令牌只发给单位工作人员的账号。")
    if not 1 <= days <= LONGEST:
        raise Refused("directory.token_days", f"令牌有效期应为 1–{LONGEST} 天。", "到期前可以再发新的令牌。")
    if not title.strip():
        raise Refused("directory.no_title", "令牌没有用途说明。", "请写明用在哪个系统，例如“业务系统每日报送”。")
    if row.tokens.filter(title=title.strip(), revoked=None, expires__gt=timezone.now()).exists():
        raise Refused(
            "directory.token_title",
            f"{row.name}已有一个用途是“{title.strip()}”的有效令牌。",
            "令牌只在发放时显示一次，没有记下的请先收回再发；新旧要同时用的，请另写用途。",
        )
    secret = secrets.token_urlsafe(32)
    expires = timezone.now() + timedelta(days=days)
    made = models.ApiToken.objects.create(account=row, digest=digest(secret), title=title.strip(), expires=expires)
    record(f"account:{account}", detail={"token": made.pk, "title": made.title, "expires": expires.isoformat()})
    return IssuedToken(made.pk, f"{made.pk}.{secret}", expires)


@verb(_REVOKE, "收回接口令牌")
def revoke_token(*, actor: Actor, token: int) -> None:
    """Make a token useless at once. Raises Refused (right.agency, directory.no_token)."""
    found = models.ApiToken.objects.select_for_update(of=("self",)).select_related("account").filter(pk=token).first()
    within(actor, (found.account.agency_id or "") if found else "")
    if found is None:
        raise _unknown()
    if found.revoked is None:
        found.revoked = timezone.now()
        found.save(update_fields=["revoked"])
    record(f"account:{found.account_id}", detail={"token": token})


@verb("directory.list_tokens", "查看接口令牌", reads=True)
def list_tokens(*, actor: Actor, agency: str, page: int = 1) -> tuple[tuple[TokenView, ...], int]:
    """One page (50) of an agency's tokens, the good ones first, then the newest, and how many there are."""
    within(actor, agency)
    found = models.ApiToken.objects.filter(account__agency=agency)
    total = found.count()
    good = Case(When(revoked=None, expires__gt=timezone.now(), then=Value(0)), default=Value(1))
    ordered = found.select_related("account__agency").order_by(good, "-pk")
    first = min((page - 1) * PAGE, total)
    rows = list(ordered[first : first + PAGE])
    record(f"agency:{agency}", detail={"shown": len(rows)})
    return _views(rows), total


@verb("directory.read_token", "查看一个接口令牌", reads=True)
def read_token(*, actor: Actor, token: int) -> TokenView:
    """One token. One that there is not is answered as another agency's. Raises Refused right.agency, directory.no_token."""
    found = models.ApiToken.objects.select_related("account__agency").filter(pk=token).first()
    within(actor, (found.account.agency_id or "") if found else "")
    if found is None:
        raise _unknown()
    record(f"account:{found.account_id}", detail={"token": token})
    return _views([found])[0]


def _unknown() -> Refused:
    return Refused("directory.no_token", "没有这个令牌。", "请从令牌列表中选择。")


def _views(rows: Sequence[models.ApiToken]) -> tuple[TokenView, ...]:
    """The tokens with what the journal knows of them: who gave and took them back, and when each was last used."""
    accounts = sorted({f"account:{row.account_id}" for row in rows})
    issued, revoked = ({one.detail["token"]: one for one in given(accounts, verb)} for verb in (_ISSUE, _REVOKE))
    uses = last_uses([Used(f"officer:{row.account_id}", ending=_ending(row)) for row in rows])
    now = timezone.now()
    return tuple(
        _view(row, issued.get(row.pk), revoked.get(row.pk), at, now) for row, at in zip(rows, uses, strict=True)
    )


def _view(
    row: models.ApiToken, issued: Given | None, revoked: Given | None, used: datetime | None, now: datetime
) -> TokenView:
    own = used is not None and issued is not None and issued.at < used <= (row.revoked or now)  # not a namesake's
    ended = TokenState.REVOKED if row.revoked is not None else TokenState.EXPIRED
    state = TokenState.VALID if row.revoked is None and row.expires > now else ended
    agency = row.account.agency
    return TokenView(
        row.pk, row.account_id, row.account.name, row.account.login, row.account.agency_id or "",
        agency.name if agency else "", row.title, issued.at if issued else None, issued.person_name if issued else "",
        row.expires, used if own else None, row.revoked, revoked.person_name if revoked else "", state,
    )  # fmt: skip


def _ending(row: models.ApiToken) -> str:
    """What marks the acts of this token in the journal."""
    return f"（接口：{row.title}）"


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
    return replace(officer, name=officer.name + _ending(found), capabilities=business)
