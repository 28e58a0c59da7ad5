"""What the departments send: which resource in which file, how careful, and what is to become of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from math import log
from random import Random

from shuniu.catalogue.declare import Published, Resource
from shuniu.demo import cells, classes, files, noise, registers
from shuniu.demo.facts import Facts, World
from shuniu.demo.files import Form, Sheet
from shuniu.demo.firms import FIRST_PLACE
from shuniu.demo.noise import AWFUL, USUAL, Carelessness, Row
from shuniu.registries.declare import Mode

SEED = "shuniu-demo"


class Fate(Enum):
    """What a delivery is to show."""

    PLAIN = "plain"
    RECALLED = "recalled"  # taken back whole after it was stored
    HELD = "held"  # withdraws too much: waits for the second officer


@dataclass(frozen=True)
class Consignment:
    """One file of one department. `batch` is the number that the department gives it: one is delivered only once."""

    batch: str
    resource: Resource
    form: Form = "csv"
    mode: Mode = Mode.SNAPSHOT
    how: Carelessness = USUAL
    fate: Fate = Fate.PLAIN
    share: float = 1.0  # of the class's rows
    late: bool = False  # a later delivery: some contents have changed
    region: str = ""  # a county's slice, delivered by that county

    @property
    def name(self) -> str:
        return f"{files.MARK}_{self.resource.title}_{self.batch}.{files.extension(self.form)}"


FORMS: tuple[Form, ...] = ("csv", "xlsx", "csv-gb18030", "csv-mark", "xlsx", "json", "csv-gb18030", "csv-utf16")
SLICED = "43.market/registration"
HELD_AT, RECALLED_AT, AWFUL_AT = "43.market", "43.tax", "43.housing"
"""Departments whose second officer has an account: what waits there can be taken up."""

LARGE: dict[str, Form] = {"43.police/household": "csv-gb18030", "43.labour/insurance": "csv"}


def consignments(catalogued: Sequence[Published]) -> list[Consignment]:
    """All files of the demo in the order of their delivery: registers, credit classes, then what came later."""
    resources = {one.resource.key: one.resource for one in catalogued}
    found = [
        Consignment(_batch(resources[key], 1), resources[key], LARGE.get(key, "xlsx"))
        for key in registers.REGISTERS
        if key in resources
    ]
    chosen = [one for one in classes.chosen(list(resources.values())) if one.key not in registers.REGISTERS]
    found += [
        Consignment(_batch(one, 1), one, FORMS[place % len(FORMS)], how=_care(chosen, one))
        for place, one in enumerate(chosen)
    ]
    return found + list(_later(chosen)) + list(_slices(resources))


def nothing(catalogued: Sequence[Published]) -> list[Resource]:
    """For every fifth agency a class of which it has nothing to deliver this time, and says so (零报告)."""
    resources = [one.resource for one in catalogued]
    filled = {one.key for one in classes.chosen(resources)} | set(registers.REGISTERS)
    first = {one.agency: one for one in reversed(resources) if one.key not in filled}
    return [first[agency] for agency in sorted(first)[::5]]


def _slices(resources: Mapping[str, Resource]) -> Iterator[Consignment]:
    """One county adds to the province's register what it has registered since."""
    register = resources.get(SLICED)
    if register is not None:
        batch = f"{_batch(register, 1)}-{FIRST_PLACE}"
        yield Consignment(batch, register, "csv-gb18030", Mode.DELTA, late=True, region=FIRST_PLACE)


def _care(chosen: Sequence[Resource], one: Resource) -> Carelessness:
    """One department's last class comes in a state in which it is refused whole."""
    own = _of(chosen, AWFUL_AT)
    return AWFUL if own[-1:] == [one] else USUAL


def _of(chosen: Sequence[Resource], agency: str) -> list[Resource]:
    """The classes of that agency; where it is not loaded, of the last that is."""
    there = {one.agency for one in chosen}
    wanted = agency if agency in there else max(there, default="")
    return [one for one in chosen if one.agency == wanted]


