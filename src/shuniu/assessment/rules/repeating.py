"""Which latenesses of a case are one: a stage that is late makes the whole case late, and one officer answers for it once.

J02 of the municipal rules is one card with two triggers, a stage past its term or the case past its promise. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from shuniu.assessment.declare import Clocked, Facts, Finding, Level, Warned
from shuniu.procedures.calendars.declare import Kind

_ORDER = (Kind.STAGE, Kind.PROMISED, Kind.STATUTORY)
"""Of clocks that ran out on the same day, whose card it is."""


def repeats(facts: Facts, one: Finding, findings: Iterable[Finding], cards: Iterable[Warned | Finding]) -> bool:
    """Whether a yellow card for a term that ran out would be a second one for a lateness that has or gets one.

    The whole case's is told by the clock that ran out before it and was late still on its day. A stage's is told by a card
    that the same officer has for the whole case, which became late while the stage was open and is late beside it.
    """
    mine = _late(facts, one)
    if mine is None or one.level is not Level.YELLOW:
        return False
    if one.stage:
        return any(_same(facts, one, mine, card) for card in cards)
    others = [clock for other in findings if other is not one and (clock := _late(facts, other)) is not None]
    return any(_before(other, mine) and _meet(other, mine) for other in others)


def _late(facts: Facts, one: Finding) -> Clocked | None:
    """The clock that ran out; None for what is no lateness of a clock, or a reminder before it."""
    if one.level is Level.REMINDER or one.clock is None:
        return None
    return next((clock for clock in facts.clocks if clock.id == one.clock), None)


def _same(facts: Facts, one: Finding, mine: Clocked, card: Warned | Finding) -> bool:
    if card.stage or card.level is Level.REMINDER or (card.agency, card.person) != (one.agency, one.person):
        return False
    whole = [clock for clock in facts.clocks if not clock.stage and clock.kind == card.ladder]
    return any(_meet(clock, mine) and mine.start <= _due(clock) for clock in whole)


def _due(one: Clocked) -> date:
    return one.due or date.max


def _before(one: Clocked, other: Clocked) -> bool:
    return (_due(one), _ORDER.index(one.kind)) < (_due(other), _ORDER.index(other.kind))


def _meet(one: Clocked, other: Clocked) -> bool:
    """Whether there is a day on which both are late."""
    return max(_due(one), _due(other)) < min(one.ended or date.max, other.ended or date.max)
