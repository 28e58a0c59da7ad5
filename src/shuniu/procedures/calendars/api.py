"""Holiday tables, and clocks that run by them.

A table is saved (a draft), its difference looked at, then applied or withdrawn by a verb that computes every running clock
anew and notes each that it moved: a due date is never rewritten silently. `begin`, `stop`, `resume`, `extend` and `end` are
called inside the verbs of engines above, in whose journal entry they stand; while a recount runs they wait for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils import timezone

from shuniu.base.calendar import DayKind, Due, SpecialDay, parse_days
from shuniu.base.periods import Term
from shuniu.base.rules import PACKS, RuleBook, RuleError, region_prefix
from shuniu.procedures.calendars.declare import (
    Cause,
    ClockView,
    Difference,
    Explained,
    Move,
    Recounted,
    Standing,
    Start,
    Stopped,
    Table,
)
from shuniu.procedures.calendars.models import Clock, HolidayTable, Recount
from shuniu.procedures.calendars.store import recounting, running, tables
from shuniu.procedures.hiding import is_hidden
from shuniu.procedures.models import Case, Task
from shuniu.trust.api import record, require, require_or, verb
from shuniu.trust.declare import Actor, Refused

# --- clocks of a case -------------------------------------------------------------------------------------------------


def begin(cases: Mapping[int, Sequence[Start]]) -> None:
    """Start clocks: at acceptance those of the whole, at handing out a stage's. Raises Refused (procedures.clock)."""
    regions = dict(Case.objects.filter(pk__in=list(cases)).values_list("pk", "region"))
    running.begin(cases, regions)
    recounting.project(list(cases))


def stop(*, case: int, kind: str, evidence: str, basis: str = "", on: date | None = None) -> None:
    """挂起: every clock of the case stands still from this day (itself not counted), for a reason that is shown.

    Raises Refused: procedures.evidence without one, procedures.stopped when a stop of the kind is open.
    """
    running.stop(case, kind, basis, evidence, on or timezone.localdate())


def resume(*, case: int, kind: str, evidence: str = "", on: date | None = None) -> None:
    """恢复: the clocks run again from the day after this one. Raises Refused (procedures.stopped)."""
    running.resume(case, kind, evidence, on or timezone.localdate())


def extend(*, clock: int, term: Term, reason: str, on: date | None = None) -> None:
    """延期: once, before it is due; the verb that calls has the head's approval and tells the applicant the reason.

    Source: 行政许可法 §42. Raises Refused: procedures.extension, procedures.reason.
    """
    tables.hold()
    row = Clock.objects.select_for_update().filter(pk=clock, ended__isnull=True).first()
    if row is None or row.extension is not None:
        raise Refused("procedures.extension", "该时限已经延长过或已经结束，不能再延长。", "请在现有期限内办结。")
    if not reason.strip():
        raise Refused("procedures.reason", "延长期限须写明理由。", "请填写理由，并将理由告知申请人。")
    if row.due is not None and row.due < (on or timezone.localdate()):
        raise Refused("procedures.extension", f"该时限已于 {row.due} 届满，不能再延长。", "请尽快办结并说明逾期原因。")
    row.extension, row.extension_unit, row.extension_reason = term.amount, term.unit.value, reason.strip()
    row.save(update_fields=["extension", "extension_unit", "extension_reason"])
    running.renew(row.case_id)


def end(cases: Sequence[int], *, on: date | None = None, stages: Sequence[str] | None = None) -> None:
    """End the running clocks of cases that were decided, or of those stages of theirs that were answered."""
    running.end(cases, on or timezone.localdate(), stages)
    recounting.project_first(cases)


def due(start: date, term: Term, region: str = "") -> Due:
    """When a term that begins on a day ends in a region (default: the nation), by the holiday tables in force."""
    return tables.calendars().of(region).due(start, term)


def clocks(cases: Sequence[int]) -> tuple[ClockView, ...]:
    """The clocks of these cases; the caller has checked who may read them."""
    return running.views(cases)


def next_dues(cases: Sequence[int], *, whole: bool = False) -> dict[int, date]:
    """By case, when the first of its running clocks is due (`whole`: of the whole's, where one runs); else left out."""
    return running.next_dues(cases, whole=whole)


def late(cases: Sequence[int]) -> frozenset[int]:
    """Those of these cases whose own term (no stage's) is over, or was when it ended."""
    return running.late(cases, timezone.localdate())


def stops(case: int) -> tuple[Stopped, ...]:
    """The stops of a case with their evidence; the caller has checked who may read it."""
    return running.stops_of([case]).get(case, ())


