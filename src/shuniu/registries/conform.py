"""Normalise and conform: raw text columns to canonical values and named faults, a whole chunk of rows at a time.

Canonical values are text (what COPY sends and the digest covers): dates ISO, numbers without trailing zeros, codes as in
their list. Nothing is guessed: what cannot be read one way only is a fault with its rule, line and cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl
import polars_hash as plh

from shuniu.base import columns
from shuniu.catalogue.declare import Item, ItemType, Resource
from shuniu.registries import cells
from shuniu.registries.cells import ISSUED as ISSUED
from shuniu.registries.cells import CodeLists as CodeLists

LINE = "_line"
KEY = "_key"
DIGEST = "_digest"
FAULT = "_fault"
"""Optional in raw rows: the rule that a row breaks as a whole (`row.*`), null for sound rows. Its cells say nothing then."""
ROW_CELLS, ROW_FORMULA, ROW_PRECISION = "row.cells", "row.formula", "row.precision"
PAIR_END = "\x1e"
MAX_CELL = 4000
"""Cells longer than this are refused whatever the item says: characters."""

Check = Callable[[pl.Expr], pl.Expr]
CHECKS: dict[str, Check] = {
    "uscc": columns.uscc_ok,
    "resident_id": columns.resident_id_ok,
    "organisation_code": columns.organisation_code_ok,
    "registration_number": columns.registration_number_ok,
    "region": lambda e: e.str.contains(r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$"),
    "phone": lambda e: e.str.contains(r"^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|\d{5,8})$"),
    "postcode": lambda e: e.str.contains(r"^\d{6}$"),
    "email": lambda e: e.str.contains(r"^[^@\s]+@[^@\s]+\.[^@\s]+$"),
    "url": lambda e: e.str.contains(r"^https?://\S+$"),
}
"""Named checks of an item; each takes a text expression and is true, false or (for an empty cell) null."""

_PRIVATE_USE = r"[\u{E000}-\u{F8FF}\u{FFFD}\u{F0000}-\u{FFFFD}\u{100000}-\u{10FFFD}]"
_ERROR_VALUE = r"^#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)$"

MOVED_SCHEMA = {"item": pl.String, "was": pl.String, "became": pl.String, "rows": pl.UInt32, "line": pl.Int64}


@dataclass(frozen=True)
class Conformed:
    """A chunk after the rules: `rows` are whole and canonical, `faults` name every refused cell of the other rows."""

    rows: pl.DataFrame  # _line, _key, _digest, then the items as canonical text
    faults: pl.DataFrame  # _line, item, rule, value
    rejected_keys: pl.Series  # _key of refused rows whose key could be read: never withdrawn
    unreadable_keys: int  # refused rows whose key could not be read
    moved: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=MOVED_SCHEMA))
    """Abolished region codes that were taken for those that followed them: item, was, became, rows, first line."""


def conform(raw: pl.DataFrame, resource: Resource, codes: CodeLists) -> Conformed:
    """Conform one chunk: `raw` holds `_line` (1-based source line) and every item's column as text, null when empty.

    A column `_fault` may name rows that could not be read as rows: they are refused for that alone, their key unread.
    """
    if FAULT in raw.columns:
        return _with_row_faults(raw, resource, codes)
    found = _read(raw, resource.items, codes)
    faults = _faults(raw, found, resource, codes)
    keyed = found.rows.with_columns(_hashes(found.rows, resource))
    if faults.is_empty():
        return Conformed(keyed, faults, pl.Series(KEY, [], pl.String), 0, found.moved)
    bad = keyed.get_column(LINE).is_in(faults.get_column(LINE).unique().implode())
    refused = keyed.filter(bad)
    key_names = [item.name for item in resource.key_items]
    no_key = faults.filter(pl.col("item").is_in(key_names)).get_column(LINE).unique()
    readable = refused.filter(~pl.col(LINE).is_in(no_key.implode())).get_column(KEY)
    return Conformed(keyed.filter(~bad), faults, readable, len(no_key), found.moved)


def keys(raw: pl.DataFrame, resource: Resource, codes: CodeLists) -> pl.Series:
    """The business key of every row as `conform` makes it, null where an item of it is empty or cannot be read.

    Needs no other columns than `_line` and the key items': so are refused rows found again.
    """
    rows = _read(raw, resource.key_items, codes).rows
    whole = pl.all_horizontal(pl.col(item.name).is_not_null() for item in resource.key_items)
    hashed = rows.select(_pairs(rows, resource.key_items).alias(KEY)).select(_hash(KEY))
    return hashed.select(pl.when(rows.select(whole.alias(KEY)).to_series()).then(pl.col(KEY)).alias(KEY)).to_series()


def _with_row_faults(raw: pl.DataFrame, resource: Resource, codes: CodeLists) -> Conformed:
    broken = raw.filter(pl.col(FAULT).is_not_null())
    sound = conform(raw.filter(pl.col(FAULT).is_null()).drop(FAULT), resource, codes)
    if broken.is_empty():
        return sound
    faults = broken.select(
        pl.col(LINE), pl.lit("").alias("item"), pl.col(FAULT).alias("rule"), pl.lit("").alias("value")
    ).cast({LINE: sound.faults.schema[LINE]})
    return replace(
        sound, faults=pl.concat([sound.faults, faults]), unreadable_keys=sound.unreadable_keys + broken.height
    )


@dataclass(frozen=True)
class _Read:
    """A chunk's cells read: `rows` is `raw` with canonical text in every item's column.

    `odd`: by item, positions of cells that were not plain as they stood (broken and private-use characters are among
    them). `unread`: by item that is not free text, the mask of cells that hold something which could not be read.
    """

    rows: pl.DataFrame
    odd: Mapping[str, pl.Series]
    unread: Mapping[str, pl.Series]
    moved: pl.DataFrame


def _read(raw: pl.DataFrame, items: Sequence[Item], codes: CodeLists) -> _Read:
    read: dict[str, pl.Series] = {}
    odd: dict[str, pl.Series] = {}
    unread: dict[str, pl.Series] = {}
    moved: list[pl.DataFrame] = []
    for item in items:
        delivered = raw.get_column(item.name)
        read[item.name], odd[item.name] = cells.read(delivered, item, codes)
        if cells.is_read(item):
            unread[item.name] = _unread(delivered, read[item.name])
        if item.check == "region" and codes.get(ISSUED):
            now = cells.moved(read[item.name], codes[ISSUED])
            moved.append(_moved(raw.get_column(LINE), item, read[item.name], now))
            read[item.name] = now
    rows = raw.with_columns(values.alias(name) for name, values in read.items())
    return _Read(rows, odd, unread, pl.concat(moved) if moved else pl.DataFrame(schema=MOVED_SCHEMA))


def _unread(delivered: pl.Series, read: pl.Series) -> pl.Series:
    """Cells that are not blank and gave nothing."""
    lost = delivered.is_not_null() & read.is_null()
    if not lost.any():
        return lost
    places = lost.arg_true()
    return lost.scatter(places, cells.normal(delivered.gather(places)).is_not_null())


def _moved(lines: pl.Series, item: Item, was: pl.Series, now: pl.Series) -> pl.DataFrame:
    changed = (was != now).fill_null(False)
    frame = pl.DataFrame({"was": was.filter(changed), "became": now.filter(changed), "line": lines.filter(changed)})
    groups = frame.group_by("was", "became", maintain_order=True).agg(pl.len().alias("rows"), pl.col("line").min())
    told = {name: pl.lit(item.name) if name == "item" else pl.col(name) for name in MOVED_SCHEMA}
    return groups.select(told[name].cast(dtype).alias(name) for name, dtype in MOVED_SCHEMA.items())


def _faults(raw: pl.DataFrame, found: _Read, resource: Resource, codes: CodeLists) -> pl.DataFrame:
    noted: list[pl.DataFrame] = []

    def note(item: Item, rule: str, mask: pl.Series) -> None:
        if mask.any():
            noted.append(
                raw.select(LINE, item.name)
                .filter(mask)
                .select(
                    pl.col(LINE),
                    pl.lit(item.name).alias("item"),
                    pl.lit(rule).alias("rule"),
                    pl.col(item.name).fill_null("").str.slice(0, 200).alias("value"),
                )
            )

    for item in resource.items:
        value = found.rows.get_column(item.name)
        unread = found.unread.get(item.name)
        if unread is not None:
            note(item, "cell.code" if item.code_list in codes else f"cell.{item.type.value}", unread)
        if item.required or item.key:
            note(item, "cell.required", value.is_null() if unread is None else value.is_null() & ~unread)
        if item.type is ItemType.TEXT:
            for rule, mask in _text_faults(item, value, found.odd[item.name]):
                note(item, rule, mask)
        if item.check in CHECKS:
            note(item, f"cell.{item.check}", _failing(item, found.rows, codes))
    if not noted:
        return pl.DataFrame(schema={LINE: pl.UInt32, "item": pl.String, "rule": pl.String, "value": pl.String})
    return pl.concat(noted)


def _text_faults(item: Item, value: pl.Series, odd: pl.Series) -> Iterator[tuple[str, pl.Series]]:
    limit = item.length or MAX_CELL
    if (value.str.len_bytes() > limit).any():  # characters are counted where bytes, which are told at once, exceed
        yield "cell.length", (value.str.len_chars() > limit).fill_null(False)
    suspects = value.gather(odd)
    broken = suspects.str.contains(_ERROR_VALUE).fill_null(False)
    private = suspects.str.contains(_PRIVATE_USE).fill_null(False) & ~broken
    for rule, mask in (("cell.error", broken), ("cell.private_use", private)):
        if mask.any():
            nowhere = pl.repeat(False, len(value), dtype=pl.Boolean, eager=True)
            yield rule, nowhere.scatter(odd.filter(mask), True)


def _failing(item: Item, rows: pl.DataFrame, codes: CodeLists) -> pl.Series:
    value = pl.col(item.name)
    bad = ~CHECKS[item.check](value)
    if item.check == "region" and codes.get(ISSUED):
        bad = bad | cells.never_issued(value, codes[ISSUED])
    return rows.select(bad.fill_null(False)).to_series()


def _hashes(rows: pl.DataFrame, resource: Resource) -> list[pl.Series]:
    """Key and digest of every row: the first 128 bits of SHA-256 as 32 hex digits, which PostgreSQL reads as a uuid."""
    texts = rows.select(_pairs(rows, resource.key_items).alias(KEY), _pairs(rows, resource.items).alias(DIGEST))
    hashed = texts.select(_hash(KEY), _hash(DIGEST))
    return [hashed.get_column(KEY), hashed.get_column(DIGEST)]


def _hash(column: str) -> pl.Expr:
    hashed: pl.Expr = plh.col(column).chash.sha2_256()
    return hashed.str.slice(0, 32)


def _pairs(rows: pl.DataFrame, items: Sequence[Item]) -> pl.Expr:
    """`name=value` of every non-empty item by name, so that an added column changes no digest of a row without it."""
    parts: list[pl.Expr] = []
    said = ""  # constant text between two columns, in one piece: fewer pieces are joined faster
    for item in sorted(items, key=lambda item: item.name):
        if rows.get_column(item.name).null_count():
            parts += [pl.lit(said), pl.lit(f"{item.name}=") + pl.col(item.name) + pl.lit(PAIR_END)]
            said = ""
        else:
            parts += [pl.lit(f"{said}{item.name}="), pl.col(item.name)]
            said = PAIR_END
    return pl.concat_str([*parts, pl.lit(said)], ignore_nulls=True)
