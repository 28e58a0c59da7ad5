"""Nouns of what others say of the journal: other nodes' signatures on its heads, time stamps, how stamping stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from shuniu.trust.declare import SignedHead
from shuniu.trust.evidence.file import Hash, Key, Said, Signed


@dataclass(frozen=True)
class Crossed:
    """That another node signed our head of that size (`verify.cross_bytes`), by a key of its own (SPKI, hex)."""

    size: int
    node: Said
    key: Said
    public_key: Key
    at: datetime
    signature: Signed


@dataclass(frozen=True)
class Presented:
    """A head that a node shows to another to be signed, and the proof (hex) that it goes on from that of size `after`."""

    head: SignedHead
    after: int = 0
    path: tuple[Hash, ...] = ()


@dataclass(frozen=True)
class Stamped:
    """A time stamp on our head of that size: its service, the service's time, the token (RFC 3161, DER)."""

    size: int
    authority: str
    at: datetime
    token: bytes = field(repr=False)


@dataclass(frozen=True)
class Stamping:
    """How stamping stands: when it was asked for last, since when it fails and why, how many entries have no stamp yet.

    `ever`: whether there is any stamp at all.
    """

    asked_at: datetime | None
    failing_since: datetime | None
    reason: str
    behind: int
    ever: bool


@dataclass(frozen=True)
class Witnesses:
    """What others say of the journal, as the auditor sees it: newest first."""

    crosses: tuple[Crossed, ...]
    stamps: tuple[Stamped, ...]
    stamping: Stamping
    configured: bool
