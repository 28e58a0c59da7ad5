"""Nouns of supervision: what a rule is, the facts it is judged by, what it finds, a card and its score."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from pydantic import model_validator

from shuniu.catalogue.declare import Frozen
from shuniu.procedures.calendars.declare import Kind


class Level(StrEnum):
    """How grave a card is: 提示 warns before anything is late, 黄牌 and 红牌 say that a rule was broken."""

    REMINDER = "reminder"
    YELLOW = "yellow"
    RED = "red"

    @property
    def words(self) -> str:
        return {"reminder": "提示", "yellow": "黄牌", "red": "红牌"}[self.value]

    @property
    def rank(self) -> int:
        return list(Level).index(self)


class Check(StrEnum):
    """What a rule looks at; `rules.judging` knows how."""

    NEAR = "near"  # a clock of these kinds that runs has no more than the limit's working days left
    PAST = "past"  # one is past its due day, by at least the limit's working days where there is a limit
    UNANSWERED = "unanswered"  # a yellow card was not explained within the limit
    UNREASONED = "unreasoned"  # a no without a reason
    LATE_CORRECTION = "late_correction"  # 补正 asked for after the limit
    CORRECTED_AGAIN = "corrected_again"  # asked for more often than the limit
    NOT_TAKEN_UP = "not_taken_up"  # neither accepted, declined nor 补正 asked for within the limit
    LONG_STOP = "long_stop"  # clocks stood still for longer than the limit
    CHARGE = "charge"  # a line of a bill without a rule of the fee table


class CardRule(Frozen):
    """A supervision rule. `limit` is the key of the dated rule that gives its number; its level is always the same.

    `clocks` says which clocks NEAR and PAST look at. LONG_STOP looks at the `stops` named, or at all but those `spared`.
    Raises ValueError (pydantic's) for a rule that could find nothing or lacks its limit.
    """

    key: str
    title: str
    level: Level
    check: Check
    limit: str = ""
    clocks: tuple[Kind, ...] = ()
    stops: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        if (self.check in (Check.NEAR, Check.PAST)) != bool(self.clocks):
            raise ValueError(f"监察规则“{self.key}”须写明看哪一种时限（clocks），其他规则不写")
        if not self.limit and self.check not in (Check.PAST, Check.UNREASONED, Check.CHARGE):
            raise ValueError(f"监察规则“{self.key}”没有写明界限（limit）")
        return self


class Clocked(Frozen):
    """One clock of a case as it stood."""

    id: int
    kind: Kind
    stage: str
    start: date
    term: str
    due: date | None
    ended: date | None
    provisional: bool


class Moved(Frozen):
    """One event of a case, without what was said in it (`reasoned`: that something was); of officers in seats, who."""

    seq: int
    move: str
    stage: str
    person: str
    person_name: str
    at: datetime
    to: tuple[str, ...]
    reasoned: bool


class Halt(Frozen):
    """One span in which the clocks of a case stood still."""

    kind: str
    begun: date
    ended: date | None


class Charge(Frozen):
    """One line of a bill, in fen; `known`: its rule is one of the fee table."""

    title: str
    amount: int
    rule: str
    known: bool


class Warned(Frozen):
    """A card that the case had before."""

    rule: str
    level: Level
    ladder: str
    stage: str
    on: date
    answered: bool


class Facts(Frozen):
    """All that rules judge a case by, as it stood at one moment. `applied` is an application's day of receipt.

    `taken_up` is the day on which it was accepted, declined or 补正 was asked for; None: not yet, or no application.
    """

    matter: int
    object: str
    title: str
    agency: str
    region: str
    outcome: str
    applied: date | None
    taken_up: date | None
    ended: date | None
    titles: tuple[tuple[str, str], ...]
    clocks: tuple[Clocked, ...]
    moves: tuple[Moved, ...]
    halts: tuple[Halt, ...]
    charges: tuple[Charge, ...]
    warned: tuple[Warned, ...]


class Limit(Frozen):
    """The number that a dated rule gave on the day, and which rule it was ("" where none is needed)."""

    rule: str = ""
    value: int = 0


class Finding(Frozen):
    """What a rule found: since which day, how many working days over its due day or limit, whose it was.

    `stage` is "" for the whole case, and names the kind of stop for LONG_STOP. `ladder` is what climbs from reminder to
    red: of one ladder and stage only what is graver than before makes another card.
    """

    rule: str
    level: Level
    ladder: str
    stage: str
    agency: str
    person: str
    person_name: str
    since: date
    late: int
    clock: int | None
    limit: Limit
    said: str


class Step(StrEnum):
    """What happens to a card."""

    ISSUED = "出牌"
    EXPLAINED = "说明"
    APPEALED = "申诉"
    UPHELD = "维持"
    CANCELLED = "撤销"


class CardState(StrEnum):
    """Where a card stands. It stands (counts) unless it was cancelled."""

    ISSUED = "issued"
    EXPLAINED = "explained"
    APPEALED = "appealed"
    UPHELD = "upheld"
    CANCELLED = "cancelled"

    @property
    def words(self) -> str:
        return _STATES[self]


_STATES = {
    CardState.ISSUED: "待说明",
    CardState.EXPLAINED: "已说明",
    CardState.APPEALED: "申诉中",
    CardState.UPHELD: "已维持",
    CardState.CANCELLED: "已撤销",
}


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


@dataclass(frozen=True)
class Weights:
    """What a standing card of each level costs, of a hundred points, and from which points on a grade is given."""

    reminder: int
    yellow: int
    red: int
    grades: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Score:
    """The points of a month or quarter and the cards that they follow from, in order of their numbers."""

    key: str
    name: str
    points: float
    grade: str
    reminders: int
    yellow: int
    red: int
    cancelled: int
    cards: tuple[int, ...]
