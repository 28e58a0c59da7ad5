"""The bar list: destroyed rows that must not come back when a department sends them again. SQL beside `api`.

An entry is a keyed digest of the row's business key (`trust.api.keyed`, HMAC-SHA-256), never the key or its plain hash:
whoever reads the table learns nothing of whom it is about, and cannot try values against it.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from django.db import connection

from shuniu.catalogue.declare import Published
from shuniu.registries.conform import KEY
from shuniu.trust.api import keyed

RULE = "row.expunged"
"""The rule by which a barred row is refused; its words are in `rules.CELL_RULES`."""


def barred(published: Published, keys: pl.Series) -> pl.Series:
    """Those of the keys (32 hex digits, as `conform` makes them) that are barred, each once.

    One query, which gives nothing where the resource has no bars. With bars every key costs some microseconds: where it
    is known, pass the keys that are not current (a destroyed row never is), not every key of a delivery.
    """
    return among(published, bar_marks(published), keys)


def bar_marks(published: Published) -> frozenset[str]:
    """The marks that bar rows of a resource: for `among`, where the same list is asked chunk by chunk or without database."""
    with connection.cursor() as cursor:
        cursor.execute("select mark from registries_bar where table_id = %s and lifted_at is null", [published.table])
        return frozenset(str(row[0]) for row in cursor.fetchall())


def among(published: Published, marks: frozenset[str], keys: pl.Series) -> pl.Series:
    """Those of the keys that the marks bar, each once."""
    some = keys.unique().drop_nulls() if marks else keys.clear()
    found = [key for key in some if _mark(published.table, key) in marks]
    return pl.Series(KEY, found, pl.String)


def barred_resources() -> dict[str, int]:
    """The resources for which bars stand, by key, with the version that their table has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select resource, version from registries_table t where exists"
            " (select from registries_bar b where b.table_id = t.number and b.lifted_at is null) order by 1"
        )
        return {str(resource): int(version) for resource, version in cursor.fetchall()}


def bar(table: int, expunge: int, keys: Mapping[int, str]) -> None:
    """Bar destroyed rows by the key that each had (`_row` → key). A key already barred stays so under its first entry."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into registries_bar (table_id, expunge_id, row, mark, lifted_by, lifted_why)"
            " select %s, %s, r, m, '', '' from unnest(%s::bigint[], %s::text[]) as given(r, m)"
            " on conflict (table_id, mark) where lifted_at is null do nothing",
            [table, expunge, list(keys), [_mark(table, key) for key in keys.values()]],
        )


def _mark(table: int, key: str) -> str:
    return keyed(f"bar:{table}:{key}")
