"""Where a case stands, for who has to do with it."""

from __future__ import annotations

from shuniu.procedures import store
from shuniu.procedures.api.reading import case_view, history
from shuniu.procedures.declare import CaseView, Event
from shuniu.procedures.hiding import is_hidden
from shuniu.trust.api import OVERSEE, record, require_or, verb
from shuniu.trust.declare import Actor


@verb("procedures.read_place", "查看办理进度", reads=True)
def read_place(*, actor: Actor, case: int) -> tuple[CaseView, tuple[Event, ...]]:
    """A case with its log, for who opened it, acts or acted in it, reads or supervises it, holds a right that its seats
    ask for in their agency, or oversees all. Raises Refused procedures.unknown.
    """
    found, log = case_view(case), history(case)
    require_or(store.unknown(case), region=None if actor.person == found.opened_by else found.region)
    if is_hidden(actor, found.object) or not (actor.may(OVERSEE) or _concerned(actor, found, log)):
        raise store.unknown(case)
    record(f"case:{case}", detail={"object": found.object})
    return found, log


def _concerned(actor: Actor, case: CaseView, log: tuple[Event, ...]) -> bool:
    people = {case.opened_by, *(event.person for event in log), *(seat.person for seat in case.seats)}
    people |= {one.person for one in case.state.readers} | {one.person for one in case.state.supervisors}
    if actor.person in people:
        return True
    return any(seat.agency == actor.agency and actor.may(case.procedure[seat.stage].lane) for seat in case.seats)
