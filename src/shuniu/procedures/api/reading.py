"""Lists and views. The caller has checked who may read, but for lists, which are the actor's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Literal

from shuniu.procedures import store
from shuniu.procedures.declare import CaseView, Event, TaskView, WatchView
from shuniu.procedures.models import Case
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor


def tasks(actor: Actor, *, procedure: str = "", limit: int = 100, offset: int = 0) -> tuple[TaskView, ...]:
    """What waits for this actor, the most pressing first: seats that `answer` would let the actor take."""
    waiting = store.waiting_for(actor)
    if procedure:
        waiting = waiting.filter(case__declaration__key=procedure)
    rows = waiting.select_related("case").order_by("due", "since", "pk")[offset : offset + limit]
    return tuple(store.task_view(row) for row in rows)


def count_tasks(actor: Actor, *, procedure: str = "") -> int:
    """How many tasks wait for this actor."""
    waiting = store.waiting_for(actor)
    return waiting.filter(case__declaration__key=procedure).count() if procedure else waiting.count()


def watched(
    actor: Actor, kind: Literal["read", "supervise"], *, done: bool = False, limit: int = 100, offset: int = 0
) -> tuple[WatchView, ...]:
    """What was circulated to this actor (`done`: and is read), or what the actor supervises (`done`: and has ended)."""
    rows = store.watched(actor.person, kind, done=done)[offset : offset + limit]
    return tuple(store.watch_view(row) for row in rows)


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
        store.rebuild(cases)
    record("procedures", detail={"case": case, "wrong": wrong})
    return wrong
