"""Nouns of holiday tables and running clocks, for the engines above and for pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shuniu.base.calendar import SpecialDay
from shuniu.base.periods import Period, Term
from shuniu.base.titled import Titled
from shuniu.procedures.clocks import Clock, Day


class Kind(Titled):
    """Whose term a clock is: the law's, the agency's own promise, or a stage's."""

    STATUTORY = "statutory", "法定时限"
    PROMISED = "promised", "承诺时限"
    STAGE = "stage", "环节时限"


class Standing(StrEnum):
    """Where a holiday table stands."""

    DRAFT = "未启用"
    IN_FORCE = "使用中"
    WITHDRAWN = "已停用"


class Cause(Titled):
    """Why running clocks were computed again."""

    APPLY = "apply", "启用节假日表"
    WITHDRAW = "withdraw", "停用节假日表"
    RULES = "rules", "核对期限规则"


@dataclass(frozen=True)
class Start:
    """A clock that is to run: by what term, from what day (itself not counted), by which dated rule."""

    kind: Kind
    start: date
    term: Term
    rule: str = ""
    stage: str = ""


@dataclass(frozen=True)
class Table:
    """A holiday table. `number` is its version; `region` is "" for the nation's."""

    number: int
    region: str
    year: int
    source: str
    confirmed: bool
    standing: Standing
    saved_at: datetime
    saved_by_name: str
    applied_at: datetime | None
    withdrawn_at: datetime | None
    days: tuple[SpecialDay, ...] = ()


@dataclass(frozen=True)
class Move:
    """One clock whose due day a recount moves or makes certain (None: an open stop holds it)."""

    clock: int
    case: int
    object: str
    kind: Kind
    stage: str
    before: date | None
    after: date | None
    provisional: bool


@dataclass(frozen=True)
class Difference:
    """What a change does, or did, to running clocks: how many it met, how many it moves, the first of them by case.

    `shifts` counts the moved by natural days (later is more than 0; 0: only the certainty changes).
    """

    clocks: int
    moved: int
    shifts: tuple[tuple[int, int], ...]
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Recounted:
    """One recomputation as it was recorded; its number is the calendar's version from then on."""

    number: int
    at: datetime
    cause: Cause
    table: int | None
    person_name: str
    clocks: int
    moved: int


@dataclass(frozen=True)
class Stopped:
    """One stop of a case with its evidence; without an end it is open."""

    kind: str
    basis: str
    evidence: str
    days: Period
    ended_evidence: str = ""


@dataclass(frozen=True)
class ClockView:
    """A clock of a case with all that its due date follows from."""

    id: int
    case: int
    kind: Kind
    stage: str
    start: date
    term: Term
    rule: str
    extension: Term | None
    extension_reason: str
    due: date | None
    provisional: bool
    calendar: int
    ended: date | None
    left: int  # days still to run while an open stop holds it


@dataclass(frozen=True)
class Explained:
    """Why a clock is due on its day: its intervals, every day, the stops, and the recounts that moved it.

    `share`: the clock is a stage's, which has so many percent of the term of the whole (`share_of`).
    """

    view: ClockView
    clock: Clock
    days: tuple[Day, ...]
    stops: tuple[Stopped, ...]
    moves: tuple[tuple[Recounted, Move], ...]
    share: int = 0
    share_of: Term | None = None
