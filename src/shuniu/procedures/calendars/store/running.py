"""Clocks of single cases: begun, stopped, resumed, extended, ended; each time computed anew from what happened."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from shuniu.base.calendar import Calendar
from shuniu.base.periods import Period, Term, Unit
from shuniu.base.rules import region_prefix
from shuniu.procedures import clocks as pure
from shuniu.procedures.calendars.declare import (
    Cause,
    ClockView,
    Explained,
    Kind,
    Move,
    Recounted,
    Start,
    Stopped,
)
from shuniu.procedures.calendars.models import Clock, ClockChange, Recount, Stop
from shuniu.procedures.calendars.store import recounting, tables
from shuniu.procedures.store.loading import declared
from shuniu.procedures.store.loading import term_of as promised_of
from shuniu.trust.api import array_of, fetch_prepared
from shuniu.trust.declare import Refused

_COLUMNS = "case_id, kind, stage, region, start, amount, unit, rule, extension_unit, extension_reason, due, provisional, calendar"
_BEGIN = f"""
insert into {Clock._meta.db_table} ({_COLUMNS}) select {_COLUMNS} from json_to_recordset(%s::json) as c(
  case_id bigint, kind text, stage text, region text, start date, amount int, unit text, rule text, extension_unit text,
  extension_reason text, due date, provisional boolean, calendar bigint)
returning id
""".encode()


def begin(
    starts: Mapping[int, Sequence[Start]], regions: Mapping[int, str], fresh: Collection[int] = ()
) -> tuple[Clock, ...]:
    """Start clocks of cases; what they came to. Raises Refused (procedures.clock) where one of that kind already runs.

    `fresh`: those among them that were opened in this transaction, which nothing runs in and nothing has stopped.
    """
    calendars, version = tables.held()
    older = [case for case in starts if case not in fresh]
    stops, known = (stops_of(older), _known(older)) if older else ({}, frozenset())
    rows = []
    for case, wanted in starts.items():
        calendar, region = calendars.of(regions[case]), region_prefix(regions[case])
        for one in wanted:
            if (case, one.kind.value, one.stage) in known:
                raise Refused("procedures.clock", f"{one.kind.title}已经在计时。", "请先结束正在计时的时限。")
            row = Clock(
                case_id=case, kind=one.kind.value, stage=one.stage, region=region, start=one.start,
                amount=one.term.amount, unit=one.term.unit.value, rule=one.rule, calendar=version,
            )  # fmt: skip
            _compute(row, stops.get(case, ()), calendar)
            rows.append(row)
    names = _COLUMNS.split(", ")
    fetch_prepared(_BEGIN, [json.dumps([{name: getattr(row, name) for name in names} for row in rows], default=str)])
    return tuple(rows)


def _known(cases: Sequence[int]) -> frozenset[tuple[int, str, str]]:
    running = Clock.objects.filter(case__in=cases, ended__isnull=True)
    return frozenset(running.values_list("case_id", "kind", "stage"))


def _compute(row: Clock, stops: Iterable[Stopped], calendar: Calendar) -> pure.Clock:
    found = pure.clock(row.start, term_of(row), [stop.days for stop in stops], calendar, extension_of(row))
    row.due, row.provisional = found.due, found.provisional
    return found


def renew(case: int) -> None:
    """Compute the running clocks of a case anew, after a stop or an extension of it changed."""
    calendars, version = tables.held()
    rows = list(Clock.objects.filter(case=case, ended__isnull=True))
    stops = stops_of([case]).get(case, ())
    for row in rows:
        row.calendar = version
        _compute(row, stops, calendars.of(row.region))
    Clock.objects.bulk_update(
        rows, ["due", "provisional", "calendar", "extension", "extension_unit", "extension_reason"]
    )
    recounting.project([case])


def stop(case: int, kind: str, basis: str, evidence: str, begun: date) -> None:
    """Stop every clock of a case from this day. Raises Refused: see `api.stop`."""
    if not (kind.strip() and evidence.strip()):
        raise Refused("procedures.evidence", "停止计时须写明事由和凭据。", "请补充后再提交，例如补正通知书文号。")
    tables.hold()
    if Stop.objects.filter(case=case, kind=kind, ended__isnull=True).exists():
        raise Refused("procedures.stopped", f"“{kind}”已经停止计时。", "请先恢复计时，或刷新后查看。")
    Stop.objects.create(case_id=case, kind=kind.strip(), basis=basis.strip(), evidence=evidence.strip(), begun=begun)
    renew(case)


def resume(case: int, kind: str, evidence: str, ended: date) -> None:
    """Let the clocks of a case run again from the day after this one. Raises Refused (procedures.stopped)."""
    tables.hold()
    row = Stop.objects.select_for_update().filter(case=case, kind=kind, ended__isnull=True).first()
    if row is None or ended < row.begun:
        raise Refused("procedures.stopped", f"“{kind}”没有停止计时。", "请刷新后查看办理过程。")
    row.ended, row.ended_evidence = ended, evidence.strip()
    row.save(update_fields=["ended", "ended_evidence"])
    renew(case)


def stopped(case: int, kind: str) -> bool:
    """Whether the case stands still for this reason."""
    return Stop.objects.filter(case=case, kind=kind, ended__isnull=True).exists()


def end(cases: Sequence[int], on: date, stages: Sequence[str] | None = None) -> None:
    """End the running clocks of cases (of these stages of theirs); their due days stay as they were."""
    rows = Clock.objects.filter(case__in=list(cases), ended__isnull=True)
    if stages is not None:
        rows = rows.filter(stage__in=list(stages))
    rows.update(ended=on)


def reopen(case: int, stage: str) -> None:
    """Let the last clock of a stage run again, whose answer was taken back."""
    last = Clock.objects.filter(case=case, stage=stage, kind=Kind.STAGE.value).order_by("-pk").first()
    if last is not None and last.ended is not None:
        last.ended = None
        last.save(update_fields=["ended"])
        renew(case)


def stops_of(cases: Iterable[int]) -> dict[int, tuple[Stopped, ...]]:
    """The stops of these cases, in order of their beginning."""
    found: dict[int, tuple[Stopped, ...]] = {}
    for row in Stop.objects.filter(case__in=list(cases)).order_by("begun", "pk"):
        one = Stopped(row.kind, row.basis, row.evidence, Period(row.begun, row.ended), row.ended_evidence)
        found[row.case_id] = (*found.get(row.case_id, ()), one)
    return found


def term_of(row: Clock) -> Term:
    """A clock's term."""
    return Term(row.amount, Unit(row.unit))


