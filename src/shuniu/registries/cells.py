"""Cells to canonical text, a column at a time: what stands there plainly is passed by one look, the rest is read with care.

A clean file's cells are canonical as they stand, and a look at each is all that a million rows can afford. Every pattern
here admits only what the careful reader would give back unchanged (property tests hold them to that).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from shuniu.base import columns
from shuniu.base.identifiers import resident_id_upgraded
from shuniu.catalogue.declare import Item, ItemType

CodeLists = Mapping[str, Mapping[str, str]]
"""Code list key → code → label, as valid on the day of the batch; under `ISSUED` region codes, see there."""
ISSUED = "region/issued"
"""Beside the code lists: every region code ever issued in the provinces that are wholly known → the code that stands now."""

Reader = Callable[[pl.Series], pl.Series]
UPPER_CHECKS = {"uscc", "resident_id", "organisation_code"}
# Neither space, look-alike, full-width letter, private-use or broken character, nor the # of a spreadsheet's errors.
_NOT_PLAIN = r"[^\x21\x22\x24-\x7e\x{3001}-\x{3003}\x{3008}-\x{3017}\x{4e00}-\x{9fff}！＂＇（），：；？“”‘’·]"
_PLAIN_DATE = (
    r"^[12][0-9]{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))$"
)
_PLAIN_NUMBER = r"^(?:0|-?[1-9][0-9]*|-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9])$"
_PLAIN_INTEGER = r"^(?:0|-?[1-9][0-9]{0,17})$"

_READERS: dict[ItemType, Callable[[pl.Expr], pl.Expr]] = {
    ItemType.DATE: lambda e: columns.date_text(columns.parse_date(e)),
    ItemType.TIMESTAMP: lambda e: columns.datetime_text(columns.parse_datetime(e)),
    ItemType.DECIMAL: columns.parse_amount,
    ItemType.INTEGER: lambda e: _integer(columns.parse_number(e)),
    ItemType.BOOLEAN: lambda e: columns.bool_text(columns.parse_bool(e)),
}
_PLAIN = {ItemType.DATE: _PLAIN_DATE, ItemType.DECIMAL: _PLAIN_NUMBER, ItemType.INTEGER: _PLAIN_INTEGER}


def read(cells: pl.Series, item: Item, codes: CodeLists) -> tuple[pl.Series, pl.Series]:
    """An item's cells as canonical text, null where empty or unreadable; and the positions of those that were not plain."""
    reader = _reader(item, codes)
    if item.type in _PLAIN:
        rest = _odd(~cells.str.contains(_PLAIN[item.type]))
        return (_put(cells, rest, reader(normal(cells.gather(rest)))) if len(rest) else cells), rest
    rest = _odd(cells.str.contains(_NOT_PLAIN) | (cells.str.len_bytes() == 0))
    text = _put(cells, rest, normal(cells.gather(rest))) if len(rest) else cells
    return reader(text), rest


def is_read(item: Item) -> bool:
    """Whether a cell of the item can hold something that cannot be read: any text is text, unless codes are listed."""
    return item.type is not ItemType.TEXT or bool(item.code_list)


def _odd(mask: pl.Series) -> pl.Series:
    return mask.fill_null(False).arg_true()


def _put(cells: pl.Series, places: pl.Series, values: pl.Series) -> pl.Series:
    return cells.clone().scatter(places, values)


def normal(cells: pl.Series) -> pl.Series:
    """Text without odd spaces, invisible characters and look-alikes; null where blank."""
    return _by(columns.normalise_text)(cells)


def _by(expression: Callable[[pl.Expr], pl.Expr]) -> Reader:
    def apply(cells: pl.Series) -> pl.Series:
        return cells.alias("cell").to_frame().select(expression(pl.col("cell"))).to_series().alias(cells.name)

    return apply


def _reader(item: Item, codes: CodeLists) -> Reader:
    if item.type in _READERS:
        return _by(_READERS[item.type])
    if item.code_list in codes:
        return _listed(codes[item.code_list])
    if item.check == "resident_id":
        return lambda cells: _upgraded(_upper(cells))
    if item.check in UPPER_CHECKS:
        return _upper
    return lambda cells: cells


def _listed(codes: Mapping[str, str]) -> Reader:
    lookup = {**{label: code for code, label in codes.items()}, **{code: code for code in codes}}
    old, new = list(lookup), list(lookup.values())
    return lambda cells: cells.replace_strict(old, new, default=None, return_dtype=pl.String)


def _upper(cells: pl.Series) -> pl.Series:
    return cells.str.to_uppercase().str.replace_all("-", "", literal=True)


def _upgraded(codes: pl.Series) -> pl.Series:
    """Residents' numbers of 15 digits (before 1999) in their 18-character form; what is none stays and fails its check."""
    old = codes.filter(codes.str.contains(r"^[0-9]{15}$")).unique().to_list()
    return codes.replace({code: resident_id_upgraded(code) or code for code in old}) if old else codes


def _integer(number: pl.Expr) -> pl.Expr:
    return pl.when(number.str.contains(r"^-?\d{1,18}$")).then(number)


def moved(cells: pl.Series, issued: Mapping[str, str]) -> pl.Series:
    """Abolished region codes as the codes that took their ground over; every other cell as it is."""
    changed = {code: now for code, now in issued.items() if code != now}
    return cells.replace(list(changed), list(changed.values())) if changed else cells


def never_issued(value: pl.Expr, issued: Mapping[str, str]) -> pl.Expr:
    """Codes of up to six digits, in a province that is wholly known, that no region ever bore. Longer ones pass by form."""
    known = sorted({code[:2] for code in issued})
    short = (value.str.len_bytes() <= 6) & value.str.slice(0, 2).is_in(known)
    return short & ~value.is_in(list(issued))
