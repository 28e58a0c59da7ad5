"""Keys and digests of a resource's current rows as a stream, and rows by number: what a reconciliation reads."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import polars as pl
from django.db import connection

from shuniu.catalogue.declare import Published
from shuniu.registries.conform import DIGEST, KEY
from shuniu.registries.declare import Row
from shuniu.registries.store.tables import name_of, quoted

ROW = "_row"
PORTION = 24 << 20
"""Bytes of a portion: about 280 000 rows."""


def digests(published: Published, region: str = "") -> Iterator[pl.DataFrame]:
    """`_row` (int), `_key` and `_digest` (32 hex digits) of every current row, in one statement and so of one moment.

    For verbs of the engine above, which has required the right to the resource. `region` narrows to codes below it.
    """
    where = "_until is null"
    if region and published.resource.by_region:
        if not region.isdigit():
            raise ValueError(f"not a region code: {region!r}")
        where += f" and {quoted(published.resource.by_region)} like '{region}%'"
    pending = bytearray()
    with (
        connection.cursor() as cursor,
        cursor.copy(
            f"copy (select _row, _key, _digest from {name_of(published.table)} where {where}) to stdout (format csv)"
        ) as copy,
    ):
        for block in copy:  # one row each
            pending += block
            if len(pending) >= PORTION:
                yield _frame(bytes(pending))
                pending.clear()
    if pending:
        yield _frame(bytes(pending))


def _frame(portion: bytes) -> pl.DataFrame:
    schema = {ROW: pl.Int64, KEY: pl.String, DIGEST: pl.String}
    return pl.read_csv(io.BytesIO(portion), has_header=False, schema=schema).with_columns(
        pl.col(KEY, DIGEST).str.replace_all("-", "", literal=True)
    )


def rows_numbered(published: Published, numbers: Sequence[int]) -> list[Row]:
    """The rows of these numbers (`_row`), in their order. For verbs of the engine above, as `digests`."""
    names = [item.name for item in published.resource.items]
    selected = ", ".join(f"{quoted(name)}::text" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select _row, _subject, _since, _until, {selected} from {name_of(published.table)}"
            " where _row = any(%s) order by _row",
            [list(numbers)],
        )
        return [
            Row(row, dict(zip(names, cells, strict=True)), subject, since, until)
            for row, subject, since, until, *cells in cursor.fetchall()
        ]
