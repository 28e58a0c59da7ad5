"""The road of a delivered file: parsed, normalised, conformed a portion at a time while the last one is being stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import polars as pl

from shuniu.catalogue.declare import Published
from shuniu.exchange import reading, slices
from shuniu.exchange.reading.notes import of_moved_codes
from shuniu.exchange.spool import Spooled
from shuniu.registries import api as registries
from shuniu.registries.conform import DIGEST, FAULT, KEY, LINE, CodeLists, conform
from shuniu.trust.declare import Refused

Report = Callable[[str, int, int], None]
"""Called with stage, rows done, rows in all (0: not known yet)."""
_HASH = "hash"


REJECT_LIMIT = "batch.reject_limit"
"""The rule that a batch breaks in which more rows were refused than one may have: it goes back whole."""


class Road:
    """One delivered file on its way. Taking `incoming.rows` drives it; what was refused and noted holds after the last."""

    def __init__(
        self,
        spooled: Spooled,
        name: str,
        published: Published,
        codes: CodeLists,
        report: Report,
        *,
        aliases: reading.Aliases | None = None,
        region: str = "",
        limit: float = 1.0,
    ) -> None:
        self._delivered = reading.read(spooled, name, published.resource, aliases)
        self._published = published
        self._codes = codes
        self._report = report
        self._limit = limit
        self._moved: list[pl.DataFrame] = []
        self._region = region
        self._marks: list[pl.DataFrame] = []  # of every row: line, and eight bytes of its key
        self._repeated: list[pl.Series] = []
        self._rejects: list[pl.DataFrame] = []
        self.incoming = registries.Incoming(self._rows())

    @property
    def rejects(self) -> pl.DataFrame:
        """The refused rows as delivered, each with its faults: `_line`, `cells` and `faults` as JSON text."""
        return pl.concat([pl.DataFrame(schema=REJECT_SCHEMA), *self._rejects])

    @property
    def notes(self) -> tuple[str, ...]:
        """What was skipped or taken for something, as sentences."""
        return (*self._delivered.notes, *of_moved_codes(self._moved, self._published.resource))

    def _rows(self) -> Iterator[pl.DataFrame]:
        """Canonical rows. Raises `Refused` (file.*, batch.region, batch.reject_limit): the file is refused whole."""
        incoming, refused_keys = self.incoming, [pl.Series(KEY, [], pl.String)]
        own = slices.Slice(self._published, self._region) if self._region else None
        # Not before the first row is taken: by then the table is locked, and nobody can destroy rows unseen.
        bars = registries.bar_marks(self._published)
        for raw in self._delivered.frames():
            done = conform(raw, self._published.resource, self._codes)
            if own:
                own.see(done.rows)
            refused_keys.append(done.rejected_keys)
            incoming.unreadable_keys += done.unreadable_keys
            if not done.faults.is_empty():
                self._rejects.append(reject_rows(raw, done.faults))
            if not done.moved.is_empty():
                self._moved.append(done.moved)
            incoming.received += raw.height
            self._report("核验", incoming.received, 0)
            yield self._marked(self._without_barred(done.rows, bars))
        if own:
            own.refuse_outside()
        refused_keys.append(self._settle())
        self._marks.clear()
        incoming.rejected_keys = pl.concat(refused_keys)
        incoming.rejected = sum(rows.height for rows in self._rejects)
        if incoming.rejected > incoming.received * self._limit:
            raise self._too_many()
        self._report("入库", 0, incoming.received)

    def _too_many(self) -> Refused:
        received, rejected = self.incoming.received, self.incoming.rejected
        return Refused(
            REJECT_LIMIT,
            f"{received} 行中有 {rejected} 行不合格（{rejected / received:.1%}），超过 {self._limit:.0%} 的上限，整批未入库。",
            "请下载退回清单，改正后重新报送整个文件。",
        )

    def _without_barred(self, rows: pl.DataFrame, bars: frozenset[str]) -> pl.DataFrame:
        """Refuse rows that were destroyed by order. They are named by their line alone: what they said is not kept again."""
        barred = registries.barred_among(self._published, bars, rows.get_column(KEY))
        if barred.is_empty():
            return rows
        gone = pl.col(KEY).is_in(barred.implode())
        fault = json.dumps({"list": [{"item": "", "rule": registries.BARRED}]})
        said = rows.filter(gone).select(
            pl.col(LINE).cast(pl.Int64), pl.lit("{}").alias("cells"), pl.lit(fault).alias("faults")
        )
        self._rejects.append(said)
        return rows.filter(~gone)

    def _marked(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with AGAIN: whether their key came before. Eight bytes a key tell, `_settle` looks closer."""
        mark = rows.select(LINE, pl.col(KEY).hash().alias(_HASH))
        own = mark.get_column(_HASH)
        again = own.is_duplicated()
        for earlier in self._marks:
            met = earlier.get_column(_HASH)
            again |= own.is_in(met.filter(met.is_in(own.implode())).implode())
        self._marks.append(mark)
        if again.any():
            self._repeated.append(own.filter(again))
        return rows.with_columns(again.alias(registries.AGAIN))

    def _settle(self) -> pl.Series:
        """Drop what came again: exact repeats but the first, and all rows of a key with different contents.

        Returns the keys of the latter, which are refused.
        """
        if not self._repeated:
            return pl.Series(KEY, [], pl.String)
        hashes = pl.concat(self._repeated).unique().implode()
        lines = pl.concat(self._marks).filter(pl.col(_HASH).is_in(hashes)).get_column(LINE).implode()
        raws, marks = [], []
        for raw in self._delivered.frames():
            some = raw.filter(pl.col(LINE).is_in(lines))
            if not some.is_empty():
                raws.append(some)
                marks.append(conform(some, self._published.resource, self._codes).rows.select(LINE, KEY, DIGEST))
        again = pl.concat(marks)
        duplicate, conflicts = _doubled(again)
        self.incoming.dropped = pl.concat([duplicate, conflicts])
        self.incoming.duplicate = len(duplicate)
        for raw in raws:
            rows = raw.filter(pl.col(LINE).is_in(conflicts.implode()))
            if not rows.is_empty():
                self._rejects.append(_conflict_rows(rows, self._published))
        return again.filter(pl.col(LINE).is_in(conflicts.implode())).get_column(KEY).unique()


