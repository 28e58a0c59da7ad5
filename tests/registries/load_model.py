"""A naive model of loading: all resources and subjects row by row and in memory. See `test_load_against_a_model`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from shuniu.catalogue.declare import Item, Resource, SubjectType
from shuniu.registries import rules
from shuniu.registries.declare import Counts, Limits, Mode
from shuniu.trust.declare import Refused
from tests.registries.conftest import NUMBER, PENALTY, REGISTRATION, resource, uscc

SHOP = resource(
    "43.market/shop", "门店", SubjectType.NONE,
    [NUMBER, Item(name="title", title="店名"), Item(name="region", title="行政区划", check="region")],
).model_copy(update={"by_region": "region"})  # fmt: skip
FURONG, TIANXIN = "430102", "430103"
NAMES = (None, "湘江机械", "岳麓茶业")
LIMITS = Limits(1, 0.5, 0.5)

Cells = tuple[str | None, ...]
Said = tuple[str, str] | None
"""Whom a row is about, as it says so itself: a number or a name."""


@dataclass(frozen=True)
class Row:
    """A delivered row. `fate`: read well, refused with its key read, or refused with no key to read."""

    key: int
    name: int
    firm: int
    fate: str = "sound"


@dataclass(frozen=True)
class Delivery:
    """What one department sends at once. `portions` are the numbers of rows after which the reader hands on what it has."""

    resource: Resource
    rows: tuple[Row, ...]
    portions: tuple[int, ...]
    mode: Mode
    released: bool
    region: str
    marked: bool
    whole: bool
    """Whether the resource is small enough to be compared with whole."""

    @property
    def items(self) -> Sequence[str]:
        return [item.name for item in self.resource.items]

    def cells(self, row: Row) -> Mapping[str, str | None]:
        if self.resource is REGISTRATION:
            return {"uscc": uscc(row.key + 1), "name": NAMES[row.name]}
        if self.resource is PENALTY:
            return {"number": f"{row.key}", "uscc": uscc(row.firm) if row.firm else None, "name": NAMES[row.name]}
        return {
            "number": f"{row.key}",
            "title": NAMES[row.name],
            "region": self.region or (FURONG if row.firm % 2 else TIANXIN),
        }

    def whole_row(self, row: Row) -> Cells:
        return tuple(self.cells(row).get(name) for name in self.items)


@dataclass
class Version:
    """A stored row. A row of the model's table is never changed but for its end."""

    row: int
    key: int
    cells: Cells
    about: Said
    since: int
    until: int | None = None


@dataclass
class Held:
    """One resource as the model has it."""

    versions: list[Version] = field(default_factory=list)
    last: int = 0

    @property
    def current(self) -> dict[int, Version]:
        return {version.key: version for version in self.versions if version.until is None}

    def recall(self) -> Counts:
        before, number = len(self.current), self.last + 1
        closed = {one.key: one for one in self.versions if one.since == self.last and one.until is None}
        back = sorted((one for one in self.versions if one.until == self.last), key=lambda one: one.row)
        for one in closed.values():
            one.until = number
        for place, one in enumerate(back, 1):
            self.versions.append(replace(one, row=(number << 32) + place, since=number, until=None))
        self.last, changed = number, sum(one.key in closed for one in back)
        return Counts(
            received=len(back), new=len(back) - changed, changed=changed, withdrawn=len(closed) - changed,
            held_before=before, held_after=len(self.current),
        )  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """What a delivery comes to: its lines that count, by key; repeats and contradictions, which are left out."""

    count: dict[int, int]
    repeats: list[int]
    conflicts: list[int]

    @staticmethod
    def of(delivery: Delivery) -> Reading:
        lines: dict[int, list[int]] = {}
        for line, row in enumerate(delivery.rows):
            if row.fate == "sound":
                lines.setdefault(row.key, []).append(line)
        said = {key: {delivery.whole_row(delivery.rows[line]) for line in found} for key, found in lines.items()}
        return Reading(
            {key: found[0] for key, found in lines.items() if len(said[key]) == 1},
            [line for key, found in lines.items() if len(said[key]) == 1 for line in found[1:]],
            [line for key, found in lines.items() if len(said[key]) > 1 for line in found],
        )


@dataclass
class Model:
    """All resources and subjects, row by row and in memory."""

    held: dict[str, Held] = field(default_factory=dict)
    subjects: set[Said] = field(default_factory=set)
    known: set[Said] = field(default_factory=set)

    def of(self, what: Resource) -> Held:
        return self.held.setdefault(what.key, Held())

    def about(self, delivery: Delivery, row: Row) -> Said:
        cells = delivery.cells(row)
        if delivery.resource is SHOP:
            return None
        number, name = cells["uscc"], cells["name"]
        return ("uscc", number) if number else ("name", name) if name else None

    def load(self, delivery: Delivery) -> Counts:
        """Take a delivery in. Raises `Refused` batch.region_owner or batch.hold, and is then as it was."""
        held, reading = self.of(delivery.resource), Reading.of(delivery)
        current, number = held.current, held.last + 1
        sound = {row.key for row in delivery.rows if row.fate == "sound"}
        region = delivery.items.index("region") if delivery.region else 0
        if delivery.region and any(current[key].cells[region] != delivery.region for key in sound & set(current)):
            raise Refused("batch.region_owner", "")
        fresh = {
            key: line
            for key, line in reading.count.items()
            if key not in current or current[key].cells != delivery.whole_row(delivery.rows[line])
        }
        seen = sound | {row.key for row in delivery.rows if row.fate == "refused"}
        scope = {key for key, one in current.items() if not delivery.region or one.cells[region] == delivery.region}
        gone = scope - seen if delivery.mode is Mode.SNAPSHOT else set()
        new = len(fresh.keys() - current.keys())
        counts = Counts(
            received=len(delivery.rows), new=new, changed=len(fresh) - new, unchanged=len(reading.count) - len(fresh),
            duplicate=len(reading.repeats), withdrawn=len(gone), held_before=len(current),
            rejected=len(reading.conflicts) + sum(row.fate != "sound" for row in delivery.rows),
            held_after=len(current) + new - len(gone),
        )  # fmt: skip
        unreadable = sum(row.fate == "unreadable" for row in delivery.rows)
        snapshot = delivery.mode is Mode.SNAPSHOT
        if snapshot and not delivery.released and rules.holds(counts, LIMITS, unreadable_keys=unreadable):
            raise Refused("batch.hold", repr(counts))
        for key in gone | (fresh.keys() & current.keys()):
            current[key].until = number
        stored = [self._store(held, delivery, number, line) for line in fresh.values()]
        held.last = number
        awaited = sum(about not in self.known for about in stored) if delivery.resource is not SHOP else 0
        return replace(counts, awaiting=awaited)

    def _store(self, held: Held, delivery: Delivery, number: int, line: int) -> Said:
        row = delivery.rows[line]
        about = self.about(delivery, row)
        held.versions.append(Version((number << 32) + line + 2, row.key, delivery.whole_row(row), about, number))
        if about:
            self.subjects.add(about)
            if delivery.resource is REGISTRATION:
                self.known.add(about)
        return about
