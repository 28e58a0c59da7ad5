"""Destroying content in a resource's table and in what subjects are called from it. SQL beside `api`."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from django.db import connection

from shuniu.catalogue.declare import Published
from shuniu.registries.conform import LINE
from shuniu.registries.store import loading
from shuniu.registries.store.own import own_connection
from shuniu.registries.store.tables import name_of, quoted

TOMBSTONE = "00000000-0000-0000-0000-000000000001"
"""The digest of a row whose content was destroyed."""


@dataclass(frozen=True)
class Destroyed:
    """What was destroyed: how many current rows, their commitments in order of the rows, subjects, and batch sources.

    `keys` are the business keys (32 hex digits) that are current no more, by row: those that may not come back.
    """

    current: int
    commitments: tuple[str, ...]
    subjects: tuple[int, ...]
    origins: tuple[tuple[str, int], ...]
    keys: Mapping[int, str]


def standing(published: Published, rows: Sequence[int]) -> list[int]:
    """Which of these rows are there with their content."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select _row from {name_of(published.table)} where _row = any(%s) and _digest <> %s::uuid",
            [list(rows), TOMBSTONE],
        )
        return [int(row[0]) for row in cursor.fetchall()]


def destroy(published: Published, rows: Sequence[int], salt: bytes, batch: int) -> Destroyed:
    """Replace the rows by tombstones closed in `batch`: no cell, a random key, no digest, no subject."""
    table = name_of(published.table)
    items = [quoted(item.name) for item in published.resource.items]
    with connection.cursor() as cursor:
        cursor.execute(
            f"select _row, _subject, _until is null, array[{', '.join(f'{item}::text' for item in items)}],"
            f" replace(_key::text, '-', '') from {table}"
            " where _row = any(%s) order by _row for update",
            [list(rows)],
        )
        held = cursor.fetchall()
        emptied = ", ".join(f"{item} = null" for item in items)
        cursor.execute(
            f"update {table} set {emptied}, _subject = null, _key = gen_random_uuid(), _digest = %s::uuid,"
            " _until = coalesce(_until, %s) where _row = any(%s)",
            [TOMBSTONE, batch, list(rows)],
        )
        cursor.execute(
            "select gone.number from unnest(%s::bigint[], %s::uuid[]) as gone(number, key)"
            f" where not exists (select from {table} t where t._key = gone.key and t._until is null)",
            [[int(row[0]) for row in held], [row[4] for row in held]],
        )
        unheld = {int(row[0]) for row in cursor.fetchall()}
        subjects = tuple(sorted({int(row[1]) for row in held if row[1] is not None}))
        for statement in (_FORGET_NAMES, _FORGET_NUMBERS):
            cursor.execute(statement.format(table=table), [list(subjects), published.resource.key])
        cursor.execute(
            "select w.row, b.source from unnest(%s::bigint[]) w(row) join registries_batch b"
            " on b.table_id = %s and b.number = w.row >> 32 order by 1",
            [list(rows), published.table],
        )
        origins = tuple((str(source), int(row) & 0xFFFFFFFF) for row, source in cursor.fetchall())
    commitments = tuple(commitment(salt, int(row[0]), row[3]) for row in held)
    keys = {int(row[0]): str(row[4]) for row in held if int(row[0]) in unheld}
    return Destroyed(sum(bool(row[2]) for row in held), commitments, subjects, origins, keys)


def elsewhere(published: Published, subjects: Sequence[int]) -> list[str]:
    """The other resources that may have rows of these subjects, by key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select resource from registries_table t where number <> %s and (always_probed or exists (select from"
            " registries_subjectresource r where r.table_id = t.number and r.subject_id = any(%s))) order by number",
            [published.table, list(subjects)],
        )
        return [str(row[0]) for row in cursor.fetchall()]


def rows_of(published: Published, subjects: Sequence[int]) -> pl.DataFrame:
    """What a resource holds of these subjects, as canonical text with LINE (from 1) and SUBJECT."""
    items = [quoted(item.name) for item in published.resource.items]
    return loading.fetch_frame(
        f"select row_number() over (), _subject, {', '.join(f'{item}::text' for item in items)}"
        f" from {name_of(published.table)} where _subject = any(%s)",
        {LINE: pl.Int64, loading.SUBJECT: pl.Int64, **{item.name: pl.String for item in published.resource.items}},
        [list(subjects)],
    )


def retitle(subjects: Sequence[int]) -> None:
    """Call subjects by a name that a row still says."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_TITLES, [list(subjects)])


def commitment(salt: bytes, row: int, cells: Sequence[str | None]) -> str:
    """HMAC-SHA-256 under the salt over the row's number and cells: whoever holds salt and content can prove what it was."""
    said = json.dumps([row, *cells], ensure_ascii=False, separators=(",", ":"))
    return hmac.new(salt, said.encode(), hashlib.sha256).hexdigest()


# What a subject is called from this resource alone goes with its last row there.
_FORGET_NAMES = """
delete from registries_name n where n.subject_id = any(%s) and n.resource = %s
and not exists (select from {table} t where t._subject = n.subject_id)
"""
_FORGET_NUMBERS = """
delete from registries_identifier i where i.subject_id = any(%s) and i.resource = %s
and not exists (select from {table} t where t._subject = i.subject_id)
"""
_FORGET_TITLES = """
update registries_subject s set identity = null,
    name = coalesce((select min(n.name) from registries_name n where n.subject_id = s.id), '')
where s.id = any(%s) and not exists (select from registries_name n where n.subject_id = s.id and n.name = s.name)
"""


def vacuum(published: Published) -> None:
    """Overwrite the dead versions of the destroyed rows, on a connection of its own: it cannot run in a transaction."""
    tables = [name_of(published.table), "registries_name", "registries_identifier", "registries_subject"]
    with own_connection() as own:
        for table in tables:
            own.execute(f"vacuum (freeze, truncate false) {table}".encode())
