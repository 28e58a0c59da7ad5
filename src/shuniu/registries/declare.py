"""Nouns of the registries: what loading a batch did, what is wrong with a cell, what is known of a subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from shuniu.base.titled import Titled


class Mode(Titled):
    """How a batch speaks: the whole truth (what it omits is withdrawn), or only what changed."""

    SNAPSHOT = "snapshot", "全量"
    DELTA = "delta", "增量"


@dataclass(frozen=True)
class Fault:
    """One refused cell: source line (1 is the file's first line), item name, rule, and the cell as delivered."""

    line: int
    item: str
    rule: str
    value: str


@dataclass(frozen=True)
class Counts:
    """The numbers of a receipt, in rows. Two equations hold and are constraints in the database."""

    received: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    duplicate: int = 0
    rejected: int = 0
    withdrawn: int = 0
    held_before: int = 0
    held_after: int = 0
    awaiting: int = 0  # rows whose subject is not known yet (待认领), beside the equations

    @property
    def adds_up(self) -> bool:
        """received = new + changed + unchanged + duplicate + rejected; held after = held before + new − withdrawn."""
        parts = self.new + self.changed + self.unchanged + self.duplicate + self.rejected
        return self.received == parts and self.held_after == self.held_before + self.new - self.withdrawn


@dataclass(frozen=True)
class Limits:
    """The dated shares that decide whether a batch passes: of rows rejected, withdrawn, changed."""

    reject: float
    withdraw: float
    change: float


@dataclass(frozen=True)
class Preview:
    """What a batch would do: its counts, and why it must wait for a second officer (empty: it need not)."""

    counts: Counts
    holds: tuple[str, ...] = ()
    sample_withdrawn: tuple[str, ...] = ()
    sample_changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Loaded:
    """A committed batch: its gap-free number within the resource, and its counts."""

    batch: int
    counts: Counts


@dataclass(frozen=True)
class Row:
    """One stored row as somebody may see it: values by item name, where it came from, and how long it was current."""

    row: int
    values: dict[str, str | None]
    subject: int | None
    since: int
    until: int | None

    @property
    def batch(self) -> int:
        return self.row >> 32

    @property
    def line(self) -> int:
        return self.row & 0xFFFFFFFF


@dataclass(frozen=True)
class BatchInfo:
    """A batch of a resource, for lists and for resolving a day to a batch number."""

    number: int
    at: datetime
    kind: str
    source: str
    counts: Counts


@dataclass(frozen=True)
class SubjectView:
    """A subject as known now: its root id, kind, display name, identifiers by kind, and the ids merged into it."""

    id: int
    kind: str
    name: str
    known: bool
    identifiers: tuple[tuple[str, str], ...] = ()
    members: tuple[int, ...] = ()
    since: date | None = None
    names: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Found:
    """A subject that a look-up found, by its root, with the current rows in a resource of all that is one with it.

    All that is one is of one `kind`. `beside` holds what else was asked in the same statement, a value a row.
    """

    id: int
    kind: str
    rows: tuple[Row, ...]
    beside: Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Resolved:
    """What one run of the matching ladder came to: subjects awaiting before it, linked, and pairs queued for people."""

    awaiting: int
    linked: int
    doubts: int


class Answer(Titled):
    """A reviewer's decision on a doubtful pair."""

    SAME = "same", "同一主体"
    DIFFERENT = "different", "不是同一主体"
    UNCLEAR = "unclear", "无法判断"


@dataclass(frozen=True)
class Portrait:
    """One side of a doubtful pair as its reviewer sees it: personal data masked, each statement with its source."""

    subject: int
    kind: str
    known: bool
    names: tuple[str, ...]
    identifiers: tuple[tuple[str, str], ...]  # title, masked value
    details: tuple[tuple[str, str], ...]  # title, masked value
    sources: tuple[str, ...]  # resource keys


@dataclass(frozen=True)
class DoubtView:
    """A pair that a person must decide: both sides, why it is doubtful, and what became of it."""

    id: int
    subject: Portrait
    candidate: Portrait
    rung: str
    score: int
    why: tuple[str, ...]  # one short sentence per piece of evidence
    state: str
    case: int | None
    merge: int | None
    reason: str
    raised_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True)
class Source:
    """Where an attribute may come from: a resource and one of its items."""

    resource: str
    item: str


@dataclass(frozen=True)
class Attribute:
    """One attribute of a golden register: its element, and its sources, the authoritative one first (一数一源)."""

    name: str
    title: str
    element: str
    sources: tuple[Source, ...]

    @classmethod
    def of(cls, name: str, title: str, element: str, *sources: tuple[str, str]) -> Attribute:
        """An attribute by resource and item of each source."""
        return cls(name, title, element, tuple(Source(resource, item) for resource, item in sources))


@dataclass(frozen=True)
class Register:
    """A golden register as a system declares it: population, legal persons. `subject` is the kind: legal or natural.

    Raises ValueError for an attribute without a source, or one that is declared twice.
    """

    key: str
    title: str
    subject: str
    attributes: tuple[Attribute, ...]

    def __post_init__(self) -> None:
        names = [attribute.name for attribute in self.attributes]
        if len(set(names)) < len(names):
            raise ValueError(f"登记库“{self.key}”的属性重复")
        for attribute in self.attributes:
            if not attribute.sources:
                raise ValueError(f"登记库“{self.key}”的属性“{attribute.title}”没有来源")

    @property
    def resources(self) -> tuple[str, ...]:
        """The keys of all source resources, each once."""
        return tuple(dict.fromkeys(source.resource for one in self.attributes for source in one.sources))


@dataclass(frozen=True)
class Said:
    """What one row says of one attribute: the value, and who said it, where and when. `rank` 0 is the authority."""

    value: str
    rank: int
    agency: str
    resource: str
    item: str
    batch: int
    line: int
    at: datetime


@dataclass(frozen=True)
class GoldenValue:
    """An attribute with its winner (None: nobody says), the other values that differ from it, and why it won."""

    attribute: Attribute
    winner: Said | None
    conflicts: tuple[Said, ...]
    why: str


@dataclass(frozen=True)
class Golden:
    """The golden record of one subject."""

    register: str
    subject: int
    values: tuple[GoldenValue, ...]

    def __getitem__(self, name: str) -> GoldenValue:
        """The attribute of that name. Raises KeyError."""
        for value in self.values:
            if value.attribute.name == name:
                return value
        raise KeyError(name)


class Ground(Titled):
    """The legal grounds on which a row's content is destroyed (个人信息保护法 art. 47; 社会信用条例; 保守国家秘密法)."""

    EXPIRED = "expired", "失信信息披露期满"
    DELETION_RIGHT = "deletion_right", "个人行使删除权"
    CLASSIFIED = "classified", "发现涉密"


@dataclass(frozen=True)
class Expunged:
    """What was destroyed. `opening` opens the journal's commitments; it is given out here once and kept nowhere.

    `origins` are the batch sources with the source lines of the rows, for the engine that still holds the originals.
    """

    id: int
    rows: tuple[int, ...]
    commitments: tuple[str, ...]
    opening: str
    origins: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Placed:
    """Where one row of a delivery stands: source of its batch, line, its subject's root (None: nobody), and the state.

    State is `known`, `awaiting` (待认领), `review` (awaiting, and a pair is queued for a person) or `none` (says nobody).
    """

    source: str
    line: int
    subject: int | None
    state: str
