"""The drawing that people read: where it begins, each stage in its lane, where it ends; and how a case stands on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shuniu.procedures.declare import ANSWERS, OPENER, CaseView, Event, Move, Procedure, Result, Seat, Stage
from shuniu.procedures.drawing.grid import Flow, Layout, Node, place

START, END = "start", "end"
WIDTH, HEIGHT = 184, 92
"""A stage's box: two lines of title, one or two of what stands in it."""
LABEL = 28
"""The strip at the top of a lane that says whose it is."""
PARTS = "@parts"
"""The row of the stages that wait for the parts of a case, in which nobody sits."""

Standing = Literal["ahead", "open", "taken", "again", "parts", "paused", "agreed", "refused", "out", "never"]
"""How a stage stands in a case: not reached; waiting for anybody, for somebody who took it, once more after a return, for
the case's parts; held up with the whole case; agreed; refused; taking no part; never reached, the case being over."""


@dataclass(frozen=True)
class Done:
    """One answer that stands: by whom, of which agency, when."""

    agency: str
    person_name: str
    answer: Result
    at: datetime


@dataclass(frozen=True)
class Place:
    """How one stage of a case stands: what was answered there, and the seats that still wait (since when, by whom)."""

    stage: str
    standing: Standing
    done: tuple[Done, ...] = ()
    waiting: tuple[Seat, ...] = ()


def stage_id(key: str) -> str:
    """The id of a stage's box, which no key of a stage can make equal to another's."""
    return f"stage:{key}"


def nearest(procedure: Procedure, key: str) -> tuple[str, ...]:
    """The stages that come directly before one: what it needs, without what those need anyway."""
    needs = dict.fromkeys(procedure[key].needs)
    return tuple(need for need in needs if not any(need in procedure.before(other) for other in needs))


def followers(procedure: Procedure, key: str) -> tuple[str, ...]:
    """The stages that come directly after one."""
    return tuple(stage.key for stage in procedure.stages if key in nearest(procedure, stage.key))


def row(stage: Stage) -> str:
    """The row that a stage stands in: its capability, or that of the parts."""
    return stage.lane or PARTS


def sketch(procedure: Procedure, lanes: Mapping[str, str] | None = None) -> Layout:
    """Lay a procedure out. `lanes` says in which row a stage stands, where that is not its capability."""
    stages = procedure.stages
    rows = {stage.key: (lanes or {}).get(stage.key, row(stage)) for stage in stages}
    nodes = [Node(START, rows[stages[0].key], 36, 36)]
    nodes += [Node(stage_id(stage.key), rows[stage.key], WIDTH, HEIGHT) for stage in stages]
    nodes += [Node(END, rows[stages[-1].key], 36, 36)]
    flows: list[Flow] = []
    for stage in stages:
        own = stage_id(stage.key)
        before = [stage_id(need) for need in nearest(procedure, stage.key)] or [START]
        flows += [Flow(f"{source}>{own}", source, own) for source in before]
        if not followers(procedure, stage.key):
            flows.append(Flow(f"{own}>{END}", own, END))
        if stage.returns_to:
            target = START if stage.returns_to == OPENER else stage_id(stage.returns_to)
            flows.append(Flow(f"{own}<", own, target, back=True))
    return place(nodes, flows, left=8, top=LABEL)


def places(case: CaseView, events: Iterable[Event]) -> tuple[Place, ...]:
    """How each stage of a case stands, in the order of the declaration, from the case and its log."""
    kept = {seat.number for seat in case.seats}
    answered: dict[int, Event] = {}
    fallen: set[str] = set()
    for event in events:
        if event.move in ANSWERS:
            answered[event.seat] = event
            fallen |= set() if event.seat in kept else {event.stage}
        if event.move is Move.MIGRATE:
            renamed = dict(zip(event.to[2::2], event.to[3::2], strict=True))
            fallen = {renamed[stage] for stage in fallen}
    found = []
    for stage in case.procedure.stages:
        seats = [seat for seat in case.seats if seat.stage == stage.key]
        done = tuple(
            Done(seat.agency, seat.person_name, seat.answer, answered[seat.number].at) for seat in seats if seat.answer
        )
        waiting = () if case.results[stage.key] or case.outcome else tuple(seat for seat in seats if not seat.answer)
        found.append(Place(stage.key, _standing(case, stage, waiting, stage.key in fallen), done, waiting))
    return tuple(found)


def _standing(case: CaseView, stage: Stage, waiting: tuple[Seat, ...], fallen: bool) -> Standing:
    given: dict[Result, Standing] = {"yes": "agreed", "no": "refused", "out": "out"}
    if result := case.results[stage.key]:
        return given[result]
    if case.outcome:
        return "never"
    if any(case.results[earlier] in ("", "no") for earlier in case.procedure.before(stage.key)):
        return "ahead"
    if stage.children:
        return "parts"
    if not waiting or not case.open:
        return "paused"
    if fallen:
        return "again"
    return "taken" if all(seat.person for seat in waiting) else "open"
