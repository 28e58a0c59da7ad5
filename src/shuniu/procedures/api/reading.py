"""Lists and views. The caller has checked who may read, but for lists, which are the actor's own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import Literal

from django.db.models import Count
from django.utils import timezone

from shuniu.procedures import store
from shuniu.procedures.declare import CaseView, DoneView, Event, Load, TaskView, WatchView
from shuniu.procedures.models import Case
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor


def tasks(
    actor: Actor, *, procedure: str = "", text: str = "", limit: int = 100, offset: int = 0
) -> tuple[TaskView, ...]:
    """What waits for this actor, the most pressing first: seats that `answer` would let the actor take.

    Of one procedure, and (`text`) about what or opened by whom, where that is asked.
    """
    waiting = store.narrowed(store.waiting_for(actor), procedure, text)
    rows = waiting.select_related("case").order_by("due", "since", "pk")[offset : offset + limit]
    return tuple(store.task_view(row) for row in rows)


def count_tasks(actor: Actor, *, procedure: str = "", text: str = "") -> int:
    """How many tasks wait for this actor, narrowed as `tasks` narrows."""
    return store.narrowed(store.waiting_for(actor), procedure, text).count()


FIRST = ("-infinity", 0)
"""The place before all others in the order of `running_by_due`."""


def running_by_due(
    actor: Actor, kind: str, *, after: tuple[str, int] = FIRST, most: int = 100
) -> tuple[tuple[int, str], ...]:
    """The running cases about a kind of object (`case`) of this actor's agency and reach, what is due first at the top.

    Each with the day on which the first of its clocks is due (`infinity` where none runs): a case and its day are its
    place, behind which the next page begins. Empty for who is of no agency. The caller has checked the right.
    """
    return tuple(store.running_by_due(actor, kind, after, most)) if actor.agency else ()


def queues(actor: Actor) -> dict[str, int]:
    """How many tasks wait for this actor in each procedure, by its key."""
    key = "case__declaration__key"
    return dict(store.waiting_for(actor).values_list(key).annotate(waiting=Count("pk")).order_by(key))


def done(actor: Actor, *, kinds: Collection[str] = (), limit: int = 100, offset: int = 0) -> tuple[DoneView, ...]:
    """What this actor has done in seats, the last first; about these kinds of objects (`document`), where any are named."""
    return tuple(store.done_view(row) for row in store.done_by(actor.person, kinds)[offset : offset + limit])


def loads(actor: Actor) -> tuple[Load, ...]:
    """How much waits in the actor's agency for each person, the most overdue first. The caller has checked the right."""
    return tuple(store.loads(actor, timezone.localdate()))


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


def case_and_history(case: int) -> tuple[CaseView, tuple[Event, ...]]:
    """A case as it stands and all that happened in it, by one reading of its log. As `case_view` and `history`."""
    loaded = _loaded(case)
    return store.view(loaded), tuple(loaded.events)


def case_views(cases: Sequence[int]) -> dict[int, CaseView]:
    """These cases as they stand, by id; those that are not there are left out. The caller has checked who may read."""
    return {one.row.pk: store.view(one) for one in store.fold(list(Case.objects.filter(pk__in=list(cases))))}


def outcomes(cases: Collection[int]) -> dict[int, str]:
    """How these cases ended, by id; empty of those that run. The caller has checked who may read."""
    return dict(Case.objects.filter(pk__in=cases).values_list("pk", "outcome"))


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
    """Make the projections of one case (or of all) anew from the events and the clocks.

    Returns how many cases had stood otherwise than their events say.
    """
    require()
    wrong = 0
    ids: Iterable[int] = Case.objects.order_by("pk").values_list("pk", flat=True) if case is None else [case]
    chunks = iter(ids)
    while chunk := list(islice(chunks, 1000)):
        wrong += len(store.rebuild(store.locked(chunk)))
    record("procedures", detail={"case": case, "wrong": wrong})
    return wrong


def with_tasks() -> frozenset[str]:
    """Everybody who has a seat in hand that is still to be answered."""
    return store.with_tasks()
