"""One subject's rows over many resources: few statements, whatever the number of resources. SQL beside `files`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from shuniu.base.expressions import Sql
from shuniu.registries.store.subject_rows import MOST_TABLES
from shuniu.registries.store.tables import name_of, quoted

Found = tuple[int, int, int | None, UUID, int, int | None, list[str | None]]
"""Table, row, subject, key, since, until, and the asked columns as text."""


def rows(
    asked: Sequence[tuple[int, Sequence[str], Sql]], subjects: Sequence[int], *, closed: bool = False
) -> list[Found]:
    """The current rows (`closed`: the former ones) of these subjects in each table that meet its condition."""
    found: list[Found] = []
    if not subjects:
        return found
    wanted = ",".join(
        str(int(subject)) for subject in subjects
    )  # written out: a list a table would be parsed each time
    until = "is not null" if closed else "is null"
    with connection.cursor() as cursor:
        for start in range(0, len(asked), MOST_TABLES):
            selects, values = [], list[Any]()
            for table, columns, where in asked[start : start + MOST_TABLES]:
                cells = ", ".join(f"{quoted(name)}::text" for name in columns)
                selects.append(
                    f"select {table}, _row, _subject, _key, _since, _until, array[{cells}]::text[]"
                    f" from {name_of(table)} where _subject in ({wanted}) and _until {until} and {where.text}"
                )
                values += where.params
            cursor.execute(" union all ".join(selects), values)
            found += cursor.fetchall()
    return found


def batches(numbers: Collection[tuple[int, int]]) -> dict[tuple[int, int], datetime]:
    """When each of these batches (table, number) was recorded."""
    if not numbers:
        return {}
    tables, sequence = zip(*numbers, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "select b.table_id, b.number, b.at from registries_batch b"
            " join unnest(%s::int[], %s::int[]) w(t, n) on b.table_id = w.t and b.number = w.n",
            [list(tables), list(sequence)],
        )
        return {(table, number): at for table, number, at in cursor.fetchall()}
