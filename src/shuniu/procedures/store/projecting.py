"""What a case's projections are: its tasks and watches, derived from its state."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from shuniu.base.calendar import Due
from shuniu.procedures import rules, terms
from shuniu.procedures.declare import CaseView, State
from shuniu.procedures.models import Case
from shuniu.procedures.store.loading import Loaded, term_of


class TaskRow(NamedTuple):
    """One row of the tasks."""

    case_id: int
    seat: int
    stage: str
    capability: str
    agency: str
    region: str
    person: str
    barred: list[str]
    since: datetime
    due: date | None
    due_provisional: bool
    open: bool


class WatchRow(NamedTuple):
    """One row of the watches."""

    case_id: int
    kind: str
    person: str
    since: datetime
    read_at: datetime | None
    due: date | None


PROJECTED = ("outcome", "open_stages", "waits_for")
Standing = tuple[str, list[str], list[str]]


def standing(case: Loaded) -> Standing:
    """What a case's own row says of it, as its log has it; its due date is the clocks'."""
    procedure, state = case.procedure, case.state
    stages, waits = rules.ready(procedure, state), rules.waits_for(procedure, state)
    return rules.outcome(procedure, state), [*stages], [*waits]


def stored(row: Case) -> Standing:
    """What a case's own row says of it now."""
    return row.outcome, row.open_stages, row.waits_for


def tasks_of(case: Loaded, state: State) -> dict[int, TaskRow]:
    """The tasks that a case's unanswered seats are in some state of it, by seat."""
    row, procedure = case.row, case.procedure
    if rules.outcome(procedure, state):
        return {}
    share_of, whole = term_of(row), _whole(row)
    waiting = {seat.number for seat in rules.open_seats(procedure, state)}
    found = {}
    for seat in state.seats:
        if seat.answer:
            continue
        stage = procedure[seat.stage]
        due = terms.seat_due(stage, seat, share_of, whole)
        found[seat.number] = TaskRow(
            row.pk, seat.number, seat.stage, stage.lane, seat.agency, row.region, seat.person,
            sorted(rules.barred(procedure, state, seat)), seat.since, due.date if due else None,
            bool(due and due.provisional), seat.number in waiting,
        )  # fmt: skip
    return found


def _whole(row: Case) -> Due | None:
    return Due(row.due, row.due_provisional) if row.due else None


def watches_of(case: int, state: State) -> dict[tuple[str, str], WatchRow]:
    """The watches of a case in some state of it: of somebody who reads it again, the last."""
    read = (WatchRow(case, "read", one.person, one.since, one.read_at, None) for one in state.readers)
    supervised = (WatchRow(case, "supervise", one.person, one.since, None, one.due) for one in state.supervisors)
    return {(row.kind, row.person): row for row in (*read, *supervised)}


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
        dues=terms.dues(case.procedure, case.state.seats, term_of(row), _whole(row)),
        term=term_of(row),
        outcome=rules.outcome(case.procedure, case.state),
        results=rules.results(case.procedure, case.state),
        seats=case.state.seats,
        open=rules.open_seats(case.procedure, case.state),
        parent=row.parent_id,
        waits_for=rules.waits_for(case.procedure, case.state),
        state=case.state,
    )
