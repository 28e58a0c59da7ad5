"""Filling a register without the road, and the proof that what is filled in is what the road would have stored.

Rows are conformed and described by the road's own code and then inserted set-based, as subjects, identifiers, names and
rows of the resource, with the secondary indexes made afterwards. The first rows do take the road; for those, every column
that the inserts would write is compared with what stands there.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from django.db import connection, transaction

from bench.deliveries import deliver
from shuniu.catalogue.declare import Published
from shuniu.registries import facts
from shuniu.registries.api.loading import describer
from shuniu.registries.conform import DIGEST, KEY, LINE, conform
from shuniu.registries.store.loading import copy_frame
from shuniu.registries.store.tables import name_of, quoted

Made = Callable[[int, int], pl.DataFrame]
"""Gives `count` rows from number `first` on, headed by the items' titles, as a department's file is."""
PORTION = 250_000
SAMPLES = 1_000
OWN = ("_row", "_subject", "_key", "_digest", "_since", "_version")

SUBJECTS = """
select id, case when "natural" then 'natural' else 'legal' end, name, true, id, %(resource)s::text, null::uuid from staged
"""
IDENTIFIERS = """
select distinct v.kind, v.value, s.id, %(resource)s::text, true from staged s cross join lateral (
    select 'uscc' as kind, s.legal_id as value union all select 'resident_id', s.person_id
    union all select split_part(pair, E'\\x1f', 1), split_part(pair, E'\\x1f', 2)
    from string_to_table(s.seconds, E'\\x1e') as pair
) v where v.value is not null
"""
NAMES = """
select s.id, md5(concat_ws(E'\\x1f', s.key, t.person, t.day, t.place, t.address, t.sex))::uuid,
       case when s."natural" then 'natural' else 'legal' end, s.key, s.core, s.name,
       t.person, t.day, t.place, t.address, t.sex, %(resource)s::text
from staged s cross join lateral (select coalesce(s.person, ''), coalesce(s.day, ''), coalesce(s.place, ''),
    coalesce(s.address, ''), coalesce(s.sex, '')) t(person, day, place, address, sex)
where s.key is not null
"""
TARGETS = {
    "registries_subject (id, kind, name, known, root, resource, identity": (SUBJECTS, "id"),
    "registries_identifier (kind, value, subject_id, resource, answers": (IDENTIFIERS, "subject_id"),
    "registries_name (subject_id, digest, kind, key, core, name, person, day, place, address, sex, resource": (NAMES, "subject_id"),
}  # fmt: skip


class DifferentError(Exception):
    """What would be generated is not what the road stores."""


@dataclass(frozen=True)
class Register:
    """A fresh register, how its rows are made, and how many it is to hold."""

    published: Published
    made: Made
    rows: int


def fill(*registers: Register) -> int:
    """Have registers hold their rows; the first 1,000 of each come over the road. Returns how many were proven equal."""
    proven = 0
    for one in registers:
        first = one.made(0, min(one.rows, SAMPLES))
        over_the_road(one.published, first)
        with transaction.atomic():
            prove(one.published, first)
        proven += first.height
    tables = [name_of(one.published.table) for one in registers]
    with without_indexes(*tables, *(target.split()[0] for target in TARGETS)):
        for one in registers:
            the_rest(one)
    return proven


def the_rest(register: Register) -> None:
    """Generate what did not come over the road, as a second batch."""
    for first in range(SAMPLES, register.rows, PORTION):
        with transaction.atomic():
            portion(register.published, register.made(first, min(PORTION, register.rows - first)), first)
    if register.rows > SAMPLES:
        values = {"table": register.published.table, "rows": register.rows - SAMPLES, "held": register.rows}
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_BATCH, values)
            cursor.execute(_TABLE, values)


def over_the_road(published: Published, raw: pl.DataFrame) -> None:
    """Have the rows delivered as a department delivers them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "delivery.csv"
        raw.write_csv(path)
        deliver(path, published.resource.key)


_BATCH = """
insert into registries_batch (table_id, number, at, kind, source, version, received, new, changed, unchanged, duplicate,
                              rejected, withdrawn, held_before, held_after, awaiting)
select table_id, 2, at, kind, source, version, %(rows)s, %(rows)s, 0, 0, 0, 0, 0, held_after, %(held)s, 0
from registries_batch where table_id = %(table)s and number = 1
"""
_TABLE = "update registries_table set last_batch = 2, held = %(held)s, always_probed = true where number = %(table)s"


