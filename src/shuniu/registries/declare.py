"""Nouns of the registries: what loading a batch did, what is wrong with a cell, what is known of a subject."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum


class Mode(Enum):
    """How a batch speaks: the whole truth (what it omits is withdrawn), or only what changed."""

    SNAPSHOT = "snapshot"
    DELTA = "delta"

    @property
    def title(self) -> str:
        return {"snapshot": "全量", "delta": "增量"}[self.value]


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
