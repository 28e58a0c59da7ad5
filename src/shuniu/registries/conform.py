"""Normalise and conform: raw text columns to canonical values and named faults, a whole chunk of rows at a time.

Canonical values are text (what COPY sends and the digest covers): dates ISO, numbers without trailing zeros, codes as in
their list. Nothing is guessed: what cannot be read one way only is a fault with its rule, line and cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import polars as pl
import polars_hash as plh

from shuniu.base import columns
from shuniu.base.identifiers import resident_id_upgraded
from shuniu.catalogue.declare import Item, ItemType, Resource

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

READERS: dict[ItemType, Check] = {
    ItemType.DATE: lambda e: columns.date_text(columns.parse_date(e)),
    ItemType.TIMESTAMP: lambda e: columns.datetime_text(columns.parse_datetime(e)),
    ItemType.DECIMAL: columns.parse_amount,
    ItemType.BOOLEAN: lambda e: columns.bool_text(columns.parse_bool(e)),
}
UPPER_CHECKS = {"uscc", "resident_id", "organisation_code"}
_PRIVATE_USE = r"[\u{E000}-\u{F8FF}\u{FFFD}\u{F0000}-\u{FFFFD}\u{100000}-\u{10FFFD}]"
_ERROR_VALUE = r"^#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)$"
CodeLists = Mapping[str, Mapping[str, str]]
"""Code list key → code → label, as valid on the day of the batch."""


@dataclass(frozen=True)
class Conformed:
    """A chunk after the rules: `rows` are whole and canonical, `faults` name every refused cell of the other rows."""

    rows: pl.DataFrame  # _line, _key, _digest, then the items as canonical text
    faults: pl.DataFrame  # _line, item, rule, value
    rejected_keys: pl.Series  # _key of refused rows whose key could be read: never withdrawn
    unreadable_keys: int  # refused rows whose key could not be read


def conform(raw: pl.DataFrame, resource: Resource, codes: CodeLists) -> Conformed:
    """Conform one chunk: `raw` holds `_line` (1-based source line) and every item's column as text, null when empty.

    A column `_fault` may name rows that could not be read as rows: they are refused for that alone, their key unread.
    """
    if FAULT in raw.columns:
        return _with_row_faults(raw, resource, codes)
    canonical, unread = _canonical(raw, resource, codes)
    faults = _faults(raw, canonical, unread, resource, codes)
    keyed = canonical.with_columns(_hash(_key_text(resource)).alias(KEY), _hash(_digest_text(resource)).alias(DIGEST))
    if faults.is_empty():
        return Conformed(keyed, faults, pl.Series(KEY, [], pl.String), 0)
    bad = faults.get_column(LINE).unique()
    refused = keyed.filter(pl.col(LINE).is_in(bad.implode()))
    key_names = [item.name for item in resource.key_items]
    no_key = faults.filter(pl.col("item").is_in(key_names)).get_column(LINE).unique()
    readable = refused.filter(~pl.col(LINE).is_in(no_key.implode())).get_column(KEY)
    return Conformed(keyed.filter(~pl.col(LINE).is_in(bad.implode())), faults, readable, len(no_key))


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


def _canonical(raw: pl.DataFrame, resource: Resource, codes: CodeLists) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
    """Canonical text per item, and per item the mask of cells that hold something which could not be read."""
    trimmed = raw.with_columns(columns.normalise_text(pl.col(item.name)).alias(item.name) for item in resource.items)
    read = trimmed.with_columns(_reader(item, codes)(pl.col(item.name)).alias(item.name) for item in resource.items)
    unread = {
        item.name: trimmed.get_column(item.name).is_not_null() & read.get_column(item.name).is_null()
        for item in resource.items
        if item.type is not ItemType.TEXT or item.code_list
    }
    return read, unread


def _reader(item: Item, codes: CodeLists) -> Check:
    if item.type is ItemType.INTEGER:
        return _read_integer
    if item.type in READERS:
        return READERS[item.type]
    if item.code_list in codes:
        listed = codes[item.code_list]
        by_label = {label: code for code, label in listed.items()}
        lookup = {**by_label, **{code: code for code in listed}}
        return lambda e: e.replace_strict(list(lookup), list(lookup.values()), default=None, return_dtype=pl.String)
    if item.check in UPPER_CHECKS:
        return _resident_id if item.check == "resident_id" else _upper
    return lambda e: e


def _upper(text: pl.Expr) -> pl.Expr:
    return text.str.to_uppercase().str.replace_all("-", "", literal=True)


def _resident_id(text: pl.Expr) -> pl.Expr:
    return _upper(text).map_batches(_upgraded, return_dtype=pl.String(), is_elementwise=True)


def _upgraded(codes: pl.Series) -> pl.Series:
    """Residents' numbers of 15 digits (before 1999) in their 18-character form; what is none stays and fails its check."""
    old = codes.filter(codes.str.contains(r"^[0-9]{15}$")).unique().to_list()
    return codes.replace({code: resident_id_upgraded(code) or code for code in old}) if old else codes


