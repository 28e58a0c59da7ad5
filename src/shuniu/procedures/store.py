"""Reading and writing of cases, always as sets: one case is a set of one. Called by `api` alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from shuniu.base.calendar import Due
from shuniu.base.rules import region_prefix
from shuniu.procedures import rules, terms
from shuniu.procedures.declare import CaseView, Event, Move, Opening, Procedure, State, TaskView
from shuniu.procedures.models import Case, Declaration, Task
from shuniu.procedures.models import Event as EventRow
from shuniu.trust.api import OVERSEE
from shuniu.trust.declare import Actor, Refused

_CHUNK = 2000


@dataclass
class Loaded:
    """A case with its log folded, and what this act adds to the log."""

    row: Case
    procedure: Procedure
    state: State
    events: list[Event]
    fresh: list[Event]
    renewed: bool = False  # the due date was computed again

    def add(self, event: Event) -> None:
        """Apply one event, then ask whoever the stages that became ready wait for. Raises Refused."""
        self._put(event)
        for stage in rules.unseated(self.procedure, self.state):
            lanes = tuple(self.row.lanes.get(stage) or (self.row.agency,))
            rule = terms.stage_rule(self.procedure[stage], timezone.localdate(event.at), self.row.region)
            self._put(Event(0, Move.SEAT, event.person, event.person_name, event.at, stage, to=lanes, rule=rule))

    def _put(self, event: Event) -> None:
        event = replace(event, seq=len(self.events))
        self.state = rules.apply(self.procedure, self.state, event)
        self.events.append(event)
        self.fresh.append(event)


def declaration(procedure: Procedure) -> Declaration:
    """The stored form of a procedure. Raises ValueError when that version was stored with another content."""
    form = procedure.model_dump(mode="json")
    row, _ = Declaration.objects.get_or_create(key=procedure.key, version=procedure.version, defaults={"form": form})
    # as declarations, not as text: what a later release added to a stage says nothing about an earlier one
    if Procedure.model_validate(row.form) != procedure:
        raise ValueError(f"程序“{procedure.key}”第 {procedure.version} 版已按另一内容使用过；内容有变时请升版本号")
    return row


def locked(cases: Sequence[int]) -> list[Loaded]:
    """Lock these cases (in order of their ids, so that two acts never wait for each other) and fold their logs."""
    wanted = sorted(set(cases))
    rows = list(Case.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk"))
    if len(rows) < len(wanted):
        missing = sorted(set(wanted) - {row.pk for row in rows})[0]
        raise unknown(missing)
    return fold(rows)


def unknown(case: int) -> Refused:
    """The refusal of a case that is not there."""
    return Refused("procedures.unknown", f"没有编号为 {case} 的事项。", "请从待办列表重新进入。")


def fold(rows: Sequence[Case]) -> list[Loaded]:
    """The cases of these rows with their logs folded."""
    stored = Declaration.objects.in_bulk({row.declaration_id for row in rows})
    procedures = {key: Procedure.model_validate(row.form) for key, row in stored.items()}
    logs: dict[int, list[Event]] = {row.pk: [] for row in rows}
    for line in EventRow.objects.filter(case__in=list(logs)).order_by("case_id", "seq"):
        logs[line.case_id].append(_event(line))
    loaded = []
    for row in rows:
        procedure, log = procedures[row.declaration_id], logs[row.pk]
        loaded.append(Loaded(row, procedure, rules.fold(procedure, log), log, []))
    return loaded


def _event(row: EventRow) -> Event:
    return Event(
        row.seq, Move(row.verb), row.person, row.person_name, row.at, row.stage, row.seat, tuple(row.to), row.reason, row.rule
    )  # fmt: skip


def create(procedure: Procedure, openings: Iterable[Opening], actor: Actor, reason: str, at: datetime) -> list[Loaded]:
    """Make the rows of new cases with their opening event and first seats; `save` has still to write the logs."""
    stored = declaration(procedure)
    dues: dict[str, tuple[Due | None, str]] = {}
    rows = []
    for opening in openings:
        if opening.region not in dues:
            dues[opening.region] = terms.whole(procedure, timezone.localdate(at), opening.region)
        end, rule = dues[opening.region]
        rows.append(
            Case(
                declaration=stored,
                object=opening.object,
                agency=opening.agency,
                region=opening.region,
                lanes={stage: list(agencies) for stage, agencies in opening.lanes.items()},
                opened_at=at,
                opened_by=actor.person,
                opened_by_name=actor.name,
                due=end.date if end else None,
                due_provisional=bool(end and end.provisional),
                rule=rule,
                # the row is written before its log: until `save`, it stands as what a new case can only be
                open_stages=[stage.key for stage in procedure.stages if not stage.needs],
            )
        )
    loaded = [Loaded(row, procedure, State(), [], []) for row in Case.objects.bulk_create(rows, _CHUNK)]
    for case in loaded:
        case.add(Event(0, Move.OPEN, actor.person, actor.name, at, reason=reason))
    return loaded


def save(cases: Sequence[Loaded]) -> None:
    """Append what is new in these cases' logs and bring their projections up to it."""
    EventRow.objects.bulk_create((_row(case.row, event) for case in cases for event in case.fresh), _CHUNK)
    for case in cases:
        case.fresh.clear()
    project(cases)


