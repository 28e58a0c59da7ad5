"""What goes wrong in a department's file before it arrives: cells mistyped, codes missing, rows twice, dates any way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from shuniu.catalogue.declare import Item, ItemType, Resource
from shuniu.demo import numbers

Row = dict[str, str]
DateStyle = Callable[[date], str]
STYLES: tuple[DateStyle, ...] = (
    date.isoformat,
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day.year}.{day.month:02d}.{day.day:02d}",
)
WIDE = str.maketrans("0123456789ABCDEFGHXN", "０１２３４５６７８９ＡＢＣＤＥＦＧＨＸＮ")


@dataclass(frozen=True)
class Carelessness:
    """Shares of rows: refused for a fault, without the subject's code, delivered twice, written in an odd way."""

    faulty: float = 0.015
    nameless: float = 0.05
    twice: float = 0.01
    odd: float = 0.1


SPARED = 3
"""The first rows have no fault: the people and the firm with accounts are in them."""

LIMIT = 0.03
"""The usual share of faulty rows stays below this, well under the share at which a batch is refused whole."""

USUAL = Carelessness()
AWFUL = Carelessness(faulty=0.14)


def spoiled(rng: Random, resource: Resource, rows: Sequence[Row], how: Carelessness) -> list[Row]:
    """The rows as the department's clerk has them; the given rows stay as they are."""
    dates = [item for item in resource.items if item.type is ItemType.DATE]
    house = rng.choice(STYLES)
    faulty = _faulty(rng, len(rows), how)
    out: list[Row] = []
    for place, true in enumerate(rows):
        row = _dated(true, dates, house if rng.random() > how.odd else rng.choice(STYLES))
        spared = place < SPARED
        if not spared and rng.random() < how.nameless:
            _unnamed(rng, resource, row)
        if not spared and rng.random() < how.odd / 4:
            _odd(rng, resource, row)
        if place in faulty:
            _fault(rng, resource, row)
        out.append(row)
        if not spared and rng.random() < how.twice:
            out.append(dict(row))
    return out


def _faulty(rng: Random, count: int, how: Carelessness) -> frozenset[int]:
    """Which rows get a fault; never so many that a small file is refused whole where only rows were meant."""
    wanted = int(count * how.faulty + rng.random())
    limit = count if how.faulty > LIMIT else int(count * LIMIT)
    return frozenset(rng.sample(range(SPARED, count), min(wanted, limit, count - SPARED)) if count > SPARED else ())


def _dated(row: Mapping[str, str], dates: Sequence[Item], style: DateStyle) -> Row:
    return {**row, **{item.name: style(date.fromisoformat(row[item.name])) for item in dates if row[item.name]}}


def _unnamed(rng: Random, resource: Resource, row: Row) -> None:
    """Without its unified code: half of them keep an old number, the others a name alone."""
    optional = {
        item.identifies: item.name for item in resource.items if item.identifies and not (item.key or item.required)
    }
    if "uscc" not in optional:
        return
    row[optional.pop("uscc")] = ""
    drop = ("organisation_code", "tax_number") if rng.random() < 0.5 else tuple(optional)
    for kind in drop:
        if kind in optional and kind not in ("legal_name", "person_name"):
            row[optional[kind]] = ""


def _odd(rng: Random, resource: Resource, row: Row) -> None:
    """Readable all the same: full-width characters, spaces, a hyphen, the ID of the old length."""
    items = [item for item in resource.items if item.identifies in ("uscc", "organisation_code", "resident_id")]
    for item in items:
        cell = row[item.name]
        if item.identifies == "resident_id" and len(cell) == 18 and cell[6:8] == "19" and not item.key:
            row[item.name] = numbers.old_resident_id(cell)
        elif item.identifies == "organisation_code" and len(cell) == 9:
            row[item.name] = f"{cell[:8]}-{cell[8]}"
        elif cell:
            row[item.name] = rng.choice((f" {cell}", f"{cell}　", cell.lower(), cell.translate(WIDE)))


def _fault(rng: Random, resource: Resource, row: Row) -> None:
    """One cell that no reader may accept."""
    faults: list[tuple[str, str]] = []
    for item in resource.items:
        if item.type is ItemType.DATE and row[item.name]:
            faults.append((item.name, rng.choice(("2024-13-05", "2023年2月30日", "不详", "05/03/2024"))))
        if item.type is ItemType.DECIMAL and row[item.name]:
            faults.append((item.name, rng.choice(("壹佰", "1,23", "待定"))))
        if item.identifies in ("uscc", "resident_id") and row[item.name]:
            faults += [(item.name, numbers.wrong(row[item.name]))] * 3
        if item.required and not item.key:
            faults.append((item.name, ""))
    if faults:
        name, cell = rng.choice(faults)
        row[name] = cell
