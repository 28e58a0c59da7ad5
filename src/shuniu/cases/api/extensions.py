"""延期: who examines asks that a case be decided later, another person with the head's right approves. Once.

Source: 行政许可法 §42: with the approval of the agency's head, and the applicant is told the reason.
"""

from __future__ import annotations

from django.utils import timezone

from shuniu.base.periods import Term, Unit
from shuniu.cases import telling_time
from shuniu.cases.api import filing
from shuniu.cases.api.specials import accepted, seen
from shuniu.cases.declare.timing import Answered, ExtensionView
from shuniu.cases.models import Case, Extension
from shuniu.cases.store.cases import matter_of, subjects
from shuniu.procedures.calendars import api as calendars
from shuniu.procedures.calendars.declare import ClockView
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


@verb("cases.ask_extension", "申请延长办理期限")
def ask(*, actor: Actor, number: str, reason: str) -> ExtensionView:
    """Ask that a case may be decided later, by as much as its item says. The reason is what the applicant will be told.

    Raises Refused: case.no_extension, case.extension_reason, case.extended (asked or granted before), case.extension_late,
    case.*, right.*.
    """
    case, item = accepted(actor, number)
    require(region=case.region, agency=case.agency)
    if item.extension is None:
        raise Refused("case.no_extension", "本事项的实施清单没有规定可以延期。", "请在现有期限内办结。")
    if not reason.strip():
        raise Refused(
            "case.extension_reason", "没有写明延期的理由。", "请写明为什么不能按期办结：批准后原样告知申请人。"
        )
    if Extension.objects.filter(case=case, state__in=[Answered.WAITING, Answered.APPROVED]).exists():
        raise Refused("case.extended", "本件已经申请过或者已经批准延期。", "期限只能延长一次，请在期限内办结。")
    _running(case)
    row = Extension.objects.create(
        case=case, amount=item.extension.amount, unit=item.extension.unit.value, reason=reason.strip(),
        asked_by=actor.person, asked_by_name=actor.name, asked_at=timezone.now(),
    )  # fmt: skip
    record(f"case:{number}", subjects=subjects(case), detail={"extension": "asked"})
    return seen(row)


def _running(case: Case) -> list[ClockView]:
    """The clocks that have not run out: one that has is late, and no extension heals that.

    Those of the stages among them: whoever examines has not to be done before the day that was put off for it. Raises
    Refused where none of the whole is left.
    """
    today = timezone.localdate()
    running = [one for one in calendars.clocks([matter_of(case)]) if one.ended is None]
    found = [one for one in running if one.due is None or one.due >= today]
    if all(one.stage for one in found):
        last = max((one.due for one in running if one.due and not one.stage), default=None)
        said = f"办理期限已于 {last} 届满" if last else "本件没有办理期限"
        raise Refused("case.extension_late", f"{said}，不能再延长。", "请尽快办结，并说明逾期的原因。")
    return found


@verb("cases.answer_extension", "批准延长办理期限")
def answer(*, actor: Actor, number: str, approved: bool, why_not: str = "") -> ExtensionView:
    """Approve or refuse an extension that somebody else asked for; approved, the clocks run longer and the applicant is told.

    What has run out by now is not extended. Raises Refused: case.extension_unasked, case.second, case.extension_reason (a
    refusal without one), case.extension_late, case.*, right.*.
    """
    case, item = accepted(actor, number)
    require(region=case.region, agency=case.agency)
    row = Extension.objects.select_for_update().filter(case=case, state=Answered.WAITING).first()
    if row is None:
        raise Refused("case.extension_unasked", "没有待批准的延期申请。", "请刷新后查看。")
    if actor.person == row.asked_by or filing.is_own(actor, case):
        raise Refused("case.second", "延期须由申请人和提出延期的人以外的负责人批准。", "请由本单位另一位负责人批准。")
    if not (approved or why_not.strip()):
        raise Refused("case.extension_reason", "没有写明不批准的理由。", "请填写后再提交。")
    if approved:
        _extend(case, row, item.title)
    row.state = Answered.APPROVED if approved else Answered.REFUSED
    row.answered_by, row.answered_by_name, row.answered_at = actor.person, actor.name, timezone.now()
    row.why_not = "" if approved else why_not.strip()
    row.save(update_fields=["state", "answered_by", "answered_by_name", "answered_at", "why_not"])
    record(f"case:{number}", subjects=subjects(case), detail={"extension": row.state})
    return seen(row)


def _extend(case: Case, row: Extension, title: str) -> None:
    term = Term(row.amount, Unit(row.unit))
    for clock in _running(case):
        calendars.extend(clock=clock.id, term=term, reason=row.reason)
    telling_time.extended(case, title, term, row.reason)
