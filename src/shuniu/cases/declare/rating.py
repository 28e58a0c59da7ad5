"""好差评: what an applicant says of a stage of a case, and how that is seen without anybody learning who said it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Literal

from shuniu.base.titled import Titled


class Level(IntEnum):
    """满意度 (table A.8 of the national platform's codes): the grade as it was given, never altered."""

    VERY_GOOD = 1
    GOOD = 2
    FAIR = 3
    BAD = 4
    VERY_BAD = 5

    @property
    def title(self) -> str:
        return _LEVELS[self]

    @property
    def bad(self) -> bool:
        """Whether it opens a rectification."""
        return self >= Level.BAD


_LEVELS = {
    Level.VERY_GOOD: "非常满意",
    Level.GOOD: "满意",
    Level.FAIR: "基本满意",
    Level.BAD: "不满意",
    Level.VERY_BAD: "非常不满意",
}


class RatedStage(Titled):
    """What is rated: 受理, 决定 (一事一评), and the rectification that a bad rating of either led to."""

    ACCEPT = "accept", "受理"
    DECIDE = "decide", "决定"
    ACCEPT_RECTIFIED = "accept-rectified", "受理评价的整改"
    DECIDE_RECTIFIED = "decide-rectified", "决定评价的整改"

    @property
    def rectified(self) -> RatedStage | None:
        """The stage whose rectification this is."""
        return _RECTIFIED.get(self)


_RECTIFIED = {
    RatedStage.ACCEPT_RECTIFIED: RatedStage.ACCEPT,
    RatedStage.DECIDE_RECTIFIED: RatedStage.DECIDE,
}

ONLINE: Mapping[str, str] = {
    "efficiency": "办事效率",
    "guide": "办事指南精确度",
    "convenience": "办事便捷度",
    "platform": "平台操作性",
}
OFFLINE: Mapping[str, str] = {"efficiency": "服务效率", "level": "服务水平", "attitude": "服务态度"}
"""The sub-items beside 整体满意度, which is the grade itself (政务服务“好差评”评价指标, online and at the counter)."""

LONGEST = 1000
"""Characters of what may be written beside a grade."""


@dataclass(frozen=True)
class OwnRating:
    """One stage of one's own case: what can be said of it, and what was said last. `level` None: nothing yet.

    `measures` is what the agency did after a bad rating, where this stage is that rectification.
    """

    number: str
    title: str
    agency_name: str
    stage: RatedStage
    indicators: Mapping[str, str]
    level: Level | None = None
    parts: Mapping[str, int] = field(default_factory=dict)
    text: str = ""
    version: int = 0
    measures: str = ""


@dataclass(frozen=True)
class RectificationView:
    """What became of a bad rating. Texts are masked."""

    matter: int
    due: date | None
    state: Literal["rectify", "call_back", "done", "ended"]
    measures: str
    call_back: str
    called_on: date | None


@dataclass(frozen=True)
class AsideView:
    """A request not to count a rating, and how a second person decided it (`agreed` None: not yet)."""

    reason: str
    agreed: bool | None
    answer: str


@dataclass(frozen=True)
class RatingView:
    """A rating without a name, a case number or a day, from which its giver could be told.

    `text` is masked, and for everybody but who looks at texts empty until one has been looked at and let be shown.
    `looked`: None: nobody has looked, else whether it is shown. `wrote`: whether anything was written at all.
    """

    id: int
    agency: str
    agency_name: str
    item: str
    title: str
    stage: RatedStage
    level: Level
    parts: tuple[tuple[str, Level], ...]
    text: str
    month: date
    version: int
    wrote: bool
    looked: bool | None
    aside: AsideView | None
    rectification: RectificationView | None


@dataclass(frozen=True)
class RatingCount:
    """How one item of one agency was rated: the newest rating of each stage of each case, by grade; `aside`: not counted."""

    agency: str
    agency_name: str
    item: str
    title: str
    counts: Mapping[Level, int]
    aside: int


@dataclass(frozen=True)
class Rater:
    """Whom to call back, for who does that alone."""

    number: str
    name: str
    acting: str
    phones: tuple[str, ...]
