"""The front door of procedures.

Everything that writes here is called inside the verb of an engine above (`catalogue.review` calls `answer`), in that
verb's transaction: it locks the case, requires the region and the seat's lane, applies the rules and records. It
returns the case as it then stands, so that the engine above acts on `outcome` in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from django.utils import timezone

from shuniu.procedures import rules, store
from shuniu.procedures.declare import ANSWERS, CaseView, Event, Move, Opening, Procedure, Seat, TaskView
from shuniu.procedures.models import Case
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Json, Refused

PROCEDURES: dict[str, Procedure] = {}
"""The procedures that can be opened, by key: what engines and systems registered, each in its newest version."""


def register(procedure: Procedure) -> Procedure:
    """Make a declared procedure known. Raises ValueError for another declaration under the same key and version."""
    known = PROCEDURES.get(procedure.key)
    if known and known != procedure and known.version == procedure.version:
        raise ValueError(f"程序“{procedure.key}”第 {procedure.version} 版登记了两种内容，请升版本号")
    if known is None or known.version < procedure.version:
        PROCEDURES[procedure.key] = procedure
    return procedure


def open_cases(*, actor: Actor, procedure: str, openings: Sequence[Opening], reason: str = "") -> tuple[int, ...]:
    """Open one case each, with one journal entry for all. Returns their ids in order.

    The verb that calls has required the right to ask. Raises KeyError for a procedure that nobody registered,
    ValueError for lanes that it does not have, Refused (procedures.term) when no rule gives the due date.
    """
    declared = PROCEDURES[procedure]
    for opening in openings:
        _check(declared, opening)
    cases = store.create(declared, openings, actor, reason, timezone.now())
    store.save(cases)
    ids = tuple(case.row.pk for case in cases)
    target = f"case:{ids[0]}" if len(ids) == 1 else f"procedure:{procedure}"
    detail: dict[str, Json] = {"procedure": procedure, "version": declared.version, "cases": list(ids)}
    if len(ids) == 1:
        detail["object"] = openings[0].object
    record(target, detail=detail)
    return ids


def open_case(
    *,
    actor: Actor,
    procedure: str,
    object: str,
    agency: str,
    region: str,
    reason: str = "",
    lanes: dict[str, tuple[str, ...]] | None = None,
) -> CaseView:
    """Open one case: see `open_cases` and `Opening`."""
    opening = Opening(object, agency, region, lanes or {})
    (case,) = open_cases(actor=actor, procedure=procedure, openings=[opening], reason=reason)
    return case_view(case)


def _check(procedure: Procedure, opening: Opening) -> None:
    known = {stage.key for stage in procedure.stages}
    for stage, agencies in opening.lanes.items():
        if stage not in known or not agencies:
            raise ValueError(f"程序“{procedure.key}”：环节“{stage}”{'没有办理单位' if stage in known else '不存在'}")
    if not (opening.object and opening.agency and opening.region):
        raise ValueError("提出事项须有对象、单位和区划")


def answer(*, actor: Actor, case: int, answer: str, reason: str = "", stage: str = "", seat: int = 0) -> CaseView:
    """Answer 同意 or 不同意 (with a reason) in the seat that is the actor's: see `rules.choose`.

    `seat` is the number that the page showed, so that an answer never falls on a seat that nobody looked at.
    Raises Refused: procedures.taken, not_open, lane, own_approval, twice, which, reason, answer; right.region.
    """
    return _act(actor, [case], _answered(answer), reason, stage=stage, seat=seat)[0]


def answer_all(*, actor: Actor, cases: Sequence[int], answer: str, reason: str = "") -> tuple[CaseView, ...]:
    """The same answer in many cases, all or none; a refusal names the case. Views come in the order of their ids."""
    return _act(actor, cases, _answered(answer), reason)


def transfer(*, actor: Actor, case: int, to: Actor, reason: str, stage: str = "", seat: int = 0) -> CaseView:
    """转办: hand the actor's seat to a person who could take it too, and who alone may take it from then on.

    Oversight may also hand on what was handed to somebody else (who fell ill). Raises Refused as `answer` does, and
    procedures.transfer when `to` may not sit there.
    """
    return _act(actor, [case], Move.TRANSFER, reason, stage=stage, seat=seat, to=to)[0]


def return_(*, actor: Actor, case: int, to_stage: str, reason: str, stage: str = "", seat: int = 0) -> CaseView:
    """退回: send the case back to an earlier stage; what was answered there and below is asked again.

    Raises Refused as `answer` does, and procedures.return for a stage that does not come before.
    """
    return _act(actor, [case], Move.RETURN, reason, stage=stage, seat=seat, to_stage=to_stage)[0]


def take(*, actor: Actor, case: int, stage: str = "", seat: int = 0) -> CaseView:
    """领办: make a free seat that the actor may answer in the actor's own; nobody else answers there from then on.

    Raises Refused as `answer` does.
    """
    return _act(actor, [case], Move.TAKE, "", stage=stage, seat=seat)[0]


def release(*, actor: Actor, case: int, reason: str, stage: str = "", seat: int = 0) -> CaseView:
    """退领: give a seat that was taken or handed on free again. Oversight may do it for who has it.

    Raises Refused as `answer` does.
    """
    return _act(actor, [case], Move.RELEASE, reason, stage=stage, seat=seat)[0]


def end_cases(*, actor: Actor, cases: Sequence[int], reason: str) -> tuple[int, ...]:
    """终止: end those of the cases that still run without a decision, because what they ask has fallen away.

    The verb that calls has found that it has, for this is nobody's answer: no seat is asked for. Returns which ended.
    """
    running = [case for case in store.locked(cases) if not rules.outcome(case.procedure, case.state)]
    if not running:
        return ()
    at = timezone.now()
    for case in running:
        case.add(Event(0, Move.END, actor.person, actor.name, at, reason=reason.strip()))
    _record(running, Move.END)
    store.save(running)
    return tuple(case.row.pk for case in running)


def _answered(said: str) -> Move:
    if said not in ANSWERS:
        raise Refused("procedures.answer", f"没有“{said}”这种答复。", f"请答复“{'”或“'.join(ANSWERS)}”。")
    return Move(said)


def _act(
    actor: Actor,
    ids: Sequence[int],
    move: Move,
    reason: str,
    *,
    stage: str = "",
    seat: int = 0,
    to: Actor | None = None,
    to_stage: str = "",
) -> tuple[CaseView, ...]:
    if not ids:
        raise Refused("procedures.unknown", "没有选择任何事项。", "请至少选择一项。")
    cases = store.locked(ids)
    at = timezone.now()
    for case in cases:
        try:
            require(region=case.row.region)
            where = rules.choose(
                case.procedure, case.state, actor, stage=stage, seat=seat, handing_on=move in rules.HANDING_ON
            )
            target = _target(case, where, to, to_stage)
            case.add(Event(0, move, actor.person, actor.name, at, where.stage, where.number, target, reason.strip()))
        except Refused as refusal:
            if len(cases) > 1:
                raise Refused(refusal.rule, f"“{case.row.object}”：{refusal.message}", refusal.remedy) from refusal
            raise
    _record(cases, move)
    store.save(cases)
    return tuple(store.view(case) for case in cases)


def _target(case: store.Loaded, seat: Seat, to: Actor | None, to_stage: str) -> tuple[str, ...]:
    if to is None:
        return (to_stage,) if to_stage else ()
    rules.check_receiver(case.procedure, seat, to, case.row.region)
    return to.person, to.name


def _record(cases: Sequence[store.Loaded], move: Move) -> None:
    """The journal entry says what was answered where; reasons are free text and stay in the case's own log."""
    first = cases[0]
    if len(cases) > 1:
        record(f"procedure:{first.procedure.key}", detail={"move": move, "cases": [case.row.pk for case in cases]})
        return
    done = next(event for event in first.fresh if event.move is move)
    detail: dict[str, Json] = {"move": move, "stage": done.stage, "seat": done.seat, "object": first.row.object}
    if done.to:
        detail["to"] = done.to[0]
    record(f"case:{first.row.pk}", detail=detail)


