"""Lists, each one indexed query over the projections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

from django.db.models import Q, QuerySet

from shuniu.base.rules import region_prefix
from shuniu.procedures.declare import OUTCOME_TITLES, TaskView, WatchView
from shuniu.procedures.models import Case, Task, Watch
from shuniu.procedures.store.loading import declared
from shuniu.trust.api import OVERSEE, fetch_prepared
from shuniu.trust.declare import Actor

# Whoever sits in them now, and whoever is still to be asked.
_CONCERNING = b"""
select id from procedures_case where outcome = '' and (agency = %s
  or jsonb_path_exists(lanes, '$.*[*] ? (@ == $agency)', jsonb_build_object('agency', %s::text))
  or exists (select from procedures_task t where t.case_id = procedures_case.id and t.agency = %s))
order by id
"""


def waiting_for(actor: Actor) -> QuerySet[Task]:
    """The tasks that this actor may take, as `rules.rank`, `rules.barred` and `Actor.reaches` would say of each."""
    reach = Q(pk__in=[])
    for region in actor.regions:
        reach |= Q(region__startswith=region_prefix(region))
    lane = Q(open=True, capability__in=actor.capabilities) & Q(person__in=["", actor.person])
    if not actor.may(OVERSEE):
        lane &= Q(agency=actor.agency)
    return Task.objects.filter(reach, lane).exclude(barred__contains=[actor.person])


def held_by(person: str, cases: Sequence[int]) -> bool:
    """Whether a seat that has to be answered in one of these cases is this person's."""
    return Task.objects.filter(case__in=list(cases), person=person).exclude(person="").exists()


def in_hand(person: str) -> list[int]:
    """The running cases in which this person has a seat to answer, now or later."""
    return [*Task.objects.filter(person=person).exclude(person="").values_list("case", flat=True).distinct()]


def concerning(agency: str) -> list[int]:
    """The running cases that ask an agency, now or later."""
    return [row[0] for row in fetch_prepared(_CONCERNING, [agency, agency, agency])]


def task_view(task: Task) -> TaskView:
    """A task as lists show it."""
    case = task.case
    procedure = declared(case.declaration_id)
    return TaskView(
        case=case.pk,
        seat=task.seat,
        procedure=procedure.key,
        procedure_title=procedure.title,
        stage=task.stage,
        stage_title=procedure[task.stage].title,
        object=case.object,
        agency=task.agency,
        region=task.region,
        person=task.person,
        opened_by_name=case.opened_by_name,
        opened_at=case.opened_at,
        since=task.since,
        due=task.due,
        due_provisional=task.due_provisional,
    )


def watched(person: str, kind: Literal["read", "supervise"], *, done: bool) -> QuerySet[Watch]:
    """What was circulated to a person and is read (`done`) or not; what the person supervises, ended (`done`) or not."""
    running = Q(read_at=None) if kind == "read" else Q(case__outcome="")
    rows = Watch.objects.filter(~running if done else running, person=person, kind=kind)
    return rows.select_related("case").order_by("-since", "-pk")


def watch_view(row: Watch) -> WatchView:
    """A watch as lists show it."""
    case: Case = row.case
    return WatchView(
        case=case.pk,
        kind=cast(Literal["read", "supervise"], row.kind),
        procedure_title=declared(case.declaration_id).title,
        object=case.object,
        since=row.since,
        read_at=row.read_at,
        due=row.due,
        outcome=next(one for one in OUTCOME_TITLES if one == case.outcome),
    )
