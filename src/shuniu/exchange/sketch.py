"""Two sets of rows compared through a summary of fixed size: an invertible Bloom look-up table (Goodrich, Mitzenmacher 2011).

Every row falls into one cell of each of three tables; a cell holds how many rows fell in and the exclusive or of their
marks. The difference of two such summaries holds the differing rows alone, and they are peeled out of it one by one
while they are fewer than about 0.8 per cell (three tables: 1.22 cells a row, for large tables).

A row's marks are two numbers `a`, `b` (128 bits of HMAC-SHA-256 over its key's hash) and `w` (64 bits of its digest,
masked with further bits of the same HMAC). Without the key of the HMAC they are noise: whoever comes by a summary cannot
test it for a resident ID, as one could with plain hashes, which can be reversed by trying all IDs there are.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
import polars_hash as plh

from shuniu.registries.conform import DIGEST, KEY

TABLES = 3
MAX_WIDTH = 9_000
"""Cells of one table at most: three of them, at 36 bytes a cell, stay below 1 MB and hold some 20 000 differing rows."""
_LEAST_WIDTH = 64
_SUMS = ("a", "b", "w", "c")
_WORD = (1 << 64) - 1
_MULTIPLIER = 0xFF51AFD7ED558CCD  # MurmurHash3's finaliser
_STEP = 0x9E3779B97F4A7C15  # 2^64 / golden ratio
Mark = tuple[int, int, int]


class TooMany(ValueError):
    """More rows differ than the summaries can name."""


def _mixed(value: pl.Expr) -> pl.Expr:
    """Spread 64 bits; the twin of `_mix` for columns (integer columns wrap as 64-bit words do)."""
    value = value ^ (value // (1 << 33))
    value = value * pl.lit(_MULTIPLIER, pl.UInt64)
    return value ^ (value // (1 << 29))


def _mix(value: int) -> int:
    value ^= value >> 33
    value = value * _MULTIPLIER & _WORD
    return value ^ value >> 29


def _seed(table: int) -> int:
    return (table + 1) * _STEP & _WORD


def with_marks(rows: pl.DataFrame, secret: str) -> pl.DataFrame:
    """Rows with the columns a, b, w, from the 32 hex digits of their `_key` and `_digest`, under a secret."""
    keyed: pl.Expr = plh.concat_str(KEY).chash.hmac_sha256(key=secret)
    # In two steps, so that the one dear column is made once.
    return (
        rows.with_columns(keyed.alias("keyed"))
        .with_columns(
            _word(pl.col("keyed"), 0).alias("a"),
            _word(pl.col("keyed"), 16).alias("b"),
            (_word(pl.col("keyed"), 32) ^ _word(pl.col(DIGEST), 0)).alias("w"),
        )
        .drop("keyed")
    )


def mark_of(key: pl.Expr, secret: str) -> pl.Expr:
    """The 32 hex digits by which both sides name a key to each other: `a` and `b` in one word."""
    keyed: pl.Expr = plh.concat_str(key).chash.hmac_sha256(key=secret)
    return keyed.str.slice(0, 32)


def _word(hexadecimal: pl.Expr, start: int) -> pl.Expr:
    return hexadecimal.str.slice(start, 16).str.to_integer(base=16, dtype=pl.UInt64)


@dataclass(frozen=True)
class Sketch:
    """The summary: `width` cells in each of three tables, one after the other; counts, and exclusive ors by column."""

    width: int
    counts: array[int]
    sums: dict[str, array[int]]

    def to_bytes(self) -> bytes:
        """Little-endian words, column after column: 36 bytes a cell."""
        return b"".join(_little(column).tobytes() for column in (self.counts, *self.sums.values()))

    @classmethod
    def from_bytes(cls, width: int, data: bytes) -> Sketch:
        """Raises ValueError when the length is not that of `width`."""
        cells = width * TABLES
        if not 0 < width <= MAX_WIDTH or len(data) != cells * 36:
            raise ValueError("not a sketch of that width")
        counts = array("i", data[: cells * 4])
        words = {name: array("Q", data[cells * (4 + 8 * at) : cells * (12 + 8 * at)]) for at, name in enumerate(_SUMS)}
        return cls(width, _little(counts), {name: _little(column) for name, column in words.items()})


def _little(column: array[int]) -> array[int]:
    if sys.byteorder == "little":
        return column
    turned = array(column.typecode, column)
    turned.byteswap()
    return turned


def width_for(rows: int) -> int:
    """Cells per table for a file of so many rows: a small file needs no large summary."""
    return max(_LEAST_WIDTH, min(MAX_WIDTH, rows))


class Builder:
    """Takes marks in portions, keeps their sums by cell."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.rows = 0
        self._parts: list[pl.DataFrame] = []

    def add(self, marks: pl.DataFrame) -> None:
        """Add rows with the columns a, b, w."""
        self.rows += marks.height
        one = _mixed(pl.col("a") ^ _mixed(pl.col("b") ^ _mixed(pl.col("w"))))
        mixed = marks.select("a", "b", "w", one.alias("m")).with_columns(_mixed(pl.col("m") ^ _seed(TABLES)).alias("c"))
        for table in range(TABLES):
            cell = _mixed(pl.col("m") ^ _seed(table)) % self.width + table * self.width
            summed = mixed.group_by(cell.alias("cell")).agg(
                pl.len().cast(pl.Int64).alias("n"), *(pl.col(name).bitwise_xor() for name in _SUMS)
            )
            self._parts.append(summed)
        if len(self._parts) > 60:
            self._parts = [self._summed()]

    def _summed(self) -> pl.DataFrame:
        return (
            pl.concat(self._parts)
            .group_by("cell")
            .agg(pl.col("n").sum(), *(pl.col(name).bitwise_xor() for name in _SUMS))
        )

    def sketch(self) -> Sketch:
        cells = self.width * TABLES
        counts = array("i", bytes(4 * cells))
        sums = {name: array("Q", bytes(8 * cells)) for name in _SUMS}
        if self._parts:
            for cell, count, *words in self._summed().iter_rows():
                counts[cell] = count
                for name, word in zip(_SUMS, words, strict=True):
                    sums[name][cell] = word
        return Sketch(self.width, counts, sums)


