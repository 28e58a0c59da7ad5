"""Nouns of certificates: what one says, who may have one, why one ends, how a department joins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["agency", "node", "officer", "citizen", "firm"]
Purpose = Literal["sign", "encrypt"]
Standing = Literal["valid", "not_yet", "expired", "revoked"]

KINDS: Mapping[str, str] = {
    "agency": "单位", "node": "节点", "officer": "工作人员", "citizen": "个人", "firm": "企业",
}  # fmt: skip
PURPOSES: Mapping[str, str] = {"sign": "签名", "encrypt": "加密"}
SUITES: Mapping[str, str] = {"international": "国际算法", "guomi": "国密算法"}
STANDINGS: Mapping[str, str] = {"valid": "有效", "not_yet": "尚未生效", "expired": "已过期", "revoked": "已吊销"}
REASONS: Mapping[str, str] = {
    "key_compromise": "私钥泄露或者可能泄露",
    "affiliation_changed": "单位或者身份有变更",
    "superseded": "已换发新证书",
    "cessation_of_operation": "不再使用",
    "unspecified": "其他",
}
"""Why a certificate is revoked, as RFC 5280 §5.3.1 names it. A revocation is for good: nothing is put on hold."""
EVERY = "trust.every_certificate"
"""The capability to deal with every agency's certificates, not one's own alone."""
OWN = "测试/演示"
"""What every certificate of our own authorities says in its subject."""


@dataclass(frozen=True)
class Held:
    """A key as the platform knows it: what a message signed with it is checked by. `public` is SPKI, DER."""

    number: int
    key_id: str
    public: bytes
    suite: str
    purpose: str
    kind: str
    holder: str  # agency:43.market · officer:12 · citizen:7 · node:shuniu
    name: str
    agency: str  # whose rights it carries; empty for citizens and firms
    not_before: datetime
    not_after: datetime
    revoked: datetime | None
    listed: datetime | None = None
    """Of a licensed authority's: until when its list of the revoked holds; of ours, which is always fresh: None."""

    def standing(self, at: datetime) -> Standing:
        """How the certificate stands at a moment."""
        if self.revoked is not None and self.revoked <= at:
            return "revoked"
        if at < self.not_before:
            return "not_yet"
        return "valid" if at <= self.not_after else "expired"


@dataclass(frozen=True)
class Subject:
    """Whom a certificate names. `agency_name` is the organisation beside a person's name."""

    kind: Kind
    holder: str
    name: str
    agency: str = ""
    agency_name: str = ""


@dataclass(frozen=True)
class Wanted:
    """One certificate to be issued: to whom, and the holder's PKCS#10 request (DER or PEM) with its proof of possession."""

    subject: Subject
    request: bytes = field(repr=False)


@dataclass(frozen=True)
class Line:
    """One certificate in a list."""

    held: Held
    serial: str  # hex
    source: str  # own · licensed


@dataclass(frozen=True)
class Step:
    """Something that became of a certificate."""

    at: datetime
    who: str
    what: str
    note: str = ""


@dataclass(frozen=True)
class Shown:
    """One certificate with its history, newest first, and what it is in PEM."""

    line: Line
    pem: str
    steps: tuple[Step, ...]
    reason: str = ""
    releases: tuple[Release, ...] = ()


@dataclass(frozen=True)
class Query:
    """What is looked for: the beginning of a name, a holder, an agency, the beginning of a serial number, what expires.

    `fingerprint` is the SHA-256 of the certificate (DER) in hex, as `openssl x509 -fingerprint -sha256` says it.
    """

    name: str = ""
    holder: str = ""
    agency: str = ""
    serial: str = ""
    fingerprint: str = ""
    expires_before: datetime | None = None


@dataclass(frozen=True)
class Invited:
    """A one-time code by which an agency's machine joins, shown once: only its digest is kept."""

    number: int
    code: str = field(repr=False)
    expires: datetime


@dataclass(frozen=True)
class Invitation:
    """An invitation as it stands: still open, used, or past its day."""

    number: int
    agency: str
    agency_name: str
    suite: str
    made_by: str
    made_at: datetime
    expires: datetime
    used_at: datetime | None
    certificate: int | None


@dataclass(frozen=True)
class Joined:
    """What a machine gets by joining or renewing: certificates (DER), and its encryption key sealed for its request.

    `sealed` opens by `escrow.unwrap` with the private half of the envelope key that the machine sent; empty without one.
    """

    certificate: bytes
    chain: tuple[bytes, ...]
    encryption: bytes = b""
    sealed: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Release:
    """An encryption key asked for from the centre: nobody gets it who has not asked, and another has approved."""

    number: int
    certificate: int
    reason: str
    asked_by: str
    asked_at: datetime
    approved_by: str = ""
    approved_at: datetime | None = None
    taken_at: datetime | None = None


@dataclass(frozen=True)
class Finding:
    """One thing that the self-check looked at: how it is, who must act, and what to do."""

    rule: str
    state: Literal["good", "warning", "wrong"]
    message: str
    who: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class Node:
    """The platform's own key of a suite, by which it signs its answers: `private` is PKCS#8, DER."""

    private: bytes = field(repr=False)
    certificate: bytes
    key_id: str


@dataclass(frozen=True)
class TakenList:
    """The newest revocation list that was taken of a licensed authority: its number and moment of issue, where known."""

    number: int | None
    issued: datetime | None
    next_update: datetime
