"""Special procedures (检验 听证 专家评审 …): one that the item declares is begun, the clocks stand still, and it is ended.

The applicant is told the time that it needs (行政许可法 §45). That time is a promise of its own: the clocks stand still until
the procedure is ended, and one that takes longer is shown as late.
"""

from __future__ import annotations

from django.utils import timezone

from shuniu.base.periods import Term, Unit
from shuniu.cases import telling_time
from shuniu.cases.api import filing, items
from shuniu.cases.api.taking import agencies, taken, viewed
from shuniu.cases.declare.case import CaseView
from shuniu.cases.declare.service import ServiceItem
from shuniu.cases.declare.timing import Answered, ExtensionView, SpecialRun, Timing
from shuniu.cases.models import Case, Extension, SpecialTime
from shuniu.cases.rules import timing as rules
from shuniu.cases.store import cases as store
from shuniu.cases.store.cases import matter_of, subjects
from shuniu.procedures import api as procedures
from shuniu.procedures.calendars import api as calendars
from shuniu.procedures.calendars.declare import Explained
from shuniu.procedures.declare import Event, Move
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


def accepted(actor: Actor, number: str) -> tuple[Case, ServiceItem]:
    """A case whose clocks run, locked, of the actor's reach, with its item. Raises Refused: case.*, right.region."""
    case = taken(actor, number)
    if case.accepted_at is None:
        raise Refused("case.not_accepted", f"办件 {number} 还没有受理，时限没有起算。", "请先决定是否受理。")
    return case, items.version(case.item, case.version).item


@verb("cases.begin_special", "启动特别程序")
def begin(*, actor: Actor, number: str, kind: str, evidence: str, days: int | None = None) -> CaseView:
    """Begin a special procedure that the item declares: nobody answers and no clock runs until it is ended.

    `evidence` names the document that orders it (a number, or a note of what it is); `days` is the time it needs in the
    longest time's units (working days where the item names none), by default the longest. The applicant is told both.
    Raises Refused: case.special, case.special_time, case.*, procedures.* (not this officer's seat, begun already).
    """
    case, item = accepted(actor, number)
    special = rules.declared(item.specials, kind)
    told = rules.told(special, days)
    matter, basis = matter_of(case), f"《{special.basis.law}》{special.basis.article}"
    calendars.stop(case=matter, kind=special.kind, basis=basis, evidence=evidence)  # the log itself would tell no basis
    procedures.suspend(actor=actor, case=matter, kind=special.kind, evidence=evidence)
    begun = [one for one in procedures.history(matter) if one.move is Move.SUSPEND][-1]
    until = calendars.due(timezone.localdate(begun.at), told, case.region).date
    SpecialTime.objects.create(
        case=case,
        event=begun.seq,
        kind=special.kind,
        basis=basis,
        amount=told.amount,
        unit=told.unit.value,
        until=until,
    )
    telling_time.special_begun(case, item.title, special.kind, basis, told, until, evidence.strip())
    record(f"case:{number}", subjects=subjects(case), detail={"special": special.kind, "until": until.isoformat()})
    return viewed(case)


@verb("cases.end_special", "结束特别程序")
def end(*, actor: Actor, number: str, kind: str, evidence: str) -> CaseView:
    """End a special procedure by what it came to: the clocks run again from tomorrow.

    Raises Refused: case.special_evidence, case.*, procedures.suspended where none of the kind runs, procedures.*.
    """
    case, item = accepted(actor, number)
    special, matter = rules.declared(item.specials, kind), matter_of(case)
    if not evidence.strip():
        raise Refused("case.special_evidence", "没有写明结果的凭据。", "例如：检验报告〔2026〕12号、听证笔录。")
    procedures.resume(actor=actor, case=matter, kind=special.kind, evidence=evidence)
    running = [one for one in calendars.clocks([matter]) if one.ended is None]
    dues = [one.due for one in running if one.due is not None and not one.stage]
    if dues:  # else another special procedure still holds them
        telling_time.special_ended(case, item.title, special.kind, min(dues))
    record(f"case:{number}", subjects=subjects(case), detail={"special_ended": special.kind})
    return viewed(case)


@verb("cases.read_timing", "查看办件的停表和延期", reads=True)
def read_timing(*, actor: Actor, number: str) -> Timing:
    """What stopped or extended the clocks of a case: for its applicant and the officers of the agencies that work on it.

    Raises Refused case.unknown, right.region.
    """
    require()
    case = Case.objects.filter(number=number).first()
    if case is None:
        raise store.unknown(number)
    if not filing.is_own(actor, case):
        if actor.agency not in (agencies(case) if case.matter is not None else {case.agency}):
            raise store.unknown(number)
        require(region=case.region)
    record(f"case:{number}", subjects=subjects(case))
    return timing(case)


@verb("cases.explain_due", "查看自己办件的时限依据", reads=True)
def explain_due(*, actor: Actor, number: str, clock: int) -> Explained:
    """Why a clock of one's own case is due on its day: the same that the desk sees. Raises Refused case.unknown."""
    require()
    case = Case.objects.filter(number=number).first()
    if case is None or case.matter is None or not filing.is_own(actor, case):
        raise store.unknown(number)
    if clock not in {one.id for one in calendars.clocks([case.matter])}:
        raise store.unknown(number)
    record(f"case:{number}", subjects=subjects(case), detail={"clock": clock})
    return calendars.explained(clock)


def timing(case: Case) -> Timing:
    """The special procedures and extensions of a case; the caller has checked who may read it."""
    asked = tuple(seen(row) for row in Extension.objects.filter(case=case).order_by("pk"))
    if "/" not in case.item:  # a life event has no item of its own: its parts have clocks
        return Timing((), (), None, asked)
    item = items.version(case.item, case.version).item
    rows = list(SpecialTime.objects.filter(case=case).order_by("event"))
    log = procedures.history(matter_of(case)) if rows else ()
    return Timing(item.specials, tuple(_run(row, log) for row in rows), item.extension, asked)


def _run(row: SpecialTime, log: tuple[Event, ...]) -> SpecialRun:
    begun = log[row.event]
    ended = rules.ending(log, begun)
    return SpecialRun(
        row.kind, row.basis, Term(row.amount, Unit(row.unit)), timezone.localdate(begun.at), row.until, begun.reason,
        begun.person_name, timezone.localdate(ended.at) if ended else None, ended.reason if ended else "",
    )  # fmt: skip


def seen(row: Extension) -> ExtensionView:
    """A request for an extension as its readers see it."""
    return ExtensionView(
        Term(row.amount, Unit(row.unit)), row.reason, row.asked_by, row.asked_by_name, row.asked_at,
        Answered(row.state), row.answered_by_name, row.answered_at, row.why_not,
    )  # fmt: skip
