"""Cases are opened, cut into parts, and ended because their question fell away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from shuniu.base.periods import Term
from shuniu.procedures import rules, store
from shuniu.procedures.api.acting import journal
from shuniu.procedures.declare import CaseView, Event, Move, Opening, Procedure
from shuniu.trust.api import record
from shuniu.trust.declare import Actor, Json

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
    """Open one case each, with its parts, with one journal entry for all. Returns their ids in order.

    The verb that calls has required the right to ask. Raises KeyError for a procedure that nobody registered,
    ValueError for lanes or parts that it does not have, Refused (procedures.term) when no rule gives the due date.
    """
    return tuple(case.row.pk for case in _open(actor, procedure, openings, reason))


def _open(actor: Actor, procedure: str, openings: Sequence[Opening], reason: str) -> list[store.Loaded]:
    declared = PROCEDURES[procedure]
    cases = _opened(
        declared, openings, actor, (actor.person, actor.name), reason, timezone.now(), [None] * len(openings)
    )
    store.save(cases)
    ids = tuple(case.row.pk for case in cases[: len(openings)])
    target = f"case:{ids[0]}" if len(ids) == 1 else f"procedure:{procedure}"
    detail: dict[str, Json] = {"procedure": procedure, "version": declared.version, "cases": list(ids)}
    if len(ids) == 1:
        detail["object"] = openings[0].object
    if parts := [case.row.pk for case in cases[len(openings) :]]:
        detail["parts"] = list(parts)
    record(target, detail=detail)
    return cases[: len(openings)]


def open_case(
    *,
    actor: Actor,
    procedure: str,
    object: str,
    agency: str,
    region: str,
    reason: str = "",
    lanes: dict[str, tuple[str, ...]] | None = None,
    left_out: tuple[str, ...] = (),
    parts: tuple[tuple[str, Opening], ...] = (),
    term: Term | None = None,
) -> CaseView:
    """Open one case: see `open_cases` and `Opening`."""
    opening = Opening(object, agency, region, lanes or {}, left_out, parts, term)
    (case,) = _open(actor, procedure, [opening], reason)
    return store.view(case)


def split(*, actor: Actor, case: int, parts: Sequence[tuple[str, Opening]], reason: str = "") -> CaseView:
    """分办: open cases that are parts of this one, for whoever opened it. The verb that calls has required the right.

    Raises Refused (procedures.parts) where the case waits for none, and what `open_cases` raises.
    """
    (whole,) = store.locked([case])
    at = timezone.now()
    fresh = _parted([whole], [tuple(parts)], actor, reason, at)
    whole.add(_split(actor, [one.row.pk for one in fresh if one.parent is whole], reason, at))
    store.save([whole, *fresh])
    detail: dict[str, Json] = {"move": Move.SPLIT, "object": whole.row.object, "parts": [one.row.pk for one in fresh]}
    record(f"case:{case}", detail=detail)
    return store.view(whole)


def _opened(
    procedure: Procedure,
    openings: Sequence[Opening],
    actor: Actor,
    opener: tuple[str, str],
    reason: str,
    at: datetime,
    parents: Sequence[store.Loaded | None],
) -> list[store.Loaded]:
    """The cases of these openings in order, and after them all that are their parts; not saved yet."""
    for opening in openings:
        _check(procedure, opening)
    cases = store.create(procedure, openings, opener, at, [one.row if one else None for one in parents])
    for case, parent in zip(cases, parents, strict=True):
        case.parent = parent
    fresh = _parted(cases, [opening.parts for opening in openings], actor, reason, at)
    parts: dict[int, list[int]] = {}
    for one in fresh:
        parts.setdefault(one.row.parent_id or 0, []).append(one.row.pk)
    for case, opening in zip(cases, openings, strict=True):
        events = [Event(0, Move.OPEN, *opener, at, reason=reason)]
        if case.row.pk in parts:
            events.append(_split(actor, parts[case.row.pk], "", at))
        if opening.left_out:
            events.append(Event(0, Move.BRANCH, actor.person, actor.name, at, to=opening.left_out))
        case.add(*events)
        rules.check_parts(procedure, case.state)
    return [*cases, *fresh]


def _parted(
    wholes: Sequence[store.Loaded],
    parts: Sequence[tuple[tuple[str, Opening], ...]],
    actor: Actor,
    reason: str,
    at: datetime,
) -> list[store.Loaded]:
    """The parts of these cases, opened for whoever opened the whole: nobody approves their own by cutting it up."""
    asked: dict[tuple[str, tuple[str, str]], list[tuple[Opening, store.Loaded]]] = {}
    for whole, wanted in zip(wholes, parts, strict=True):
        opener = whole.row.opened_by, whole.row.opened_by_name
        for key, opening in wanted:
            asked.setdefault((key, opener), []).append((opening, whole))
    made: list[store.Loaded] = []
    for (key, opener), pairs in asked.items():
        openings, above = zip(*pairs, strict=True)
        made += _opened(PROCEDURES[key], openings, actor, opener, reason, at, above)
    return made


def _split(actor: Actor, parts: Sequence[int], reason: str, at: datetime) -> Event:
    return Event(0, Move.SPLIT, actor.person, actor.name, at, to=tuple(map(str, parts)), reason=reason)


def _check(procedure: Procedure, opening: Opening) -> None:
    known = {stage.key for stage in procedure.stages}
    for stage, agencies in opening.lanes.items():
        if stage not in known or not agencies:
            raise ValueError(f"程序“{procedure.key}”：环节“{stage}”{'没有办理单位' if stage in known else '不存在'}")
    for one in procedure.stages:
        if one.quorum > len(opening.lanes.get(one.key, (opening.agency,))):
            raise ValueError(f"程序“{procedure.key}”：环节“{one.key}”的办理单位少于须同意的 {one.quorum} 方")
    if opening.parts and not any(stage.children for stage in procedure.stages):
        raise ValueError(f"程序“{procedure.key}”没有等待分项的环节，不能分办")
    if not (opening.object and opening.agency and opening.region):
        raise ValueError("提出事项须有对象、单位和区划")


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
    journal(running, Move.END)
    store.save(running)
    return tuple(case.row.pk for case in running)
