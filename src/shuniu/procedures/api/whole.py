"""The verbs of a whole case: its opener's, its readers' and supervisors', and those that follow people and agencies.

Each is called inside a verb of an engine above that has required the right; who opened the case is checked here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from itertools import islice

from django.utils import timezone

from shuniu.procedures import rules, store
from shuniu.procedures.api.acting import act_on_whole, event, journal
from shuniu.procedures.declare import CORRECTION, CaseView, Move
from shuniu.trust.api import record
from shuniu.trust.declare import Actor

_CHUNK = 1000


def correct(*, actor: Actor, case: int, note: str = "", on_behalf: bool = False) -> CaseView:
    """补齐: who opened the case has corrected it, and it goes on.

    `on_behalf`: the verb that calls has found that the actor may act for who opened it (an agent, the counter), here and
    below. Raises Refused: procedures.opener; suspended when nothing was asked for.
    """
    return act_on_whole(actor, case, Move.RESUME, (CORRECTION,), note, opener=not on_behalf)


def resubmit(*, actor: Actor, case: int, note: str = "", on_behalf: bool = False) -> CaseView:
    """重新提交: after 退回发起人 the case goes on from its beginning. Raises Refused: procedures.opener, not_open."""
    return act_on_whole(actor, case, Move.RESUBMIT, (), note, opener=not on_behalf)


def withdraw_case(*, actor: Actor, case: int, reason: str, on_behalf: bool = False) -> CaseView:
    """撤回申请: who opened the case takes it back, with all parts that still run. Raises Refused: procedures.opener, not_open."""
    (whole,) = store.locked([case])
    if not on_behalf:
        rules.check_opener(whole.state, actor)
    at = timezone.now()
    whole.add(event(actor, Move.CANCEL, (), reason, at))
    journal([whole], Move.CANCEL)
    store.save([whole])
    parts = store.family(whole)
    while parts:  # each is locked after what it is part of, as everywhere
        below = [part for part in store.locked(parts) if not rules.outcome(part.procedure, part.state)]
        for part in below:
            part.add(event(actor, Move.CANCEL, (), reason, at))
        store.save(below)
        parts = [number for part in below for number in store.family(part)]
    return store.view(whole)


def urge(*, actor: Actor, case: int, note: str = "") -> CaseView:
    """催办: say in the log that an answer is awaited; whoever has the open seats is told by the engine above."""
    return act_on_whole(actor, case, Move.URGE, (), note)


def circulate(*, actor: Actor, case: int, to: Sequence[tuple[str, str]], note: str = "") -> CaseView:
    """传阅: let these people (id and name) read it; nothing waits for them. Raises Refused (procedures.readers)."""
    return act_on_whole(actor, case, Move.CIRCULATE, tuple(part for who in to for part in who), note)


def read(*, actor: Actor, case: int, note: str = "") -> CaseView:
    """已阅: the actor, to whom it was circulated, has read it. Raises Refused (procedures.readers)."""
    return act_on_whole(actor, case, Move.READ, (), note)


def supervise(*, actor: Actor, case: int, due: date | None = None, note: str = "") -> CaseView:
    """督办: watch a case from now on, and say by when it shall be done; said again, the day is the new one."""
    return act_on_whole(actor, case, Move.SUPERVISE, (due.isoformat(),) if due else (), note)


def unsupervise(*, actor: Actor, case: int, note: str = "") -> CaseView:
    """解除督办: no longer watch it. Raises Refused (procedures.supervisors)."""
    return act_on_whole(actor, case, Move.UNSUPERVISE, (), note)


def branch(*, actor: Actor, case: int, left_out: Sequence[str], reason: str = "") -> CaseView:
    """Say which optional stages take no part from now on (all others do), as found outside from the case's answers.

    Raises Refused (procedures.branch) for a stage that must take part, or once somebody has answered there or after.
    """
    return act_on_whole(actor, case, Move.BRANCH, tuple(left_out), reason)


def release_person(*, actor: Actor, person: str, reason: str = "") -> tuple[int, ...]:
    """离岗交回: every seat that a person has still to answer becomes free again, in all cases; called when an account closes.

    Nothing that the person answered is touched. Returns the cases.
    """
    done = _on_all(
        store.in_hand(person),
        lambda case: any(seat.person == person and not seat.answer for seat in case.state.seats),
        lambda cases: _add_to_all(cases, actor, Move.VACATE, (person,), reason),
    )
    record(f"person:{person}", detail={"move": Move.VACATE, "cases": list(done)})
    return done


def concerning(agency: str) -> dict[int, str]:
    """The running cases that ask an agency, now or later: by id, the key of the procedure. What `succeed` moves."""
    return store.concerning(agency)


def succeed(
    *, actor: Actor, agency: str, successor: str, reason: str = "", leave: Collection[int] = ()
) -> tuple[int, ...]:
    """承接: an agency took another's place: whatever running cases ask that one, now or later, they ask its successor.

    Seats that its people had taken become free in the successor; what was answered stands. `leave`: cases that the
    successor must not get. Returns the cases.
    """

    def move(cases: Sequence[store.Loaded]) -> None:
        store.reseat(cases, agency, successor)
        _add_to_all(cases, actor, Move.SUCCEED, (agency, successor), reason)

    done = _on_all(store.concerning(agency).keys() - set(leave), lambda case: True, move)
    record(f"agency:{agency}", detail={"move": Move.SUCCEED, "successor": successor, "cases": list(done)})
    return done


def _on_all(
    ids: Iterable[int], concerned: Callable[[store.Loaded], bool], move: Callable[[Sequence[store.Loaded]], None]
) -> tuple[int, ...]:
    """Move in all of these cases that still run and are concerned, in sets."""
    left, done = iter(sorted(ids)), list[int]()
    while chunk := list(islice(left, _CHUNK)):
        cases = [
            case for case in store.locked(chunk) if not rules.outcome(case.procedure, case.state) and concerned(case)
        ]
        move(cases)
        store.save(cases)
        done += (case.row.pk for case in cases)
    return tuple(done)


def _add_to_all(cases: Sequence[store.Loaded], actor: Actor, move: Move, said: tuple[str, ...], reason: str) -> None:
    at = timezone.now()
    for case in cases:
        case.add(event(actor, move, said, reason, at))
