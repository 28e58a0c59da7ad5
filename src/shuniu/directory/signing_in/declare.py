"""Nouns of signing in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Means = Literal["password", "totp", "passkey", "certificate", "message", "recovery"]
MEANS: Mapping[str, str] = {
    "password": "密码",
    "totp": "动态口令",
    "passkey": "通行密钥",
    "certificate": "证书",
    "message": "短信或邮件验证码",
    "recovery": "恢复码",
}
"""By what somebody proved who he is; all but the first are second factors."""

HALF = frozenset(
    {
        "directory.confirm_second", "directory.send_code", "directory.add_totp", "directory.confirm_totp",
        "directory.add_passkey", "directory.confirm_passkey", "directory.confirm_certificate", "directory.sign_out",
    }
)  # fmt: skip
"""All that a sitting may do between the password and the second factor."""


@dataclass(frozen=True)
class FactorView:
    """A second factor as its owner sees it."""

    number: int
    kind: Means
    title: str
    created: datetime
    used: datetime | None

    @property
    def kind_title(self) -> str:
        return MEANS[self.kind]


@dataclass(frozen=True)
class NewTotp:
    """A TOTP secret on its way into an authenticator: shown until its first code comes back. `repr` does not show it."""

    number: int
    secret: str = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True)
class RecoveryCodes:
    """Fresh recovery codes, given out once: only their digests are kept."""

    codes: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Second:
    """What an account can and must give after its password: by which means, whether a role of its demands one."""

    means: tuple[Means, ...]
    demanded: bool

    @property
    def awaited(self) -> bool:
        """Whether the password alone opens nothing."""
        return bool(self.means) or self.demanded

    @property
    def enrols(self) -> bool:
        """Whether one is demanded and there is none yet: it is set up now, or nothing goes on."""
        return self.demanded and not self.means


@dataclass(frozen=True)
class SittingView:
    """One signing-in: the device, whence (masked), by what means, since when, last seen when; its end, if it has one."""

    number: int
    device: str
    address: str
    means: tuple[str, ...]
    since: datetime
    seen: datetime
    ended: datetime | None
    why: str
    here: bool = False


@dataclass(frozen=True)
class ResetView:
    """An open request to take somebody's second factors away."""

    number: int
    account: int
    name: str
    agency: str
    asked_by: str
    reason: str
    asked: datetime
