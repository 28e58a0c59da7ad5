"""SQL of loading: compare, look numbers up, close, copy. All but the look-ups runs inside the transaction of `api`'s caller."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import polars as pl
import psycopg
from django.db import connection

from shuniu.base.rules import region_prefix
from shuniu.catalogue.declare import Published
from shuniu.registries import facts
from shuniu.registries.conform import DIGEST, KEY, LINE
from shuniu.registries.store.own import own_connection
from shuniu.registries.store.tables import OWN_COLUMNS, name_of, quoted

BLOCK = 1 << 20
KEPT = 1_000_000
"""How many identifiers are remembered with their bearers before they are looked up anew: some 50 MB."""
HELD, STATE, SUBJECT, AWAITS = "_held", "_state", "_subject", "_awaits"
"""Columns that comparing adds to a row: the row held under its key, what it is against that row, whose it is, and whether
that subject is still known to no register (待认领)."""
AWAITED = "not s.known and not (select r.known from registries_subject r where r.id = s.root)"
"""The same of a subject `s`, as SQL."""
NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"
WHOLE = 2_000_000
"""Up to how many rows a resource is compared with whole: some 100 bytes of memory a row, thrice that while fetched."""
STATES = pl.Enum([NEW, CHANGED, UNCHANGED])
Schema = Mapping[str, pl.DataType | type[pl.DataType]]
_IDENTIFIERS = (("uscc", "legal_id"), ("resident_id", "person_id"))
"""The strong identifiers that are looked up for every row: kind, and column of `facts.strong_columns`."""


def lock_table(number: int) -> tuple[int, int]:
    """Take the lock that orders a resource's batches, held to commit. Returns the last batch number and rows held."""
    with connection.cursor() as cursor:
        cursor.execute("select last_batch, held from registries_table where number = %s for update", [number])
        row = cursor.fetchone()
    if row is None:
        raise LookupError(f"resource table {number} is not mounted")
    return int(row[0]), int(row[1])


@dataclass(frozen=True)
class Block:
    """Rows as one COPY takes them: the bytes, and the options that say how they are written."""

    content: bytes
    form: str


@contextmanager
def looking_up() -> Iterator[psycopg.Cursor[Any]]:
    """A second connection, on which chunks are compared while the transaction's own is busy storing the last one.

    It sees what is committed: under the lock on the resource's table that is all that the batch is compared with.
    """
    ways = "-c max_parallel_workers_per_gather=0"  # the other cores have the file and the COPY to do
    # Whoever waits to alter the table waits for the storing transaction and lets no reader pass: give up, do not hang.
    ways += " -c lock_timeout=60s"
    with own_connection(ways) as own, own.cursor() as cursor:
        yield cursor


class Bearers:
    """The subjects that answer for strong identifiers; each identifier of a batch is looked up once."""

    def __init__(self) -> None:
        self._known = {kind: pl.DataFrame(schema=_BORNE) for kind, _ in _IDENTIFIERS}

    def of(self, cursor: psycopg.Cursor[Any], published: Published, rows: pl.DataFrame) -> pl.DataFrame:
        """SUBJECT and AWAITS of each row; null and true where no number of it leads to a subject."""
        kinds = {item.identifies for item in published.resource.items}
        strong = rows.select(facts.strong_columns(published.resource))
        borne = pl.DataFrame(schema=_BORNE).clear(rows.height).select(SUBJECT, AWAITS)
        for kind, column in _IDENTIFIERS:
            if kind in kinds:
                own = self._of(cursor, kind, strong.select(pl.col(column).alias("value")))
                borne = borne.select(pl.coalesce(name, own.get_column(name)).alias(name) for name in (SUBJECT, AWAITS))
        return borne.with_columns(pl.col(AWAITS).fill_null(True))

    def _of(self, cursor: psycopg.Cursor[Any], kind: str, values: pl.DataFrame) -> pl.DataFrame:
        asked = values.drop_nulls().unique().join(self._known[kind], on="value", how="anti")
        if not asked.is_empty():
            self._known[kind] = pl.concat([self._known[kind], _bearers(cursor, kind, asked.get_column("value").sort())])
        borne = values.join(self._known[kind], on="value", how="left", maintain_order="left")
        if self._known[kind].height > KEPT:
            self._known[kind] = self._known[kind].clear()
        return borne


