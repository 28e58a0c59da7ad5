"""信用修复 of the time before it was a case of the engine: what was opened then is read and decided here, to its end.

`docs/decisions/0009` says why; once no such procedure runs on any instance, this file goes.
"""

from __future__ import annotations

from dataclasses import dataclass

from shuniu.catalogue.declare import Resource
from shuniu.exchange.api.telling import notify
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import CaseView, Event, Move
from shuniu.registries.api.files import who_is
from shuniu.systems.credit.declare import REPAIR, Viewer
from shuniu.systems.credit.file import Fact
from shuniu.systems.credit.repair import hide, place_of
from shuniu.systems.credit.report import assemble
from shuniu.trust.api import record, require, require_or, verb
from shuniu.trust.declare import Actor, Refused


@dataclass(frozen=True)
class Former:
    """One application as its applicant and who decides it see it; `fact` is None once it is shown no longer."""

    case: CaseView
    subject: int
    name: str
    resource: Resource
    fact: Fact | None
    events: tuple[Event, ...]


@verb("credit.read_repair", "查看信用修复申请", reads=True)
def read_repair(*, actor: Actor, case: int) -> Former:
    """One application: for its applicant, and for the agency that decides it.

    Raises Refused repair.unknown.
    """
    require()
    asked, subject, code = _case(case)
    place, resource = place_of(code)
    who = who_is(subject)
    if who is None:
        raise _unknown(case)
    if actor.subject is None or actor.subject not in who.members:
        require_or(_unknown(case), agency=asked.agency)
    facts = assemble(who, Viewer.SUBJECT, None).facts
    record(f"case:{case}", subjects=[who.root])
    fact = next((one for one in facts if one.place == place), None)
    return Former(asked, who.root, who.name, resource, fact, procedures.history(case))


@verb("credit.decide_repair", "审核信用修复")
def decide_repair(*, actor: Actor, case: int, grant: bool, reason: str) -> CaseView:
    """Grant or refuse a repair, with a reason, for the agency that owns the fact; a granted one hides it from now on.

    Raises Refused: repair.unknown, repair.reason, and whatever `procedures.answer` refuses.
    """
    asked, _subject, code = _case(case)
    require_or(_unknown(case), agency=asked.agency)
    if not reason.strip():
        raise Refused("repair.reason", "没有写明理由。", "请写明核查经过和依据，申请人会收到。")
    done = procedures.answer(actor=actor, case=case, answer=Move.AGREE if grant else Move.DISAGREE, reason=reason)
    if granted := done.outcome == "granted":
        hide(actor, code, asked.opened_at, reason, case)
    said = "同意修复，自即日起不再公示" if granted else "不予修复，补正后可以再次申请"
    told = f"您对一条“{place_of(code)[1].title}”的信用修复申请（第 {case} 号）已办结：{said}。理由：{reason.strip()}"
    notify("repair", f"repair:{case}", told, person=asked.opened_by)
    record(f"case:{case}", detail={"outcome": done.outcome})
    return done


def _case(case: int) -> tuple[CaseView, int, str]:
    """The procedure, whose fact it is about, and the code of its place. Raises Refused repair.unknown."""
    found = procedures.case_views([case]).get(case)
    if found is None or found.procedure.key != REPAIR.key:
        raise _unknown(case)
    _, subject, code = found.object.split(":", 2)
    return found, int(subject), code


def _unknown(case: int) -> Refused:
    return Refused("repair.unknown", f"没有第 {case} 号信用修复申请，或者您不能查看它。", "请从待办或者通知进入。")
