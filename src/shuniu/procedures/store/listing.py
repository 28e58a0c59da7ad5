"""Lists, each one indexed query over the projections."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Literal, cast

from django.db.models import Count, Min, Q, QuerySet

from shuniu.base.rules import region_prefix
from shuniu.procedures import hiding
from shuniu.procedures.declare import OUTCOME_TITLES, DoneView, Load, Move, TaskView, WatchView
from shuniu.procedures.models import Case, Event, Task, Watch
from shuniu.procedures.store.loading import declared
from shuniu.trust.api import OVERSEE, fetch_prepared
from shuniu.trust.declare import Actor

DONE = (Move.AGREE.value, Move.DISAGREE.value, Move.RETURN.value, Move.TRANSFER.value)
"""What somebody has done who had a seat: taking one is not yet doing anything."""

# Whoever sits in them now, and whoever is still to be asked.
_CONCERNING = b"""
select id, (select key from procedures_declaration d where d.id = declaration_id)
from procedures_case where outcome = '' and (agency = %s
  or jsonb_path_exists(lanes, '$.*[*] ? (@ == $agency)', jsonb_build_object('agency', %s::text))
  or exists (select from procedures_task t where t.case_id = procedures_case.id and t.agency = %s))
order by id
"""

_BY_DUE = b"""
select id, coalesce(next_due, 'infinity')::text from procedures_case
where outcome = '' and split_part(object, ':', 1) = %s and agency = %s
  and region >= %s and region < %s and region like any (%s::text[])
  and (coalesce(next_due, 'infinity'), id) > (%s::date, %s::bigint)
order by coalesce(next_due, 'infinity'), id limit %s
"""


def running_by_due(actor: Actor, kind: str, after: tuple[str, int], most: int) -> list[tuple[int, str]]:
    """The running cases about one kind of object of an actor's agency and reach, behind a place in their order: with the
    day on which their first clock is due, those in which none runs last (`infinity`)."""
    regions = sorted(region_prefix(region) for region in actor.regions)
    if not regions:
        return []
    span = regions[0], max(str(int(region) + 1) for region in regions)  # as an index can go by it; then one by one
    reach = "{" + ",".join(f"{region}%" for region in regions) + "}"
    return [(case, due) for case, due in fetch_prepared(_BY_DUE, [kind, actor.agency, *span, reach, *after, most])]


def waiting_for(actor: Actor) -> QuerySet[Task]:
    """The tasks that this actor may take, as `rules.rank`, `rules.barred` and `Actor.reaches` would say of each."""
    lane = Q(open=True, capability__in=actor.capabilities) & Q(person__in=["", actor.person])
    own = Q(agency=actor.agency)
    for kind in hiding.kinds() if actor.may(OVERSEE) else ():
        lane &= own | ~Q(case__object__startswith=f"{kind}:")
    if not actor.may(OVERSEE):
        lane &= own
    return Task.objects.filter(_reach(actor), lane).exclude(barred__contains=[actor.person])


def _reach(actor: Actor) -> Q:
    reach = Q(pk__in=[])
    for region in actor.regions:
        reach |= Q(region__startswith=region_prefix(region))
    return reach


def narrowed(tasks: QuerySet[Task], procedure: str, text: str) -> QuerySet[Task]:
    """The tasks of one procedure and about what holds the text, or opened by a name that does; of all where empty."""
    if procedure:
        tasks = tasks.filter(case__declaration__key=procedure)
    if text:
        tasks = tasks.filter(Q(case__object__icontains=text) | Q(case__opened_by_name__icontains=text))
    return tasks


def done_by(person: str, kinds: Collection[str] = ()) -> QuerySet[Event]:
    """What this person has done in seats, the last first; about these kinds of objects, where any are named."""
    about = Q(*(Q(case__object__startswith=f"{kind}:") for kind in kinds), _connector=Q.OR)
    return Event.objects.filter(about, person=person, verb__in=DONE).select_related("case").order_by("-pk")


def done_view(row: Event) -> DoneView:
    """Something done as lists show it."""
    case: Case = row.case
    procedure = declared(case.declaration_id)
    stage = next((one.title for one in procedure.stages if one.key == row.stage), row.stage)
    return DoneView(
        case=case.pk,
        procedure_title=procedure.title,
        stage_title=stage,
        object=case.object,
        opened_by_name=case.opened_by_name,
        move=Move(row.verb),
        at=row.at,
        outcome=next(one for one in OUTCOME_TITLES if one == case.outcome),
    )


def loads(actor: Actor, today: date) -> list[Load]:
    """What can be answered now in the actor's agency and regions, counted for each person who has it."""
    counted = (
        Task.objects.filter(_reach(actor), agency=actor.agency, open=True)
        .values("person")
        .annotate(waiting=Count("pk"), overdue=Count("pk", filter=Q(due__lt=today)), first_due=Min("due"))
        .order_by("-overdue", "-waiting", "person")
    )
    return [Load(one["person"], one["waiting"], one["overdue"], one["first_due"]) for one in counted]


def held_by(person: str, cases: Sequence[int]) -> bool:
    """Whether a seat that has to be answered in one of these cases is this person's."""
    return Task.objects.filter(case__in=list(cases), person=person).exclude(person="").exists()


def in_hand(person: str) -> list[int]:
    """The running cases in which this person has a seat to answer, now or later."""
    return [*Task.objects.filter(person=person).exclude(person="").values_list("case", flat=True).distinct()]


def with_tasks() -> frozenset[str]:
    return frozenset(Task.objects.exclude(person="").values_list("person", flat=True).distinct())


def concerning(agency: str) -> dict[int, str]:
    """The running cases that ask an agency, now or later: by id, the key of the procedure."""
    return {row[0]: row[1] for row in fetch_prepared(_CONCERNING, [agency, agency, agency])}


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