class Current:
    """The current rows of a resource, looked up by key; all of them at once where a snapshot will ask for nearly all."""

    def __init__(self, published: Published, held: int, *, snapshot: bool) -> None:
        self.published = published
        self._held = held
        self._whole = snapshot and held <= WHOLE
        self._rows: pl.DataFrame | None = None

    def under(self, cursor: psycopg.Cursor[Any], keys: pl.Series) -> pl.DataFrame:
        """The current rows under these keys: place among them, row number, digest."""
        if not self._held:
            return pl.DataFrame(schema=_MET)
        if not self._whole:
            return fetch_frame(
                "select k.place - 1, t._row, replace(t._digest::text, '-', '')"
                # A limit is not planned away: a few keys of a large table are found by index, whatever the statistics say.
                " from unnest(%s::uuid[]) with ordinality k(key, place), lateral (select _row, _digest"
                f" from {name_of(self.published.table)} where _key = k.key and _until is null limit 1) t",
                _MET,
                [_listed(keys)],
                cursor,
            )
        if self._rows is None:
            query = f"select _key, _row, _digest from {name_of(self.published.table)} where _until is null"
            plain = pl.col(KEY, "was").str.replace_all("-", "", literal=True)
            self._rows = fetch_frame(query, _CURRENT, [], cursor).with_columns(plain)
        numbered = keys.alias(KEY).to_frame().with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("place"))
        return numbered.join(self._rows, on=KEY, how="inner").select(*_MET)

    def rows(self, region: str, before: int) -> pl.Series:
        """The rows of earlier batches that are current, of one region if a snapshot speaks for one."""
        if self._rows is not None and not region:
            return self._rows.get_column(HELD)
        scope = ""
        if region and self.published.resource.by_region:
            scope = f" and {quoted(self.published.resource.by_region)} like %s"
        query = f"select _row from {name_of(self.published.table)} where _until is null and _since < {before}{scope}"
        return fetch_frame(query, {HELD: pl.Int64}, [region_prefix(region) + "%"] if scope else []).get_column(HELD)


def compare(cursor: psycopg.Cursor[Any], current: Current, rows: pl.DataFrame, bearers: Bearers) -> pl.DataFrame:
    """Canonical rows with HELD and STATE against the current row of their key; new and changed ones with SUBJECT and AWAITS.

    Sorted by key: that is looked up, stored and indexed faster.
    """
    rows = rows.sort(KEY)
    met = current.under(cursor, rows.get_column(KEY))
    was = rows.get_column(DIGEST).clear(rows.height).scatter(met.get_column("place"), met.get_column("was"))
    held_rows = pl.Series(HELD, [], pl.Int64).clear(rows.height).scatter(met.get_column("place"), met.get_column(HELD))
    same = was == rows.get_column(DIGEST)
    state = pl.when(same).then(pl.lit(UNCHANGED)).when(same.is_null()).then(pl.lit(NEW)).otherwise(pl.lit(CHANGED))
    rows = rows.with_columns(held_rows, state.cast(STATES).alias(STATE))
    fresh = (rows.get_column(STATE) != UNCHANGED).arg_true()
    borne = bearers.of(cursor, current.published, rows if len(fresh) == rows.height else rows[fresh])
    return rows.with_columns(
        pl.Series(name, [], dtype).clear(rows.height).scatter(fresh, borne.get_column(name))
        for name, dtype in ((SUBJECT, pl.Int64), (AWAITS, pl.Boolean))
    )


_MET: Schema = {"place": pl.Int64, HELD: pl.Int64, "was": pl.String}
_CURRENT: Schema = {KEY: pl.String, HELD: pl.Int64, "was": pl.String}
_BORNE: Schema = {"value": pl.String, SUBJECT: pl.Int64, AWAITS: pl.Boolean}


def _bearers(cursor: psycopg.Cursor[Any], kind: str, asked: pl.Series) -> pl.DataFrame:
    """The subject that answers for each identifier, null where none does. Identifiers are letters and digits alone."""
    # Whom a register numbers is known: only what others said of a number is looked at more closely.
    found = fetch_frame(
        "select k.place - 1, i.subject_id, case when i.resource = any(array(select resource from registries_table"
        " where register)) then 'false' when exists (select from registries_subject s where s.id = i.subject_id"
        f" and {AWAITED}) then 'true' else 'false' end"
        " from unnest(%s::text[]) with ordinality k(value, place)"
        f" join registries_identifier i on i.kind = '{kind}' and i.value = k.value and i.answers",
        {"place": pl.Int64, SUBJECT: pl.Int64, AWAITS: pl.Boolean},
        [_listed(asked)],
        cursor,
    )
    numbered = asked.alias("value").to_frame().with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("place"))
    return numbered.join(found, on="place", how="left").select(*_BORNE)


def _listed(values: pl.Series) -> str:
    """Digests or identifiers as the text of an array: nothing in them needs a quote."""
    return "{" + str(values.str.join(",").item() or "") + "}"


def rows_of_keys(published: Published, keys: pl.Series, before: int) -> pl.Series:
    """The rows of earlier batches that are current under these keys."""
    if keys.is_empty():
        return pl.Series(HELD, [], pl.Int64)
    return fetch_frame(
        f"select t._row from unnest(%s::uuid[]) k(key) join {name_of(published.table)} t"
        f" on t._key = k.key and t._until is null and t._since < {before}",
        {HELD: pl.Int64},
        [_listed(keys.unique())],
    ).get_column(HELD)


