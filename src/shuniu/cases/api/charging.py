"""Fees that an item allows its agency to charge when it decides so, after acceptance: by dated rules alone."""

from __future__ import annotations

from collections.abc import Mapping

from shuniu.cases.api import fees, items, owing
from shuniu.cases.api.taking import taken, viewed
from shuniu.cases.declare.case import CaseView
from shuniu.cases.store.cases import subjects
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


@verb("cases.charge", "开具收费通知")
def charge(*, actor: Actor, number: str, counts: Mapping[str, str]) -> CaseView:
    """Make out the bill of an accepted case by those of its item's `extra_fees` whose count is given; once, on one basis.

    `counts`: by the name that a fee line counts by, a whole number. Raises Refused: case.*, right.*, fees.accepted,
    fees.charged, fees.double (two bases at once), fees.nothing (the rules charge nothing for so many), fees.rule, fees.count.
    """
    case = taken(actor, number)
    require(agency=case.agency, region=case.region)
    if case.accepted_at is None:
        raise Refused("fees.accepted", f"办件 {number} 还没有受理（登记）。", "请先受理，再决定是否收费。")
    if fees.bill_of(case.pk):
        raise Refused("fees.charged", f"办件 {number} 已经有缴费单。", "需要更改的，请按减免或者退费办理。")
    item = items.version(case.item, case.version).item
    lines = [one for one in item.extra_fees if one.per in counts]
    if len({one.basis for one in lines}) > 1:
        raise Refused("fees.double", "同一件申请不能按两种标准重复收费。", "请只按一种标准计算。")
    bill = fees.issue_bill(case=case.pk, fees=lines, answers=counts)
    if bill is None:
        raise Refused("fees.nothing", "按规定的标准，这些数量不收费。", "请直接办理。")
    owing.told(case, item, bill)
    record(f"case:{number}", subjects=subjects(case), detail={"bill": bill.number})
    return viewed(case)
