"""What the agency does with a case: accept, decline, ask for a correction, examine, decide, send back."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import RuleBook
from shuniu.cases import telling, telling_officers
from shuniu.cases.api import delivering, effects, fees, items, owing, rating_links, terms, views, wholes
from shuniu.cases.api.filing import end
from shuniu.cases.api.taking import taken, viewed
from shuniu.cases.declare.case import CaseState, CaseView, Grounds, Reply
from shuniu.cases.declare.rating import RatedStage
from shuniu.cases.declare.service import Result
from shuniu.cases.models import Case, Decision
from shuniu.cases.procedure import ACCEPT, DECIDE, EXAMINE
from shuniu.cases.rules import deciding
from shuniu.cases.store.cases import matter_of, subjects
from shuniu.directory import api as directory
from shuniu.procedures import api as procedures
from shuniu.procedures.calendars import api as calendars
from shuniu.procedures.declare import CORRECTION, OPENER, Move
from shuniu.procedures.declare import CaseView as MatterView
from shuniu.trust.api import record, verb
from shuniu.trust.declare import Actor, Refused


def _waits(matter: MatterView, stage: str) -> bool:
    """Whether the stage still asks somebody else, so that what was answered is not yet the agency's word (加签, 委派, 会签)."""
    return not matter.results[stage] and matter.outcome == ""


def _noted(case: Case, answer: Move) -> CaseView:
    record(f"case:{case.number}", subjects=subjects(case), detail={"answered": answer})
    return viewed(case)


@verb("cases.accept", "受理申请")
def accept(*, actor: Actor, number: str, reason: str = "", seat: int = 0) -> CaseView:
    """Accept an application: from now on its clocks run, and what it owes is frozen; once all who are asked have said so.

    Raises Refused: case.*, procedures.* (not this officer's, already answered), fees.*.
    """
    case = taken(actor, number)
    item = items.version(case.item, case.version).item
    matter = procedures.answer(
        actor=actor, case=matter_of(case), answer=Move.AGREE, reason=reason, stage=ACCEPT, seat=seat
    )
    if _waits(matter, ACCEPT):
        return _noted(case, Move.AGREE)
    if case.accepted_at is not None:  # sent back to be looked at once more: its clocks run, its bill is made out
        record(f"case:{number}", subjects=subjects(case), detail={"accepted": True, "again": True})
        return viewed(case)
    case.state, case.accepted_at = CaseState.ACCEPTED, timezone.now()
    case.save(update_fields=["state", "accepted_at"])
    terms.accepted(case, item)
    wholes.began(case)
    bill = fees.issue_bill(case=case.pk, fees=item.fees, answers=case.answers)
    whole = [clock for clock in calendars.clocks([matter_of(case)]) if not clock.stage and clock.ended is None]
    due = min((clock.due for clock in whole if clock.due), default=timezone.localdate())
    telling.tell(case, telling.ACCEPTED, item.title, due=due.isoformat())
    owing.told(case, item, bill)
    rating_links.ask(case, RatedStage.ACCEPT, item.title)
    record(f"case:{number}", subjects=subjects(case), detail={"accepted": True})
    return viewed(case)


@verb("cases.decline", "不予受理")
def decline(*, actor: Actor, number: str, grounds: Grounds, seat: int = 0) -> CaseView:
    """Decline an application with facts, articles and remedy (行政许可法 art. 32). Raises Refused: case.*, procedures.*."""
    case = taken(actor, number)
    deciding.check_may_decline(items.version(case.item, case.version).item)
    said = deciding.check_grounds(grounds)
    matter = procedures.answer(
        actor=actor, case=matter_of(case), answer=Move.DISAGREE, reason=said.facts, stage=ACCEPT, seat=seat
    )
    if _waits(matter, ACCEPT):
        return _noted(case, Move.DISAGREE)
    _decide(actor, case, CaseState.DECLINED, said)
    record(f"case:{number}", subjects=subjects(case), detail={"decided": CaseState.DECLINED})
    return viewed(case)


@verb("cases.ask_correction", "一次告知补正")
def ask_correction(*, actor: Actor, number: str, what: str, seat: int = 0) -> CaseView:
    """Tell the applicant, once and all of it, what must be corrected (行政许可法 art. 32 para. 1 no. 4).

    Raises Refused: case.correction_once, case.accepted (only before acceptance), case.*, procedures.*.
    """
    case = taken(actor, number)
    if case.accepted_at is not None:
        raise Refused("case.accepted", "已经受理的申请不再要求补正。", "确需核实的，请按特别程序办理并说明依据。")
    if not what.strip():
        raise Refused("case.what", "没有写明要补正的内容。", "请一次写全：哪一份材料、哪一处、怎样改。")
    if any(event.move is Move.SUSPEND and event.to == (CORRECTION,) for event in procedures.history(matter_of(case))):
        raise Refused(
            "case.correction_once", "本件已经告知过一次补正。", "补正须一次告知；请受理，或者写明理由不予受理。"
        )
    procedures.ask_correction(actor=actor, case=matter_of(case), what=what.strip(), stage=ACCEPT, seat=seat)
    terms.correcting(case, items.version(case.item, case.version).item)
    case.state = CaseState.CORRECTING
    case.save(update_fields=["state"])
    telling.tell(case, telling.CORRECTION, views.title_of(case), what=what.strip())
    record(f"case:{number}", subjects=subjects(case), detail={"correction": True})
    return viewed(case)


