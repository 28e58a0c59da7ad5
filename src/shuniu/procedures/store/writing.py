"""Writing of cases: their logs appended and their projections brought up to them, by one statement for all of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from shuniu.base.calendar import Due
from shuniu.procedures import rules, terms
from shuniu.procedures.calendars.store import recounting
from shuniu.procedures.calendars.store.following import begin_missing, follow
from shuniu.procedures.declare import Event, Move, Opening, Part, Procedure, State
from shuniu.procedures.models import Case, Task, Watch
from shuniu.procedures.store.loading import Loaded, declaration
from shuniu.procedures.store.projecting import (
    PROJECTED,
    TaskRow,
    WatchRow,
    standing,
    stored,
    tasks_of,
    watches_of,
)
from shuniu.trust.api import fetch_prepared

_CHUNK = 2000
_EVENT = 'case_id, seq, verb, person, person_name, at, stage, seat, "to", reason, rule'
_TASK = ", ".join(TaskRow._fields)
# Not the due date: a task is laid with the one that its clock begins with, and from then on the clocks move it.
_RENEWED = ", ".join(f"{name} = excluded.{name}" for name in TaskRow._fields[2:] if not name.startswith("due"))
# The keys that are deleted and those that are written are never the same: the parts of one statement see no order.
_SAVE = f"""
with logged as (
  insert into procedures_event ({_EVENT}) select {_EVENT} from json_to_recordset(%s::json) as e(
    case_id bigint, seq int, verb text, person text, person_name text, at timestamptz, stage text, seat int, "to" text[],
    reason text, rule text)
), stood as (
  update procedures_case c set outcome = v.outcome, open_stages = v.open_stages, waits_for = v.waits_for
  from json_to_recordset(%s::json) as v(id bigint, outcome text, open_stages text[], waits_for text[])
  where c.id = v.id
), gone as (
  delete from procedures_task t using json_to_recordset(%s::json) as v(case_id bigint, seat int)
  where t.case_id = v.case_id and t.seat = v.seat
)
insert into procedures_task ({_TASK}) select {_TASK} from json_to_recordset(%s::json) as t(
  case_id bigint, seat int, stage text, capability text, agency text, region text, person text, barred text[],
  since timestamptz, due date, due_provisional boolean, open boolean)
on conflict (case_id, seat) do update set {_RENEWED} returning seat
""".encode()


def create(
    procedure: Procedure,
    openings: Sequence[Opening],
    opener: tuple[str, str],
    at: datetime,
    parents: Sequence[Case | None],
) -> list[Loaded]:
    """Make the rows of new cases; what opens them has still to be added, and `save` to write their logs."""
    row = declaration(procedure)
    dues: dict[str, tuple[Due | None, str]] = {}
    rows = []
    for opening, parent in zip(openings, parents, strict=True):
        if opening.region not in dues:
            dues[opening.region] = terms.whole(procedure, timezone.localdate(at), opening.region)
        end, rule = dues[opening.region]
        rows.append(
            Case(
                declaration=row,
                parent=parent,
                object=opening.object,
                agency=opening.agency,
                region=opening.region,
                lanes={stage: list(agencies) for stage, agencies in opening.lanes.items()},
                opened_at=at,
                opened_by=opener[0],
                opened_by_name=opener[1],
                due=end.date if end else None,
                due_provisional=bool(end and end.provisional),
                rule=rule,
                term_amount=opening.term.amount if opening.term else None,
                term_unit=opening.term.unit.value if opening.term else "",
                # the row is written before its log: until `save`, it stands as what a new case can only be
                open_stages=[stage.key for stage in procedure.stages if not stage.needs],
            )
        )
    return [Loaded(row, procedure, State(), [], []) for row in Case.objects.bulk_create(rows, _CHUNK)]


def save(cases: Sequence[Loaded]) -> None:
    """Append what is new in these cases' logs, tell those that they are parts of what ended, and write the projections."""
    touched = {case.row.pk: case for case in cases}
    for case in sorted(cases, key=lambda one: -one.row.pk):
        _tell(case, touched)
    ordered = [*touched.values()]
    for start in range(0, len(ordered), _CHUNK):
        _write(ordered[start : start + _CHUNK])


