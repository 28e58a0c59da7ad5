"""信用修复: applied for by the subject with a public commitment, decided by the agency whose fact it is; nothing is deleted.

The mark that a granted repair leaves hides the row in every reading of credit from then on, here and wherever it is
redelivered, since marks follow a row's key.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import RuleBook
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import CaseView, Move
from shuniu.registries.api.marks import Mark, put
from shuniu.systems.credit.declare import REPAIR, Viewer
from shuniu.systems.credit.disclosure import earliest_repair
from shuniu.systems.credit.file import Fact
from shuniu.systems.credit.report import report
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

procedures.register(REPAIR)


@verb("credit.apply_repair", "申请信用修复")
def apply_repair(*, actor: Actor, resource: str, row: int, corrected: str, commitment: str) -> CaseView:
    """Ask that an adverse fact of one's own be shown no longer.

    `corrected` says how the act was mended and duties done, `commitment` is the public 信用承诺. Raises Refused:
    repair.fact, repair.min_period, repair.corrected, repair.commitment, repair.open.
    """
    require()
    facts = report(actor=actor, viewer=Viewer.SUBJECT).facts
    fact = next((one for one in facts if one.seen_as.resource.key == resource and one.row == row), None)
    if fact is None or not fact.seen_as.disclosed.months:
        raise Refused("repair.fact", "本人报告中没有这条可以修复的失信信息。", "请从本人（本企业）信用报告进入。")
    rule = _conditions(fact, corrected.strip(), commitment.strip())
    table, key = fact.place
    about = f"credit:{table}:{key}:{rule}"
    if procedures.cases_on(about, procedure=REPAIR.key, running=True):
        raise Refused("repair.open", "这条信息的修复申请正在办理。", "请等待认定单位的决定。")
    case = procedures.open_case(
        actor=actor, procedure=REPAIR.key, object=about, agency=fact.seen_as.resource.agency,
        region=settings.PROVINCE, reason=f"纠正情况：{corrected.strip()}\n信用承诺：{commitment.strip()}",
    )  # fmt: skip
    record(f"case:{case.id}", detail={"resource": resource, "row": row, "rule": rule})
    return case


def _conditions(fact: Fact, corrected: str, commitment: str) -> str:
    """Refuse unless every condition of the day's rule is met; the id of the rule that gave the least time."""
    book, today = RuleBook.load(settings.RULE_PACK), timezone.localdate()
    asked = book.resolve("credit.repair.conditions", today, settings.PROVINCE).texts()
    if fact.document_date is None:
        raise Refused("repair.fact", "这条信息没有文书日期，不能计算最短公示期。", "请先由来源单位补正。")
    opens, rule = earliest_repair(fact.seen_as.resource, fact.document_date, book, today, settings.PROVINCE)
    if "min_period" in asked and today <= opens:
        raise Refused("repair.min_period", f"最短公示期到 {opens} 届满，尚不能修复。", "请在届满后提出申请。")
    if "corrected" in asked and not corrected:
        raise Refused("repair.corrected", "没有写明如何纠正、义务如何履行。", "请写明纠正情况并准备证明材料。")
    if "commitment" in asked and not commitment:
        raise Refused("repair.commitment", "没有作出信用承诺。", "请填写并公开作出信用承诺。")
    return rule


@verb("credit.decide_repair", "审核信用修复")
def decide_repair(*, actor: Actor, case: int, grant: bool, reason: str) -> CaseView:
    """Grant or refuse a repair, with a reason, for the agency that owns the fact; a granted one hides it from now on.

    Raises Refused: repair.unknown, right.agency, and whatever `procedures.answer` refuses.
    """
    asked = procedures.case_view(case)
    if asked.procedure.key != REPAIR.key:
        raise Refused("repair.unknown", f"第 {case} 号事项不是信用修复申请。", "请从待办进入。")
    require(agency=asked.agency)
    done = procedures.answer(actor=actor, case=case, answer=Move.AGREE if grant else Move.DISAGREE, reason=reason)
    _, table, key, rule = asked.object.split(":", 3)
    if done.outcome == "granted":
        row = (int(table), UUID(key))
        put(row, Mark.REPAIRED, rule=rule, since=timezone.localdate(), by=actor.person, reason=reason, case=case)
    record(f"case:{case}", detail={"outcome": done.outcome})
    return done
