"""Clocks that follow the events of cases: begun when a case is opened or a stage handed out, stopped, ended.

Called where events are written, in the same transaction; for procedures without terms it costs no statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from django.utils import timezone

from shuniu.procedures import rules, terms
from shuniu.procedures.calendars.declare import Kind, Start
from shuniu.procedures.calendars.models import Clock
from shuniu.procedures.calendars.store import recounting, running
from shuniu.procedures.declare import OPENER, Event, Move
from shuniu.procedures.store.loading import Loaded, term_of

BACK = "退回发起人"
"""The kind of the stop while a case lies with who opened it."""


def follow(cases: Sequence[Loaded]) -> None:
    """Bring the clocks of these cases up to what was added to their logs, and their due days up to the clocks."""
    timed = [one for one in cases if one.row.rule or any(stage.timed for stage in one.procedure.stages)]
    today = timezone.localdate()
    answered = _answered(timed)
    for stages, ids in answered.items():
        running.end(ids, today, stages)
    if begun := {one.row.pk: found for one in timed if (found := _begun(one, one.fresh))}:
        _begin(begun, {one.row.pk: one for one in timed})
    for one in cases:
        for event in one.fresh:
            _stop(one.row.pk, event)
    if ended := [one.row.pk for one in cases if _ended(one)]:
        running.end(ended, today)
    recounting.project_first(sorted({*chain.from_iterable(answered.values()), *begun, *ended}))


def begin_missing(cases: Sequence[Loaded]) -> None:
    """Begin the clocks of running cases that have none: those opened before clocks were kept."""
    lacking = {one.row.pk: one for one in cases if not one.row.outcome}
    for case in Clock.objects.filter(case__in=list(lacking)).values_list("case_id", flat=True):
        lacking.pop(case, None)
    begun = {}
    for case, one in lacking.items():
        waits = {seat.stage for seat in one.state.seats if not rules.results(one.procedure, one.state)[seat.stage]}
        if starts := [start for start in _begun(one, one.events) if start.stage in {"", *waits}]:
            begun[case] = starts
    if begun:
        _begin(begun, lacking)
    for case in begun:
        for event in lacking[case].events:
            _stop(case, event)


def _begin(begun: dict[int, list[Start]], cases: dict[int, Loaded]) -> None:
    fresh = {case for case in begun if _opened(cases[case])}
    clocks = running.begin(begun, {case: cases[case].row.region for case in begun}, fresh)
    for clock in clocks:
        if not clock.stage:
            row = cases[clock.case_id].row
            row.due, row.due_provisional = clock.due, clock.provisional
    # tasks were laid with what the days shipped with the platform come to: nearly always the same
    if other := {clock.case_id for clock in clocks if (clock.due, clock.provisional) != _shipped(clock)}:
        recounting.project(sorted(other))


def _shipped(clock: Clock) -> tuple[object, bool]:
    due = terms.counted(running.term_of(clock), clock.start)
    return due.date, due.provisional


def _ended(one: Loaded) -> bool:
    """Whether a case ended with what was added now: what is done in it afterwards ends no clock that began since."""
    return bool(one.row.outcome and one.was is not None and not rules.outcome(one.procedure, one.was))


def _opened(one: Loaded) -> bool:
    return any(event.move is Move.OPEN for event in one.fresh)


def _begun(one: Loaded, events: Iterable[Event]) -> list[Start]:
    """The whole's clock from the opening, a stage's from its handing out."""
    found = {}
    for event in events:
        day = timezone.localdate(event.at)
        if event.move is Move.OPEN and one.row.rule:
            found[""] = Start(Kind.STATUTORY, day, terms.term(one.row.rule), one.row.rule)
        if event.move is Move.SEAT:
            term = terms.stage_term(one.procedure[event.stage], event.rule, term_of(one.row), day)
            if term is not None:
                found[event.stage] = Start(Kind.STAGE, day, term, event.rule, event.stage)
    return list(found.values())


def _answered(cases: Iterable[Loaded]) -> dict[tuple[str, ...], list[int]]:
    """The timed stages of cases whose clock runs no longer: answered, sent back, or handed out anew."""
    found: dict[tuple[str, ...], list[int]] = {}
    for one in cases:
        if _opened(one):
            continue
        results, seated = rules.results(one.procedure, one.state), {seat.stage for seat in one.state.seats}
        anew = {event.stage for event in one.fresh if event.move is Move.SEAT}
        stages = tuple(
            stage.key
            for stage in one.procedure.stages
            if stage.timed and (results[stage.key] or stage.key not in seated or stage.key in anew)
        )
        if stages:
            found.setdefault(stages, []).append(one.row.pk)
    return found


def _stop(case: int, event: Event) -> None:
    """Let clocks stand still or run again as the log says, where an act that told more of it has not done so already."""
    kind = event.to[0] if event.move in (Move.SUSPEND, Move.RESUME) else BACK
    day = timezone.localdate(event.at)
    if event.move is Move.SUSPEND or (event.move is Move.RETURN and OPENER in event.to):
        if not running.stopped(case, kind):
            running.stop(case, kind, "", event.reason, day)
    elif event.move in (Move.RESUME, Move.RESUBMIT) and running.stopped(case, kind):
        running.resume(case, kind, event.reason, day)
    elif event.move is Move.WITHDRAW:
        running.reopen(case, event.stage)
