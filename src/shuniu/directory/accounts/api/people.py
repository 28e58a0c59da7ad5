"""Accounts: made and closed by an agency's own administrator, enrolled with a one-time code."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import cast

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from shuniu.directory import models, rules
from shuniu.directory.actors.checks import dated, digest, granted_above, locked, person_id, refuse_own, within
from shuniu.directory.declare import RESTORE_ADMINISTRATORS, THREE, Enrolment, Kind, Person, Post
from shuniu.directory.posts.api import appointing
from shuniu.directory.signing_in.api import sittings
from shuniu.directory.signing_in.api.factors import take_all_away
from shuniu.directory.signing_in.store import forget_failures
from shuniu.directory.store import posts_of, roles_of
from shuniu.trust.api import record, verb
from shuniu.trust.certificates.api import revoke_all_of
from shuniu.trust.declare import Actor, Json, Refused

PAGE = 50


@verb("directory.create_account", "开通账号")
def create_account(*, actor: Actor, login: str, name: str, agency: str) -> Enrolment:
    """Make an officer's account at an agency; the code returned is shown once and lets him set a password.

    Raises Refused (right.agency, directory.no_agency, login_form, login_identity, login_taken).
    """
    within(actor, agency)
    if not models.Agency.objects.filter(key=agency).exists():
        raise Refused("directory.no_agency", f"没有单位“{agency}”。", "请先载入该单位。")
    return new_account(kind="officer", login=login, name=name, agency=agency)


@verb("directory.close_account", "停用账号")
def close_account(*, actor: Actor, account: int, reason: str) -> None:
    """Close an account at once and for good: posts and certificates end, codes, tokens, sessions die. The past keeps its name.

    Raises Refused (right.agency, directory.no_account, closed, own_account, administrator).
    """
    row = administered(actor, account)
    if not reason.strip():
        raise Refused("directory.no_reason", "停用账号须说明原因。", "请填写原因，例如“调离”。")
    now = timezone.now()
    ended = appointing.end_all(row, actor.name)
    sittings.end_all(account, "账号已停用")
    row.codes.filter(used=None).update(used=now)
    row.tokens.filter(revoked=None).update(revoked=now)
    certificates = revoke_all_of(actor, person_id(row.kind, account), "affiliation_changed")
    row.is_active = False
    row.set_unusable_password()
    row.save(update_fields=["is_active", "password"])
    detail: dict[str, Json] = {"reason": reason.strip(), "posts_ended": ended, "certificates": [*certificates]}
    record(f"account:{account}", detail=detail)


@verb("directory.reset_access", "重发激活码")
def reset_access(*, actor: Actor, account: int) -> Enrolment:
    """Take an officer's password away and give a new one-time code; unlocks, ends sessions.

    The three administrators are restored on the platform's own host only, so that none of them can become another;
    there their second factors are taken away too.
    Raises Refused (right.agency, directory.no_account, closed, own_account, administrator, not_officer).
    """
    row = administered(actor, account)
    if row.kind != "officer":
        raise Refused("directory.not_officer", f"{row.name}不是单位工作人员。", "个人和企业由实名核验员重发激活码。")
    if roles_of(account) & set(THREE) and not actor.may(RESTORE_ADMINISTRATORS):
        raise Refused(
            "directory.administrator",
            "系统、安全、审计管理员的密码只能在平台主机上重置。",
            "请由运维人员在主机上执行重置命令。",
        )
    if actor.may(RESTORE_ADMINISTRATORS):
        take_all_away(row)
    return reset(row)


@verb("directory.list_accounts", "查看单位账号", reads=True)
def list_accounts(*, actor: Actor, agency: str, text: str = "", page: int = 1) -> tuple[tuple[Person, ...], int]:
    """One page (50) of an agency's accounts with their posts, and how many there are; `text` is in login or name."""
    within(actor, agency)
    found = models.Account.objects.filter(agency=agency).select_related("agency").order_by("-is_active", "login")
    if text:
        found = found.filter(Q(login__icontains=text) | Q(name__icontains=text))
    total = found.count()
    first = min((page - 1) * PAGE, total)
    rows = list(found[first : first + PAGE])
    held = posts_of([row.pk for row in rows])
    record(f"agency:{agency}", detail={"shown": len(rows)})
    return tuple(_person(row, held.get(row.pk, ())) for row in rows), total


