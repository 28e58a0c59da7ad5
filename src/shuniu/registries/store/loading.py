"""SQL of loading: diff, identify, close, copy. Everything here runs inside the transaction of the verb that calls `api`."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl
from django.db import connection

from shuniu.catalogue.declare import Published
from shuniu.registries.conform import DIGEST, KEY, LINE
from shuniu.registries.declare import Mode
from shuniu.registries.store.identity import COLUMNS as IDENTITY
from shuniu.registries.store.tables import OWN_COLUMNS, name_of, quoted

INCOMING = "shuniu_incoming"
REJECTED = "shuniu_rejected"
BLOCK = 1 << 20


@dataclass(frozen=True)
class Diff:
    """What the incoming rows are against the rows held: numbers of rows."""

    new: int
    changed: int
    unchanged: int
    withdrawn: int


def lock_table(number: int) -> tuple[int, int]:
    """Take the lock that orders a resource's batches, held to commit. Returns the last batch number and rows held."""
    with connection.cursor() as cursor:
        cursor.execute("select last_batch, held from registries_table where number = %s for update", [number])
        row = cursor.fetchone()
    if row is None:
        raise LookupError(f"resource table {number} is not mounted")
    return int(row[0]), int(row[1])


def prepare_incoming() -> None:
    """Make the transaction's own list of what came: one narrow row per source row, dropped at commit."""
    with connection.cursor() as cursor:
        cursor.execute("set local work_mem = '256MB'")
        cursor.execute(f"drop table if exists {INCOMING}, {REJECTED}")
        identity = ", ".join(f"{name} text" for name in IDENTITY)
        cursor.execute(f"create temp table {INCOMING} (line bigint, key uuid, digest uuid, {identity}) on commit drop")
        cursor.execute(f"create temp table {REJECTED} (key uuid) on commit drop")


def copy_frame(frame: pl.DataFrame, table: str, columns: Sequence[str]) -> None:
    """Send a frame over COPY, on the transaction's own connection."""
    copy_blocks(iter([encode(frame)]), table, columns)


def encode(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_csv(buffer, include_header=False, null_value="")
    return buffer.getvalue()


def copy_blocks(blocks: Iterator[bytes], table: str, columns: Sequence[str]) -> None:
    """Send CSV blocks over one COPY. Empty unquoted fields are NULL: canonical values are never empty strings."""
    named = ", ".join(columns)
    with connection.cursor() as cursor, cursor.copy(f"copy {table} ({named}) from stdin (format csv)") as copy:
        for block in blocks:
            view = memoryview(block)
            for start in range(0, len(view), BLOCK):
                copy.write(view[start : start + BLOCK])


def diff(published: Published, mode: Mode, region: str = "") -> Diff:
    """Compare the incoming keys and digests with the rows that are current; marks each incoming row's state."""
    table = name_of(published.table)
    with connection.cursor() as cursor:
        cursor.execute(f"analyze {INCOMING}")
        cursor.execute(
            f"create temp table shuniu_state on commit drop as"
            f" select i.line, i.key, case when t._key is null then 'n' when t._digest = i.digest then 'u' else 'c' end as state"
            f" from {INCOMING} i left join {table} t on t._key = i.key and t._until is null"
        )
        cursor.execute("select state, count(*) from shuniu_state group by state")
        states = {state: int(count) for state, count in cursor.fetchall()}
        withdrawn = 0
        if mode is Mode.SNAPSHOT:
            cursor.execute(f"select count(*) from {table} t where {withdrawn_where(published, region)}")
            withdrawn = int(cursor.fetchone()[0])
    return Diff(states.get("n", 0), states.get("c", 0), states.get("u", 0), withdrawn)


def withdrawn_where(published: Published, region: str) -> str:
    """Rows that a snapshot no longer has. A key seen in a rejected row is not withdrawn. A slice speaks for its region."""
    scope = ""
    if region and published.resource.by_region:
        if not region.isdigit():
            raise ValueError(f"not a region code: {region!r}")
        scope = f" and t.{quoted(published.resource.by_region)} like '{region}%'"
    return (
        f"t._until is null{scope} and not exists (select from {INCOMING} i where i.key = t._key)"
        f" and not exists (select from {REJECTED} r where r.key = t._key)"
    )


def close(published: Published, batch: int, mode: Mode, region: str = "") -> None:
    """Close the rows that this batch changes or withdraws. A closed row keeps everything but its open end."""
    table = name_of(published.table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"update {table} t set _until = %s from shuniu_state s"
            " where s.state = 'c' and t._key = s.key and t._until is null",
            [batch],
        )
        if mode is Mode.SNAPSHOT:
            cursor.execute(f"update {table} t set _until = %s where {withdrawn_where(published, region)}", [batch])


def lines_to_store() -> pl.DataFrame:
    """The source lines that are new or changed, with the subject that each was given (`line`, `_subject`), by line."""
    buffer = io.BytesIO()
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "copy (select s.line, j.subject from shuniu_state s left join shuniu_subjects j on j.line = s.line"
            " where s.state in ('n', 'c') order by s.line) to stdout (format csv)"
        ) as copy,
    ):
        for block in copy:
            buffer.write(block)
    buffer.seek(0)
    schema = {LINE: pl.Int64, "_subject": pl.Int64}
    if not buffer.getbuffer().nbytes:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(buffer, has_header=False, schema=schema)


def store_rows(published: Published, batch: int, chunks: Iterator[pl.DataFrame], stored: pl.DataFrame) -> None:
    """Copy the new and changed rows of every chunk into the table; the next chunk is encoded while the last is sent."""
    items = [item.name for item in published.resource.items]
    columns = [name for name, _ in OWN_COLUMNS if name != "_until"] + [quoted(name) for name in items]

    def encoded(chunk: pl.DataFrame) -> bytes:
        rows = chunk.with_columns(pl.col(LINE).cast(pl.Int64)).join(stored, on=LINE, how="inner", maintain_order="left")
        own = [
            (pl.lit(batch << 32, pl.Int64) + pl.col(LINE)).alias("_row"),
            pl.col("_subject"),
            pl.col(KEY),
            pl.col(DIGEST),
            pl.lit(batch).alias("_since"),
            pl.lit(published.version).alias("_version"),
        ]
        return encode(rows.select(*own, *items))

    copy_blocks(_ahead(encoded, chunks), name_of(published.table), columns)


def _ahead(encoded: Callable[[pl.DataFrame], bytes], chunks: Iterator[pl.DataFrame]) -> Iterator[bytes]:
    """Encode one chunk ahead of the one being sent: the other core's work while PostgreSQL takes the last."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        waiting = None
        for chunk in chunks:
            following = pool.submit(encoded, chunk)
            if waiting is not None:
                yield waiting.result()
            waiting = following
        if waiting is not None:
            yield waiting.result()


def list_subjects(table: int) -> None:
    """Note where each of the batch's subjects has rows, unless so many have that the resource is always asked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update registries_table t set always_probed = true where t.number = %s and not t.always_probed and"
            " (select count(distinct subject) from shuniu_subjects)"
            " > greatest(1000, (select reltuples / 4 from pg_class where relname = 'registries_subject'))",
            [table],
        )
        cursor.execute(
            "insert into registries_subjectresource (subject_id, table_id)"
            " select distinct subject, t.number from shuniu_subjects, registries_table t"
            " where t.number = %s and not t.always_probed and subject is not null on conflict do nothing",
            [table],
        )