def explained(clock: int) -> Explained:
    """Why a clock is due on its day; the caller has checked who may read it. Raises Refused (procedures.unknown)."""
    return running.explained(_clock(clock), timezone.localdate())


def _clock(clock: int) -> Clock:
    row = Clock.objects.select_related("case").filter(pk=clock).first()
    if row is None:
        raise _unknown(clock)
    return row


def _unknown(clock: int) -> Refused:
    return Refused("procedures.unknown", f"没有编号为 {clock} 的时限，或者您不能查看它。", "请从办件页面重新进入。")


@verb("procedures.explain_due", "查看时限依据", reads=True)
def explain_due(*, actor: Actor, clock: int) -> tuple[Explained, str]:
    """Why a clock is due on its day, for who works on the case, and what the case is about. Raises Refused."""
    row = _clock(clock)
    if is_hidden(actor, row.case.object):
        raise _unknown(clock)
    seated = Task.objects.filter(case=row.case_id, agency=actor.agency).exists()
    require_or(_unknown(clock), region=row.case.region, agency=actor.agency if seated else row.case.agency)
    record(f"case:{row.case_id}", detail={"clock": clock})
    return running.explained(row, timezone.localdate()), row.case.object


# --- holiday tables -----------------------------------------------------------------------------------------------------


@verb("procedures.save_holidays", "录入节假日表")
def save_holidays(*, actor: Actor, region: str, year: int, source: str, confirmed: bool, lines: str) -> Table:
    """Save a year's table as a draft, from its CSV form (`base.calendar.parse_days`); a draft moves nothing.

    Raises Refused (procedures.holidays) naming the line or what is missing.
    """
    place = _place(region)
    require(region=region or None)
    days = _checked(place, year, source, confirmed, lines)
    row = HolidayTable.objects.create(
        region=place, year=year, source=source.strip(), confirmed=confirmed, saved_at=timezone.now(),
        saved_by=actor.person, saved_by_name=actor.name,
    )  # fmt: skip
    tables.write_days(row, days)
    record(f"holidays:{row.pk}", detail={"region": place, "year": year, "days": len(days)})
    return tables.view(row)


def _place(region: str) -> str:
    try:
        return region_prefix(region) if region else ""
    except RuleError as error:
        raise _refused(f"{error}。", "请填写区划代码，全国的表留空。") from error


def _checked(place: str, year: int, source: str, confirmed: bool, lines: str) -> tuple[SpecialDay, ...]:
    try:
        days = parse_days(lines.strip().splitlines())
    except ValueError as error:
        raise _refused(f"{error}。", "请改正这一行后重新保存。") from error
    if not source.strip():
        raise _refused("没有写明来源。", "请填写通知的名称和文号。")
    if not days:
        raise _refused("表中没有日期。", "请至少写一行：日期,类别,名称。")
    first, last = tables.HORIZON
    if not first.year < year < last.year:
        raise _refused(f"{year} 年不在可以计算的范围（{first.year + 1}—{last.year - 1}）。", "请核对年份。")
    for one in days:
        if one.date.year != year and (one.date.year, one.date.month) != (year - 1, 12):
            raise _refused(f"{one.date} 不在 {year} 年。", "一张表只写一年（元旦假期可从上年十二月起）。")
    new_year = next((one for one in days if one.date == date(year, 1, 1)), None)
    if not place and confirmed and (new_year is None or new_year.kind is not DayKind.HOLIDAY):
        raise _refused(f"全国的 {year} 年表没有元旦，是不完整的。", "请对照国务院办公厅的通知补齐全年。")
    return days


def _refused(message: str, remedy: str) -> Refused:
    return Refused("procedures.holidays", message, remedy)


def holiday_tables() -> tuple[Table, ...]:
    """All tables without their days, newest first. Public: the State Council publishes them."""
    return tuple(tables.view(row, days=False) for row in HolidayTable.objects.order_by("-pk"))


def holiday_table(number: int) -> Table:
    """A table with its days. Raises Refused (procedures.holidays)."""
    return tables.view(_table(number))


def published_years() -> tuple[int, ...]:
    """The years whose national table is in force, shipped or entered: past them due dates are provisional."""
    return tuple(sorted(tables.calendars().of("").published))


def _table(number: int) -> HolidayTable:
    row = HolidayTable.objects.filter(pk=number).prefetch_related("days").first()
    if row is None:
        raise _refused(f"没有第 {number} 号节假日表。", "请从节假日表列表重新进入。")
    return row


