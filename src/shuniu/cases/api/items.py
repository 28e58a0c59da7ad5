"""Service items and life events: what is published, shipped with the software, drafted, reviewed, withdrawn."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import NoRule, RuleBook
from shuniu.cases import telling_items
from shuniu.cases.api.effects import EFFECTS
from shuniu.cases.api.licence_kinds import KINDS
from shuniu.cases.api.manning import of_items
from shuniu.cases.declare import Bundle, ItemFault, PublishedBundle, PublishedItem, ServiceItem
from shuniu.cases.models import ItemVersion
from shuniu.cases.rules import contract
from shuniu.cases.rules import items as rules
from shuniu.cases.rules.bundles import Joint, applying, joint
from shuniu.cases.store import items as store
from shuniu.cases.store import successions
from shuniu.cases.store.items import Snapshot
from shuniu.catalogue import api as catalogue
from shuniu.procedures.api import PROCEDURES
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

_held: tuple[int, Snapshot] | None = None


class NoItem(Refused):
    """No such item, version or life event is published (rule cases.no_item)."""

    def __init__(self, what: str, key: str) -> None:
        super().__init__("cases.no_item", f"没有{what}“{key}”。", "请在办事大厅按名称查找。")


def snapshot() -> Snapshot:
    """All that is published. One small query asks whether what this process has read still stands."""
    global _held
    stamp = store.stamp()
    if stamp is None:
        return store.read_all()
    if _held is None or _held[0] != stamp:
        _held = (stamp, store.read_all())
    return _held[1]


def published(key: str) -> PublishedItem:
    """The version of an item that new cases are filed under. Raises NoItem."""
    found = snapshot().items.get(key)
    if found is None:
        raise NoItem("正在受理的事项", key)
    return found


def published_all(agency: str | None = None) -> list[PublishedItem]:
    """Every published item by key: all, or those that an agency looks after, its own and those of whose place it took."""
    own = None if agency is None else successions.estate(agency)
    return [one for one in snapshot().items.values() if own is None or one.item.agency in own]


def version(key: str, number: int) -> PublishedItem:
    """A version of an item as it was published, whatever became of it: cases go on under theirs. Raises NoItem."""
    current = snapshot().items.get(key)
    found = current if current and current.version == number else store.version_of(key, number)
    if found is None:
        raise NoItem("事项版本", f"{key}·第 {number} 版")
    return found


def bundle_version(key: str, number: int) -> PublishedBundle:
    """A version of a life event as it was published: what was filed goes on under it. Raises NoItem."""
    found = store.bundle_version_of(key, number)
    if found is None:
        raise NoItem("一件事的版本", f"{key}·第 {number} 版")
    return found


def title(key: str, number: int) -> str:
    """What a version of an item or a life event is called. Raises NoItem."""
    return titles([(key, number)])[key, number]


def titles(versions: Collection[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """What these versions of items and life events are called, by key and number; one statement at most. Raises NoItem."""
    current = snapshot()
    found = {}
    for key, number in versions:
        item, whole = current.items.get(key), current.bundles.get(key)
        if item is not None and item.version == number:
            found[key, number] = item.item.title
        elif whole is not None and whole.version == number:
            found[key, number] = whole.bundle.title
    found |= store.titles_of({*versions} - found.keys())
    for key, number in (one for one in versions if one not in found):
        raise NoItem("事项版本", f"{key}·第 {number} 版")
    return found


def bundle(key: str) -> PublishedBundle:
    """The published version of a life event. Raises NoItem."""
    found = snapshot().bundles.get(key)
    if found is None:
        raise NoItem("一件事", key)
    return found


def bundles() -> list[PublishedBundle]:
    """Every published life event by key."""
    return list(snapshot().bundles.values())


def whole(key: str, answers: Mapping[str, str]) -> Joint:
    """A life event as one, for these answers to its determinants. Raises NoItem, or Refused as `joint` says."""
    found, today = bundle(key).bundle, timezone.localdate()
    items = {key: one.item for key, one in snapshot().items.items()}
    return joint(found, items, applying(found, answers, today), limits())


def prices(item: ServiceItem) -> dict[str, Decimal | None]:
    """By fee line, the amount of the rule in force today in yuan; None where no rule is."""
    book, today = RuleBook.load(settings.RULE_PACK), timezone.localdate()
    found: dict[str, Decimal | None] = {}
    for line in item.fees:
        try:
            found[line.key] = book.resolve(line.rule, today, settings.PROVINCE).decimal() / 100
        except NoRule:
            found[line.key] = None
    return found


def limits() -> rules.Limits:
    """Terms of 行政许可法 art. 42 as they are today. Raises NoRule when the pack lacks them."""
    book, today = RuleBook.load(settings.RULE_PACK), timezone.localdate()
    keys = ("decide", "extend", "joint", "joint_extend")
    return rules.Limits(*(book.resolve(f"licensing.{key}.days", today, settings.PROVINCE).term() for key in keys))


def faults(item: ServiceItem) -> tuple[ItemFault, ...]:
    """What an item does against the rules as things stand, and what it would break in a life event; blocking first."""
    return measured((item,), ())


def measured(items: Sequence[ServiceItem], changed: Sequence[Bundle]) -> tuple[ItemFault, ...]:
    """All faults of these items and life events, were they published together in place of what now is."""
    now = snapshot()
    after = {key: one.item for key, one in now.items.items()} | {item.key: item for item in items}
    held = catalogue.snapshot()
    known = rules.Known(
        held.elements,
        {key: one.resource for key, one in held.published.items()},
        {m.title: by for item in after.values() for m in item.materials if (by := rules.held_by(m)) is not None},
        limits(),
        KINDS.keys(),
        {key: one.asks for key, one in EFFECTS.items()},
        {key: [(one.stage, one.agency_name, one.roles) for one in each] for key, each in of_items(items).items()},
        PROCEDURES,
    )
    found, touched = [fault for item in items for fault in rules.faults(item, known)], {item.key for item in items}
    events = {key: one.bundle for key, one in now.bundles.items()} | {one.key: one for one in changed}
    for event in events.values():
        if event in changed or touched & {branch.item for branch in event.branches}:
            found += contract.faults(event, after, known.limits)
    return tuple(sorted(found, key=lambda fault: not fault.blocks))


@verb("cases.ship_items", "载入随附事项")
def ship(*, actor: Actor, items: Sequence[ServiceItem] = (), bundles: Sequence[Bundle] = ()) -> tuple[str, ...]:
    """Publish what comes with the software; what has not changed makes no new version. The keys that got one.

    Raises Refused: items.owner (the key was made at run time), or the first faults.
    """
    require()
    store.lock()
    now = snapshot()
    new_items = [one for one in items if one.key not in now.items or now.items[one.key].item != one]
    new_events = [one for one in bundles if one.key not in now.bundles or now.bundles[one.key].bundle != one]
    new: list[ServiceItem | Bundle] = [*new_items, *new_events]
    foreign = ItemVersion.objects.filter(key__in=[one.key for one in new], shipped=False)
    if taken := sorted(set(foreign.values_list("key", flat=True))):
        raise Refused(
            "items.owner", f"事项代码已由单位自行编制：{'、'.join(taken[:5])}。", "随附的事项请改用新的代码。"
        )
    _refuse(measured(new_items, new_events))
    if new:
        store.add(new, "published", _author(actor, shipped=True))
    keys = tuple(one.key for one in new)
    record("items", detail={"keys": list(keys[:200])})
    return keys


@verb("cases.draft_item", "编制事项")
def draft(*, actor: Actor, item: ServiceItem, seen: datetime | None = None) -> int:
    """Keep an agency's item as its open draft, with its faults or not; the draft's number.

    `seen`: when the version that the editor had before him was written. Raises Refused: items.shipped (it comes with the
    software; copy it to a new key), items.agency, items.in_review, items.changed (somebody else wrote since).
    """
    item = item.model_copy(update={"agency": successions.keeper(item.agency)})  # whoever writes it anew stands in it
    require(agency=item.agency)
    store.lock()
    if ItemVersion.objects.filter(key=item.key, shipped=True).exists():
        raise Refused("items.shipped", f"“{item.title}”随平台发布。", "请复制为新的事项代码后再改。")
    row = store.open_version(item.key)
    if row is not None and successions.keeper(row.agency) != item.agency:
        raise Refused("items.agency", f"事项代码“{item.key}”由另一单位在用。", "请换一个本单位的事项代码。")
    if row is not None and row.state == "review":
        raise Refused("items.in_review", f"“{item.title}”正在审核。", "请等审核结束，或者请审核人退回。")
    newest = ItemVersion.objects.filter(key=item.key).order_by("-number").first() if seen else None
    if newest is not None and newest.made_at != seen:
        raise Refused("items.changed", "您打开之后，别人改过这个事项。", "请在下面最新的内容上再改一次。")
    if row is None:
        row = store.add((item,), "draft", _author(actor))[0]
    else:
        row.agency, row.declaration = item.agency, item.model_dump(mode="json")
        row.made_by, row.made_at, row.makers = actor.person, timezone.now(), sorted({*row.makers, actor.person})
        row.save(update_fields=["agency", "declaration", "made_by", "makers", "made_at"])
    record(f"item:{item.key}", detail={"version": row.number})
    return row.number


@verb("cases.submit_item", "提交事项审核")
def submit(*, actor: Actor, key: str) -> None:
    """Hand a draft in for review. Raises Refused: cases.no_item, or its first faults."""
    row = _open(key, "draft")
    require(agency=successions.keeper(row.agency))
    _refuse(faults(ServiceItem.model_validate(row.declaration)))
    row.state = "review"
    row.save(update_fields=["state"])
    telling_items.tell(row, telling_items.SUBMITTED, actor)
    record(f"item:{key}", detail={"version": row.number})


@verb("cases.publish_item", "发布事项")
def publish(*, actor: Actor, key: str) -> PublishedItem:
    """Publish a reviewed item in place of what was published of it; not by any who wrote in it.

    Raises Refused: cases.no_item, items.own, or the first faults, among them what it would break in a life event.
    """
    store.lock()
    row = _open(key, "review")
    require(agency=successions.keeper(row.agency))
    if actor.person in row.makers:
        raise Refused("items.own", "本人参与编制的事项不能由本人发布。", "请另一位审核人办理。")
    item = ServiceItem.model_validate(row.declaration)
    _refuse(faults(item))
    store.publish(row, _author(actor))
    telling_items.tell(row, telling_items.PUBLISHED, actor)
    record(f"item:{key}", detail={"version": row.number})
    return PublishedItem(row.number, item)


@verb("cases.return_item", "退回事项")
def give_back(*, actor: Actor, key: str, reason: str) -> None:
    """Send a reviewed item back to its agency as a draft. Raises Refused: cases.no_item, items.reason."""
    row = _open(key, "review")
    require(agency=successions.keeper(row.agency))
    _reasoned(reason)
    row.state = "draft"
    row.save(update_fields=["state"])
    telling_items.tell(row, telling_items.RETURNED, actor, reason=reason.strip().rstrip("。"))
    record(f"item:{key}", detail={"version": row.number, "reason": reason})


@verb("cases.withdraw_item", "取消事项")
def withdraw(*, actor: Actor, key: str, reason: str) -> None:
    """Take no new cases of an item; running ones go on. Raises Refused: cases.no_item, items.reason, items.in_bundle."""
    store.lock()
    row = published(key)
    require(agency=successions.keeper(row.item.agency))
    _reasoned(reason)
    if used := [one.bundle.title for one in bundles() if key in {branch.item for branch in one.bundle.branches}]:
        message = f"“{row.item.title}”在“一件事”中使用：{'、'.join(used)}。"
        raise Refused("items.in_bundle", message, "请先由牵头单位把它从“一件事”中去掉。")
    store.end([key], timezone.localdate())
    record(f"item:{key}", detail={"version": row.version, "reason": reason})


def _open(key: str, state: str) -> ItemVersion:
    row = store.open_version(key)
    if row is None or row.state != state:
        raise NoItem("待审核的事项" if state == "review" else "事项草稿", key)
    return row


def _reasoned(reason: str) -> None:
    if not reason.strip():
        raise Refused("items.reason", "没有写明理由。", "请写明理由。")


def _author(actor: Actor, shipped: bool = False) -> store.Author:
    return store.Author(actor.person, timezone.now(), timezone.localdate(), shipped)


def _refuse(found: Iterable[ItemFault]) -> None:
    """Raise Refused with the first blocking faults, under the first one's rule."""
    if blocking := [fault for fault in found if fault.blocks]:
        first, rest = blocking[0], f"另有{len(blocking) - 1}处。" if len(blocking) > 1 else ""
        raise Refused(first.rule, f"{first.message}{rest}", first.remedy)
