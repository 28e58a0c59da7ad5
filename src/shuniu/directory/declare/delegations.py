"""Nouns of delegation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from shuniu.base.titled import Titled

ACTS: Mapping[str, str] = {
    "file": "申请（含补正、撤回）",
    "see": "查看办件",
    "pay": "缴费",
    "receive": "领取办理结果",
}
"""Kinds of act that can be delegated. Who may file may see what he filed, so `file` brings `see` with it."""

DelegableAct = Literal["file", "see", "pay", "receive"]


class DelegationState(Titled):
    """How a delegation stands on a day; it allows nothing unless it is in force."""

    OFFERED = "offered", "待接受"
    IN_FORCE = "in_force", "有效"
    EXPIRED = "expired", "已到期"
    ENDED = "ended", "已终止"


@dataclass(frozen=True)
class Scope:
    """What a delegation allows: kinds of act, and the keys of the service items; no item named is every item."""

    acts: frozenset[str]
    items: frozenset[str] = frozenset()

    def covers(self, act: str, item: str) -> bool:
        """Whether an act on a case of that item is within it."""
        return act in self.acts and (not self.items or item in self.items)


@dataclass(frozen=True)
class Delegated:
    """A delegation in force, as what acts under it needs it. `giver` is whose matters they are, `taker` who acts."""

    number: int
    giver: str
    giver_name: str
    giver_kind: Literal["citizen", "firm"]
    subject: int
    taker: str
    scope: Scope
    until: date


@dataclass(frozen=True)
class DelegationView:
    """A delegation as its two parties see it. `own`: the reader gave it; `why` as whoever ended it said."""

    number: int
    giver: str
    taker: str
    scope: Scope
    given: datetime
    until: date
    accepted: datetime | None
    ended: datetime | None
    ended_by: str
    why: str
    state: DelegationState
    own: bool


@dataclass(frozen=True)
class Lapsed:
    """A delegation whose last day (`until`) is past, with its parties as persons and by name; `accepted`: it was in force."""

    number: int
    giver: str
    giver_name: str
    taker: str
    taker_name: str
    until: date
    accepted: bool


@dataclass(frozen=True)
class DoneUnder:
    """One act done under a delegation: which verb, on what, when. Who did it is the delegation's taker."""

    at: datetime
    verb: str
    object: str


@dataclass(frozen=True)
class DelegationPage:
    """A delegation with what was done under it, the newest first (the last 200)."""

    view: DelegationView
    done: tuple[DoneUnder, ...]