def differing(ours: Sketch, theirs: Sketch) -> tuple[set[Mark], set[Mark]]:
    """The marks that only we have, and those that only they have. Raises `TooMany`; ValueError for unequal widths."""
    if ours.width != theirs.width:
        raise ValueError("sketches of different widths")
    counts = array("i", (x - y for x, y in zip(ours.counts, theirs.counts, strict=True)))
    sums = {
        name: array("Q", (x ^ y for x, y in zip(ours.sums[name], theirs.sums[name], strict=True))) for name in _SUMS
    }
    left = Sketch(ours.width, counts, sums)
    found: tuple[set[Mark], set[Mark]] = (set(), set())
    waiting = [cell for cell, count in enumerate(counts) if count in (1, -1)]
    while waiting:
        cell = waiting.pop()
        mark = _alone(left, cell)
        if mark is None:
            continue
        count = counts[cell]
        side = found[0 if count == 1 else 1]
        if mark in side:  # only forged cells give the same row twice
            raise TooMany
        side.add(mark)
        for other in _take_out(left, mark, count):
            if counts[other] in (1, -1):
                waiting.append(other)
    if any(counts) or any(any(column) for column in sums.values()):
        raise TooMany
    return found


def _alone(left: Sketch, cell: int) -> Mark | None:
    """The mark that lies in a cell by itself; None when several do (their check sum says so)."""
    if left.counts[cell] not in (1, -1):
        return None
    mark = (left.sums["a"][cell], left.sums["b"][cell], left.sums["w"][cell])
    return mark if _check(mark) == left.sums["c"][cell] else None


def _whole(mark: Mark) -> int:
    a, b, w = mark
    return _mix(a ^ _mix(b ^ _mix(w)))


def _check(mark: Mark) -> int:
    return _mix(_whole(mark) ^ _seed(TABLES))


def _take_out(left: Sketch, mark: Mark, count: int) -> Iterator[int]:
    whole, check = _whole(mark), _check(mark)
    for table in range(TABLES):
        cell = _mix(whole ^ _seed(table)) % left.width + table * left.width
        left.counts[cell] -= count
        for name, word in zip(_SUMS, (*mark, check), strict=True):
            left.sums[name][cell] ^= word
        yield cell