@verb("procedures.preview_holidays", "预览节假日表的影响", reads=True)
def preview_holidays(*, actor: Actor, number: int) -> Difference:
    """What applying a draft, or withdrawing a table in force, would do to running clocks; changes nothing."""
    row = _table(number)
    require(region=row.region or None)
    clocks = recounting.compute(tables.built(_after(row)))
    record(f"holidays:{number}", detail={"clocks": clocks})
    return recounting.difference(clocks)


def _after(row: HolidayTable) -> list[tables.Year]:
    """The tables that would be in force once a draft was applied, or one in force was withdrawn."""
    others = [one for one in tables.in_force() if (one.region, one.year) != (row.region, row.year)]
    return others if tables.standing(row) is Standing.IN_FORCE else [*others, tables.year_of(tables.view(row))]


@verb("procedures.apply_holidays", "启用节假日表")
def apply_holidays(*, actor: Actor, number: int) -> Recounted:
    """Put a draft in force in place of the table before it, and compute every running clock by it. Raises Refused."""
    tables.hold(alone=True)
    row = _table(number)
    require(region=row.region or None)
    if tables.standing(row) is not Standing.DRAFT:
        raise _refused(f"第 {number} 号表{tables.standing(row).value}，不能再启用。", "需要恢复的，请另存一张新表。")
    if not row.confirmed and not row.region and row.year in published_years():
        raise _refused(f"{row.year} 年已有正式的表。", "不能以未确认的表代替；请取得正式通知后录入。")
    now = timezone.now()
    HolidayTable.objects.filter(
        region=row.region, year=row.year, applied_at__isnull=False, withdrawn_at__isnull=True
    ).update(withdrawn_at=now)
    row.applied_at = now
    row.save(update_fields=["applied_at"])
    return _recount(actor, Cause.APPLY, row)


@verb("procedures.withdraw_holidays", "停用节假日表")
def withdraw_holidays(*, actor: Actor, number: int) -> Recounted:
    """Take a table out of force: the days shipped for its year hold again, or the year is unpublished. Raises Refused."""
    tables.hold(alone=True)
    row = _table(number)
    require(region=row.region or None)
    if tables.standing(row) is not Standing.IN_FORCE:
        raise _refused(f"第 {number} 号表{tables.standing(row).value}，没有在用。", "请刷新后查看。")
    row.withdrawn_at = timezone.now()
    row.save(update_fields=["withdrawn_at"])
    return _recount(actor, Cause.WITHDRAW, row)


@verb("procedures.recount", "重新计算时限")
def recount(*, actor: Actor) -> Recounted:
    """Compute every running clock by the rules and days that this release ships: after an upgrade, or a corrected rule."""
    require()
    tables.hold(alone=True)
    return _recount(actor, Cause.RULES, None)


def _recount(actor: Actor, cause: Cause, table: HolidayTable | None) -> Recounted:
    terms = _terms() if cause is Cause.RULES else {}
    clocks = recounting.compute(tables.calendars(), terms)
    row = Recount.objects.create(
        at=timezone.now(), cause=cause.value, table=table, person=actor.person, person_name=actor.name,
        clocks=clocks, moved=0,
    )  # fmt: skip
    row.moved = recounting.write(row.pk)
    row.save(update_fields=["moved"])
    record(
        f"holidays:{table.pk}" if table else "procedures",
        detail={"recount": row.pk, "cause": cause.value, "clocks": clocks, "moved": row.moved},
    )
    return running.recounted(row)


def _terms() -> dict[str, Term]:
    """The terms of the rules that running clocks go by, as their packs have them now."""
    used = set(Clock.objects.filter(ended__isnull=True).exclude(rule="").values_list("rule", flat=True).distinct())
    rules = (rule for pack in PACKS for rule in RuleBook.load(pack).rules if rule.id in used)
    return {rule.id: rule.term() for rule in rules}


def recounts(limit: int = 50) -> tuple[Recounted, ...]:
    """The last recounts, newest first."""
    return tuple(running.recounted(row) for row in Recount.objects.order_by("-pk")[:limit])


@verb("procedures.read_recount", "查看重新计算的结果", reads=True)
def read_recount(*, actor: Actor, number: int, limit: int = 200, offset: int = 0) -> tuple[Recounted, tuple[Move, ...]]:
    """One recount and what it moved, by case. Raises Refused (procedures.unknown)."""
    require()
    row = Recount.objects.filter(pk=number).first()
    if row is None:
        raise Refused("procedures.unknown", f"没有第 {number} 次重新计算。", "请从节假日表页面重新进入。")
    record(f"recount:{number}")
    return running.recounted(row), running.changes(number, limit, offset)
