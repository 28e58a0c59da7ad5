"""The platform's conformity check of a request: a pure rule, answered at once, every fault with how to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from shuniu.base.periods import add_months
from shuniu.base.rules import RuleError, region_prefix
from shuniu.catalogue.api import share_of
from shuniu.catalogue.declare import Item, Resource, ShareType
from shuniu.exchange.grants.declare import Basis, Purpose, Terms
from shuniu.exchange.grants.purposes import Limits
from shuniu.trust.declare import Refused

_ARTICLE = re.compile(r"^第?[〇零一二三四五六七八九十百千\d]+条")
_LAW = re.compile(r"(法|条例|办法|规定|细则|决定|通知|意见|方案|目录|标准|规则|职责|批复)(（.*）|〔.*〕.*)?》?$")


@dataclass(frozen=True)
class Fault:
    """One thing that a request does against a rule: which rule, at which field, and how to mend it."""

    rule: str
    field: str
    message: str
    remedy: str


@dataclass(frozen=True)
class Setting:
    """What a request is held against: who asks, the list of purposes and the limits on the day."""

    consumer: str
    region: str  # of the consumer
    today: date
    purposes: tuple[Purpose, ...]
    limits: Limits


_Faults = Iterator[Fault]


def faults(wanted: Terms, resource: Resource, setting: Setting) -> tuple[Fault, ...]:
    """Every fault of what is wanted, in the order of the form."""
    checks: tuple[Callable[[Terms, Resource, Setting], _Faults], ...] = (
        _items, _purposes, _bases, _regions, _amounts, _term,
    )  # fmt: skip
    return tuple(fault for check in checks for fault in check(wanted, resource, setting))


def closed(resource: Resource, consumer: str) -> Refused | None:
    """Whether a resource may be asked for at all by an agency."""
    if resource.agency == consumer:
        return Refused("share.own", f"“{resource.title}”是本单位的数据，不需要申请共享。", "请在报送记录中查看。")
    open_items = [item for item in resource.items if share_of(resource, item) is not ShareType.NOT_SHARED]
    if open_items:
        return None
    basis = f"（依据：{resource.share_refusal_basis}）" if resource.share_refusal_basis else ""
    return Refused("share.none", f"“{resource.title}”不予共享{basis}。", "有异议的，请向政务数据共享主管部门提出。")


def at_once(wanted: Terms, resource: Resource, *, personal: bool) -> bool:
    """Whether nobody has to decide: all that is asked for is shared freely, and no row tells of a natural person."""
    named = set(wanted.items)
    return not personal and all(
        share_of(resource, item) is ShareType.UNCONDITIONAL for item in resource.items if item.name in named
    )


def refused(found: Collection[Fault]) -> Refused:
    """All faults as one refusal."""
    first = next(iter(found))
    more = f"（另有 {len(found) - 1} 处）" if len(found) > 1 else ""
    return Refused(first.rule, f"{first.message}{more}", first.remedy)


def _items(wanted: Terms, resource: Resource, setting: Setting) -> _Faults:
    known: Mapping[str, Item] = {item.name: item for item in resource.items}
    if not wanted.items:
        yield Fault("share.items", "items", "没有选择信息项。", "请至少选择一项，只选办理所需的。")
    for name in wanted.items:
        if name not in known:
            yield Fault("share.item", "items", f"“{resource.title}”没有信息项“{name}”。", "请从列表选择。")
        elif share_of(resource, known[name]) is ShareType.NOT_SHARED:
            yield Fault("share.item_none", "items", f"“{known[name].title}”不予共享。", "请去掉此项。")


def _purposes(wanted: Terms, resource: Resource, setting: Setting) -> _Faults:
    legal = {one.key for one in setting.purposes}
    if not wanted.purposes:
        yield Fault("share.purpose", "purposes", "没有选择用途。", "请从用途清单选择。")
    for key in wanted.purposes:
        if key not in legal:
            yield Fault("share.purpose", "purposes", f"用途“{key}”不在用途清单内。", "请从用途清单选择。")


def _bases(wanted: Terms, resource: Resource, setting: Setting) -> _Faults:
    if len(wanted.bases) < max(1, len(wanted.purposes)):
        yield Fault(
            "share.basis_count", "bases", f"{len(wanted.purposes)} 种用途只写了 {len(wanted.bases)} 条依据。",
            "每种用途请至少写一条法律依据；没有依据的用途请去掉。",
        )  # fmt: skip
    for basis in wanted.bases:
        yield from _basis(basis)


def _basis(basis: Basis) -> _Faults:
    if not _LAW.search(basis.law.strip()):
        yield Fault(
            "share.basis_law", "bases", f"“{basis.law}”不像法律、法规或文件的全称。", "请写全称，如 中华人民共和国行政许可法。"
        )  # fmt: skip
    if not _ARTICLE.match(basis.article.strip()):
        yield Fault("share.basis_article", "bases", f"“{basis.article}”没有写到条。", "请写到条，如 第三十四条。")


def _regions(wanted: Terms, resource: Resource, setting: Setting) -> _Faults:
    if not resource.by_region:
        if wanted.regions:
            yield Fault(
                "share.region_item", "regions", f"“{resource.title}”没有区划字段，不能按区划限定。", "请把区划留空。"
            )
        return
    if not wanted.regions:
        yield Fault("share.region", "regions", "没有写明要哪些区划的数据。", "请填写本单位所辖的区划代码。")
    own = region_prefix(setting.region)
    for code in wanted.regions:
        try:
            inside = region_prefix(code).startswith(own)
        except RuleError:
            inside = False
        if not inside:
            yield Fault(
                "share.region_reach", "regions", f"区划“{code}”不在本单位所辖（{setting.region}）之内。",
                "请只填本单位所辖的区划；跨区划的需要请由上级单位申请。",
            )  # fmt: skip


def _amounts(wanted: Terms, resource: Resource, setting: Setting) -> _Faults:
    limits = setting.limits
    asked = (
        ("rate", "每分钟次数", wanted.rate, limits.rate),
        ("quota_calls", "每日次数", wanted.quota_calls, limits.quota_calls),
        ("quota_rows", "每日行数", wanted.quota_rows, limits.quota_rows),
    )
    for field, title, value, most in asked:
        if not 0 < value <= most:
            yield Fault("share.amount", field, f"{title}应在 1 到 {most:,} 之间。", "请按实际业务量填写。")


def _term(wanted: Terms, resource: Resource, setting: Setting) -> _Faults:
    if wanted.valid_from < setting.today:
        yield Fault("share.term_start", "valid_from", "开始日期已经过去。", "请填写今天或以后的日期。")
    if wanted.valid_until < wanted.valid_from:
        yield Fault("share.term_end", "valid_until", "结束日期早于开始日期。", "请改正结束日期。")
        return
    last = longest(wanted.valid_from, setting.limits)
    if wanted.valid_until > last:
        yield Fault(
            "share.term", "valid_until", f"期限超过 {setting.limits.term}，最晚到 {last}。", "请缩短期限，到期前可以申请续期。"
        )  # fmt: skip


def longest(start: date, limits: Limits) -> date:
    """The last day that an agreement from `start` may have."""
    return add_months(start, limits.term.amount)
