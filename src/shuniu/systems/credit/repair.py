"""信用修复: applied for by the subject with a public commitment, decided by the agency whose fact it is; nothing is deleted.

The mark that a granted repair leaves hides the row in every reading of credit from then on, here and wherever it is
redelivered, since marks follow a row's key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import Rule, RuleBook
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Resource
from shuniu.exchange.api.telling import notify
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import CaseView, Event, Move
from shuniu.registries.api.files import who_is
from shuniu.registries.api.marks import Mark, RowKey, put
from shuniu.systems.credit.declare import REPAIR, Viewer
from shuniu.systems.credit.disclosure import earliest_repair, least
from shuniu.systems.credit.file import Fact
from shuniu.systems.credit.report import assemble, report
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

procedures.register(REPAIR)


@dataclass(frozen=True)
class Terms:
    """From what day a fact may be repaired, and what is asked: by the rules of the day of asking."""

    opens: date
    shortest: Rule
    conditions: Rule

    @property
    def asked(self) -> tuple[str, ...]:
        """min_period, corrected, commitment: those that the day's rule names."""
        return self.conditions.texts()

    def open(self, today: date) -> bool:
        return today >= self.opens or "min_period" not in self.asked


@dataclass(frozen=True)
class Application:
    """One application as its applicant and who decides it see it; `fact` is None once it is shown no longer."""

    case: CaseView
    subject: int
    name: str
    resource: Resource
    fact: Fact | None
    events: tuple[Event, ...]


def terms(fact: Fact, today: date) -> Terms | None:
    """What a repair of a fact takes; None for what none is for: no term runs, and it ends with its end at the source."""
    if not fact.seen_as.disclosed.months or fact.document_date is None:
        return None
    book = RuleBook.load(settings.RULE_PACK)
    shortest = least(fact.seen_as.resource, book, today, settings.PROVINCE)
    conditions = book.resolve("credit.repair.conditions", today, settings.PROVINCE)
    return Terms(earliest_repair(fact.document_date, shortest), shortest, conditions)


def newest(fact: Fact) -> CaseView | None:
    """The newest application for a fact, whatever came of it. The caller has checked who may see the fact."""
    return next(iter(procedures.cases_on(_about(fact), procedure=REPAIR.key)), None)


def _about(fact: Fact) -> str:
    table, key = fact.place
    return f"repair:{fact.header.subject}:{table}:{key}"


def resource_of(about: str) -> Resource:
    """The class of the fact that a case is about, by the case's object. Raises Refused repair.unknown."""
    _, (table, _key) = _parts(about)
    found = next((one for one in catalogue.snapshot().published.values() if one.table == table), None)
    if found is None:
        raise _unknown(about)
    return found.resource


def _parts(about: str) -> tuple[int, RowKey]:
    """Whose fact a case is about, and where its row is."""
    _, subject, table, key = about.split(":")
    return int(subject), (int(table), UUID(key))


@verb("credit.apply_repair", "申请信用修复")
def apply_repair(*, actor: Actor, resource: str, row: int, corrected: str, material: str, commitment: str) -> CaseView:
    """Ask that an adverse fact of one's own be shown no longer; the applicant and the source are told.

    `corrected` says how the act was mended and duties done, `material` what proves it, `commitment` is the public
    信用承诺. Raises Refused: repair.fact, repair.min_period, repair.corrected, repair.material, repair.commitment,
    repair.open.
    """
    require()
    facts = report(actor=actor, viewer=Viewer.SUBJECT).facts
    fact = next((one for one in facts if one.seen_as.resource.key == resource and one.row == row), None)
    if fact is None or not fact.seen_as.disclosed.months:
        raise Refused("repair.fact", "本人报告中没有这条可以修复的失信信息。", "请从本人（本企业）信用报告进入。")
    said = {"corrected": corrected.strip(), "material": material.strip(), "commitment": commitment.strip()}
    rule = _conditions(fact, said)
    if procedures.cases_on(_about(fact), procedure=REPAIR.key, running=True):
        raise Refused("repair.open", "这条信息的修复申请正在办理。", "请等待认定单位的决定。")
    case = procedures.open_case(
        actor=actor, procedure=REPAIR.key, object=_about(fact), agency=fact.seen_as.resource.agency,
        region=settings.PROVINCE, reason="\n".join(f"{SAID[key]}：{text}" for key, text in said.items() if text),
    )  # fmt: skip
    _tell_asked(case, fact)
    record(f"case:{case.id}", detail={"resource": resource, "row": row, "rule": rule.id})
    return case


