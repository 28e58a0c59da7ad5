"""Reading rows, now and as of a batch, and undoing a batch: SQL beside `api`, which alone calls it."""

from __future__ import annotations

import polars as pl
from django.db import connection

from shuniu.catalogue.declare import Published
from shuniu.registries.declare import Row
from shuniu.registries.store.tables import OWN_COLUMNS, name_of, quoted

SAMPLE = 10
"""How many rows a second officer is shown of what a waiting batch would do."""


def rows(
    published: Published,
    *,
    subjects: list[int] | None,
    as_of: int | None,
    batch: int | None,
    region: str,
    limit: int,
    after: int,
) -> list[Row]:
    names = [item.name for item in published.resource.items]
    where, values = ["_row > %s"], [after]
    if as_of is None:
        if batch is None:
            where.append("_until is null")
        else:
            where.append("_row between %s and %s")
            values += [batch << 32, ((batch + 1) << 32) - 1]
    else:
        where.append("_since <= %s and (_until is null or _until > %s)")
        values += [as_of, as_of]
    if subjects is not None:
        where.append("_subject = any(%s)")
        values.append(subjects)  # type: ignore[arg-type]  # one list among the numbers
    if region and published.resource.by_region:
        where.append(f"{quoted(published.resource.by_region)} like %s")
        values.append(region + "%")  # type: ignore[arg-type]  # one text among the numbers
    selected = ", ".join(f"{quoted(name)}::text" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select _row, _subject, _since, _until, {selected} from {name_of(published.table)}"
            f" where {' and '.join(where)} order by _row limit %s",
            [*values, limit],
        )
        return [
            Row(row, dict(zip(names, cells, strict=True)), subject, since, until)
            for row, subject, since, until, *cells in cursor.fetchall()
        ]


def key_samples(published: Published, rows: pl.Series) -> tuple[str, ...]:
    """The keys of some of these rows, in words, for who must decide about them."""
    shown = " || ' ' || ".join(f"coalesce({quoted(item.name)}::text, '')" for item in published.resource.key_items)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {shown} from {name_of(published.table)} where _row = any(%s)", [rows.head(SAMPLE).to_list()]
        )
        return tuple(str(row[0]) for row in cursor.fetchall())


def undo(published: Published, batch: int, number: int) -> tuple[int, int, int]:
    """Close what a batch brought and bring back what it closed, as new rows of batch `number`.

    Returns how many rows were closed, brought back, and how many of these share a key (changed back).
    """
    table = name_of(published.table)
    items = ", ".join(quoted(item.name) for item in published.resource.items)
    kept = ", ".join(name for name, _ in OWN_COLUMNS if name not in ("_row", "_since", "_until"))
    with connection.cursor() as cursor:
        cursor.execute(f"update {table} set _until = %s where _since = %s and _until is null", [number, batch])
        closed = cursor.rowcount
        cursor.execute(
            f"insert into {table} (_row, _since, {kept}, {items})"
            f" select (%s::bigint << 32) + row_number() over (order by _row), %s, {kept}, {items}"
            f" from {table} where _until = %s",
            [number, number, batch],
        )
        reopened = cursor.rowcount
        cursor.execute(
            f"select count(*) from {table} a join {table} b on b._key = a._key"
            " where a._since = %s and a._until = %s and b._since = %s",
            [batch, number, number],
        )
        return closed, reopened, int(cursor.fetchone()[0])
