"""信用修复: applied for by the subject with a public commitment, decided by the agency whose fact it is; nothing is deleted."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import RuleBook
from shuniu.base.text import normalise
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import CaseView
from shuniu.registries.api.marks import Mark, put
from shuniu.systems.credit.declare import REPAIR, Viewer
from shuniu.systems.credit.disclosure import earliest_repair
from shuniu.systems.credit.file import Fact
from shuniu.systems.credit.report import own_file
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

procedures.register(REPAIR)


@dataclass(frozen=True)
class Wish:
    """What a repair is about, as the case keeps it: the row's table and key, and the rule of its least time."""

    table: int
    key: UUID
    rule: str

    def __str__(self) -> str:
        return f"credit:{self.table}:{self.key}:{self.rule}"

    @classmethod
    def of(cls, object: str) -> Wish:
        _, table, key, rule = object.split(":", 3)
        return cls(int(table), UUID(key), rule)


@verb("credit.apply_repair", "申请信用修复")
def apply_repair(*, actor: Actor, table: int, row: int, corrected: str, commitment: str) -> CaseView:
    """Ask that an adverse fact of one's own be shown no longer; the least time must be over where the rules ask for it.

    `corrected` says how the act was mended and duties done, `commitment` is the public 信用承诺. Raises Refused:
    repair.fact, repair.too_early, repair.corrected, repair.commitment, repair.open.
    """
    require()
    fact = next((one for one in own_file(actor).facts if one.place[:2] == (table, row)), None)
    if fact is None or not fact.seen_as.disclosed.months or fact.document_date is None:
        raise Refused("repair.fact", "本人报告中没有这条可以修复的失信信息。", "请从本人（本企业）信用报告进入。")
    wish = Wish(table, fact.place[2], _conditions_met(fact, corrected, commitment))
    if any(Wish.of(case.object)[:2] == (table, wish.key) for case in _open_cases(wish)):
        raise Refused("repair.open", "这条信息的修复申请正在办理。", "请等待认定单位的决定。")
    case = procedures.open_case(
        actor=actor, procedure=REPAIR.key, object=str(wish), agency=fact.seen_as.resource.agency,
        region=settings.PROVINCE, reason=f"纠正情况：{normalise(corrected)}\n信用承诺：{normalise(commitment)}",
    )  # fmt: skip
    record(f"case:{case.id}", detail={"resource": fact.seen_as.resource.key})
    return case
