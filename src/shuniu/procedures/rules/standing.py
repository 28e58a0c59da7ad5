"""How a case stands, pure and derived from its answers: results, the outcome, what is open, what it waits for."""

from __future__ import annotations

from collections.abc import Iterable

from shuniu.procedures.declare import Outcome, Procedure, Result, Seat, Stage, State

PASSED: tuple[Result, ...] = ("yes", "out")
"""What lets the stages that rest on one go on."""

FOR_OPENER, FOR_PARTS = "发起人", "分项"
"""What a case may wait for, beside people in seats and the kinds of its suspensions."""


def results(procedure: Procedure, state: State) -> dict[str, Result]:
    """What each stage's answers come to."""
    seats: dict[str, list[Seat]] = {stage.key: [] for stage in procedure.stages}
    for seat in state.seats:
        seats[seat.stage].append(seat)
    return {
        stage.key: "out" if stage.key in state.left_out else _result(stage, seats[stage.key], state)
        for stage in procedure.stages
    }


def _result(stage: Stage, seats: list[Seat], state: State) -> Result:
    if stage.children:
        return _of_parts(stage, state)
    if not seats:
        return ""
    said = [*groups(seats).values()]
    asked = {"all": len(said), "any": 1, "quorum": stage.quorum}[stage.rule]
    if len(said) - said.count("no") < asked:
        return "no"
    return "yes" if said.count("yes") >= asked else ""


def groups(seats: Iterable[Seat]) -> dict[int, Result]:
    """What each of a stage's own seats comes to, together with the signers that were added to it: a no of one is its no."""
    said: dict[int, Result] = {}
    for seat in seats:
        if not seat.counts:
            continue
        before = said.get(seat.group, "yes")
        said[seat.group] = "no" if "no" in (before, seat.answer) else "yes" if before == seat.answer == "yes" else ""
    return said


def _of_parts(stage: Stage, state: State) -> Result:
    ended = [part.outcome for part in state.parts if part.outcome]
    if not state.parts:
        return ""
    if stage.children == "all" and ended.count("granted") < len(ended):
        return "no"
    good = "granted" in ended or "partial" in ended
    if stage.children == "any" and good:
        return "yes"
    if len(ended) < len(state.parts):
        return ""
    return "yes" if good else "no"


def outcome(procedure: Procedure, state: State) -> Outcome:
    """Ended when its question fell away; else refused by any stage's no, granted when every stage has passed.

    Partial where a stage that takes each part as it comes has some that were not granted.
    """
    if state.ended:
        return "withdrawn" if state.withdrawn else "ended"
    return _outcome(procedure, state, results(procedure, state))


def _outcome(procedure: Procedure, state: State, found: dict[str, Result]) -> Outcome:
    if "no" in found.values():
        return "refused"
    if not all(result in PASSED for result in found.values()):
        return ""
    mixed = any(part.outcome not in ("granted", "") for part in state.parts)
    each = any(stage.children == "each" and found[stage.key] == "yes" for stage in procedure.stages)
    return "partial" if mixed and each else "granted"


def ready(procedure: Procedure, state: State) -> tuple[str, ...]:
    """The stages whose turn it is: all that stands before them has passed, and they have no result yet.

    All before, not only what they need directly: an answer that a return kept does not stand in for the one it dropped.
    """
    if state.ended:
        return ()
    found = results(procedure, state)
    if _outcome(procedure, state, found):
        return ()
    return tuple(
        stage.key
        for stage in procedure.stages
        if not found[stage.key] and all(found[earlier] in PASSED for earlier in procedure.before(stage.key))
    )


def unseated(procedure: Procedure, state: State) -> tuple[str, ...]:
    """The ready stages that nobody has been asked in: who sits there is decided outside and recorded as an event."""
    if state.returned:
        return ()
    seated = {seat.stage for seat in state.seats}
    return tuple(stage for stage in ready(procedure, state) if stage not in seated and not procedure[stage].children)


def waits_for(procedure: Procedure, state: State) -> tuple[str, ...]:
    """What a running case waits for beside answers: its opener, the kinds of its suspensions, its parts."""
    stages = ready(procedure, state)
    if not stages:
        return ()
    opener = [FOR_OPENER] if state.returned else []
    parts = [FOR_PARTS] if any(procedure[stage].children for stage in stages) else []
    return (*opener, *(one.kind for one in state.suspensions), *parts)


def held(state: State) -> bool:
    """Whether no answer is taken now, whoever has a seat."""
    return state.returned or bool(state.suspensions)


def unanswered(procedure: Procedure, state: State) -> tuple[Seat, ...]:
    """The seats that would wait for an answer if nothing held the case up."""
    stages = ready(procedure, state)
    waiting = []
    for stage in stages:
        seats = [seat for seat in state.seats if seat.stage == stage]
        said, pending = groups(seats), {seat.number for seat in seats if not seat.answer}
        waiting += [s for s in seats if s.number in pending and not said[s.group] and not pending.intersection(s.after)]
    return tuple(waiting)


def open_seats(procedure: Procedure, state: State) -> tuple[Seat, ...]:
    """The seats that wait for an answer now."""
    return () if held(state) else unanswered(procedure, state)


def barred(procedure: Procedure, state: State, seat: Seat) -> frozenset[str]:
    """The persons who may not answer in this seat.

    The opener; in a seat that counts, whoever has another that counts in the stage; in one that advises, who asked.
    """
    opener = set() if procedure.own_approval else {state.opened_by}
    others = {
        other.person
        for other in state.seats
        if other.stage == seat.stage
        and other.number != seat.number
        and (other.counts if seat.counts else other.number == seat.added_to)
    }
    return frozenset((others | opener) - {""})


def previous(procedure: Procedure, state: State, key: str) -> tuple[str, ...]:
    """The stages just before one that can be asked again: those left out and those without seats are passed over."""
    found: list[str] = []
    for need in procedure[key].needs:
        over = need in state.left_out or procedure[need].children
        found += previous(procedure, state, need) if over else [need]
    return tuple(dict.fromkeys(found))
