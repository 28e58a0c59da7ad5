"""What a page shows, as typed nouns: engines build these, the macros of `parts.html.jinja` draw them.

`part` names the macro that draws a noun wherever a value may stand (a table cell, a row of a summary list).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal, TypeAlias
from urllib.parse import urlencode


@dataclass(frozen=True)
class Link:
    """Words and where they lead; `current` marks the tab or menu entry that the reader is on."""

    part: ClassVar[str] = "link"
    text: str
    href: str
    current: bool = False


@dataclass(frozen=True)
class Room:
    """Pages of the menu that belong together; a room of one page is drawn as that page."""

    title: str
    links: tuple[Link, ...]

    @property
    def way_in(self) -> Link:
        """Where the room's name leads: its first page; current when the reader is on any of its pages."""
        text = self.title if len(self.links) > 1 else self.links[0].text
        return Link(text, self.links[0].href, any(link.current for link in self.links))


StateKind: TypeAlias = Literal["done", "waiting", "warning", "stopped", "info", "none"]
"""What gives a state its shape and colour."""


@dataclass(frozen=True)
class State:
    """A state in a word; the kind adds shape and colour, so that neither stands alone."""

    part: ClassVar[str] = "state"
    word: str
    kind: StateKind = "info"


@dataclass(frozen=True)
class Grade:
    """A quality grade A–D and why: each reason opens the rows that cost the points."""

    part: ClassVar[str] = "grade"
    letter: Literal["A", "B", "C", "D"]
    reasons: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Source:
    """Where a fact comes from: agency · resource · date · batch, opening the row itself."""

    part: ClassVar[str] = "source"
    agency: str
    resource: str
    day: date
    batch: str
    href: str


Value: TypeAlias = str | int | float | Decimal | date | datetime | Link | State | Grade | Source | None


@dataclass(frozen=True)
class Column:
    """A column of a table. `sort_href` makes its head a link; `sorted` says which way the rows stand now."""

    title: str
    kind: Literal["text", "number", "code", "day"] = "text"
    sort_href: str = ""
    sorted: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True)
class Row:
    """One row: as many values as columns; `href` is where its first cell leads."""

    cells: Sequence[Value]
    href: str = ""


@dataclass(frozen=True)
class Filter:
    """One field of a table's filter row; with `choices` (value, words) it is a drop-down."""

    name: str
    label: str
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Paging:
    """Which page of how many rows is shown.

    `limit` is the most rows that will be listed at all: a reader is asked to narrow rather than to leaf through
    a million rows. `query` holds the address's other parameters, kept on every page link.
    """

    number: int
    size: int
    total: int
    query: tuple[tuple[str, str], ...] = ()
    limit: int = 10_000

    @property
    def pages(self) -> int:
        return max(1, -(-min(self.total, self.limit) // self.size))

    @property
    def first(self) -> int:
        return min((self.number - 1) * self.size + 1, self.total)

    @property
    def last(self) -> int:
        return min(self.number * self.size, self.total, self.limit)

    @property
    def too_much(self) -> bool:
        return self.total > self.limit

    @property
    def around(self) -> tuple[int, ...]:
        """Page numbers to offer; 0 stands for a gap."""
        near = {1, self.pages, *range(max(1, self.number - 1), min(self.pages, self.number + 1) + 1)}
        offered: list[int] = []
        for page in sorted(near):
            if offered and page - offered[-1] > 1:
                offered.append(0)
            offered.append(page)
        return tuple(offered)

    def href(self, page: int) -> str:
        return "?" + urlencode([*self.query, ("page", str(page))])


@dataclass(frozen=True)
class Receipt:
    """What became of a submission, row by row counted; `hrefs` says where the rows behind a count (`new` …) are listed.

    Raises ValueError unless received = new + changed + unchanged + duplicate + rejected: a receipt which does
    not add up must never be shown.
    """

    number: str
    agency: str
    resource: str
    submitted_at: datetime
    received: int
    new: int
    changed: int
    unchanged: int
    duplicate: int
    rejected: int
    held_before: int
    held_after: int
    withdrawn: int = 0
    state: State | None = None
    href: str = ""
    hrefs: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if sum(count for _, count in self.counts) != self.received:
            raise ValueError(f"receipt {self.number}: the parts do not add up to {self.received} received")

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        return (
            ("new", self.new),
            ("changed", self.changed),
            ("unchanged", self.unchanged),
            ("duplicate", self.duplicate),
            ("rejected", self.rejected),
        )

    @property
    def bar(self) -> tuple[tuple[str, float, float], ...]:
        """(kind, x, width) of each part on a bar 1,000 wide; a part of even one row is given 12 to be seen."""
        shown = [(kind, count) for kind, count in self.counts if count]
        room = 1000 - 12 * len(shown)
        drawn: list[tuple[str, float, float]] = []
        x = 0.0
        for kind, count in shown:
            width = 12 + room * count / self.received
            drawn.append((kind, round(x, 2), round(width, 2)))
            x += width
        return tuple(drawn)


@dataclass(frozen=True)
class Event:
    """One step of a timeline: when, who, what, and a note."""

    at: datetime
    who: str
    what: str
    note: str = ""
    state: State | None = None


@dataclass(frozen=True)
class Clock:
    """Who holds a matter, since when, due when and by which rule."""

    holder: str
    since: datetime
    due: date | None
    why: str
    state: State


@dataclass(frozen=True)
class Entry:
    """A journal line; `sequence` is its place in the sealed chain, None while it waits to be sealed."""

    at: datetime
    actor: str
    verb: str
    target: str
    purpose: str
    sequence: int | None
    href: str = ""


@dataclass(frozen=True)
class Stat:
    """A number with its unit, its time, its source and the way to the rows that it counts."""

    value: int | Decimal
    unit: str
    label: str
    as_of: datetime
    source: str
    href: str
