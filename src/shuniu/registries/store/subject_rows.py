"""Rows of subjects across many resources in few statements, and where rows stand. SQL beside `api`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db import connection

from shuniu.base.expressions.sql import Param, Sql
from shuniu.catalogue.declare import Published
from shuniu.registries.declare import Placed, Row
from shuniu.registries.store.tables import name_of, quoted
from shuniu.trust.api import array_of, fetch_prepared

MOST_TABLES = 100
"""No statement names more resource tables than this: planning and locks grow with each."""


def where_rows(subjects: Sequence[int]) -> set[int]:
    found = fetch_prepared(_WHERE_ROWS, [array_of(subjects)])
    return {int(row[0]) for row in found}


_WHERE_ROWS = b"""
select table_id from registries_subjectresource where subject_id = any(%s::bigint[])
union select number from registries_table where always_probed
"""


def rows_of(subjects: Sequence[int], published: Sequence[Published], where: Mapping[str, Sql]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    if not subjects:
        return found
    for start in range(0, len(published), MOST_TABLES):
        some = published[start : start + MOST_TABLES]
        names = {one.table: [item.name for item in one.resource.items] for one in some}
        keys = {one.table: one.resource.key for one in some}
        text, params = _union(subjects, some, where)
        with connection.cursor() as cursor:
            cursor.execute(text, params)
            for table, row, subject, since, until, cells in cursor.fetchall():
                values = dict(zip(names[table], cells, strict=True))
                found.setdefault(keys[table], []).append(Row(row, values, subject, since, until))
    for rows in found.values():
        rows.sort(key=lambda row: row.row)
    return found


def _union(
    subjects: Sequence[int], published: Sequence[Published], where: Mapping[str, Sql]
) -> tuple[str, list[Param]]:
    """One SELECT a table. The ids are written out: a parameter a table would have the server parse a list each time."""
    wanted = array_of(subjects)
    parts, params = [], []
    for one in published:
        items = ", ".join(f"t.{quoted(item.name)}::text" for item in one.resource.items)
        narrowed = where.get(one.resource.key)
        more = f" and ({narrowed.text})" if narrowed else ""
        params += list(narrowed.params) if narrowed else []
        parts.append(
            f"select {one.table:d}, t._row, t._subject, t._since, t._until, array[{items}] from {name_of(one.table)} t"
            f" where t._subject = any('{wanted}'::bigint[]) and t._until is null{more}"
        )
    return " union all ".join(parts), params


def stated(
    published: Mapping[str, Published], rows: Mapping[str, list[Row]]
) -> dict[tuple[str, int], tuple[str, datetime]]:
    """Agency and time of the batches that brought these rows, by resource key and batch number."""
    wanted = {(published[key].table, row.batch) for key, some in rows.items() for row in some}
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select t.resource, b.number, t.agency, b.at"
            " from unnest(%s::int[], %s::int[]) w(number, batch) join registries_table t on t.number = w.number"
            " join registries_batch b on b.table_id = t.number and b.number = w.batch",
            [[table for table, _ in wanted], [batch for _, batch in wanted]],
        )
        return {(str(row[0]), int(row[1])): (str(row[2]), row[3]) for row in cursor.fetchall()}


def placed(published: Published, chunk: int = 50_000) -> Iterator[Placed]:
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_PLACED.format(table=name_of(published.table)), [after, chunk, published.table])
            rows = cursor.fetchall()
        if not rows:
            return
        for row, source, subject, state in rows:
            yield Placed(str(source), row & 0xFFFFFFFF, subject, str(state))
        after = int(rows[-1][0])


_PLACED = """
select t._row, b.source, r.id, case
        when r.id is null then 'none' when r.known then 'known'
        when exists (select from registries_doubt d where d.subject_id = r.id and d.state = 'open') then 'review'
        else 'awaiting' end
from (select _row, _subject from {table} where _row > %s and _until is null order by _row limit %s) t
join registries_batch b on b.table_id = %s and b.number = t._row >> 32
left join registries_subject s on s.id = t._subject left join registries_subject r on r.id = s.root
order by t._row
"""
