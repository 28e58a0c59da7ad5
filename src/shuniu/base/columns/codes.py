"""The checks of `shuniu.base.identifiers` over whole columns, for millions of rows: pure Polars expressions.

Each takes an expression of canonical text (see `normalise_code`) and gives a Boolean, null where the text is null;
property tests prove them equal to the scalar functions. A string of the right length is read as an array of bytes,
every byte is looked up in a 256-entry table of value times weight, and the products are added.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache, reduce
from operator import add
from typing import Final

import polars as pl

from shuniu.base.identifiers import checks

_DIGITS: Final = "0123456789"
_INVALID: Final = 1024
"""Entry for a character not allowed in its place: above every sum of allowed ones, which is at most 18 x 30."""
_NOISE: Final = r"\s'`\x{200b}-\x{200f}\x{2028}-\x{202f}\x{2060}\x{feff}"
_MAY_BE_RESIDENT: Final = r"^[0-9]{6}(?:1[89]|2[0-9])[0-9]{9}[0-9X]$"


def normalise_code(expr: pl.Expr) -> pl.Expr:
    """Half-width, upper case, no spaces, no invisible characters, plain hyphens; empty becomes null.

    The column form of `identifiers.clean`.
    """
    plain = expr.str.normalize("NFKC").str.replace_all(f"[{_NOISE}]+", "").str.to_uppercase()
    plain = plain.str.replace_all(r"[\x{2010}-\x{2015}\x{2212}]", "-")
    return pl.when(expr.str.contains(f"[^{_NOISE}]")).then(plain).name.keep()


def uscc_ok(expr: pl.Expr, *, today: date | None = None) -> pl.Expr:
    """Whether each value is a unified social credit code and no resident ID (GB 32100-2015), as `uscc_valid`."""
    # Few codes can be read as a resident ID: the second check runs over those alone.
    suspects = expr.filter(expr.str.contains(_MAY_BE_RESIDENT))
    residents = suspects.filter(resident_id_ok(suspects, today=today))
    return _answer(expr, _sum_accepted(expr, _uscc_tables(), _accepted(31, 0)) & ~expr.is_in(residents.implode()))


def resident_id_ok(expr: pl.Expr, *, today: date | None = None) -> pl.Expr:
    """Whether each value is an 18-character resident ID (GB 11643-1999), as `resident_id_valid`."""
    born = expr.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    birth_ok = born.is_between(checks.EARLIEST_BIRTH, today or date.today())
    return _answer(expr, _sum_accepted(expr, _resident_tables(), _accepted(11, 1)) & birth_ok)


def organisation_code_ok(expr: pl.Expr) -> pl.Expr:
    """Whether each value is an organisation code (GB 11714-1997), with or without hyphen."""
    plain = expr.str.replace(r"^(.{8})-(.)$", "${1}${2}")
    ok = _sum_accepted(plain, _organisation_tables(), _accepted(11, 0))
    return _answer(expr, ok & (plain != "000000000"))


def registration_number_ok(expr: pl.Expr) -> pl.Expr:
    """Whether each value is a business registration number of 13 digits, or of 15 with its check digit."""
    digits = _bytes(expr, 15)
    product: pl.Expr = pl.lit(10, dtype=pl.UInt8)
    for digit in digits[:14]:
        # `(s + 9) % 10 + 1` is ISO 7064's "s modulo 10, and 10 for 0"; 39 = 48 - 9 makes that of a digit's byte.
        product = ((product + (digit - 39)) % 10 + 1) * 2 % 11
    check_ok = (product + digits[14] - 48) % 10 == 1
    form = expr.str.contains(r"^(?:[0-9]{13}|[0-9]{15})$") & ~expr.str.starts_with("000000")
    return _answer(expr, form & check_ok.fill_null(True))


def _answer(expr: pl.Expr, ok: pl.Expr) -> pl.Expr:
    return pl.when(expr.is_not_null()).then(ok.fill_null(False)).name.keep()


def _bytes(expr: pl.Expr, size: int) -> list[pl.Expr]:
    """The bytes of each text, all null where there are not `size` of them."""
    names = [str(place) for place in range(size)]
    # Through a struct the array is made once, not once a byte: four times as fast.
    parts = expr.cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt8, size)).arr.to_struct(fields=names)
    return [parts.struct.field(name) for name in names]


def _sum_accepted(expr: pl.Expr, tables: Sequence[pl.Series], accepted: pl.Series) -> pl.Expr:
    """Whether the sum of one table entry per byte is an accepted one; null for a text of another length."""
    places = zip(tables, _bytes(expr, len(tables)), strict=True)
    # The verdict is a look-up too, so that the sum is computed once.
    return pl.lit(accepted).gather(reduce(add, (pl.lit(table).gather(place) for table, place in places)))


@cache
def _accepted(modulus: int, remainder: int) -> pl.Series:
    return pl.Series([total < _INVALID and total % modulus == remainder for total in range(18 * _INVALID + 1)])


def _table(alphabet: str, weight: int, modulus: int) -> pl.Series:
    values = {char: value * weight % modulus for value, char in enumerate(alphabet)}
    return pl.Series([values.get(chr(byte), _INVALID) for byte in range(256)], dtype=pl.UInt32)


@cache
def _resident_tables() -> tuple[pl.Series, ...]:
    places = [_table(_DIGITS, weight, 11) for weight in checks.RESIDENT_WEIGHTS]
    return (*places, _table(_DIGITS + "X", 1, 11))


@cache
def _organisation_tables() -> tuple[pl.Series, ...]:
    places = [_table(checks.ORGANISATION_ALPHABET, weight, 11) for weight in checks.ORGANISATION_WEIGHTS]
    return (*places, _table(_DIGITS + "X", 1, 11))


@cache
def _uscc_tables() -> tuple[pl.Series, ...]:
    any_char = checks.USCC_ALPHABET
    first = any_char.replace("0", "\xff")  # keeps the places; no UTF-8 text has this byte
    alphabets = [first, any_char, *[_DIGITS] * 6, *[any_char] * 10]
    return tuple(
        _table(alphabet, weight, 31) for alphabet, weight in zip(alphabets, (*checks.USCC_WEIGHTS, 1), strict=True)
    )