def person(account: int) -> Person | None:
    """One account with its open posts; None for an unknown number. Pages check who may see it by its agency."""
    row = models.Account.objects.filter(pk=account).select_related("agency").first()
    return None if row is None else _person(row, posts_of([account]).get(account, ()))


def names(persons: Collection[str]) -> dict[str, str]:
    """What these persons (`officer:12`) are called, in one query; those that are no accounts are left out."""
    found = {person_id(row.kind, row.pk): row.name for row in _accounts(persons)}
    return {one: found[one] for one in persons if one in found}


def closed(persons: Collection[str]) -> frozenset[str]:
    """Which of these persons (`officer:12`) are accounts that are closed."""
    gone = {person_id(row.kind, row.pk) for row in _accounts(persons).filter(is_active=False)}
    return frozenset(persons) & gone


def _accounts(persons: Collection[str]) -> QuerySet[models.Account]:
    """The accounts of these numbers, whatever kind of person was named."""
    numbers = {one.partition(":")[2] for one in persons}
    return models.Account.objects.filter(pk__in=[int(one) for one in numbers if one.isdecimal()])


def administered(actor: Actor, account: int) -> models.Account:
    """An account that this actor may administer: of his agency, not his own, no administrator's; of the public's by
    whoever administers all.
    """
    row = locked(account)
    within(actor, row.agency_id or "")
    refuse_own(actor, row)
    if granted_above(actor, roles_of(account)):
        raise Refused(
            "directory.administrator", f"{row.name}担任由平台授予的岗位，本单位不能变更。", "请联系平台安全管理员。"
        )
    return row


def new_account(
    *,
    kind: Kind,
    login: str,
    name: str,
    agency: str | None = None,
    subject: int | None = None,
    detail: dict[str, Json] | None = None,
) -> Enrolment:
    """Make an account inside the open verb and journal it, with `detail`.

    Raises Refused directory.login_form, login_identity, no_name, login_taken.
    """
    rules.check_login(login)
    if not name.strip():
        raise Refused("directory.no_name", "账号没有姓名或名称。", "请填写。")
    row = models.Account(kind=kind, login=login, name=name.strip(), agency_id=agency, subject=subject)
    row.set_unusable_password()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refused("directory.login_taken", f"登录名“{login}”已被使用。", "请换一个登录名。") from error
    enrolment = _new_code(row, "enrol", timedelta(days=dated("account.invitation.days")))
    subjects = () if subject is None else (subject,)
    record(f"account:{row.pk}", subjects=subjects, detail={"kind": kind, "agency": agency, **(detail or {})})
    return enrolment


def reset(row: models.Account, detail: dict[str, Json] | None = None) -> Enrolment:
    """Take an account's password away inside the open verb, give a new code, and journal it with `detail`."""
    row.set_unusable_password()
    row.save(update_fields=["password"])
    forget_failures(row.pk)
    row.codes.filter(used=None).update(used=timezone.now())
    sittings.end_all(row.pk, "密码已重置")
    enrolment = _new_code(row, "reset", timedelta(minutes=dated("account.code.minutes")))
    record(f"account:{row.pk}", detail=detail)
    return enrolment


def _new_code(row: models.Account, purpose: str, life: timedelta) -> Enrolment:
    letters = base64.b32encode(secrets.token_bytes(10)).decode()
    code = "-".join(letters[at : at + 4] for at in range(0, 16, 4))
    expires = timezone.now() + life
    models.OneTimeCode.objects.create(account=row, digest=digest(code), purpose=purpose, expires=expires)
    return Enrolment(row.pk, code, expires)


def _person(row: models.Account, held: tuple[Post, ...]) -> Person:
    return Person(
        account=row.pk,
        person=person_id(row.kind, row.pk),
        login=row.login,
        name=row.name,
        kind=cast(Kind, row.kind),
        agency=row.agency_id or "",
        agency_name=row.agency.name if row.agency else "",
        active=row.is_active,
        locked_until=row.locked_until,
        posts=held,
    )
