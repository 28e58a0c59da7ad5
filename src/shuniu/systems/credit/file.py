"""The credit file of one subject as a frozen report: facts with their sources by section, and what it cannot contain."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from shuniu.base.masking import mask_resident_id
from shuniu.catalogue.declare import Item, Resource
from shuniu.registries.api.files import Held, Selection
from shuniu.registries.api.marks import Mark, RowKey
from shuniu.systems.credit.declare import ELSEWHERE, SECTIONS, STATED_END, Purpose, Viewer
from shuniu.systems.credit.disclosure import Disclosed
from shuniu.systems.credit.header import Line
from shuniu.systems.credit.masks import persons_number, public_text


@dataclass(frozen=True)
class ClassView:
    """A credit class as one viewer sees it on a day: worked out once, used for every subject of that day."""

    resource: Resource
    agency_name: str
    section: str
    disclosed: Disclosed
    selection: Selection
    labels: Mapping[str, Mapping[str, str]]  # by item: code to label


@dataclass(frozen=True)
class Header:
    """Whom a report is about. `code` is empty for a natural person: a number enters no report but as its mask."""

    subject: int
    kind: str
    name: str
    code: str


@dataclass(frozen=True)
class Fact:
    """One row of a class as the viewer sees it. Its cells can be read only through `items`, which masks what must be.

    A natural person's number is masked whoever looks, the person too: a file is printed and handed on.
    """

    seen_as: ClassView
    viewer: Viewer
    header: Header
    _held: Held = field(repr=False)

    @cached_property
    def items(self) -> tuple[tuple[str, str], ...]:
        """Title and text of every item that is shown and not empty, codes by their labels.

        The subject's own name and number stand in the report's head; a row that names it otherwise says so here.
        """
        pairs = zip(self.seen_as.disclosed.items, self._held.cells, strict=True)
        own = (self.header.name, self.header.code)
        return tuple(
            (item.title, self._text(item, cell))
            for item, cell in pairs
            if cell and not (item.identifies and cell in own)
        )

    def _text(self, item: Item, cell: str) -> str:
        if persons_number(item):
            return mask_resident_id(cell)
        if item.code_list:
            return self.seen_as.labels.get(item.name, {}).get(cell, cell)
        return (
            public_text(cell, item, self.seen_as.resource, self.header.code) if self.viewer is Viewer.PUBLIC else cell
        )

    @cached_property
    def document_date(self) -> date | None:
        """The date from which the class's term runs."""
        return self._day(self.seen_as.disclosed.document)

    def _day(self, name: str) -> date | None:
        """What an item that holds a date says; None when it is empty or not shown."""
        names = [item.name for item in self.seen_as.disclosed.items]
        cell = self._held.cells[names.index(name)] if name in names else None
        return date.fromisoformat(cell[:10]) if cell else None

    @property
    def row(self) -> int:
        return self._held.row

    @property
    def place(self) -> RowKey:
        """What a mark on this fact is put on."""
        return self._held.place

    @property
    def until(self) -> date | None:
        """The last day on which the fact is shown, where a term runs: the law's, or the source's own where that is earlier."""
        law, stated = self.seen_as.disclosed.until(self.document_date), self._day(STATED_END)
        return min(law, stated) if law and stated else law

    @property
    def disputed(self) -> bool:
        return any(one.mark is Mark.DISPUTED for one in self._held.marks)

    @property
    def recorded(self) -> datetime:
        return self._held.recorded

    @property
    def batch(self) -> int:
        return self._held.batch

    @property
    def changes(self) -> tuple[tuple[date, int], ...]:
        """Day and batch of every change that the row has seen since it came; only in a subject's own report."""
        return tuple((timezone.localdate(one.at), one.batch) for one in self._held.changes)

    def said(self) -> dict[str, object]:
        """The fact as the report's digest covers it."""
        return {
            "resource": self.seen_as.resource.key,
            "title": self.seen_as.resource.title,
            "agency": self.seen_as.agency_name,
            "batch": self.batch,
            "row": self._held.row,
            "recorded": self.recorded.isoformat(),
            "items": [list(pair) for pair in self.items],
            "marks": [one.mark.value for one in self._held.marks],
            "rules": list(self.seen_as.disclosed.rules),
            "until": self.until.isoformat() if self.until else None,
            "changes": [[day.isoformat(), batch] for day, batch in self.changes],
        }


@dataclass(frozen=True)
class Report:
    """A subject's credit file at one moment. There is no score in it, and none can be worked out of it by us."""

    header: Header
    viewer: Viewer
    purpose: Purpose | None
    at: datetime
    pack: str
    facts: tuple[Fact, ...]
    lines: tuple[Line, ...]  # what the registers say of a legal person
    ratings: tuple[tuple[str, str], ...]  # agency and title of ratings that are theirs to tell
    elsewhere: tuple[tuple[str, str, str], ...] = ELSEWHERE

    @cached_property
    def sections(self) -> dict[str, list[Fact]]:
        """Facts by section in the standard's order; a section without any is there, empty."""
        found: dict[str, list[Fact]] = {section: [] for section in SECTIONS}
        for fact in self.facts:
            found[fact.seen_as.section].append(fact)
        return found

    @property
    def counts(self) -> Counter[str]:
        """How many facts of each class, by resource key."""
        return Counter(fact.seen_as.resource.key for fact in self.facts)

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of every dated rule that decided something in this report."""
        return tuple(sorted({rule for fact in self.facts for rule in fact.seen_as.disclosed.rules}))

    def content(self) -> list[dict[str, object]]:
        """What the report holds, whenever and for whomever it was made: two are equal when nothing has changed."""
        lines = [
            {"title": one.title, "text": one.text, "resource": one.resource, "batch": one.batch} for one in self.lines
        ]
        return [*lines, *(fact.said() for fact in self.facts)]

    def canonical(self, number: str) -> bytes:
        """The report under its number as canonical JSON (RFC 8785's order, UTF-8): what the printed digest is of."""
        said = {
            "number": number,
            "subject": {"name": self.header.name, "code": self.header.code, "kind": self.header.kind},
            "viewer": self.viewer.value,
            "purpose": self.purpose.value if self.purpose else None,
            "at": self.at.isoformat(),
            "rules": self.pack,
            "content": self.content(),
        }
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def digest(self, number: str) -> str:
        """SHA-256 of the canonical form; the number's random bits keep it from telling anything of a person."""
        return hashlib.sha256(self.canonical(number)).hexdigest()
