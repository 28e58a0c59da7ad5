"""Taking a batch's rows in as they come: while one chunk is stored, the next is read, compared and looked up.

What can be stored at once is. What must wait for the batch's end is spilled: rows whose subject is still to be found,
rows whose key came before in the batch, and all rows of a snapshot that a second officer may have to let go on.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from typing import Any

import polars as pl
import psycopg
from django.db import connection

from shuniu.catalogue.declare import Published, SubjectType
from shuniu.registries.ahead import ahead
from shuniu.registries.conform import LINE
from shuniu.registries.store import identity, loading
from shuniu.registries.store.loading import AWAITS, CHANGED, HELD, STATE, STATES, SUBJECT, UNCHANGED, Block
from shuniu.registries.store.spill import Spill

AGAIN = "_again"
"""Optional in incoming rows: true where the row's key came before in this batch, which is settled after the last chunk."""
STORED = "_stored"
LINES: loading.Schema = {LINE: pl.Int64, STATE: STATES, SUBJECT: pl.Int64, AWAITS: pl.Boolean, STORED: pl.Boolean}


@dataclass(frozen=True)
class Target:
    """Where a batch goes: its resource and number, the rows held before it, whether rows are stored as they come."""

    published: Published
    batch: int
    held: int
    at_once: bool


@dataclass(frozen=True)
class Part:
    """A chunk after comparison: what is known of its lines, the held rows it met, and what is to be stored of it now."""

    lines: pl.DataFrame  # LINES
    met: pl.Series
    closes: pl.Series
    block: Block | None


@dataclass(frozen=True)
class Arrived:
    """A batch after its last chunk, with repeats and contradictions left out. `met` are the held rows of its keys."""

    lines: pl.DataFrame  # LINES
    met: pl.Series

    def number(self, state: str) -> int:
        return self.lines.filter(pl.col(STATE) == state).height

    @property
    def stored(self) -> pl.DataFrame:
        """SUBJECT and AWAITS of the rows that are stored already."""
        return self.lines.filter(STORED).select(SUBJECT, AWAITS)


def arrive(target: Target, current: loading.Current, chunks: Iterator[pl.DataFrame], rest: Spill) -> list[Part]:
    """Store what can be stored at once and spill the rest, chunk by chunk. Returns what is known of each part's lines."""
    taken = []
    with closing(_parts(target, current, chunks, rest)) as parts:
        for part in parts:
            _store(target, part)
            taken.append(Part(part.lines, part.met, part.closes.clear(), None))
    return taken


def settle(target: Target, parts: list[Part], dropped: pl.Series) -> Arrived:
    """What has arrived, less the lines that turned out not to count: those of them that are stored are taken back."""
    lines = pl.concat([pl.DataFrame(schema=LINES), *(part.lines for part in parts)])
    met = pl.concat([pl.Series(HELD, [], pl.Int64), *(part.met for part in parts)])
    if not dropped.is_empty():
        out = pl.col(LINE).is_in(dropped.cast(pl.Int64).implode())
        loading.take_back(target.published, target.batch, lines.filter(out & pl.col(STORED)).get_column(LINE))
        lines = lines.filter(~out)
    return Arrived(lines, met)


def store_rest(target: Target, rest: Spill, dropped: pl.Series, describe: identity.Describe) -> pl.DataFrame:
    """Find the subjects of the rows that wait, and store them. Returns SUBJECT and AWAITS of each."""
    placed = identity.identify(target.published, rest.without(dropped, LINE), describe)
    stored = [pl.DataFrame(schema=LINES)]
    with closing(ahead(_placed(target, rows, placed) for rows in rest.without(dropped, LINE))) as parts:
        for part in parts:
            _store(target, part)
            stored.append(part.lines)
    return pl.concat(stored).select(SUBJECT, AWAITS)


def changing(rest: Spill, dropped: pl.Series) -> pl.Series:
    """Some of the held rows that waiting rows would change."""
    for rows in rest.without(dropped, LINE):
        changed = rows.filter(pl.col(STATE) == CHANGED)
        if not changed.is_empty():
            return changed.get_column(HELD)
    return pl.Series(HELD, [], pl.Int64)


def _parts(
    target: Target, current: loading.Current, chunks: Iterator[pl.DataFrame], rest: Spill
) -> Generator[Part, None, None]:
    """Each chunk compared: a small file in this very thread; of a large one the next is read and compared meanwhile."""
    begun = [chunk for chunk in (next(chunks, None), next(chunks, None)) if chunk is not None]
    bearers = loading.Bearers()
    if len(begun) < 2:
        with connection.cursor() as own:
            for chunk in begun:
                yield _part(own.cursor, target, chunk, current, bearers, rest)
        return
    with loading.looking_up() as other, closing(ahead(chunks)) as read:
        yield from ahead(_part(other, target, chunk, current, bearers, rest) for chunk in chain(begun, read))


def _part(
    cursor: psycopg.Cursor[Any],
    target: Target,
    chunk: pl.DataFrame,
    current: loading.Current,
    bearers: loading.Bearers,
    rest: Spill,
) -> Part:
    rows = loading.compare(cursor, current, chunk, bearers)
    rows = rows.with_columns(_ready(target, rows).alias(STORED))
    fresh = pl.col(STATE) != UNCHANGED
    rest.add(rows.filter(fresh & ~pl.col(STORED)).drop(STORED, AGAIN, strict=False))
    return _of(target, rows, rows.filter(STORED))


def _ready(target: Target, rows: pl.DataFrame) -> pl.Expr:
    """Whether a row can be stored as soon as it is compared."""
    resource = target.published.resource
    if not target.at_once or resource.register_for is not SubjectType.NONE:
        return pl.lit(False)
    known = pl.lit(True) if resource.subject is SubjectType.NONE else pl.col(SUBJECT).is_not_null()
    once = ~pl.col(AGAIN) if AGAIN in rows.columns else pl.lit(True)
    return (pl.col(STATE) != UNCHANGED) & known & once


def _placed(target: Target, rows: pl.DataFrame, placed: pl.DataFrame) -> Part:
    """Rows that waited, with the subjects that were found for them."""
    found = rows.with_columns(pl.col(LINE).cast(pl.Int64)).join(placed, on=LINE, how="left", maintain_order="left")
    whole = found.with_columns(
        pl.coalesce("subject", SUBJECT).alias(SUBJECT),
        pl.coalesce("awaits", AWAITS).alias(AWAITS),
        pl.lit(True).alias(STORED),
    )
    return _of(target, whole, whole)


def _of(target: Target, rows: pl.DataFrame, stored: pl.DataFrame) -> Part:
    return Part(
        rows.select(pl.col(LINE).cast(pl.Int64), STATE, SUBJECT, AWAITS, STORED),
        rows.get_column(HELD).drop_nulls(),
        stored.filter(pl.col(STATE) == CHANGED).get_column(HELD),
        loading.stored_form(target.published, target.batch, stored) if stored.height else None,
    )


def _store(target: Target, part: Part) -> None:
    """Close the rows that a part changes, and store its own: in this order, for one row is current under a key."""
    loading.close(target.published, target.batch, part.closes)
    if part.block:
        loading.copy_rows(target.published, part.block)
