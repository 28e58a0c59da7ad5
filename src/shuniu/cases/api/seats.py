"""What an officer may do with his seat in a case beside answering for the law: hand on, ask others, take back; and what
concerns the case as a whole: urge, circulate, supervise. Each is the procedure's own verb, inside the case's lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from shuniu.cases import telling_officers as telling
from shuniu.cases.api.taking import agencies, concerning, taken, viewed
from shuniu.cases.declare.case import CaseView
from shuniu.cases.models import Case
from shuniu.cases.store.cases import matter_of, subjects
from shuniu.directory import api as directory
from shuniu.directory.declare import ROLES, Person
from shuniu.notices.declare import Recipient
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Move
from shuniu.trust.api import record, verb
from shuniu.trust.declare import Actor, Json, Refused

MAY_READ = "cases.read_case"
"""What somebody must hold to whom a case is circulated."""


def colleagues(agency: str, capability: str, region: str) -> tuple[Person, ...]:
    """The officers of an agency who hold a capability for a region: whom a seat can be handed to, or a case circulated.

    For who was shown the case by `filing.read_case`; each once, by account.
    """
    roles = [key for key, role in ROLES.items() if capability in role.capabilities]
    found = {one.account: one for role in roles for one in directory.holders(agency, role, region=region)}
    return tuple(found[account] for account in sorted(found))


# --- the actor's own seat -----------------------------------------------------------------------------------------------


@verb("cases.release", "退领")
def release(*, actor: Actor, number: str, reason: str, seat: int = 0) -> CaseView:
    """退领: give the actor's seat back to everybody with the right in its agency. Raises Refused: case.*, procedures.*."""
    case = taken(actor, number)
    procedures.release(actor=actor, case=matter_of(case), reason=reason, seat=seat)
    return _done(case, {"released": True})


@verb("cases.transfer", "转办")
def transfer(*, actor: Actor, number: str, to: str, reason: str, seat: int = 0) -> CaseView:
    """转办: hand the actor's seat to another officer (`officer:12`) of its agency, who is told.

    Raises Refused: case.person, case.*, procedures.* (the receiver has not the stage's right, applied himself, …).
    """
    case, person = taken(actor, number), _officer(to)
    procedures.transfer(actor=actor, case=matter_of(case), to=person, reason=reason, seat=seat)
    return _handed(actor, case, telling.TRANSFERRED, person)


@verb("cases.delegate", "委派")
def delegate(*, actor: Actor, number: str, to: str, reason: str, seat: int = 0) -> CaseView:
    """委派: ask another officer for an opinion first; then the seat is the actor's again, whose answer alone counts.

    Raises Refused as `transfer` does.
    """
    case, person = taken(actor, number), _officer(to)
    procedures.delegate(actor=actor, case=matter_of(case), to=person, reason=reason, seat=seat)
    return _handed(actor, case, telling.DELEGATED, person)


@verb("cases.advise", "答复委派意见")
def advise(*, actor: Actor, number: str, agree: bool, opinion: str, seat: int) -> CaseView:
    """Answer what one was asked by 委派: advice, which neither accepts nor decides; then the asker answers.

    Raises Refused: case.advice (the seat is no such one), case.opinion, case.*, procedures.*.
    """
    case = taken(actor, number)
    asked = next((one for one in procedures.case_view(matter_of(case)).seats if one.number == seat), None)
    if asked is None or asked.counts:
        raise Refused("case.advice", "这一项不是请您答复的意见。", "请刷新后按页面列出的方式办理。")
    if not opinion.strip():
        raise Refused("case.opinion", "没有写意见。", "请写明核对了什么、建议怎样办理。")
    answer = Move.AGREE if agree else Move.DISAGREE
    procedures.answer(actor=actor, case=matter_of(case), answer=answer, reason=opinion, seat=seat)
    return _done(case, {"advised": agree})


@verb("cases.add_signer", "加签")
def add_signer(*, actor: Actor, number: str, to: str, after: bool = False, reason: str = "", seat: int = 0) -> CaseView:
    """加签: a second officer whose yes is needed too, before the actor answers or (`after`) once he has.

    Raises Refused as `transfer` does.
    """
    case, person = taken(actor, number), _officer(to)
    procedures.add_signer(actor=actor, case=matter_of(case), to=person, after=after, reason=reason, seat=seat)
    return _handed(actor, case, telling.SIGNER, person)


@verb("cases.drop_signer", "减签")
def drop_signer(*, actor: Actor, number: str, reason: str, seat: int = 0) -> CaseView:
    """减签: take back a seat that the actor added (加签, 委派) and that has not answered. Raises Refused: case.*, procedures.*."""
    case = taken(actor, number)
    procedures.drop_signer(actor=actor, case=matter_of(case), reason=reason, seat=seat)
    return _done(case, {"dropped": True})


