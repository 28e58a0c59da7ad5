"""What is handed over the border: openings in, cases, tasks and watched cases out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from shuniu.base.calendar import Due
from shuniu.base.periods import Term
from shuniu.procedures.declare.log import Move, Outcome, Result, Seat, State
from shuniu.procedures.declare.procedure import Procedure


@dataclass(frozen=True)
class Opening:
    """What one case is to be about. `object` is opaque here (`resource:43.market/registration`).

    `lanes` names the agencies that sit in a stage, one seat each; a stage that it leaves out is answered in `agency`.
    `region` is a code of 2 to 12 digits: whoever answers must reach it. `left_out` are optional stages that take no part.
    `parts` are opened with the case, each under the procedure named beside it. `term` is the time that was promised for the
    whole, of which stages may have their share; its clock is begun by the engine above.
    """

    object: str
    agency: str
    region: str
    lanes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    parts: tuple[tuple[str, Opening], ...] = ()
    term: Term | None = None


@dataclass(frozen=True)
class CaseView:
    """A case as it stands, for the engine above and for pages.

    `due` is the whole's, by `rule`; `dues` are those of the stages that have a term and have been handed out, none after
    the whole's. `term` is what stages have their share of. `open` are the seats that can be answered now; where none is,
    `waits_for` says what for: 发起人 (it was returned), a kind of suspension, or 分项 (its parts). `state` holds the rest:
    readers, supervisors, suspensions, parts, stages left out.
    """

    id: int
    procedure: Procedure
    object: str
    agency: str
    region: str
    opened_at: datetime
    opened_by: str
    opened_by_name: str
    due: date | None
    due_provisional: bool
    rule: str  # id of the dated rule that gave the due date
    dues: Mapping[str, Due]
    term: Term | None
    outcome: Outcome
    results: Mapping[str, Result]
    seats: tuple[Seat, ...]
    open: tuple[Seat, ...]
    parent: int | None
    waits_for: tuple[str, ...]
    state: State


@dataclass(frozen=True)
class TaskView:
    """One open seat in somebody's list. `due` is the whole case's, or the stage's where that comes first."""

    case: int
    seat: int
    procedure: str
    procedure_title: str
    stage: str
    stage_title: str
    object: str
    agency: str
    region: str
    person: str
    opened_by_name: str
    opened_at: datetime
    since: datetime
    due: date | None
    due_provisional: bool


@dataclass(frozen=True)
class WatchView:
    """A case in the list of somebody who reads or supervises it. `due` is what a supervisor set."""

    case: int
    kind: Literal["read", "supervise"]
    procedure_title: str
    object: str
    since: datetime
    read_at: datetime | None
    due: date | None
    outcome: Outcome


@dataclass(frozen=True)
class DoneView:
    """One thing that somebody has done in a seat: an answer, a return, a handing on; the case as it stands since."""

    case: int
    procedure_title: str
    stage_title: str
    object: str
    opened_by_name: str
    move: Move
    at: datetime
    outcome: Outcome


@dataclass(frozen=True)
class Load:
    """How much waits for one person of an agency (empty: for whoever takes it), and how much of that is overdue."""

    person: str
    waiting: int
    overdue: int
    first_due: date | None