def close(published: Published, batch: int, rows: pl.Series) -> None:
    """Close rows that this batch changes or withdraws. A closed row keeps everything but its open end."""
    if rows.is_empty():
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"update {name_of(published.table)} t set _until = %s from unnest(%s::bigint[]) k(row) where t._row = k.row",
            [batch, _listed(rows.sort().cast(pl.String))],
        )


def take_back(published: Published, batch: int, lines: pl.Series) -> None:
    """Take out again rows that this very batch has stored, and open what they had closed."""
    if lines.is_empty():
        return
    table = name_of(published.table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"with gone as (delete from {table} where _row = any(%s::bigint[]) returning _key)"
            f" update {table} t set _until = null from gone where t._key = gone._key and t._until = %s",
            [_listed(((batch << 32) + lines.cast(pl.Int64)).cast(pl.String)), batch],
        )


def stored_form(published: Published, batch: int, rows: pl.DataFrame) -> Block:
    """Rows, with SUBJECT, as `copy_rows` takes them; in the order of their keys, so that the index is walked once."""
    own = [
        (pl.lit(batch << 32, pl.Int64) + pl.col(LINE).cast(pl.Int64)).alias("_row"),
        pl.col(SUBJECT),
        pl.col(KEY),
        pl.col(DIGEST),
        pl.lit(batch).alias("_since"),
        pl.lit(published.version).alias("_version"),
    ]
    return encode(rows.select(*own, *(item.name for item in published.resource.items)))


def copy_rows(published: Published, block: Block) -> None:
    """Store rows in their `stored_form`."""
    columns = [name for name, _ in OWN_COLUMNS if name != "_until"]
    columns += [quoted(item.name) for item in published.resource.items]
    copy_block(block, name_of(published.table), columns)


def copy_frame(frame: pl.DataFrame, table: str, columns: Sequence[str]) -> None:
    """Send a frame over COPY, on the transaction's own connection."""
    copy_block(encode(frame), table, columns)


def encode(frame: pl.DataFrame) -> Block:
    """A frame as COPY takes it. Empty fields are NULL: canonical values are never empty strings.

    Nearly always no value holds what would have to be quoted, which is quicker to write, and for the server to read.
    """
    plain = _written(frame, separator=_SEPARATOR, quote_style="never")
    breaks, separators = plain.count(b"\n"), plain.count(_SEPARATOR.encode())
    whole = breaks == frame.height and separators == frame.height * (frame.width - 1)
    if whole and b"\\" not in plain and b"\r" not in plain:
        return Block(plain, _PLAIN)
    return Block(_written(frame), "format csv")


_SEPARATOR = "\x1d"
_PLAIN = "format text, delimiter E'\\x1d', null ''"


def _written(frame: pl.DataFrame, **style: Any) -> bytes:
    buffer = io.BytesIO()
    frame.write_csv(buffer, include_header=False, null_value="", **style)
    return buffer.getvalue()


def copy_block(block: Block, table: str, columns: Sequence[str]) -> None:
    """Send a block over one COPY."""
    named, view = ", ".join(columns), memoryview(block.content)
    with connection.cursor() as cursor, cursor.copy(f"copy {table} ({named}) from stdin ({block.form})") as copy:
        for start in range(0, len(view), BLOCK):
            copy.write(view[start : start + BLOCK])


def fetch_frame(
    query: str, schema: Schema, values: Sequence[object] | None = None, cursor: psycopg.Cursor[Any] | None = None
) -> pl.DataFrame:
    """The rows of a query as a frame, over COPY; on the transaction's own connection unless a cursor is given."""
    if cursor is None:
        with connection.cursor() as own:
            return fetch_frame(query, schema, values, own.cursor)
    buffer = io.BytesIO()
    with cursor.copy(f"copy ({query}) to stdout (format csv)", values) as copy:
        for block in copy:
            buffer.write(block)
    buffer.seek(0)
    if not buffer.getbuffer().nbytes:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(buffer, has_header=False, schema=schema)


def list_subjects(table: int, subjects: pl.Series) -> None:
    """Note where each of the batch's subjects has rows, unless so many have that the resource is always asked."""
    distinct = subjects.drop_nulls().unique()
    with connection.cursor() as cursor:
        cursor.execute(
            "update registries_table set always_probed = true where number = %s and not always_probed and"
            " %s > greatest(1000, (select reltuples / 4 from pg_class where relname = 'registries_subject'))",
            [table, len(distinct)],
        )
        cursor.execute("select always_probed from registries_table where number = %s", [table])
        if cursor.fetchone()[0] or distinct.is_empty():
            return
        cursor.execute(
            "insert into registries_subjectresource (subject_id, table_id)"
            " select subject, %s from unnest(%s::bigint[]) k(subject) on conflict do nothing",
            [table, _listed(distinct.sort().cast(pl.String))],
        )
