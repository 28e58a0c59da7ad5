"""Rows that stand under another region than the one a delivery speaks for. SQL beside `api`."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from django.db import connection

from shuniu.catalogue.declare import Published
from shuniu.registries.store.tables import name_of, quoted


def foreign(published: Published, rows: pl.Series, prefixes: Sequence[str]) -> dict[str, int]:
    """Of these rows (by `_row`), how many stand outside the regions, by the region that they name ('' for none).

    `prefixes` are region codes without filling zeros. One statement, whatever the number of rows.
    """
    region = f"coalesce(t.{quoted(published.resource.by_region)}, '')"
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {region}, count(*) from unnest(%s::bigint[]) as met(number)"
            f" join {name_of(published.table)} t on t._row = met.number where not ({region} like any(%s))"
            " group by 1 order by 2 desc, 1",
            [rows.drop_nulls().to_list(), [f"{prefix}%" for prefix in prefixes]],
        )
        return {str(code): int(count) for code, count in cursor.fetchall()}