def staged(published: Published, raw: pl.DataFrame, first: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows as canonical text with key and digest, and what each says of its subject, by source line."""
    titles = {item.title: item.name for item in published.resource.items}
    numbered = raw.rename(titles).with_columns((pl.int_range(pl.len(), dtype=pl.Int64) + first + 2).alias(LINE))
    done = conform(numbered, published.resource, {}).rows.with_columns(pl.col(LINE).cast(pl.Int64))
    if done.height != raw.height:
        raise DifferentError(f"{raw.height - done.height} generated rows are refused")
    return done, describer(published.resource)(done)


def stage(published: Published, rows: pl.DataFrame, said: pl.DataFrame, base: int, batch: int) -> None:
    """Put both into temporary tables: `staged`, one row a subject, ids from `base` on, and `stored`, like the resource."""
    texts = ", ".join(f'"{name}" text' for name in facts.COLUMNS if name not in ("natural", "identity"))
    items = [item.name for item in published.resource.items]
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists staged, stored, whose")
        cursor.execute(
            f'create temp table staged (id bigint, _line bigint, "natural" boolean, {texts}, identity uuid) on commit drop'
        )
        cursor.execute(f"create temp table stored (like {name_of(published.table)}) on commit drop")
    numbered = said.with_columns((pl.col(LINE) - pl.col(LINE).min() + base).alias("id"))
    copy_frame(
        numbered.select("id", LINE, *facts.COLUMNS), "staged", ["id", LINE, *(quoted(name) for name in facts.COLUMNS)]
    )
    own = [
        (pl.lit(batch << 32, pl.Int64) + pl.col(LINE)).alias("_row"), pl.col("id").alias("_subject"), pl.col(KEY), pl.col(DIGEST),
        pl.lit(batch).alias("_since"), pl.lit(published.version).alias("_version"),
    ]  # fmt: skip
    whole = rows.join(numbered.select(LINE, "id"), on=LINE, how="left").select(*own, *items)
    copy_frame(whole, "stored", [*OWN, *(quoted(name) for name in items)])


def portion(published: Published, raw: pl.DataFrame, first: int) -> None:
    """Insert a portion of the register: subjects, identifiers, names, rows."""
    resource = {"resource": published.resource.key}
    with connection.cursor() as cursor:
        cursor.execute("select nextval('registries_subject_id_seq')")
        base = int(cursor.fetchone()[0])
        cursor.execute("select setval('registries_subject_id_seq', %s)", [base + raw.height])
        stage(published, *staged(published, raw, first), base, batch=2)
        for target, (select, _) in TARGETS.items():
            made_at = ", made_at" if "subject (" in target else ""
            now = ", clock_timestamp()" if made_at else ""
            cursor.execute(
                f"insert into {target}{made_at}) overriding system value select *{now} from ({select}) q", resource
            )
        cursor.execute(f"insert into {name_of(published.table)} select * from stored")


def prove(published: Published, raw: pl.DataFrame) -> None:
    """Compare what would be inserted with what the road stored of the same rows. Raises DifferentError."""
    table, resource = name_of(published.table), {"resource": published.resource.key}
    stage(published, *staged(published, raw, 0), base=0, batch=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "create temp table whose on commit drop as select s.id as made, t._subject as id"
            f" from staged s join {table} t on t._row = (1::bigint << 32) + s._line"
        )
        cursor.execute("update staged s set id = w.id from whose w where w.made = s.id")
        cursor.execute("update stored s set _subject = w.id from whose w where w.made = s._subject")
        pairs = [("select * from stored", f"select * from {table}")]
        for target, (select, key) in TARGETS.items():
            name, columns = target.split(" (")
            pairs.append((select, f"select {columns} from {name} where {key} in (select id from whose)"))
        for made, held in pairs:
            cursor.execute(
                f"select count(*) from (({made}) except all ({held}) union all (({held}) except all ({made}))) d",
                resource,
            )
            different = int(cursor.fetchone()[0])
            if different:
                raise DifferentError(f"{different} rows differ: {made} / {held}")


@contextmanager
def without_indexes(*tables: str) -> Iterator[None]:
    """Drop the tables' secondary indexes and foreign keys for the time of the block, and make them again."""
    with connection.cursor() as cursor:
        cursor.execute(_REFERENCES, [list(tables)])
        references = cursor.fetchall()
        cursor.execute(_INDEXES, [list(tables)])
        indexes = cursor.fetchall()
        for table, name, _ in references:
            cursor.execute(f"alter table {table} drop constraint {name}")
        for name, _ in indexes:
            cursor.execute(f"drop index {name}")
        yield
        cursor.execute("set maintenance_work_mem = '1GB'")
        for _, made in indexes:
            cursor.execute(made)
        for table, name, made in references:
            cursor.execute(f"alter table {table} add constraint {name} {made}")
        for table in tables:
            cursor.execute(f"vacuum analyze {table}")


_REFERENCES = """
select conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) from pg_constraint
where contype = 'f' and conrelid = any(%s::regclass[])
"""
_INDEXES = """
select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index i
where indrelid = any(%s::regclass[]) and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
"""
