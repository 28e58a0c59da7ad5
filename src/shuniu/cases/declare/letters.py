"""Letters from the public (民声通道): what a letter box declares, what is written to it, and how its letters stand.

Source: GB/T 33358-2016 (政府热线服务规范); 信访工作条例 (2022): what is reported never reaches the accused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from shuniu.base.rules import region_prefix
from shuniu.base.titled import Titled
from shuniu.catalogue.declare import Frozen

Text = Annotated[str, Field(min_length=1)]


class LetterCategory(Frozen):
    """A kind of letter. `term` is the key of the dated rule for answering it; `sealed`: a report (举报), whose writer is
    sealed, which the accused never sees and nobody publishes."""

    key: Text
    title: Text
    term: Text
    sealed: bool = False


class Route(Frozen):
    """One row of the routing table: a letter that meets all of its conditions goes to `agency`. Empty meets everything.

    `words`: any of them in the title or the text. `regions`: codes, the letter's region lies in one of them.
    """

    key: Text
    title: Text
    agency: Text
    categories: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


class Unaccepted(Frozen):
    """A ground for not accepting a letter, and the channel that is right for it."""

    key: Text
    title: Text
    channel: Text
    words: tuple[str, ...] = ()


class LetterBox(Frozen):
    """One channel of letters: its categories, its routing table (the first row that is met decides; `centre` where none
    is), the grounds on which it accepts none, and the procedures of a letter and of each of its parts.

    `above` takes what accuses the centre itself. `minors`: words that tell of a matter of minors.
    Raises ValueError for a row that names no category of the box, or that no letter can reach.
    """

    key: Text
    title: Text
    centre: Text
    above: Text
    procedure: Text
    part_procedure: Text
    categories: tuple[LetterCategory, ...]
    routes: tuple[Route, ...] = ()
    unaccepted: tuple[Unaccepted, ...] = ()
    minors: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _rows_can_be_met(self) -> Self:
        known, seen = {one.key for one in self.categories}, set[str]()
        for at, row in enumerate(self.routes):
            if unknown := set(row.categories) - known:
                raise ValueError(f"分派规则“{row.key}”提到的类别“{'、'.join(sorted(unknown))}”不存在")
            if row.key in seen:
                raise ValueError(f"分派规则的键“{row.key}”重复")
            seen.add(row.key)
            for region in row.regions:
                region_prefix(region)
            if not (row.categories or row.words or row.regions) and at < len(self.routes) - 1:
                raise ValueError(f"分派规则“{row.key}”没有条件，其后的规则永远用不上")
        if self.centre == self.above:
            raise ValueError("反映受理中心自身的来信须由另一单位（above）办理")
        return self

    def category(self, key: str) -> LetterCategory | None:
        return next((one for one in self.categories if one.key == key), None)


@dataclass(frozen=True)
class Met:
    """Where a letter goes and why: the row (None: no row was met), the words and the region that met it, and the rows
    passed over because their agency is the accused."""

    agency: str
    route: Route | None = None
    words: tuple[str, ...] = ()
    region: str = ""
    passed: tuple[str, ...] = ()

    @property
    def why(self) -> str:
        """In a sentence, for the clerk."""
        row = self.route
        if row is None:
            found = "没有一条分派规则符合，由受理中心办理"
        else:
            met = [f"内容含“{'”“'.join(self.words)}”"] * bool(self.words) + [f"属地 {self.region}"] * bool(self.region)
            found = f"符合规则“{row.title}”" + (f"：{'，'.join(met)}" if met else "")
        return found + (f"；规则“{'”“'.join(self.passed)}”指向被举报单位，已跳过" if self.passed else "")


class LetterIn(Frozen):
    """What is written. `consent`: the text may be made public once masked. `accused` is the agency that a report is about."""

    category: Text
    region: Text
    title: str = Field(min_length=1, max_length=60)
    text: str = Field(min_length=1, max_length=5000)
    name: str = Field(default="", max_length=60)
    contact: str = Field(default="", max_length=120)
    accused: str = ""
    consent: bool = False
    minor: bool = False


class LetterChannel(Titled):
    WEB = "web", "网站"
    COUNTER = "counter", "窗口"
    TELEPHONE = "telephone", "电话"


class LetterState(Titled):
    HANDLING = "handling", "办理中"
    DECLINED = "declined", "不予受理"
    ANSWERED = "answered", "已答复"


class PartState(Titled):
    SENT = "sent", "待签收"
    SIGNED = "signed", "办理中"
    REVIEW = "review", "待审核"
    DONE = "done", "已办结"
    MOVED = "moved", "已改派"

    @property
    def running(self) -> bool:
        return self not in (PartState.DONE, PartState.MOVED)


@dataclass(frozen=True)
class LetterPart:
    """One agency's share of a letter. `designated`: named by the centre, it cannot be returned."""

    id: int
    agency: str
    task: str
    round: int
    state: PartState
    sent_at: datetime
    sign_by: datetime
    due: date | None
    overdue: bool
    clock: int
    designated: bool
    return_reason: str
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True)
class Rated:
    """What the writer thought of an answer."""

    round: int
    satisfied: bool
    words: str
    at: datetime


@dataclass(frozen=True)
class LetterLine:
    """A letter in a list of the desk."""

    number: str
    category: str
    region: str
    title: str
    received_at: datetime
    state: LetterState
    agencies: tuple[str, ...]
    overdue: bool
    returning: bool


@dataclass(frozen=True)
class LetterView:
    """A letter as who may see it sees it; who wrote it is read apart (`read_reporter`)."""

    line: LetterLine
    text: str
    channel: LetterChannel
    sealed: bool
    minor: bool
    consent: bool
    accused: tuple[str, ...]
    route: str
    why: str
    declined: str
    parts: tuple[LetterPart, ...]
    ratings: tuple[Rated, ...]
    published: str | None
    similar: tuple[LetterLine, ...] = ()


@dataclass(frozen=True)
class Sent:
    """The receipt of a letter: its number, and the code by which its writer, who may have no account, follows it."""

    number: str
    code: str = field(repr=False)
    met: Met


@dataclass(frozen=True)
class PublicLetter:
    """A letter in the anonymised public list; title, text and answers only where publishing was confirmed."""

    number: str
    category: str
    region: str
    received_on: date
    state: LetterState
    agencies: tuple[str, ...]
    overdue: bool
    satisfied: bool | None
    title: str
    text: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Writer:
    """Who wrote a letter, unsealed for who holds the right."""

    name: str
    contact: str
    account: str


@dataclass(frozen=True)
class Elsewhere:
    """A letter that a changed routing table would send elsewhere."""

    number: str
    before: str
    after: Met


@dataclass(frozen=True)
class Simulated:
    """Where a text would go, and which of the last letters a changed table sends elsewhere."""

    met: Met | None
    looked_at: int
    moved: Sequence[Elsewhere]
