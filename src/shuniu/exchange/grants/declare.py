"""Nouns of grants: what may be asked for, an agreement and its terms, how it stands now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from shuniu.base.rules import Certainty
from shuniu.base.titled import Titled


@dataclass(frozen=True)
class Purpose:
    """One entry of the legal list of purposes, as the dated rules have it (`share.purpose.<key>`)."""

    key: str  # licensing, penalty, inspection, public_service …
    title: str
    law: str
    certainty: Certainty
    rule: str  # the rule's id


@dataclass(frozen=True)
class Basis:
    """On what law, and which article of it."""

    law: str
    article: str

    def __str__(self) -> str:
        return f"《{self.law.strip('《》')}》{self.article}"


@dataclass(frozen=True)
class Terms:
    """What is asked for or granted. `regions` are code prefixes; () only where the resource has no region item.

    `rate` is calls a minute, the quotas are a day's, `valid_until` is the last day.
    """

    items: tuple[str, ...]
    purposes: tuple[str, ...]
    bases: tuple[Basis, ...]
    regions: tuple[str, ...]
    rate: int
    quota_calls: int
    quota_rows: int
    valid_from: date
    valid_until: date


class State(Titled):
    """Where an agreement stands by what was decided; whether it is in its term is a question of the day."""

    IN_FORCE = "in_force", "生效"
    SUSPENDED = "suspended", "暂停"
    REVOKED = "revoked", "已撤销"
    GIVEN_UP = "given_up", "使用方已放弃"
    EXPIRED = "expired", "已到期"

    @property
    def live(self) -> bool:
        """Whether it may give something yet."""
        return self in (State.IN_FORCE, State.SUSPENDED)


@dataclass(frozen=True)
class Agreement:
    """An agreement in its present version: everything that a reading under it is judged by."""

    number: int
    version: int
    consumer: str
    resource: str
    owner: str
    terms: Terms
    masked: frozenset[str]  # those of the items that are seen masked
    granted_by: str  # the person who decided it, and may not use it; "": the platform, by rule
    state: State

    @property
    def name(self) -> str:
        """What journal, evidence and pages call it."""
        return f"agreement:{self.number}/{self.version}"


class Standing(StrEnum):
    """What the look-up says of (consumer, resource, purpose) at this moment; only `IN_FORCE` gives anything."""

    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    GIVEN_UP = "given_up"
    EXPIRED = "expired"
    NOT_YET = "not_yet"  # its term has not begun
    QUOTA_CALLS = "quota_calls"
    QUOTA_ROWS = "quota_rows"
    OTHER_PURPOSE = "other_purpose"  # there is one in force, for another purpose
    NEVER = "never"


@dataclass(frozen=True)
class Found:
    """The answer of one look-up: how it stands, the agreement where there is one, and what was used of it today."""

    standing: Standing
    agreement: Agreement | None = None
    calls_today: int = 0
    rows_today: int = 0

    @property
    def in_force(self) -> Agreement | None:
        """The agreement that a reading now may rest on."""
        return self.agreement if self.standing is Standing.IN_FORCE else None

    @property
    def counted(self) -> Found:
        """How it stands for the rest of what was counted before: a quota that was used up since does not end it."""
        if self.standing not in (Standing.QUOTA_CALLS, Standing.QUOTA_ROWS):
            return self
        return replace(self, standing=Standing.IN_FORCE)


@dataclass(frozen=True)
class AgreementEvent:
    """One thing that happened to an agreement."""

    what: str
    version: int
    person_name: str
    agency: str
    at: datetime
    reason: str

    @property
    def title(self) -> str:
        return EVENTS[self.what]


EVENTS = {
    "made": "订立",
    "changed": "变更",
    "suspended": "暂停",
    "resumed": "恢复",
    "revoked": "撤销",
    "given_up": "使用方放弃",
    "expired": "到期",
}