def _row(case: Case, event: Event) -> EventRow:
    return EventRow(
        case=case,
        seq=event.seq,
        verb=event.move.value,
        person=event.person,
        person_name=event.person_name,
        stage=event.stage,
        seat=event.seat,
        to=list(event.to),
        reason=event.reason,
        rule=event.rule,
        at=event.at,
    )


def project(cases: Sequence[Loaded]) -> None:
    """Write the projections of these cases anew from their states: one statement for all that come to the same."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for case in cases:
        row, before = case.row, _projected(case.row)
        row.outcome = rules.outcome(case.procedure, case.state)
        row.open_stages = list(rules.ready(case.procedure, case.state))
        if case.renewed or _projected(row) != before:
            alike.setdefault(_projected(row), []).append(row.pk)
    for values, keys in alike.items():
        Case.objects.filter(pk__in=keys).update(**dict(zip(_PROJECTED, values, strict=True)))
    Task.objects.filter(case__in=[case.row.pk for case in cases]).delete()
    Task.objects.bulk_create((task for case in cases for task in tasks_of(case)), _CHUNK)


_PROJECTED = ("outcome", "open_stages", "due", "due_provisional")


def _projected(row: Case) -> tuple[object, ...]:
    return row.outcome, tuple(row.open_stages), row.due, row.due_provisional


def tasks_of(case: Loaded) -> list[Task]:
    """The tasks that a case's open seats are."""
    row, procedure, state = case.row, case.procedure, case.state
    whole = Due(row.due, row.due_provisional) if row.due else None
    seats = [
        (seat, terms.stage_due(procedure[seat.stage], seat) or whole) for seat in rules.open_seats(procedure, state)
    ]
    return [
        Task(
            case=row,
            seat=seat.number,
            stage=seat.stage,
            capability=procedure[seat.stage].lane,
            agency=seat.agency,
            region=row.region,
            person=seat.person,
            barred=sorted(rules.barred(procedure, state, seat)),
            since=seat.since,
            due=due.date if due else None,
            due_provisional=bool(due and due.provisional),
        )
        for seat, due in seats
    ]


def waiting_for(actor: Actor) -> QuerySet[Task]:
    """The tasks that this actor may take, as `rules.rank`, `rules.barred` and `Actor.reaches` would say of each."""
    reach = Q(pk__in=[])
    for region in actor.regions:
        reach |= Q(region__startswith=region_prefix(region))
    lane = Q(capability__in=actor.capabilities) & Q(person__in=["", actor.person])
    if not actor.may(OVERSEE):
        lane &= Q(agency=actor.agency)
    return Task.objects.filter(reach, lane).exclude(barred__contains=[actor.person])


def held_by(person: str, cases: Sequence[int]) -> bool:
    """Whether a seat that waits in one of these cases is this person's."""
    return Task.objects.filter(case__in=list(cases), person=person).exclude(person="").exists()


def task_view(task: Task) -> TaskView:
    """A task as lists show it."""
    case = task.case
    procedure = Procedure.model_validate(case.declaration.form)
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


def renew_due(case: Loaded) -> bool:
    """Compute a provisional due date again by the rule that gave it. Returns whether it moved or became final."""
    row = case.row
    if not row.due_provisional:
        return False
    end = terms.ends(row.rule, timezone.localdate(row.opened_at))
    case.renewed = (row.due, row.due_provisional) != (end.date, end.provisional)
    row.due, row.due_provisional = end.date, end.provisional
    return case.renewed


def differs(case: Loaded) -> bool:
    """Whether the stored projections of a case are not what its log comes to."""
    row = case.row
    stages = list(rules.ready(case.procedure, case.state))
    if (row.outcome, row.open_stages) != (rules.outcome(case.procedure, case.state), stages):
        return True
    fields = ("seat", "stage", "capability", "agency", "region", "person", "barred", "since", "due", "due_provisional")
    stored = Task.objects.filter(case=row).order_by("seat").values_list(*fields)
    return list(stored) != [tuple(getattr(task, name) for name in fields) for task in tasks_of(case)]


def view(case: Loaded) -> CaseView:
    """A case as others see it."""
    row = case.row
    return CaseView(
        id=row.pk,
        procedure=case.procedure,
        object=row.object,
        agency=row.agency,
        region=row.region,
        opened_at=row.opened_at,
        opened_by=row.opened_by,
        opened_by_name=row.opened_by_name,
        due=row.due,
        due_provisional=row.due_provisional,
        rule=row.rule,
        dues=terms.dues(case.procedure, case.state),
        outcome=rules.outcome(case.procedure, case.state),
        results=rules.results(case.procedure, case.state),
        seats=case.state.seats,
        open=rules.open_seats(case.procedure, case.state),
    )