def extension_of(row: Clock) -> Term | None:
    """A clock's extension, if it was granted one."""
    return None if row.extension is None else Term(row.extension, Unit(row.extension_unit))


_DUES = f"""
select case_id, min(due) from {Clock._meta.db_table} where case_id = any(%s::bigint[]) and ended is null and due is not null
group by case_id
""".encode()
_WHOLE_DUES = _DUES.replace(b"min(due)", b"coalesce(min(due) filter (where stage = ''), min(due))")


def next_dues(cases: Sequence[int], *, whole: bool = False) -> dict[int, date]:
    """By case, when the first of its running clocks is due; `whole`: of the whole's, where one of these runs."""
    return dict(fetch_prepared(_WHOLE_DUES if whole else _DUES, [array_of(cases)])) if cases else {}


_LATE = f"""
select distinct case_id from {Clock._meta.db_table}
where case_id = any(%s::bigint[]) and stage = '' and due < coalesce(ended, %s::date)
""".encode()


def late(cases: Sequence[int], today: date) -> frozenset[int]:
    """Those of these cases of whose own clocks one is, or ended, after its due day."""
    return frozenset(case for (case,) in fetch_prepared(_LATE, [array_of(cases), today])) if cases else frozenset()


def views(cases: Sequence[int]) -> tuple[ClockView, ...]:
    """The clocks of these cases, those of the whole first, then by their start."""
    rows = list(Clock.objects.filter(case__in=list(cases)).order_by("case_id", "stage", "start", "pk"))
    stops = stops_of(cases) if any(row.due is None for row in rows) else {}
    calendars = tables.calendars() if stops else None
    return tuple(view(row, _left(row, stops.get(row.case_id, ()), calendars.of(row.region))) if row.due is None and calendars
                 else view(row) for row in rows)  # fmt: skip


def _left(row: Clock, stops: Iterable[Stopped], calendar: Calendar) -> int:
    return pure.clock(row.start, term_of(row), [stop.days for stop in stops], calendar, extension_of(row)).left


def view(row: Clock, left: int = 0) -> ClockView:
    """A clock as others see it."""
    return ClockView(
        row.pk, row.case_id, Kind(row.kind), row.stage, row.start, term_of(row), row.rule, extension_of(row),
        row.extension_reason, row.due, row.provisional, row.calendar, row.ended, left,
    )  # fmt: skip


def explained(row: Clock, today: date) -> Explained:
    """Why a clock is due on its day, by the calendar in force; an open stop is told up to today."""
    calendar = tables.calendars().of(row.region)
    met = stops_of([row.case_id]).get(row.case_id, ())
    stops = tuple(stop for stop in met if row.ended is None or stop.days.start <= row.ended)
    spans, term, extension = [stop.days for stop in stops], term_of(row), extension_of(row)
    found = pure.clock(row.start, term, spans, calendar, extension)
    days = pure.explain(row.start, term, spans, calendar, extension, until=today)
    return Explained(view(row, found.left), found, days, stops, moves_of(row), *_share(row))


def _share(row: Clock) -> tuple[int, Term | None]:
    """Of a stage's clock, how many percent of which time it is; 0 where the stage has a term of its own."""
    stages = declared(row.case.declaration_id).stages
    share = next((one.share for one in stages if one.key == row.stage and not row.rule), 0)
    return share, promised_of(row.case) if share else None


def moves_of(row: Clock) -> tuple[tuple[Recounted, Move], ...]:
    """The recounts that moved a clock, in order."""
    changes = ClockChange.objects.filter(clock=row).select_related("recount").order_by("recount_id")
    return tuple((recounted(one.recount), _move(one, row)) for one in changes)


def _move(one: ClockChange, row: Clock) -> Move:
    return Move(row.pk, row.case_id, "", Kind(row.kind), row.stage, one.before, one.after, one.provisional)


def recounted(row: Recount) -> Recounted:
    """A recount as others see it."""
    return Recounted(row.pk, row.at, Cause(row.cause), row.table_id, row.person_name, row.clocks, row.moved)


def changes(recount: int, limit: int, offset: int) -> tuple[Move, ...]:
    """What a recount moved, by case."""
    rows = (
        ClockChange.objects.filter(recount=recount).select_related("clock__case").order_by("clock__case_id", "clock_id")
    )
    return tuple(
        Move(one.clock_id, one.clock.case_id, one.clock.case.object, Kind(one.clock.kind), one.clock.stage,
             one.before, one.after, one.provisional)
        for one in rows[offset : offset + limit]
    )  # fmt: skip