@verb("cases.examine", "审查申请")
def examine(*, actor: Actor, number: str, opinion: str, seat: int = 0) -> CaseView:
    """Put a case before who decides, with what was found and what is proposed; or what an agency beside says to it (会签).

    Raises Refused: case.opinion, case.*, procedures.*.
    """
    case = taken(actor, number)
    if not opinion.strip():
        raise Refused("case.opinion", "没有写审查意见。", "请写明核对了什么、是否符合条件、建议怎样决定。")
    stage = _examined(case, seat)
    procedures.answer(actor=actor, case=matter_of(case), answer=Move.AGREE, reason=opinion, stage=stage, seat=seat)
    record(f"case:{number}", subjects=subjects(case), detail={"examined": True})
    return viewed(case)


def _examined(case: Case, number: int) -> str:
    """The stage in which a seat examines; a procedure may have several."""
    matter = procedures.case_view(matter_of(case))
    seat = next((one for one in matter.seats if one.number == number), None)
    examines = seat is not None and matter.procedure[seat.stage].lane == matter.procedure[EXAMINE].lane
    return seat.stage if seat is not None and examines else EXAMINE


@verb("cases.decide", "作出决定")
def decide(
    *, actor: Actor, number: str, grounds: Grounds | None = None, reply: Reply | None = None, seat: int = 0
) -> CaseView:
    """Grant what was applied for, or (with `grounds`) refuse it with facts, articles and remedy (行政许可法 art. 38).

    `reply` for an item that declares its results, of which one may grant a part. Raises Refused: case.result, case.reply,
    case.facts, case.articles, case.*, fees.unpaid, procedures.*.
    """
    case = taken(actor, number)
    item = items.version(case.item, case.version).item
    result = deciding.chosen(item, reply)
    said = deciding.grounds_of(result, grounds)
    state = CaseState(result.state) if result else CaseState.REFUSED if said else CaseState.GRANTED
    answer = Move.DISAGREE if state is CaseState.REFUSED else Move.AGREE
    if answer is Move.AGREE:
        owing.check_decision(case, item)
        if _last_asked(case):
            wholes.before_granting(actor, case)
    matter = procedures.answer(
        actor=actor, case=matter_of(case), answer=answer, reason=said.facts if said else "", stage=DECIDE, seat=seat
    )
    if _waits(matter, DECIDE):
        return _noted(case, answer)
    refusal = matter.procedure[DECIDE].refusal if state is CaseState.REFUSED and result is None else ""
    _decide(actor, case, state, said, result, reply.text.strip() if reply else "", refusal)
    record(f"case:{number}", subjects=subjects(case), detail={"decided": state})
    return viewed(case)


def _last_asked(case: Case) -> bool:
    """Whether a yes would decide; of several who must all agree, that of the last. Only a part of a whole must know before."""
    if case.parent_id is None:
        return True
    matter = procedures.case_view(matter_of(case))
    asked = [seat for seat in matter.seats if seat.stage == DECIDE and not seat.answer]
    return len(asked) == 1 or matter.procedure[DECIDE].rule != "all"


def _decide(
    actor: Actor,
    case: Case,
    state: CaseState,
    said: Grounds | None,
    result: Result | None = None,
    text: str = "",
    refusal: str = "",
) -> None:
    """Write the decision, end the case, tell the applicant. `refusal`: what the procedure calls it."""
    name = directory.agency_name(case.agency)
    today = timezone.localdate()
    first = result.review_first if result else ""
    remedy = deciding.remedy(RuleBook.load(settings.RULE_PACK), today, case.region, name, first) if said else None
    Decision.objects.create(
        case=case, number=f"{case.number}-D", state=state, facts=said.facts if said else "",
        articles=said.articles if said else "", remedy=remedy.text if remedy else "",
        rules=list(remedy.rules) if remedy else [], person=actor.person, person_name=actor.name, agency_name=name,
        at=timezone.now(), result=result.key if result else "", text=text, outcome=refusal,
    )  # fmt: skip
    end(case, state)
    if state is CaseState.GRANTED:
        effects.grant(actor, items.version(case.item, case.version).item, case)
        delivering.begin(case)
    telling.tell(
        case, telling.DECIDED, views.title_of(case), outcome=result.title if result else refusal or state.title
    )
    stage = RatedStage.ACCEPT if state is CaseState.DECLINED else RatedStage.DECIDE
    rating_links.ask(case, stage, views.title_of(case))
    wholes.after_ending(case)


@verb("cases.take", "领办")
def take(*, actor: Actor, number: str, seat: int = 0) -> CaseView:
    """Make a seat that the actor may answer the actor's own: nobody else answers there. Raises Refused: case.*, procedures.*."""
    case = taken(actor, number)
    procedures.take(actor=actor, case=matter_of(case), seat=seat)
    record(f"case:{number}", subjects=subjects(case), detail={"taken": True})
    return viewed(case)


@verb("cases.return", "退回上一环节")
def return_(*, actor: Actor, number: str, reason: str, to_stage: str = "", seat: int = 0) -> CaseView:
    """Send a case back to the stage before, or to an earlier one: what was answered there is asked again, of who is told.

    Raises Refused: case.return_opener, case.*, procedures.*.
    """
    case = taken(actor, number)
    if to_stage == OPENER:
        raise Refused("case.return_opener", "受理后不能把申请退回申请人。", "请退回前面的环节，或者作出决定。")
    matter = procedures.return_(actor=actor, case=matter_of(case), to_stage=to_stage, reason=reason, seat=seat)
    telling_officers.tell(case, telling_officers.RETURNED, actor, telling_officers.holders(matter.open))
    record(f"case:{number}", subjects=subjects(case), detail={"returned": to_stage})
    return viewed(case)
