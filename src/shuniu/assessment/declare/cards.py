"""A card, what becomes of it, and how it is computed again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shuniu.assessment.declare.facts import Facts, Finding
from shuniu.assessment.declare.rules import Level
from shuniu.base.titled import Titled


class Step(StrEnum):
    """What happens to a card."""

    ISSUED = "出牌"
    EXPLAINED = "说明"
    APPEALED = "申诉"
    UPHELD = "维持"
    CANCELLED = "撤销"


class CardState(Titled):
    """Where a card stands. It stands (counts) unless it was cancelled."""

    ISSUED = "issued", "待说明"
    EXPLAINED = "explained", "已说明"
    APPEALED = "appealed", "申诉中"
    UPHELD = "upheld", "已维持"
    CANCELLED = "cancelled", "已撤销"


@dataclass(frozen=True)
class CardEvent:
    """One thing that happened to a card."""

    step: Step
    person_name: str
    at: datetime
    said: str


@dataclass(frozen=True)
class CardLine:
    """A card in a list."""

    number: int
    rule: str
    rule_title: str
    level: Level
    state: CardState
    title: str
    agency: str
    region: str
    person: str
    person_name: str
    at: datetime


@dataclass(frozen=True)
class CardView:
    """A card with all that it was computed from, frozen when it was issued."""

    line: CardLine
    object: str
    finding: Finding
    facts: Facts
    calendar: int
    appeal: int | None
    events: tuple[CardEvent, ...]


@dataclass(frozen=True)
class Change:
    """One fact that is now otherwise than the card has it; "" where it was or is not there."""

    what: str
    then: str
    now: str


@dataclass(frozen=True)
class Recomputed:
    """A card computed again from the log as it stood then, by the rules and the calendar of today."""

    at: datetime
    calendar: int
    changes: tuple[Change, ...]

    @property
    def equal(self) -> bool:
        return not self.changes
