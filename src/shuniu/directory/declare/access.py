"""What is given out for coming in: the public's accounts and their one-time codes, machines' tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shuniu.base.titled import Titled
from shuniu.directory.declare.nouns import Kind

PROOFS: Mapping[Kind, Mapping[str, str]] = {
    "citizen": {
        "resident_card": "本人持居民身份证到场，人证相符",
        "temporary_card": "本人持临时居民身份证到场，人证相符",
        "guardian": "监护人持双方身份证件和监护证明到场",
    },
    "firm": {
        "representative": "法定代表人（负责人）持身份证件和营业执照到场",
        "agent": "经办人持授权委托书、身份证件和营业执照到场",
    },
}
"""How it was proved at the window who somebody is, by kind of account (网络安全法 art. 24; 民法典 arts. 23, 61, 165)."""


class AccessState(Titled):
    """How far somebody has come with the account that was made for him."""

    ACTIVE = "active", "已激活"
    WAITING = "waiting", "待激活"
    LAPSED = "lapsed", "激活码已过期"
    LOCKED = "locked", "已锁定"
    CLOSED = "closed", "已停用"


@dataclass(frozen=True)
class PublicAccount:
    """A citizen's or a firm's account for who verified the identity. `until` is the waiting code's or the lock's end."""

    account: int
    login: str
    name: str
    kind: Kind
    state: AccessState
    until: datetime | None
    created: datetime
    signed_in: datetime | None


@dataclass(frozen=True)
class GivenAccess:
    """A code that somebody gave out: when, for which account (a citizen's name is masked), anew or not, what came of it."""

    account: int
    login: str
    name: str
    kind: Kind
    again: bool
    at: datetime
    state: AccessState
    until: datetime | None


class TokenState(Titled):
    """How a machine's token stands now."""

    VALID = "valid", "有效"
    EXPIRED = "expired", "已到期"
    REVOKED = "revoked", "已收回"


@dataclass(frozen=True)
class TokenView:
    """A machine's token without its secret: as whom it acts, what for, who gave it, until when, when it was last used.

    `issued`, `issued_by`, `last_used` and `revoked_by` are the journal's; None or empty where it knows of nothing.
    """

    id: int
    account: int
    holder: str
    login: str
    agency: str
    agency_name: str
    title: str
    issued: datetime | None
    issued_by: str
    expires: datetime
    last_used: datetime | None
    revoked: datetime | None
    revoked_by: str
    state: TokenState
