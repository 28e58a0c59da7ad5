"""How an officer's act in a case begins and what it gives back: the case under its lock, and the case as it then stands."""

from __future__ import annotations

from shuniu.cases.api import fees, views
from shuniu.cases.declare.case import CaseState, CaseView
from shuniu.cases.models import Case
from shuniu.cases.store import cases as store
from shuniu.cases.store import successions
from shuniu.cases.store.cases import matter_of
from shuniu.procedures import api as procedures
from shuniu.trust.api import OVERSEE, require
from shuniu.trust.declare import Actor, Refused


def taken(actor: Actor, number: str) -> Case:
    """A running case of the actor's reach, locked; who may act in it the procedure decides.

    Raises Refused: case.unknown, case.ended, case.waiting, case.whole; right.region.
    """
    case = store.locked(number)
    require(region=case.region)
    if not CaseState(case.state).running:
        raise Refused("case.ended", f"办件 {number} 已经办结。", "请刷新后查看办理结果。")
    if case.matter is None:
        raise waiting(number)
    if case.children.exists():
        raise Refused("case.whole", f"{number} 是一件事，由各单位分别办理。", "请进入本单位办理的那一项。")
    return case


def concerning(actor: Actor, number: str) -> Case:
    """A case that the actor's agency works on (or that oversight looks at), locked, whether it has ended or not.

    Raises Refused: case.unknown, case.waiting; right.region.
    """
    case = store.locked(number)
    require(region=case.region)
    if case.matter is None:
        raise waiting(number)
    if actor.agency not in agencies(case) and not actor.may(OVERSEE):
        raise store.unknown(number)
    return case


def agencies(case: Case) -> frozenset[str]:
    """The agencies that work on a case: who looks after it and those that were asked."""
    return frozenset(
        {successions.keeper(case.agency), *(seat.agency for seat in procedures.case_view(matter_of(case)).seats)}
    )


def waiting(number: str) -> Refused:
    """The refusal of an item of a life event that has not come to its turn."""
    return Refused("case.waiting", f"办件 {number} 要等前面的事项准予。", "前面的事项准予后会自动交办。")


def viewed(case: Case) -> CaseView:
    """The case as an officer sees it."""
    return views.seen(case, fees.bill_of(case.pk), own=False)
