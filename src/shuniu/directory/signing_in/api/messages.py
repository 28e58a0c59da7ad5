"""Codes and news for a citizen or firm. Sending is the notices' business, which lies above: it registers."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from django.utils import timezone

from shuniu.directory import models
from shuniu.directory.actors.checks import account_of, dated, locked, person_id
from shuniu.trust.api import keyed, record, require, verb
from shuniu.trust.declare import Actor, Refused


class Messenger(Protocol):
    """What can send a code: whether it knows a verified contact of a person, and sending, inside the open verb.

    `tell` says what somebody else did that concerns a person, in the words of a kind: `delegation_offered`.
    """

    def reaches(self, person: str) -> bool: ...

    def send(self, person: str, object: str, code: str, minutes: int) -> None: ...

    def tell(self, kind: str, person: str, object: str, values: Mapping[str, str]) -> None: ...


@dataclass
class _Registered:
    messenger: Messenger | None = None


_registered = _Registered()


def register_messenger(messenger: Messenger) -> None:
    """Make known who sends codes and news; called once, by the room of notices."""
    _registered.messenger = messenger


def tell(kind: str, person: str, object: str, values: Mapping[str, str]) -> None:
    """Tell a person what another did, inside the open verb: with the act, or not at all."""
    if _registered.messenger is not None:
        _registered.messenger.tell(kind, person, object, values)


def reachable(person: str) -> bool:
    """Whether a code can be sent to this person's verified contact."""
    return _registered.messenger is not None and _registered.messenger.reaches(person)


@verb("directory.send_code", "发送登录验证码")
def send_code(*, actor: Actor) -> None:
    """Send a code to one's own verified contact; the one before ends.

    Raises Refused: directory.no_contact, directory.not_public for officers, directory.code_soon within a minute.
    """
    require()
    row = locked(account_of(actor))
    person, now = person_id(row.kind, row.pk), timezone.now()
    if row.kind == "officer":
        raise Refused("directory.not_public", "工作人员不用短信验证码登录。", "请用动态口令或通行密钥。")
    if _registered.messenger is None or not reachable(person):
        raise Refused("directory.no_contact", "没有已验证的手机或邮箱可以发送验证码。", "请用动态口令，或到窗口办理。")
    if models.MessageCode.objects.filter(account=row, sent__gt=now - timedelta(minutes=1)).exists():
        raise Refused("directory.code_soon", "验证码刚刚发出。", "请一分钟后再获取。")
    minutes = dated("account.code.minutes")
    code = f"{secrets.randbelow(1_000_000):06d}"
    models.MessageCode.objects.update_or_create(
        account=row,
        defaults={"digest": _kept(row, code), "sent": now, "expires": now + timedelta(minutes=minutes), "used": None},
    )
    _registered.messenger.send(person, f"account:{row.pk}", code, minutes)
    record(f"account:{row.pk}")


def spend(row: models.Account, code: str) -> bool:
    """Whether this is the live code of an account; it works once."""
    now = timezone.now()
    live = models.MessageCode.objects.filter(account=row, used=None, expires__gt=now, digest=_kept(row, code))
    return bool(live.update(used=now))


def _kept(row: models.Account, code: str) -> str:
    return keyed(f"directory.sign_in:{row.pk}:{code}")
