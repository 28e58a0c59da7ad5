"""What an agency takes over from one that has merged into it (机构改革), by kinds, and the mergers that there were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shuniu.base.titled import Titled


class Inherited(Titled):
    """A kind of things that goes over to the successor."""

    CASES = "cases", "在办办件"
    LETTERS = "letters", "没有答复的群众来信"
    DRAFTS = "drafts", "起草和审签中的公文、信息、督查"
    INCOMING = "incoming", "没有签收、没有办结的来文"
    WINDOWS = "windows", "办事窗口和预约"
    OTHERS = "others", "其他在办事项（会签、督查任务、审核、异议等）"
    ITEMS = "items", "服务事项"
    LICENCES = "licences", "已制发的证照"
    FILED = "filed", "已编号、已办结的公文和来文"

    @property
    def handled(self) -> bool:
        """Whether it is handled on by the successor; else it stays as it was made, and the successor looks after it."""
        return self not in (Inherited.ITEMS, Inherited.LICENCES, Inherited.FILED)


@dataclass(frozen=True)
class Share:
    """How many of a kind go over; `first` are the first of them, as they are known by, where that may be told."""

    kind: Inherited
    count: int
    first: tuple[str, ...] = ()


@dataclass(frozen=True)
class Succeeded:
    """What goes over from an agency to its successor, or went.

    `matters` are the running procedures in all. `left` are parts of letters that the successor must not get, because it
    is, or becomes, the accused: their leader names another agency.
    """

    agency: str
    successor: str
    shares: tuple[Share, ...]
    matters: int
    left: int

    def __getitem__(self, kind: Inherited) -> int:
        return next(one.count for one in self.shares if one.kind is kind)


@dataclass(frozen=True)
class SuccessionView:
    """One agency took another's place, by what document, and who entered it."""

    agency: str
    successor: str
    reason: str
    at: datetime
    person_name: str