def _tell(case: Loaded, touched: dict[int, Loaded]) -> None:
    parent, outcome = case.parent, rules.outcome(case.procedure, case.state)
    if not outcome or parent is None or Part(case.row.pk) not in parent.state.parts:
        return
    if rules.outcome(parent.procedure, parent.state):
        return  # it was decided without this part
    last = case.events[-1]
    told = (str(case.row.pk), outcome)
    parent.add(Event(0, Move.PART_ENDED, last.person, last.person_name, last.at, to=told))
    touched[parent.row.pk] = parent
    _tell(parent, touched)


def _write(cases: Sequence[Loaded]) -> None:
    events: list[dict[str, object]] = []
    stands: list[dict[str, object]] = []
    gone: list[dict[str, object]] = []
    tasks: list[dict[str, object]] = []
    for case in cases:
        events += (_event(case.row.pk, event) for event in case.fresh)
        after = standing(case)
        if after != stored(case.row):
            stands.append({"id": case.row.pk} | dict(zip(PROJECTED, after, strict=True)))
            case.row.outcome, case.row.open_stages, case.row.waits_for = after
        before = tasks_of(case, case.was) if case.was is not None else {}
        now = tasks_of(case, case.state)
        gone += ({"case_id": case.row.pk, "seat": seat} for seat in before.keys() - now.keys())
        tasks += (task._asdict() for seat, task in now.items() if before.get(seat) != task)
    fetch_prepared(_SAVE, [_json(events), _json(stands), _json(gone), _json(tasks)])
    _write_watches(cases)
    follow(cases)
    for case in cases:
        case.fresh.clear()
        case.was = case.state


def _event(case: int, event: Event) -> dict[str, object]:
    return {
        "case_id": case,
        "seq": event.seq,
        "verb": event.move.value,
        "person": event.person,
        "person_name": event.person_name,
        "at": event.at,
        "stage": event.stage,
        "seat": event.seat,
        "to": event.to,
        "reason": event.reason,
        "rule": event.rule,
    }


def _json(rows: list[dict[str, object]]) -> str:
    return json.dumps(rows, ensure_ascii=False, default=str)  # days and moments, as PostgreSQL reads them


def _write_watches(cases: Sequence[Loaded]) -> None:
    fresh: list[WatchRow] = []
    for case in cases:
        before = watches_of(case.row.pk, case.was) if case.was is not None else {}
        now = watches_of(case.row.pk, case.state)
        fresh += (row for key, row in now.items() if before.get(key) != row)
        for kind, person in before.keys() - now.keys():
            Watch.objects.filter(case=case.row, kind=kind, person=person).delete()
    if fresh:
        Watch.objects.bulk_create(
            (Watch(**row._asdict()) for row in fresh),
            _CHUNK,
            update_conflicts=True,
            unique_fields=["case", "kind", "person"],
            update_fields=["since", "read_at", "due"],
        )


def rebuild(cases: Sequence[Loaded]) -> set[int]:
    """Write the projections of these cases anew from their logs; those that had stood otherwise than their logs say.

    Cases opened by a release that kept no clocks get theirs.
    """
    keys = [case.row.pk for case in cases]
    begin_missing(cases)
    wrong = recounting.project(keys) | {case.row.pk for case in cases if differs(case)}
    Task.objects.filter(case__in=keys).delete()
    Watch.objects.filter(case__in=keys).delete()
    for case in cases:
        case.was = None
    _write(cases)
    recounting.project(keys)
    return wrong


def differs(case: Loaded) -> bool:
    """Whether the stored projections of a case, due dates aside, are not what its log comes to."""
    row = case.row
    if standing(case) != stored(row):
        return True
    stored_tasks = Task.objects.filter(case=row).order_by("seat").values_list(*TaskRow._fields)
    tasks = [_undated(TaskRow(*one)) for one in stored_tasks]
    watches = {*Watch.objects.filter(case=row).values_list(*WatchRow._fields)}
    found = {tuple(one) for one in watches_of(row.pk, case.state).values()}
    return tasks != [_undated(one) for one in tasks_of(case, case.state).values()] or watches != found


def _undated(task: TaskRow) -> TaskRow:
    return task._replace(due=None, due_provisional=False)


def reseat(cases: Sequence[Loaded], agency: str, successor: str) -> None:
    """Let the agency that took another's place sit wherever these cases have still to ask that one."""
    for case in cases:
        row = case.row
        row.agency = successor if row.agency == agency else row.agency
        row.lanes = {
            stage: [successor if one == agency else one for one in agencies] for stage, agencies in row.lanes.items()
        }
    Case.objects.bulk_update([case.row for case in cases], ["agency", "lanes"], _CHUNK)
