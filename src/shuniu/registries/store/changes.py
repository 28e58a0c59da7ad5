"""SQL of what one batch did, row by row. Called by `api` alone."""

from __future__ import annotations

from django.db import connection

from shuniu.catalogue.declare import Published
from shuniu.registries.declare import Row
from shuniu.registries.store.tables import name_of, quoted

_BROUGHT = "t._row between %(first)s and %(last)s"
_REPLACES = "exists (select from {table} o where o._until = %(batch)s and o._key = t._key)"
_REPLACED = "exists (select from {table} n where n._since = %(batch)s and n._key = t._key)"
_WHERE = {
    "new": f"{_BROUGHT} and not {_REPLACES}",
    "changed": f"{_BROUGHT} and {_REPLACES}",
    "withdrawn": f"t._until = %(batch)s and not {_REPLACED}",
}


def rows(published: Published, batch: int, change: str, limit: int, after: int) -> list[Row]:
    """Rows of one kind of change (`new`, `changed`, `withdrawn`) by row number, past `after`."""
    table, names = name_of(published.table), [item.name for item in published.resource.items]
    selected = ", ".join(f"t.{quoted(name)}::text" for name in names)
    where = _WHERE[change].format(table=table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select t._row, t._subject, t._since, t._until, {selected} from {table} t"
            f" where {where} and t._row > %(after)s order by t._row limit %(limit)s",
            {
                "first": batch << 32,
                "last": ((batch + 1) << 32) - 1,
                "batch": batch,
                "after": after,
                "limit": limit,
            },
        )
        return [
            Row(row, dict(zip(names, cells, strict=True)), subject, since, until)
            for row, subject, since, until, *cells in cursor.fetchall()
        ]
