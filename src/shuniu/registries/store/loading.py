"""SQL of loading: diff, identify, close, copy. Everything here runs inside the transaction of the verb that calls `api`."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import polars as pl
from django.db import connection

from shuniu.catalogue.declare import Published
from shuniu.registries.conform import DIGEST, KEY, LINE
from shuniu.registries.declare import Mode
from shuniu.registries.store.tables import OWN_COLUMNS, SCHEMA, name_of, quoted

REJECTED = "shuniu_rejected"
BLOCK = 1 << 20
IDENTITY = ("legal_id", "person_id")
"""The strong identifiers that are looked up for every row: `facts.strong_columns`."""
STATE, SUBJECT = "_state", "_subject"
NEW, CHANGED, UNCHANGED = "n", "c", "u"


@dataclass(frozen=True)
class Compared:
    """What the incoming rows are against the rows held, and whose they are by strong identifier."""

    lines: pl.DataFrame  # _line, _state, _subject of every incoming row
    new: int
    changed: int
    unchanged: int
    withdrawn: int

    def to_store(self) -> pl.DataFrame:
        """The lines that are new or changed: _line, _subject."""
        return self.lines.filter(pl.col(STATE) != UNCHANGED).select(LINE, SUBJECT)


def lock_table(number: int) -> tuple[int, int]:
    """Take the lock that orders a resource's batches, held to commit. Returns the last batch number and rows held."""
    with connection.cursor() as cursor:
        cursor.execute("select last_batch, held from registries_table where number = %s for update", [number])
        row = cursor.fetchone()
    if row is None:
        raise LookupError(f"resource table {number} is not mounted")
    return int(row[0]), int(row[1])


@contextmanager
def incoming_table() -> Iterator[str]:
    """The transaction's own list of what came, one narrow row per source row; gives its name.

    Not a temporary table: PostgreSQL compares temporary tables with one process only.
    """
    with connection.cursor() as cursor:
        cursor.execute("set local work_mem = '256MB'")
        cursor.execute("set local max_parallel_workers_per_gather = 2")
        cursor.execute("select pg_backend_pid()")
        name = f"{SCHEMA}.incoming_{cursor.fetchone()[0]}"
        identity = ", ".join(f"{column} text" for column in IDENTITY)
        cursor.execute(f"drop table if exists {REJECTED}")
        cursor.execute(f"create unlogged table {name} (line bigint, key uuid, digest uuid, {identity})")
        cursor.execute(f"create temp table {REJECTED} (key uuid) on commit drop")
        yield name
        cursor.execute(f"drop table {name}")


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


def compare(published: Published, incoming: str, held: int, mode: Mode, region: str = "") -> Compared:
    """Compare keys and digests with the rows that are current, and look strong identifiers up, in one statement."""
    items = {item.identifies for item in published.resource.items}
    joins = [f"left join {name_of(published.table)} t on t._key = i.key and t._until is null"]
    subjects = []
    for kind, column, alias in (("uscc", "legal_id", "a"), ("resident_id", "person_id", "b")):
        if kind in items:
            subjects.append(f"{alias}.subject_id")
            joins.append(
                f"left join registries_identifier {alias}"
                f" on {alias}.kind = '{kind}' and {alias}.value = i.{column} and {alias}.answers"
            )
    state = f"case when t._key is null then '{NEW}' when t._digest = i.digest then '{UNCHANGED}' else '{CHANGED}' end"
    subject = f"coalesce({', '.join(subjects)}, null)" if subjects else "null"
    with connection.cursor() as cursor:
        cursor.execute(f"analyze {incoming}")
    lines = fetch_frame(
        f"select i.line, {state}, {subject} from {incoming} i {' '.join(joins)}",
        {LINE: pl.Int64, STATE: pl.String, SUBJECT: pl.Int64},
    )
    states = dict(lines.group_by(STATE).len().iter_rows())
    new, changed, unchanged = (int(states.get(name, 0)) for name in (NEW, CHANGED, UNCHANGED))
    withdrawn = 0
    if mode is Mode.SNAPSHOT:
        withdrawn = _withdrawn(published, incoming, held - changed - unchanged, region)
    return Compared(lines, new, changed, unchanged, withdrawn)


def fetch_frame(query: str, schema: Mapping[str, pl.DataType | type[pl.DataType]]) -> pl.DataFrame:
    """The rows of a query as a frame, over COPY."""
    buffer = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(f"copy ({query}) to stdout (format csv)") as copy:
        for block in copy:
            buffer.write(block)
    buffer.seek(0)
    if not buffer.getbuffer().nbytes:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(buffer, has_header=False, schema=schema)


def _withdrawn(published: Published, incoming: str, unmatched: int, region: str) -> int:
    """How many current rows the snapshot no longer has; `unmatched` is how many of the resource's rows it did not name."""
    table = name_of(published.table)
    with connection.cursor() as cursor:
        if region:
            cursor.execute(f"select count(*) from {table} t where {withdrawn_where(published, incoming, region)}")
            return int(cursor.fetchone()[0])
        cursor.execute(
            f"select count(*) from (select distinct key from {REJECTED}) r join {table} t on t._key = r.key"
            f" and t._until is null where not exists (select from {incoming} i where i.key = r.key)"
        )
        return unmatched - int(cursor.fetchone()[0])


def withdrawn_where(published: Published, incoming: str, region: str) -> str:
    """Rows that a snapshot no longer has. A key seen in a rejected row is not withdrawn. A slice speaks for its region."""
    scope = ""
    if region and published.resource.by_region:
        if not region.isdigit():
            raise ValueError(f"not a region code: {region!r}")
        scope = f" and t.{quoted(published.resource.by_region)} like '{region}%'"
    return (
        f"t._until is null{scope} and not exists (select from {incoming} i where i.key = t._key)"
        f" and not exists (select from {REJECTED} r where r.key = t._key)"
    )


def close(published: Published, incoming: str, batch: int, compared: Compared, region: str = "") -> None:
    """Close the rows that this batch changes or withdraws. A closed row keeps everything but its open end."""
    table = name_of(published.table)
    with connection.cursor() as cursor:
        if compared.changed:
            cursor.execute(
                f"update {table} t set _until = %s from {incoming} i"
                " where t._key = i.key and t._until is null and t._digest <> i.digest",
                [batch],
            )
        if compared.withdrawn:
            where = withdrawn_where(published, incoming, region)
            cursor.execute(f"update {table} t set _until = %s where {where}", [batch])


def store_rows(published: Published, batch: int, chunks: Iterator[pl.DataFrame], stored: pl.DataFrame) -> None:
    """Copy the new and changed rows of every chunk into the table; the next chunk is encoded while the last is sent.

    A chunk goes in the order of its keys, so that the index on them is walked once a chunk and not hit at random.
    """
    items = [item.name for item in published.resource.items]
    columns = [name for name, _ in OWN_COLUMNS if name != "_until"] + [quoted(name) for name in items]

    def encoded(chunk: pl.DataFrame) -> bytes:
        rows = chunk.with_columns(pl.col(LINE).cast(pl.Int64)).join(stored, on=LINE, how="inner").sort(KEY)
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
        cursor.execute("drop table if exists shuniu_listed")
        cursor.execute("create temp table shuniu_listed (subject bigint) on commit drop")
        copy_frame(distinct.to_frame(), "shuniu_listed", ["subject"])
        cursor.execute(
            "insert into registries_subjectresource (subject_id, table_id)"
            " select subject, %s from shuniu_listed on conflict do nothing",
            [table],
        )