@verb("cases.withdraw_answer", "撤回本人答复")
def withdraw_answer(*, actor: Actor, number: str, reason: str, seat: int = 0) -> CaseView:
    """撤回: take one's own last answer back while nobody has answered on it; a decision that was issued stands.

    After an acceptance its clocks and its bill stay as they are, as when a case is sent back to be accepted once more.
    Raises Refused: case.*, procedures.*.
    """
    case = taken(actor, number)
    procedures.withdraw(actor=actor, case=matter_of(case), reason=reason, seat=seat)
    return _done(case, {"answer_withdrawn": True})


def _officer(person: str) -> Actor:
    """The officer of that id. Raises Refused case.person, directory.no_account."""
    kind, _colon, account = person.partition(":")
    if kind != "officer" or not account.isdecimal():
        raise Refused("case.person", "没有选择人员。", "请从名单中选择一位。")
    return directory.actor_of(int(account))


def _handed(actor: Actor, case: Case, template: str, to: Actor) -> CaseView:
    telling.tell(case, template, actor, [Recipient(person=to.person)])
    return _done(case, {"to": to.person})


def _done(case: Case, what: dict[str, Json]) -> CaseView:
    record(f"case:{case.number}", subjects=subjects(case), detail=what)
    return viewed(case)


# --- the case as a whole ------------------------------------------------------------------------------------------------


@verb("cases.urge", "催办")
def urge(*, actor: Actor, number: str, note: str = "") -> CaseView:
    """催办: tell whoever is to answer that it is awaited, and write it in the log.

    Raises Refused: case.nobody (nobody at an agency is to answer now), case.*, procedures.*.
    """
    case = concerning(actor, number)
    awaited = procedures.urge(actor=actor, case=matter_of(case), note=note).open
    if not awaited:
        raise Refused("case.nobody", f"办件 {number} 现在没有待办理的人员。", "请在办理进度中查看在等什么。")
    telling.tell(case, telling.URGED, actor, telling.holders(awaited))
    return _done(case, {"urged": True})


@verb("cases.circulate", "传阅")
def circulate(*, actor: Actor, number: str, to: Sequence[str], note: str = "") -> CaseView:
    """传阅: let these officers, of agencies that work on the case, read it; they are told, and nothing waits for them.

    Raises Refused: case.person, case.reader (may not read it), case.*, procedures.readers.
    """
    case = concerning(actor, number)
    people = [_officer(one) for one in dict.fromkeys(to)]
    if not people:
        raise Refused("case.person", "没有选择传阅人员。", "请从名单中至少选择一位。")
    known = agencies(case)
    for one in people:
        if one.agency not in known or not one.may(MAY_READ) or not one.reaches(case.region):
            raise Refused("case.reader", f"{one.name}不能查看这件办件。", "请从名单中选择承办单位的人员。")
    readers = [(one.person, one.name) for one in people]
    procedures.circulate(actor=actor, case=matter_of(case), to=readers, note=note)
    telling.tell(case, telling.CIRCULATED, actor, [Recipient(person=one.person) for one in people])
    return _done(case, {"circulated": [one.person for one in people]})


@verb("cases.confirm_read", "已阅")
def confirm_read(*, actor: Actor, number: str, note: str = "") -> CaseView:
    """已阅: the actor, to whom it was circulated, has read it, ended or not. Raises Refused: case.*, procedures.readers."""
    case = concerning(actor, number)
    procedures.read(actor=actor, case=matter_of(case), note=note)
    return _done(case, {"read": True})


@verb("cases.supervise", "督办")
def supervise(*, actor: Actor, number: str, due: date | None = None, note: str = "") -> CaseView:
    """督办: watch a case until it has ended, and say by when; who is to answer is told. Said again, the day is the new one.

    Raises Refused: case.due (a day that is past), case.*, procedures.*.
    """
    case = concerning(actor, number)
    if due is not None and due < timezone.localdate():
        raise Refused("case.due", f"督办期限 {due} 已经过去。", "请填写今天或以后的日期。")
    awaited = procedures.supervise(actor=actor, case=matter_of(case), due=due, note=note).open
    said = due.isoformat() if due else "未另定"
    telling.tell(case, telling.SUPERVISED, actor, telling.holders(awaited), due=said)
    return _done(case, {"supervised": said})


@verb("cases.unsupervise", "解除督办")
def unsupervise(*, actor: Actor, number: str, note: str = "") -> CaseView:
    """解除督办: watch it no longer, ended or not. Raises Refused: case.*, procedures.supervisors."""
    case = concerning(actor, number)
    procedures.unsupervise(actor=actor, case=matter_of(case), note=note)
    return _done(case, {"unsupervised": True})
