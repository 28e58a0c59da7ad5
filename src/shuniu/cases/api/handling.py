"""What the agency does with a case: accept, decline, ask for a correction, examine, decide, send back."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import RuleBook
from shuniu.cases import telling
from shuniu.cases.api import fees, items, views, wholes
from shuniu.cases.api.filing import end
from shuniu.cases.declare.case import CaseLine, CaseState, CaseView, Grounds
from shuniu.cases.declare.service import ServiceItem
from shuniu.cases.models import Case, Decision
from shuniu.cases.procedure import ACCEPT, DECIDE, EXAMINE
from shuniu.cases.rules import deciding
from shuniu.cases.store import cases as store
from shuniu.cases.store.cases import matter_of, subjects
from shuniu.directory import api as directory
from shuniu.procedures import api as procedures
from shuniu.procedures.calendars import api as calendars
from shuniu.procedures.calendars.declare import Kind, Start
from shuniu.procedures.declare import CORRECTION, OPENER, Move
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

MOST_LISTED = 200


def _taken(actor: Actor, number: str) -> Case:
    """A running case of the actor's reach, locked; who may act in it the procedure decides. Raises Refused."""
    case = store.locked(number)
    require(region=case.region)
    if not CaseState(case.state).running:
        raise Refused("case.ended", f"办件 {number} 已经办结。", "请刷新后查看办理结果。")
    if case.matter is None:
        raise Refused("case.waiting", f"办件 {number} 要等前面的事项准予。", "前面的事项准予后会自动交办。")
    if case.children.exists():
        raise Refused("case.whole", f"{number} 是一件事，由各单位分别办理。", "请进入本单位办理的那一项。")
    return case


def _view(case: Case) -> CaseView:
    return views.seen(case, fees.bill_of(case.pk), own=False)


@verb("cases.accept", "受理申请")
def accept(*, actor: Actor, number: str, reason: str = "", seat: int = 0) -> CaseView:
    """Accept an application: from now on its clocks run, and what it owes is frozen.

    Raises Refused: case.*, procedures.* (not this officer's, already answered), fees.*.
    """
    case = _taken(actor, number)
    item = items.version(case.item, case.version).item
    procedures.answer(actor=actor, case=matter_of(case), answer=Move.AGREE, reason=reason, stage=ACCEPT, seat=seat)
    if case.accepted_at is not None:  # sent back to be looked at once more: its clocks run, its bill is made out
        record(f"case:{number}", subjects=subjects(case), detail={"accepted": True, "again": True})
        return _view(case)
    case.state, case.accepted_at = CaseState.ACCEPTED, timezone.now()
    case.save(update_fields=["state", "accepted_at"])
    if starts := _starts(item):
        calendars.begin({matter_of(case): starts})
    wholes.began(case)
    fees.issue_bill(case=case.pk, fees=item.fees, answers=case.answers)
    dues = [clock.due for clock in calendars.clocks([matter_of(case)]) if clock.due]
    due = min(dues).isoformat() if dues else "当日"
    telling.tell(case, telling.ACCEPTED, item.title, due=due)
    record(f"case:{number}", subjects=subjects(case), detail={"accepted": True})
    return _view(case)


def _starts(item: ServiceItem) -> list[Start]:
    """The clocks of an accepted case; the day of acceptance is not counted (行政许可法 art. 42, 民法典 art. 201)."""
    today = timezone.localdate()
    terms = ((Kind.STATUTORY, item.statutory), (Kind.PROMISED, item.promised))
    return [Start(kind, today, term) for kind, term in terms if term is not None]


@verb("cases.decline", "不予受理")
def decline(*, actor: Actor, number: str, grounds: Grounds, seat: int = 0) -> CaseView:
    """Decline an application with facts, articles and remedy (行政许可法 art. 32). Raises Refused: case.*, procedures.*."""
    case = _taken(actor, number)
    said = deciding.check_grounds(grounds)
    procedures.answer(
        actor=actor, case=matter_of(case), answer=Move.DISAGREE, reason=said.facts, stage=ACCEPT, seat=seat
    )
    _decide(actor, case, CaseState.DECLINED, said)
    record(f"case:{number}", subjects=subjects(case), detail={"decided": CaseState.DECLINED})
    return _view(case)


@verb("cases.ask_correction", "一次告知补正")
def ask_correction(*, actor: Actor, number: str, what: str, seat: int = 0) -> CaseView:
    """Tell the applicant, once and all of it, what must be corrected (行政许可法 art. 32 para. 1 no. 4).

    Raises Refused: case.correction_once, case.accepted (only before acceptance), case.*, procedures.*.
    """
    case = _taken(actor, number)
    if case.accepted_at is not None:
        raise Refused("case.accepted", "已经受理的申请不再要求补正。", "确需核实的，请按特别程序办理并说明依据。")
    if not what.strip():
        raise Refused("case.what", "没有写明要补正的内容。", "请一次写全：哪一份材料、哪一处、怎样改。")
    if any(event.move is Move.SUSPEND and event.to == (CORRECTION,) for event in procedures.history(matter_of(case))):
        raise Refused(
            "case.correction_once", "本件已经告知过一次补正。", "补正须一次告知；请受理，或者写明理由不予受理。"
        )
    procedures.ask_correction(actor=actor, case=matter_of(case), what=what.strip(), stage=ACCEPT, seat=seat)
    case.state = CaseState.CORRECTING
    case.save(update_fields=["state"])
    telling.tell(case, telling.CORRECTION, views.title_of(case), what=what.strip())
    record(f"case:{number}", subjects=subjects(case), detail={"correction": True})
    return _view(case)


