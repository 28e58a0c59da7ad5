"""How every act goes: lock, require the region, find the seat, apply the rules, record, save."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from shuniu.procedures import rules, store
from shuniu.procedures.declare import CaseView, Event, Move
from shuniu.trust.api import record, require
from shuniu.trust.declare import Actor, Json, Refused


def act(
    actor: Actor,
    ids: Sequence[int],
    move: Move,
    reason: str,
    *,
    stage: str = "",
    seat: int = 0,
    to: Actor | None = None,
    said: tuple[str, ...] = (),
    to_stage: str | None = None,
) -> tuple[CaseView, ...]:
    """Make a move in the actor's seat of each case, all or none; a refusal names the case.

    `to` is whom it is handed to or who is added, `to_stage` where it is returned to ("": the stages just before),
    `said` what else the event holds. Views come in the order of the cases' ids.
    """
    if not ids:
        raise Refused("procedures.unknown", "没有选择任何事项。", "请至少选择一项。")
    cases = store.locked(ids)
    at = timezone.now()
    for case in cases:
        try:
            require(region=case.row.region)
            where = rules.chosen_for(case.procedure, case.state, actor, move, stage=stage, seat=seat)
            target = said
            if to is not None:
                check = rules.check_added if move in rules.ADDING else rules.check_receiver
                check(case.procedure, where, to, case.row.region)
                target = (to.person, to.name, to.agency) if move in rules.ADDING else (to.person, to.name)
            elif to_stage is not None:
                target = rules.targets(case.procedure, case.state, where, to_stage)
            case.add(Event(0, move, actor.person, actor.name, at, where.stage, where.number, target, reason.strip()))
        except Refused as refusal:
            if len(cases) > 1:
                raise Refused(refusal.rule, f"“{case.row.object}”：{refusal.message}", refusal.remedy) from refusal
            raise
    journal(cases, move)
    store.save(cases)
    return tuple(store.view(case) for case in cases)


def act_on_whole(
    actor: Actor, case: int, move: Move, said: tuple[str, ...] = (), reason: str = "", *, opener: bool = False
) -> CaseView:
    """Make a move that needs no seat. The verb that calls has required the right; `opener`: only who opened it may."""
    (loaded,) = store.locked([case])
    if opener:
        rules.check_opener(loaded.state, actor)
    loaded.add(event(actor, move, said, reason))
    journal([loaded], move)
    store.save([loaded])
    return store.view(loaded)


def event(actor: Actor, move: Move, said: tuple[str, ...], reason: str, at: datetime | None = None) -> Event:
    """An event without a seat, now or at that time."""
    return Event(0, move, actor.person, actor.name, at or timezone.now(), to=said, reason=reason.strip())


def journal(cases: Sequence[store.Loaded], move: Move) -> None:
    """The journal entry says what was answered where; reasons are free text and stay in the case's own log."""
    first = cases[0]
    if len(cases) > 1:
        record(f"procedure:{first.procedure.key}", detail={"move": move, "cases": [case.row.pk for case in cases]})
        return
    done = next(event for event in first.fresh if event.move is move)
    detail: dict[str, Json] = {"move": move, "object": first.row.object}
    if done.seat:
        detail |= {"stage": done.stage, "seat": done.seat}
    if done.to:
        detail["to"] = done.to[0]
    record(f"case:{first.row.pk}", detail=detail)
