"""An item's versions as those see them who draft, review and publish them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from shuniu.base.titled import Titled
from shuniu.cases.declare.bundle import ItemFault
from shuniu.cases.declare.service import ServiceItem, ServiceStage


class ItemState(Titled):
    """Where a version stands. At most one version of a key is open (draft or review), and at most one published."""

    DRAFT = "draft", "草稿"
    REVIEW = "review", "待发布"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已取消"

    @property
    def open(self) -> bool:
        return self in (ItemState.DRAFT, ItemState.REVIEW)


@dataclass(frozen=True)
class ItemRow:
    """A version in a list. `shipped`: it came with the software and is not edited under its key.

    `makers`: everybody who wrote in it, of whom none publishes it; `made_by` did so last.
    """

    key: str
    number: int
    agency: str
    title: str
    stage: ServiceStage
    state: ItemState
    shipped: bool
    made_by: str
    makers: tuple[str, ...]
    made_at: datetime
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True)
class ItemAtHand:
    """The newest version that an editor's changes start from: what it says, and all that stands against it."""

    row: ItemRow
    item: ServiceItem
    published: ServiceItem | None  # what applicants see of this key today
    faults: tuple[ItemFault, ...]


@dataclass(frozen=True)
class Touched:
    """What publishing an item touches: its life events with what would break in each, and the running cases.

    Running cases are counted by the version that they were filed under, and go on under it.
    """

    events: tuple[tuple[str, str, tuple[ItemFault, ...]], ...]  # key, title, faults
    running: tuple[tuple[int, int], ...]  # version, cases