@verb("cases.examine", "审查申请")
def examine(*, actor: Actor, number: str, opinion: str, seat: int = 0) -> CaseView:
    """Put a case before who decides, with what was found and what is proposed.

    Raises Refused: case.opinion, case.*, procedures.*.
    """
    case = _taken(actor, number)
    if not opinion.strip():
        raise Refused("case.opinion", "没有写审查意见。", "请写明核对了什么、是否符合条件、建议怎样决定。")
    procedures.answer(actor=actor, case=matter_of(case), answer=Move.AGREE, reason=opinion, stage=EXAMINE, seat=seat)
    record(f"case:{number}", subjects=subjects(case), detail={"examined": True})
    return _view(case)


@verb("cases.decide", "作出决定")
def decide(*, actor: Actor, number: str, grounds: Grounds | None = None, seat: int = 0) -> CaseView:
    """Grant what was applied for, or (with `grounds`) refuse it with facts, articles and remedy (行政许可法 art. 38).

    Raises Refused: case.facts, case.articles, case.*, procedures.*.
    """
    case = _taken(actor, number)
    said = deciding.check_grounds(grounds) if grounds else None
    answer = Move.DISAGREE if said else Move.AGREE
    if not said:
        wholes.before_granting(actor, case)
    procedures.answer(
        actor=actor, case=matter_of(case), answer=answer, reason=said.facts if said else "", stage=DECIDE, seat=seat
    )
    state = CaseState.REFUSED if said else CaseState.GRANTED
    _decide(actor, case, state, said)
    record(f"case:{number}", subjects=subjects(case), detail={"decided": state})
    return _view(case)


def _decide(actor: Actor, case: Case, state: CaseState, said: Grounds | None) -> None:
    """Write the decision, end the case, tell the applicant."""
    agency = directory.agency(case.agency)
    name = agency.name if agency else case.agency
    today = timezone.localdate()
    remedy = deciding.remedy(RuleBook.load(settings.RULE_PACK), today, case.region, name) if said else None
    Decision.objects.create(
        case=case, number=f"{case.number}-D", state=state, facts=said.facts if said else "",
        articles=said.articles if said else "", remedy=remedy.text if remedy else "",
        rules=list(remedy.rules) if remedy else [], person=actor.person, person_name=actor.name, agency_name=name,
        at=timezone.now(),
    )  # fmt: skip
    end(case, state)
    telling.tell(case, telling.DECIDED, views.title_of(case), outcome=state.title)
    wholes.after_ending(case)


@verb("cases.take", "领办")
def take(*, actor: Actor, number: str, seat: int = 0) -> CaseView:
    """Make a seat that the actor may answer the actor's own: nobody else answers there. Raises Refused: case.*, procedures.*."""
    case = _taken(actor, number)
    procedures.take(actor=actor, case=matter_of(case), seat=seat)
    record(f"case:{number}", subjects=subjects(case), detail={"taken": True})
    return _view(case)


@verb("cases.return", "退回上一环节")
def return_(*, actor: Actor, number: str, reason: str, to_stage: str = "", seat: int = 0) -> CaseView:
    """Send a case back to the stage before, or to an earlier one: what was answered there is asked again.

    Raises Refused: case.return_opener, case.*, procedures.*.
    """
    case = _taken(actor, number)
    if to_stage == OPENER:
        raise Refused("case.return_opener", "受理后不能把申请退回申请人。", "请退回前面的环节，或者作出决定。")
    procedures.return_(actor=actor, case=matter_of(case), to_stage=to_stage, reason=reason, seat=seat)
    record(f"case:{number}", subjects=subjects(case), detail={"returned": to_stage})
    return _view(case)


@verb("cases.list_agency", "查看本单位办件", reads=True)
def list_agency(*, actor: Actor, running: bool = True) -> tuple[CaseLine, ...]:
    """The cases of the actor's agency within reach, those due first (or, ended ones, the newest first)."""
    require()
    own = Case.objects.filter(agency=actor.agency)
    states = [state.value for state in CaseState if state.running is running]
    rows = own.filter(state__in=states).order_by("id" if running else "-id")[:MOST_LISTED]
    listed = views.listed([case for case in rows if actor.reaches(case.region)])
    record(f"agency:{actor.agency}", detail={"cases": len(listed)})
    return tuple(sorted(listed, key=lambda one: one.due or date.max)) if running else listed
