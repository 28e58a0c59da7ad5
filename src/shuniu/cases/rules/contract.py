"""What holds a life event together: what its items owe it, and what stands when one of them is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter

from shuniu.base.expressions import fields_of
from shuniu.base.periods import Unit
from shuniu.base.titled import Titled
from shuniu.cases.declare import Bundle, ItemFault, ServiceItem
from shuniu.cases.rules.bundles import gives, joint
from shuniu.cases.rules.items import Limits
from shuniu.trust.declare import Refused


class Standing(Titled):
    """Where one item of a bundle stands, for the whole's outcome."""

    WAITING = "waiting", "等待前项"  # for an earlier item
    OPEN = "open", "办理中"
    GRANTED = "granted", "已办结"
    REFUSED = "refused", "未准予"
    CUT = "cut", "前项未准予"  # cannot go on: an earlier item was refused


def standing(after: Mapping[str, tuple[str, ...]], ended: Mapping[str, bool]) -> dict[str, Standing]:
    """Where each item stands, given which have ended (granted or not): the granted ones stand whatever the others do."""
    found: dict[str, Standing] = {}
    for key in TopologicalSorter(after).static_order():
        earlier = {found[one] for one in after[key]}
        if key in ended:
            found[key] = Standing.GRANTED if ended[key] else Standing.REFUSED
        elif earlier & {Standing.REFUSED, Standing.CUT}:
            found[key] = Standing.CUT
        else:
            found[key] = Standing.OPEN if earlier <= {Standing.GRANTED} else Standing.WAITING
    return found


def faults(bundle: Bundle, items: Mapping[str, ServiceItem], limits: Limits) -> tuple[ItemFault, ...]:
    """The contract between a life event and its items: all that would break, were these items the published ones."""
    found = [*_conditions(bundle), *_contract(bundle, items)]
    try:
        joint(bundle, items, bundle.branches, limits)
    except Refused as refusal:
        found.append(ItemFault(refusal.rule, bundle.key, "", refusal.message, refusal.remedy))
    return tuple(found)


def _conditions(bundle: Bundle) -> Iterator[ItemFault]:
    names = {one.name for one in bundle.determinants}
    for branch in bundle.branches:
        read = fields_of(branch.show_if) if branch.show_if is not None else frozenset()
        for name in sorted({field.name for field in read} - names):
            message = f"“{bundle.title}”用“{name}”决定是否办理“{branch.item}”，却没有问过它。"
            yield ItemFault("bundle.condition", bundle.key, branch.item, message, "在先决问题中加上它，或者改写条件。")


def _contract(bundle: Bundle, items: Mapping[str, ServiceItem]) -> Iterator[ItemFault]:
    for branch in bundle.branches:
        item = items.get(branch.item)
        if item is not None and item.promised is not None and item.promised.unit not in (Unit.WORKING_DAY, Unit.DAY):
            message = f"“{bundle.title}”要把各事项的时限相加，“{item.title}”承诺的是{item.promised}。"
            yield ItemFault("bundle.term", bundle.key, branch.item, message, "请把承诺时限改为工作日或日。")
        if item is not None and item.asked_of:
            message = f"“{item.title}”由申请人所选的机关办理，“{bundle.title}”不能替申请人选。"
            yield ItemFault("bundle.asked_of", bundle.key, branch.item, message, "请把它从“一件事”中去掉。")
        for need in branch.after:
            giver = items.get(need.item)
            if giver is not None and need.gives and need.gives not in gives(giver):
                message = f"“{bundle.title}”中后面的事项要用“{giver.title}”的结果“{need.gives}”，它不再产出。"
                yield ItemFault(
                    "bundle.gives", bundle.key, need.item, message, "请恢复该结果，或者与牵头单位商定后先改“一件事”。"
                )