def _read_integer(text: pl.Expr) -> pl.Expr:
    number = columns.parse_number(text)
    return pl.when(number.str.contains(r"^-?\d{1,18}$")).then(number)


def _faults(
    raw: pl.DataFrame, rows: pl.DataFrame, unread: dict[str, pl.Series], resource: Resource, codes: CodeLists
) -> pl.DataFrame:
    found: list[pl.DataFrame] = []

    def note(item: Item, rule: str, mask: pl.Series) -> None:
        if mask.any():
            cells = raw.filter(mask).select(
                pl.col(LINE),
                pl.lit(item.name).alias("item"),
                pl.lit(rule).alias("rule"),
                pl.col(item.name).fill_null("").str.slice(0, 200).alias("value"),
            )
            found.append(cells)

    for item in resource.items:
        value = rows.get_column(item.name)
        if item.name in unread:
            note(item, "cell.code" if item.code_list in codes else f"cell.{item.type.value}", unread[item.name])
        if item.required or item.key:
            empty = value.is_null() & ~unread[item.name] if item.name in unread else value.is_null()
            note(item, "cell.required", empty)
        if item.type is ItemType.TEXT:
            note(item, "cell.length", (value.str.len_chars() > (item.length or MAX_CELL)).fill_null(False))
            odd = value.str.contains(rf"{_PRIVATE_USE}|{_ERROR_VALUE}").fill_null(False)
            if odd.any():  # one look for both: they are rare
                broken = value.str.contains(_ERROR_VALUE).fill_null(False)
                note(item, "cell.error", broken)
                note(item, "cell.private_use", odd & ~broken)
        if item.check in CHECKS:
            good = rows.select(CHECKS[item.check](pl.col(item.name))).to_series()
            note(item, f"cell.{item.check}", (~good).fill_null(False))
    if not found:
        return pl.DataFrame(schema={LINE: pl.UInt32, "item": pl.String, "rule": pl.String, "value": pl.String})
    return pl.concat(found)


def _pairs(items: tuple[Item, ...]) -> pl.Expr:
    """`name=value` of every non-empty item by name, so that an added column changes no digest of a row without it."""
    ordered = sorted(items, key=lambda item: item.name)
    return pl.concat_str(
        [pl.lit(f"{item.name}=") + pl.col(item.name) + pl.lit(PAIR_END) for item in ordered], ignore_nulls=True
    )


def _key_text(resource: Resource) -> pl.Expr:
    return _pairs(resource.key_items)


def _digest_text(resource: Resource) -> pl.Expr:
    return _pairs(resource.items)


def _hash(text: pl.Expr) -> pl.Expr:
    """The first 128 bits of SHA-256 as 32 hex digits: PostgreSQL reads that as a uuid."""
    hashed: pl.Expr = plh.concat_str(text).chash.sha2_256()
    return hashed.str.slice(0, 32)
