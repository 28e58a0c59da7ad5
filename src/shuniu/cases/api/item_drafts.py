"""Items at the desk: lists of versions, one at hand with its faults, what publishing it touches, a draft thrown away."""

from __future__ import annotations

from shuniu.cases.api import items
from shuniu.cases.api.items import NoItem
from shuniu.cases.declare import ServiceItem
from shuniu.cases.declare.item_draft import ItemAtHand, ItemRow, ItemState, Touched
from shuniu.cases.models import ItemVersion
from shuniu.cases.store import item_drafts as store
from shuniu.cases.store import successions
from shuniu.trust.api import OVERSEE, record, require, verb
from shuniu.trust.declare import Actor, Refused

STANDING = (ItemState.DRAFT, ItemState.REVIEW, ItemState.PUBLISHED)
PUBLISH = "cases.publish_item"


@verb("cases.list_items", "查看事项清单", reads=True)
def list_items(
    *, actor: Actor, agency: str = "", states: tuple[ItemState, ...] = STANDING, words: str = ""
) -> list[ItemRow]:
    """Versions of an agency's items (empty: of all, for who publishes), the last changed first.

    Of other agencies who publishes sees what waits, and what was published. Raises Refused right.agency.
    """
    if not actor.may(PUBLISH):
        require(agency=agency)
    else:
        require()
    found = store.rows(agency, [one.value for one in states], words.strip())
    if not actor.may(OVERSEE):
        estate = successions.estate(actor.agency)
        found = [one for one in found if one.agency in estate or one.state is not ItemState.DRAFT]
    record("items", detail={"agency": agency, "versions": len(found)})
    return found


@verb("cases.read_item", "查看事项编制内容", reads=True)
def read(*, actor: Actor, key: str) -> ItemAtHand:
    """The version of an item that stands before an editor or a publisher. Raises Refused cases.no_item, right.agency."""
    row = _newest(actor, key)
    item = _declared(row)
    published = items.snapshot().items.get(key)
    record(f"item:{key}", detail={"version": row.number})
    return ItemAtHand(row, item, published.item if published else None, items.faults(item))


@verb("cases.check_item", "检查事项影响", reads=True)
def check(*, actor: Actor, key: str) -> Touched:
    """The life events and running cases that publishing an item touches. Raises Refused cases.no_item, right.agency."""
    row = _newest(actor, key)
    found = items.faults(_declared(row))
    events = tuple(
        (one.bundle.key, one.bundle.title, tuple(fault for fault in found if fault.where == one.bundle.key))
        for one in items.bundles()
        if key in {branch.item for branch in one.bundle.branches}
    )
    record(f"item:{key}", detail={"version": row.number, "events": len(events)})
    return Touched(events, store.running(key))


@verb("cases.discard_item", "删除事项草稿")
def discard(*, actor: Actor, key: str) -> None:
    """Throw a draft away; what is published stays. Raises Refused cases.no_item, right.agency, items.not_draft."""
    row = _newest(actor, key)
    if row.state is not ItemState.DRAFT:
        raise Refused("items.not_draft", f"“{row.title}”没有可以删除的草稿。", "已经提交的，请审核人退回后再删。")
    store.discard(key, row.number)
    record(f"item:{key}", detail={"version": row.number})


def _newest(actor: Actor, key: str) -> ItemRow:
    row = store.newest(key)
    publishing = actor.may(PUBLISH) and (row is None or row.state is not ItemState.DRAFT)
    require(agency=None if publishing or row is None else successions.keeper(row.agency))
    if row is None:
        raise NoItem("事项", key)
    return row


def _declared(row: ItemRow) -> ServiceItem:
    kept = ItemVersion.objects.values_list("declaration", flat=True).get(key=row.key, number=row.number)
    return ServiceItem.model_validate(kept)