SAID = {"corrected": "纠正情况", "material": "证明材料", "commitment": "信用承诺"}


def _conditions(fact: Fact, said: dict[str, str]) -> Rule:
    """Refuse unless every condition of the day's rule is met; the rule that gave the least time."""
    today = timezone.localdate()
    asked = terms(fact, today)
    if asked is None:
        raise Refused("repair.fact", "这条信息没有文书日期，不能计算最短公示期。", "请先由来源单位补正。")
    if not asked.open(today):
        raise Refused(
            "repair.min_period", f"最短公示期没有届满，{asked.opens} 起可以修复。", "请在这一天以后提出申请。"
        )
    if "corrected" in asked.asked and not said["corrected"]:
        raise Refused("repair.corrected", "没有写明如何纠正、义务如何履行。", "请写明纠正情况并准备证明材料。")
    if "corrected" in asked.asked and not said["material"]:
        raise Refused("repair.material", "没有列明证明材料。", "请逐件写明材料的名称、文号和出具单位。")
    if "commitment" in asked.asked and not said["commitment"]:
        raise Refused("repair.commitment", "没有作出信用承诺。", "请填写并公开作出信用承诺。")
    return asked.shortest


def _tell_asked(case: CaseView, fact: Fact) -> None:
    title, about = fact.seen_as.resource.title, f"repair:{case.id}"
    due = f"，应于 {case.due} 前作出决定" if case.due else ""
    mine = f"您对一条“{title}”的信用修复申请（第 {case.id} 号）已受理，由{fact.seen_as.agency_name}审核{due}。"
    notify("repair", about, mine, person=case.opened_by)
    theirs = f"收到对一条“{title}”的信用修复申请（第 {case.id} 号），请信用修复审核员核查{due}。"
    notify("repair", about, theirs, agency=case.agency)


@verb("credit.read_repair", "查看信用修复申请", reads=True)
def read_repair(*, actor: Actor, case: int) -> Application:
    """One application: for its applicant, and for the agency that decides it.

    Raises Refused: repair.unknown, right.agency.
    """
    require()
    asked = _case(case)
    subject, place = _parts(asked.object)
    who = who_is(subject)
    if who is None:
        raise _unknown(f"第 {case} 号事项")
    if actor.subject is None or actor.subject not in who.members:
        require(agency=asked.agency)
    facts = assemble(who, Viewer.SUBJECT, None).facts
    record(f"case:{case}", subjects=[who.root])
    return Application(
        asked, who.root, who.name, resource_of(asked.object), next((one for one in facts if one.place == place), None),
        procedures.history(case),
    )  # fmt: skip


@verb("credit.decide_repair", "审核信用修复")
def decide_repair(*, actor: Actor, case: int, grant: bool, reason: str) -> CaseView:
    """Grant or refuse a repair, with a reason, for the agency that owns the fact; a granted one hides it from now on.

    Raises Refused: repair.unknown, repair.reason, right.agency, and whatever `procedures.answer` refuses.
    """
    asked = _case(case)
    require(agency=asked.agency)
    if not reason.strip():
        raise Refused("repair.reason", "没有写明理由。", "请写明核查经过和依据，申请人会收到。")
    done = procedures.answer(actor=actor, case=case, answer=Move.AGREE if grant else Move.DISAGREE, reason=reason)
    _, place = _parts(asked.object)
    resource = resource_of(asked.object)
    if done.outcome == "granted":
        rule = least(
            resource, RuleBook.load(settings.RULE_PACK), timezone.localdate(asked.opened_at), settings.PROVINCE
        )
        put(place, Mark.REPAIRED, rule=rule.id, since=timezone.localdate(), by=actor.person, reason=reason, case=case)
    said = "同意修复，自即日起不再公示" if done.outcome == "granted" else "不予修复，补正后可以再次申请"
    told = f"您对一条“{resource.title}”的信用修复申请（第 {case} 号）已办结：{said}。理由：{reason.strip()}"
    notify("repair", f"repair:{case}", told, person=asked.opened_by)
    record(f"case:{case}", detail={"outcome": done.outcome})
    return done


def _case(case: int) -> CaseView:
    found = procedures.case_view(case)
    if found.procedure.key != REPAIR.key:
        raise _unknown(f"第 {case} 号事项")
    return found


def _unknown(about: object) -> Refused:
    return Refused("repair.unknown", f"{about} 不是信用修复申请。", "请从待办或者通知进入。")
