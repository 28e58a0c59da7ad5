"""What cards cost, and what a month or quarter comes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shuniu.assessment.declare.rules import Level


@dataclass(frozen=True)
class Weights:
    """What a standing card of each level costs, of a hundred points, and from which points on a grade is given."""

    reminder: int
    yellow: int
    red: int
    grades: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Counted:
    """How many cards of a level somebody (`key`) was given in a month (its first day); `stands`: not cancelled."""

    key: str
    name: str
    month: date
    level: Level
    stands: bool
    cards: int


@dataclass(frozen=True)
class Score:
    """The points of a month or quarter and how many cards they follow from, the cancelled ones among `cards`."""

    key: str
    name: str
    points: float
    grade: str
    reminders: int
    yellow: int
    red: int
    cancelled: int
    cards: int
