"""Clocks that follow the events of cases: begun when a case is opened or a stage handed out, stopped, ended.

Called where events are written, in the same transaction; for procedures without terms it costs no statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from shuniu.base.periods import Term, Unit
from shuniu.procedures import rules, terms
from shuniu.procedures.calendars.declare import Kind, Start
from shuniu.procedures.calendars.store import recounting, running
from shuniu.procedures.declare import OPENER, Event, Move, Procedure, State

BACK = "退回发起人"
"""The kind of the stop while a case lies with who opened it."""


@dataclass(frozen=True)
class Followed:
    """A case after an act: what the act added to its log, and what it came to. `rule` is the whole's."""

    case: int
    region: str
    procedure: Procedure
    rule: str
    fresh: Sequence[Event]
    state: State
    ended: bool


def follow(cases: Sequence[Followed]) -> None:
    """Bring the clocks of these cases up to what happened in them, and their due days after the clocks."""
    timed = [one for one in cases if one.rule or any(stage.term for stage in one.procedure.stages)]
    today = timezone.localdate()
    for stages, ids in _answered(timed).items():
        running.end(ids, today, stages)
    if begun := {one.case: found for one in timed if (found := _begun(one))}:
        running.begin(begun, {one.case: one.region for one in timed})
    for one in cases:
        for event in one.fresh:
            _stop(one.case, event)
    if ended := [one.case for one in cases if one.ended]:
        running.end(ended, today)
    if timed:
        recounting.project([one.case for one in timed])


def _begun(one: Followed) -> list[Start]:
    """The whole's clock from the opening, a stage's from its handing out."""
    found = {}
    for event in one.fresh:
        day = timezone.localdate(event.at)
        if event.move is Move.OPEN and one.rule:
            found[""] = Start(Kind.STATUTORY, day, terms.term(one.rule), one.rule)
        if event.move is Move.SEAT and (given := one.procedure[event.stage].term):
            term = Term(given, Unit.WORKING_DAY) if isinstance(given, int) else terms.term(event.rule)
            found[event.stage] = Start(Kind.STAGE, day, term, event.rule, event.stage)
    return list(found.values())


def _answered(cases: Iterable[Followed]) -> dict[tuple[str, ...], list[int]]:
    """The timed stages of cases whose clock runs no longer: answered, sent back, or handed out anew."""
    found: dict[tuple[str, ...], list[int]] = {}
    for one in cases:
        if any(event.move is Move.OPEN for event in one.fresh):
            continue
        results, seated = rules.results(one.procedure, one.state), {seat.stage for seat in one.state.seats}
        anew = {event.stage for event in one.fresh if event.move is Move.SEAT}
        stages = tuple(
            stage.key
            for stage in one.procedure.stages
            if stage.term and (results[stage.key] or stage.key not in seated or stage.key in anew)
        )
        if stages:
            found.setdefault(stages, []).append(one.case)
    return found


def _stop(case: int, event: Event) -> None:
    day = timezone.localdate(event.at)
    if event.move is Move.SUSPEND:
        running.stop(case, event.to[0], "", event.reason, day)
    elif event.move is Move.RESUME:
        running.resume(case, event.to[0], event.reason, day)
    elif event.move is Move.RETURN and OPENER in event.to:
        running.stop(case, BACK, "", event.reason, day)
    elif event.move is Move.RESUBMIT:
        running.resume(case, BACK, event.reason, day)