REJECT_SCHEMA = {LINE: pl.Int64, "cells": pl.String, "faults": pl.String}


def reject_rows(raw: pl.DataFrame, faults: pl.DataFrame) -> pl.DataFrame:
    """The refused rows as delivered, each with the list of its faults, both as JSON text."""
    lines = faults.group_by(LINE).agg(pl.struct("item", "rule").alias("list"))
    items = [name for name in raw.columns if name not in (LINE, FAULT)]
    return (
        raw.join(lines, on=LINE, how="inner")
        .select(
            pl.col(LINE).cast(pl.Int64),
            pl.struct(items).struct.json_encode().alias("cells"),
            pl.struct("list").struct.json_encode().alias("faults"),
        )
        .sort(LINE)
    )


def _conflict_rows(rows: pl.DataFrame, published: Published) -> pl.DataFrame:
    key = published.resource.key_items[0].name
    faults = rows.select(LINE, pl.lit(key).alias("item"), pl.lit("row.key_conflict").alias("rule"))
    return reject_rows(rows, faults)


def _doubled(marks: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Lines that repeat an earlier row exactly (duplicates), and all lines of keys that came with different contents."""
    again = marks.filter(pl.col(KEY).is_duplicated())
    differing = again.group_by(KEY).agg(pl.col(DIGEST).n_unique()).filter(pl.col(DIGEST) > 1).get_column(KEY)
    conflicts = again.filter(pl.col(KEY).is_in(differing.implode()))
    same = again.filter(~pl.col(KEY).is_in(differing.implode())).sort(LINE)
    repeats = same.filter(~pl.col(KEY).is_first_distinct())
    return repeats.get_column(LINE).cast(pl.Int64), conflicts.get_column(LINE).cast(pl.Int64)
