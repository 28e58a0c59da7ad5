"""Who held which seat of a case, and until when, by its log. Pure, and lenient: an imported log may break rules.

Seats are numbered as the engine numbers them: in the order in which they were handed out or added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from shuniu.assessment.declare import Clocked, Facts, Moved
from shuniu.procedures.declare import Move


@dataclass(frozen=True)
class Held:
    """One seat: in which agency, whose (nobody's: ""), since and until when, and after which other seats its turn comes."""

    number: int
    stage: str
    agency: str
    handed: date
    person: str = ""
    person_name: str = ""
    answered: date | None = None
    after: tuple[int, ...] = ()


Seats = dict[int, Held]


def held(facts: Facts) -> tuple[Held, ...]:
    """The seats of a case in the order of their numbers; of a stage that was asked again, those of the last time."""
    seats: Seats = {}
    given = 1
    for one in facts.moves:
        if one.move == Move.SEAT:
            seats = {number: seat for number, seat in seats.items() if seat.stage != one.stage}
            asked = one.to or (facts.agency,)
            seats |= {given + n: Held(given + n, one.stage, agency, _on(one)) for n, agency in enumerate(asked)}
            given += len(asked)
        elif one.move in _ADDED:
            seats = _with_signer(seats, one, given)
            given += 1
        elif change := _CHANGES.get(one.move):
            seats = {number: change(seat, one) for number, seat in seats.items()}
    return tuple(seats.values())


_ADDED = (Move.ADD_BEFORE, Move.ADD_AFTER, Move.DELEGATE)


def _on(one: Moved) -> date:
    return timezone.localdate(one.at)


def _in(seat: Held, one: Moved) -> bool:
    """Whether an event was made in this seat; a log that names no seats speaks of the stage."""
    return one.seat == seat.number or (not one.seat and bool(one.stage) and one.stage == seat.stage)


def _with_signer(seats: Seats, one: Moved, number: int) -> Seats:
    """加签、委派: a further seat, which the seat that it was added to waits for or that waits for it."""
    above = seats.get(one.seat)
    if above is None or len(one.to) < 3:
        return seats
    person, name, agency = one.to[:3]
    waits = one.move == Move.ADD_AFTER
    new = Held(number, above.stage, agency, _on(one), person, name, after=(above.number,) if waits else ())
    mine = replace(above, after=above.after if waits else (*above.after, number))
    if not mine.person:
        mine = replace(mine, person=one.person, person_name=one.person_name)
    return {**seats, above.number: mine, number: new}


def _taken(seat: Held, one: Moved) -> Held:
    return replace(seat, person=one.person, person_name=one.person_name) if _in(seat, one) else seat


def _answered(seat: Held, one: Moved) -> Held:
    return replace(_taken(seat, one), answered=_on(one)) if _in(seat, one) else seat


def _freed(seat: Held, one: Moved) -> Held:
    return replace(seat, person="", person_name="") if _in(seat, one) else seat


def _handed_on(seat: Held, one: Moved) -> Held:
    return replace(seat, person=one.to[0], person_name=one.to[1]) if _in(seat, one) and len(one.to) >= 2 else seat


def _taken_back(seat: Held, one: Moved) -> Held:
    return replace(seat, answered=None) if _in(seat, one) else seat


def _vacated(seat: Held, one: Moved) -> Held:
    return replace(seat, person="", person_name="") if seat.answered is None and seat.person in one.to else seat


def _succeeded(seat: Held, one: Moved) -> Held:
    left = seat.answered is None and len(one.to) == 2 and seat.agency == one.to[0]
    return replace(seat, agency=one.to[1], person="", person_name="") if left else seat


_CHANGES: Mapping[str, Callable[[Held, Moved], Held]] = {
    Move.TAKE: _taken,
    Move.AGREE: _answered,
    Move.DISAGREE: _answered,
    Move.RETURN: _answered,
    Move.RELEASE: _freed,
    Move.TRANSFER: _handed_on,
    Move.DROP: _answered,
    Move.WITHDRAW: _taken_back,
    Move.VACATE: _vacated,
    Move.SUCCEED: _succeeded,
}


def late_in(facts: Facts, clock: Clocked) -> tuple[Held, ...]:
    """Whose a stage's lateness is: the seats whose turn it is, or, of a stage that ended, those answered after the day."""
    due, stage = clock.due, [one for one in held(facts) if one.stage == clock.stage]
    if clock.ended is not None:
        after = [one for one in stage if one.answered and due and one.answered > due]
        return tuple(after or stage[-1:])
    return _in_turn(stage) or tuple(stage[-1:])


def _in_turn(seats: Iterable[Held]) -> tuple[Held, ...]:
    """The unanswered seats that wait for no other."""
    waiting = {one.number: one for one in seats if one.answered is None}
    return tuple(one for one in waiting.values() if not any(number in waiting for number in one.after))


def responsible(facts: Facts, stage: str) -> tuple[str, str, str]:
    """The agency, person and name that hold a stage, or answered it last; of the whole case, who holds it now.

    Where several do, who was asked last.
    """
    seats = held(facts)
    of_stage = [one for one in seats if stage and one.stage == stage]
    last = (_in_turn(of_stage) or tuple(of_stage) or _in_turn(seats) or seats)[-1:]
    return next(((one.agency, one.person, one.person_name) for one in last), (facts.agency, "", ""))
