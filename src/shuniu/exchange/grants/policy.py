"""What an agreement lets its holder see: one pure function for the gateway, for reading on the desk, for the dry run.

Nothing but what was granted is seen: an item outside the agreement is withheld even where it is shared freely (asking for
it is granted at once), and one that the catalogue has since closed (不予共享) is withheld though it was granted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shuniu.base.rules import RuleError, region_prefix
from shuniu.catalogue.api import share_of
from shuniu.catalogue.declare import Item, Resource, ShareType
from shuniu.exchange.grants.declare import Agreement, Found, Standing
from shuniu.trust.declare import Refused

How = Literal["whole", "masked", "withheld"]


@dataclass(frozen=True)
class ItemView:
    """How one item is seen, the rule that says so, and where it is not seen whole: what to do."""

    item: Item
    how: How
    rule: str
    why: str
    forward: str = ""


@dataclass(frozen=True)
class Judgement:
    """What somebody would get: refused as a whole, or item by item."""

    refused: Refused | None
    items: tuple[ItemView, ...] = ()

    @property
    def seen(self) -> tuple[Item, ...]:
        return tuple(one.item for one in self.items if one.how != "withheld")

    @property
    def masked(self) -> frozenset[str]:
        return frozenset(one.item.name for one in self.items if one.how == "masked")


def judge(resource: Resource, found: Found, *, purpose: str, person: str, region: str = "") -> Judgement:
    """What `person` of the agreement's consumer sees of rows about `region` ("": not asked), for a purpose by its title.

    The first rule that says no is given; `found` is the look-up's answer for that agency, resource and purpose.
    """
    try:
        agreement = usable(found, resource, purpose=purpose, person=person)
    except Refused as refused:
        return Judgement(refused)
    if (beyond := outside(agreement, resource, region)) is not None:
        return Judgement(beyond)
    items = view(resource, agreement)
    nothing = nothing_left(agreement, items)
    return Judgement(nothing) if nothing is not None else Judgement(None, items)


def nothing_left(agreement: Agreement, items: tuple[ItemView, ...]) -> Refused | None:
    """Whether the catalogue has since closed all that an agreement granted."""
    if any(one.how != "withheld" for one in items):
        return None
    message = f"第 {agreement.number} 号共享协议的信息项现在都不能提供。"
    return Refused("grant.nothing_left", message, "请在资源目录查看现行的共享类型，需要的请重新申请。")


def usable(found: Found, resource: Resource, *, purpose: str, person: str) -> Agreement:
    """The agreement that a person may read under now; who granted it may not use it.

    Raises Refused share.none, grant.<standing>, grant.own, each with the way forward.
    """
    agreement = found.in_force
    if agreement is None:
        raise _why_none(found, resource, purpose)
    if agreement.granted_by and agreement.granted_by == person:
        raise Refused(
            "grant.own", f"第 {agreement.number} 号共享协议由您批准，您不能使用它。", "请由使用单位的其他人员查询。"
        )
    return agreement


def _why_none(found: Found, resource: Resource, purpose: str) -> Refused:
    if resource.share is ShareType.NOT_SHARED:
        basis = f"（依据：{resource.share_refusal_basis}）" if resource.share_refusal_basis else ""
        return Refused("share.none", f"“{resource.title}”不予共享{basis}。", "有异议的，请向政务数据共享主管部门提出。")
    number = found.agreement.number if found.agreement else 0
    message, remedy = _STANDINGS[found.standing]
    named = {"n": number, "title": resource.title, "purpose": purpose}
    return Refused(f"grant.{found.standing.value}", message.format(**named), remedy.format(**named))


_STANDINGS = {
    Standing.NEVER: (
        "本单位没有“{title}”的共享协议。",
        "请在资源目录的“{title}”页点“申请共享”，写明用途、依据和信息项。",
    ),
    Standing.OTHER_PURPOSE: (
        "本单位的“{title}”共享协议不含“{purpose}”这一用途。",
        "请改用协议列明的用途；确需此用途的，请另行申请共享。",
    ),
    Standing.SUSPENDED: (
        "第 {n} 号共享协议已暂停。",
        "请在协议页查看暂停的理由，整改后请提供单位恢复。",
    ),
    Standing.REVOKED: (
        "第 {n} 号共享协议已撤销。",
        "请在协议页查看撤销的理由；仍有法定需要的，请重新申请共享。",
    ),
    Standing.GIVEN_UP: ("第 {n} 号共享协议本单位已经放弃。", "仍有需要的，请重新申请共享。"),
    Standing.EXPIRED: ("第 {n} 号共享协议已到期。", "请在协议页重新申请。"),
    Standing.NOT_YET: ("第 {n} 号共享协议还没有开始。", "请在协议页查看开始的日期。"),
    Standing.QUOTA_CALLS: (
        "第 {n} 号共享协议今天的调用次数已用完。",
        "明天 0 时起可以继续；经常不够的，请在协议页申请变更。",
    ),
    Standing.QUOTA_ROWS: (
        "第 {n} 号共享协议今天可取的行数已用完。",
        "明天 0 时起可以继续；经常不够的，请在协议页申请变更。",
    ),
}


def outside(agreement: Agreement, resource: Resource, region: str) -> Refused | None:
    """Whether rows about a region lie outside what was granted; rows of a resource without region item never do."""
    if not region or region_granted(agreement, resource, region):
        return None
    return Refused(
        "grant.region",
        f"第 {agreement.number} 号共享协议不含区划 {region} 的数据。",
        "请查询协议列明的区划；确需其他区划的，请在协议页申请变更。",
    )


def region_granted(agreement: Agreement, resource: Resource, region: str) -> bool:
    """Whether a row whose region item says `region` is granted. What is no region code is granted to nobody."""
    if not resource.by_region:
        return True
    try:
        place = region_prefix(region)
    except RuleError:
        return False
    return any(place.startswith(own) for own in agreement.terms.regions)


def view(resource: Resource, agreement: Agreement) -> tuple[ItemView, ...]:
    """Every item of the resource: seen whole, masked or withheld, and why."""
    return tuple(_item(resource, item, agreement) for item in resource.items)


def _item(resource: Resource, item: Item, agreement: Agreement) -> ItemView:
    if share_of(resource, item) is ShareType.NOT_SHARED:
        return ItemView(
            item, "withheld", "share.none", "目录载明此项不予共享", "有异议的，请向政务数据共享主管部门提出。"
        )
    if item.name not in agreement.terms.items:
        free = share_of(resource, item) is ShareType.UNCONDITIONAL
        forward = "请在协议页申请变更，无条件共享的即时办结。" if free else "请在协议页申请变更，写明为何需要此项。"
        return ItemView(item, "withheld", "grant.item", f"第 {agreement.number} 号协议不含此项", forward)
    if item.name in agreement.masked:
        return ItemView(
            item, "masked", "grant.masked", f"第 {agreement.number} 号协议载明脱敏提供",
            "确需原值的，请在协议页申请变更并说明理由。",
        )  # fmt: skip
    return ItemView(item, "whole", "grant.item", f"第 {agreement.number} 号协议载明提供")
