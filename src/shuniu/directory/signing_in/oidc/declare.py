"""Nouns of single sign-on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shuniu.directory.declare import Kind

SCOPES: Mapping[str, str] = {
    "openid": "登录标识（每个应用各不相同）",
    "profile": "姓名和账号种类",
    "agency": "单位和岗位",
}
"""What an application may ask for, and what of a person it then learns. `openid` is always there."""

AMR: Mapping[str, str] = {
    "password": "pwd", "totp": "otp", "passkey": "hwk", "certificate": "swk", "message": "sms", "recovery": "otp",
}  # fmt: skip
"""Our means as RFC 8176 names them."""


@dataclass(frozen=True)
class ApplicationView:
    """An application as its registrar sees it."""

    key: str
    title: str
    agency: str
    agency_name: str
    redirects: tuple[str, ...]
    leaves: tuple[str, ...]
    logout: str
    scopes: tuple[str, ...]
    all_agencies: bool
    kinds: tuple[Kind, ...]
    public: bool
    ended: datetime | None


@dataclass(frozen=True)
class IssuedApplication:
    """A new application's key and secret, given out once; only the secret's digest is kept. Empty for a public one."""

    key: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Asked:
    """An authorization request whose application and redirect address are known to be good."""

    application: str
    redirect: str
    scope: str
    state: str
    nonce: str
    challenge: str
    prompt: str
    max_age: int | None


@dataclass(frozen=True)
class Leaving:
    """A sign-out that an application asks for (RP-Initiated Logout 1.0 §2): which one, for which of its sessions (empty:
    none was named), and where to go after; empty where it named no address that it registered.
    """

    application: str
    title: str
    session: str
    back: str


@dataclass(frozen=True)
class Fault:
    """An error as OAuth names it (RFC 6749 §4.1.2.1, §5.2), with a word to the application's developer."""

    error: str
    said: str


@dataclass(frozen=True)
class Tokens:
    """What a code is exchanged for."""

    access: str = field(repr=False)
    identity: str = field(repr=False)
    seconds: int
    scope: str


@dataclass(frozen=True)
class Telling:
    """One sign-out on its way: where to post which token."""

    number: int
    address: str
    token: str = field(repr=False)