def _later(chosen: Sequence[Resource]) -> Iterator[Consignment]:
    """Second deliveries: corrected ones; one that leaves most rows out; one that is then recalled."""
    for agency in sorted({one.agency for one in chosen})[::4]:
        corrected = _of(chosen, agency)[0]
        yield Consignment(_batch(corrected, 2), corrected, late=True)
    for one in _of(chosen, HELD_AT)[1:2]:
        yield Consignment(_batch(one, 3), one, "xlsx", fate=Fate.HELD, share=0.55)
    for one in _of(chosen, RECALLED_AT)[2:3]:
        yield Consignment(_batch(one, 3), one, mode=Mode.DELTA, fate=Fate.RECALLED, share=0.3, late=True)


def _batch(resource: Resource, number: int) -> str:
    return f"{re.sub('[^a-z0-9]+', '-', resource.key.partition('.')[2].lower())}-{number:02d}"


def content(consignment: Consignment, world: World, size: float) -> bytes:
    """The file's bytes; the same for the same consignment, world and size."""
    resource = consignment.resource
    rows = [row for row in _rows(resource, world, size) if _inside(resource, row, consignment.region)]
    rows = rows[: max(3, round(len(rows) * consignment.share))]
    # A clerk makes the same mistakes again: what the second delivery changes is what has moved on meanwhile.
    clerk = Random(f"{SEED}:{resource.key}:clerk")  # noqa: S311 - made-up data, the same in every load
    rows = noise.spoiled(clerk, resource, rows, consignment.how)
    rng = Random(f"{SEED}:{consignment.batch}:{resource.key}")  # noqa: S311 - as above
    if consignment.late:
        rows = _moved_on(rng, resource, rows)
    return files.written(consignment.form, _sheet(rng, consignment, world, rows))


def _inside(resource: Resource, row: Row, region: str) -> bool:
    return not region or row[resource.by_region] == region


def _rows(resource: Resource, world: World, size: float) -> list[Row]:
    """The rows as they would be without a mistake: one for each key."""
    keys = [item.name for item in resource.key_items]
    by_key: dict[tuple[str, ...], Row] = {}
    for facts in _facts(resource, world, size):
        row = cells.row(facts)
        by_key.setdefault(tuple(row[key] for key in keys), row)
    return list(by_key.values())


def _facts(resource: Resource, world: World, size: float) -> Iterator[Facts]:
    rng = Random(f"{SEED}:{resource.key}")  # noqa: S311 - made-up data, the same in every load
    if resource.key in registers.REGISTERS:
        yield from registers.REGISTERS[resource.key](rng, world, resource)
    else:
        count = max(12, int(rng.lognormvariate(log(40), 0.6) * size))
        yield from classes.happenings(rng, world, resource, count)


def _moved_on(rng: Random, resource: Resource, rows: Sequence[Row]) -> list[Row]:
    """One row in twelve says something else than when it came first."""
    free = [item.name for item in resource.items if item.element in ("remark", "business_scope")]
    changed = frozenset(rng.sample(range(len(rows)), len(rows) // 12))
    said = dict.fromkeys(free, "已按期整改，复查合格")
    return [{**row, **said} if place in changed else dict(row) for place, row in enumerate(rows)]


def _sheet(rng: Random, consignment: Consignment, world: World, rows: Sequence[Row]) -> Sheet:
    """The rows under a clerk's headings: by title or by column name, starred, in another order, with a number in front."""
    resource = consignment.resource
    items = list(resource.items)
    if rng.random() < 0.3:
        rng.shuffle(items)
    by_name = rng.random() < 0.15
    headings = [item.name if by_name else _heading(rng, item.title, starred=item.required) for item in items]
    lines = [[row[item.name] for item in items] for row in rows]
    if consignment.form != "json" and rng.random() < 0.4:
        headings = ["行次", *headings]
        lines = [[str(number), *line] for number, line in enumerate(lines, start=1)]
    agency = world.agencies[resource.agency].name
    return Sheet(
        title=f"{agency}{resource.title}（{files.MARK}）",
        headings=headings,
        rows=lines,
        total=consignment.form != "json" and rng.random() < 0.35,
        titled=consignment.form == "xlsx" or rng.random() < 0.3,
    )


def _heading(rng: Random, title: str, *, starred: bool) -> str:
    return f"{title}*" if starred and rng.random() < 0.3 else title
