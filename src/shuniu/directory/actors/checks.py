"""What the directory's verbs share: whose account it is, which agency is within reach, what today's rule says."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import RuleBook
from shuniu.directory import models
from shuniu.directory.declare import ALL_AGENCIES, ROLES
from shuniu.trust.api import require
from shuniu.trust.declare import Actor, Refused


def within(actor: Actor, agency: str) -> None:
    """Require the open verb's right for one agency: one's own, or any with the administrators' capability."""
    require(agency=None if actor.may(ALL_AGENCIES) else agency)


def dated(key: str) -> int:
    """The whole number that a dated rule gives today."""
    return RuleBook.load(settings.RULE_PACK).resolve(key, timezone.localdate()).integer()


def digest(secret: str) -> bytes:
    """What is kept of a code or token. Plain SHA-256 will do: they are random, not chosen by people."""
    return hashlib.sha256(secret.encode()).digest()


def person_id(kind: str, account: int) -> str:
    """The opaque id that actors and journal entries carry."""
    return f"{kind}:{account}"


def account_of(actor: Actor) -> int:
    """The account number in an actor's id. Raises Refused (directory.no_account) for a job or an anonymous reader."""
    kind, _, number = actor.person.partition(":")
    if kind not in ("officer", "citizen", "firm"):
        raise Refused("directory.no_account", "这项操作需要个人账号。", "请先登录。")
    return int(number)


def locked(account: int) -> models.Account:
    """The open account's row, held to the end of the act. Raises Refused (directory.no_account, directory.closed)."""
    row = models.Account.objects.select_for_update().filter(pk=account).first()
    if row is None:
        raise Refused("directory.no_account", "没有这个账号。", "请从账号列表中选择。")
    if not row.is_active:
        raise Refused("directory.closed", f"{row.name}的账号已停用。", "停用的账号不能恢复，请开通新账号。")
    return row


def granted_above(actor: Actor, roles: Collection[str]) -> bool:
    """Whether one of these roles is given by somebody above this administrator: its holder is not his to administer."""
    given = {ROLES[role].granted_with for role in roles if role in ROLES}
    return not actor.may(ALL_AGENCIES) and not given <= actor.capabilities


def refuse_own(actor: Actor, row: models.Account) -> None:
    """Nobody administers himself."""
    if actor.person == person_id(row.kind, row.pk):
        raise Refused("directory.own_account", "不能变更自己的账号和岗位。", "请由另一位管理员办理。")