def tasks(actor: Actor, *, procedure: str = "", limit: int = 100, offset: int = 0) -> tuple[TaskView, ...]:
    """What waits for this actor, the most pressing first: seats that `answer` would let the actor take."""
    waiting = store.waiting_for(actor)
    if procedure:
        waiting = waiting.filter(case__declaration__key=procedure)
    rows = waiting.select_related("case__declaration").order_by("due", "since", "pk")[offset : offset + limit]
    return tuple(store.task_view(row) for row in rows)


def count_tasks(actor: Actor, *, procedure: str = "") -> int:
    """How many tasks wait for this actor."""
    waiting = store.waiting_for(actor)
    return waiting.filter(case__declaration__key=procedure).count() if procedure else waiting.count()


def holds(actor: Actor, cases: Sequence[int]) -> bool:
    """Whether one of these cases waits for an answer in a seat that this person has taken or was handed."""
    return store.held_by(actor.person, cases)


def history(case: int) -> tuple[Event, ...]:
    """All that happened in a case, in order; the caller has checked who may read it. Raises Refused (unknown)."""
    return tuple(_loaded(case).events)


def case_view(case: int) -> CaseView:
    """A case as it stands. The caller has checked who may read it. Raises Refused (procedures.unknown)."""
    return store.view(_loaded(case))


def case_views(cases: Sequence[int]) -> dict[int, CaseView]:
    """These cases as they stand, by id; those that are not there are left out. The caller has checked who may read."""
    return {one.row.pk: store.view(one) for one in store.fold(list(Case.objects.filter(pk__in=list(cases))))}


def cases_on(object: str, *, procedure: str = "", running: bool = False) -> tuple[CaseView, ...]:
    """The cases about an object, newest first."""
    rows = Case.objects.filter(object=object).order_by("-pk")
    if procedure:
        rows = rows.filter(declaration__key=procedure)
    if running:
        rows = rows.filter(outcome="")
    return tuple(store.view(case) for case in store.fold(list(rows)))


def _loaded(case: int) -> store.Loaded:
    found = store.fold(list(Case.objects.filter(pk=case)))
    if not found:
        raise store.unknown(case)
    return found[0]


@verb("procedures.rebuild", "重建待办")
def rebuild(*, actor: Actor, case: int | None = None) -> int:
    """Make the projections of one case (or of all) anew from the events, and provisional due dates from the calendar.

    Returns how many cases had stood otherwise than their events say.
    """
    require()
    wrong = 0
    ids: Iterable[int] = Case.objects.order_by("pk").values_list("pk", flat=True) if case is None else [case]
    chunks = iter(ids)
    while chunk := list(islice(chunks, 1000)):
        cases = store.locked(chunk)
        wrong += sum(store.renew_due(loaded) or store.differs(loaded) for loaded in cases)
        store.project(cases)
    record("procedures", detail={"case": case, "wrong": wrong})
    return wrong
