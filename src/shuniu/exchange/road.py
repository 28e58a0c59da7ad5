"""The road before the transaction: raw rows, canonical rows, faults; kept in unlinked temporary files, not in memory."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Self

import polars as pl

from shuniu.catalogue.declare import Published
from shuniu.exchange import reading
from shuniu.exchange.spool import Spooled, folder
from shuniu.registries.api import Incoming
from shuniu.registries.conform import DIGEST, FAULT, KEY, LINE, CodeLists, conform

Report = Callable[[str, int, int], None]
"""Called with stage, rows done, rows in all (0: not known yet)."""


@dataclass(frozen=True)
class Prepared:
    """A batch ready for its transaction, with what was refused on the way: rows as delivered and their faults."""

    incoming: Incoming
    rejects: pl.DataFrame  # _line, cells (JSON text), faults (JSON text)
    notes: tuple[str, ...] = ()  # what the reader skipped or took for something, as sentences


class Chunks:
    """Canonical chunks in one unlinked temporary file: read again from the start each time, gone with the process."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder())  # noqa: SIM115 - closed by __exit__
        self._spans: list[tuple[int, int]] = []
        self.dropped = pl.Series(LINE, [], pl.Int64)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, frame: pl.DataFrame) -> None:
        buffer = io.BytesIO()
        frame.write_ipc(buffer, compression="lz4")
        self._spans.append((self._file.seek(0, io.SEEK_END), buffer.getbuffer().nbytes))
        self._file.write(buffer.getbuffer())

    def __call__(self) -> Iterator[pl.DataFrame]:
        for start, size in self._spans:
            self._file.seek(start)
            frame = pl.read_ipc(io.BytesIO(self._file.read(size)))
            yield frame if self.dropped.is_empty() else frame.filter(~pl.col(LINE).is_in(self.dropped.implode()))


def prepare(
    spooled: Spooled,
    name: str,
    published: Published,
    codes: CodeLists,
    report: Report,
    chunks: Chunks,
    aliases: reading.Aliases | None = None,
) -> Prepared:
    """Parse, normalise and conform a delivered file into `chunks`. Raises `Refused` (file.*) when it cannot be read."""
    delivered = reading.read(spooled, name, published.resource, aliases)
    rejects: list[pl.DataFrame] = []
    marks: list[pl.DataFrame] = []
    refused_keys: list[pl.Series] = []
    received = unreadable = 0
    for raw in delivered.frames():
        done = conform(raw, published.resource, codes)
        chunks.add(done.rows)
        marks.append(done.rows.select(LINE, pl.col(KEY).hash()))
        refused_keys.append(done.rejected_keys)
        unreadable += done.unreadable_keys
        if not done.faults.is_empty():
            rejects.append(reject_rows(raw, done.faults))
        received += raw.height
        report("核验", received, 0)
    again = _marks_again(marks, chunks)
    duplicate, conflicts = _doubled(again)
    chunks.dropped = pl.concat([duplicate, conflicts])
    if not conflicts.is_empty():
        for raw in delivered.frames():
            rejects.append(_conflict_rows(raw, conflicts, published))
        refused_keys.append(again.filter(pl.col(LINE).is_in(conflicts.implode())).get_column(KEY).unique())
    refused = pl.concat(rejects) if rejects else pl.DataFrame(schema=REJECT_SCHEMA)
    keys = pl.concat(refused_keys).alias(KEY) if refused_keys else pl.Series(KEY, [], pl.String)
    incoming = Incoming(chunks, received, refused.height, len(duplicate), keys, unreadable)
    return Prepared(incoming, refused, delivered.notes)


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


def _conflict_rows(raw: pl.DataFrame, conflicts: pl.Series, published: Published) -> pl.DataFrame:
    rows = raw.filter(pl.col(LINE).is_in(conflicts.implode()))
    key = published.resource.key_items[0].name
    faults = rows.select(LINE, pl.lit(key).alias("item"), pl.lit("row.key_conflict").alias("rule"))
    return reject_rows(rows, faults)


def _marks_again(hashes: list[pl.DataFrame], chunks: Chunks) -> pl.DataFrame:
    """Line, key and digest of the rows whose key may have come twice: eight bytes a key tell, the chunks have the rest."""
    frames = []
    if hashes:
        every = pl.concat(hashes)
        lines = every.filter(pl.col(KEY).is_duplicated()).get_column(LINE)
        if not lines.is_empty():
            frames = [c.filter(pl.col(LINE).is_in(lines.implode())).select(LINE, KEY, DIGEST) for c in chunks()]
    return pl.concat(frames) if frames else pl.DataFrame(schema={LINE: pl.Int64, KEY: pl.String, DIGEST: pl.String})


def _doubled(marks: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Lines that repeat an earlier row exactly (duplicates), and all lines of keys that came with different contents."""
    again = marks.filter(pl.col(KEY).is_duplicated())
    if again.is_empty():
        return _no_lines(), _no_lines()
    differing = again.group_by(KEY).agg(pl.col(DIGEST).n_unique()).filter(pl.col(DIGEST) > 1).get_column(KEY)
    conflicts = again.filter(pl.col(KEY).is_in(differing.implode()))
    same = again.filter(~pl.col(KEY).is_in(differing.implode())).sort(LINE)
    repeats = same.filter(~pl.col(KEY).is_first_distinct())
    return repeats.get_column(LINE).cast(pl.Int64), conflicts.get_column(LINE).cast(pl.Int64)


def _no_lines() -> pl.Series:
    return pl.Series(LINE, [], pl.Int64)
