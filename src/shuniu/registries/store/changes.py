"""What one batch did, row by row: the rows that it brought, replaced and withdrew. SQL beside `api`."""

from __future__ import annotations

from enum import Enum

from django.db import connection

from shuniu.catalogue.declare import Published
from shuniu.registries.declare import Row
from shuniu.registries.store.tables import name_of, quoted


class Change(Enum):
    """What a batch did to a row; the names are those of the receipt's counts."""

    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"

    @property
    def title(self) -> str:
        return {"new": "新增", "changed": "变更", "withdrawn": "撤下"}[self.value]


_BROUGHT = "t._row between %(first)s and %(last)s"
_REPLACES = "exists (select from {table} o where o._until = %(batch)s and o._key = t._key)"
_REPLACED = "exists (select from {table} n where n._since = %(batch)s and n._key = t._key)"
_WHERE = {
    Change.NEW: f"{_BROUGHT} and not {_REPLACES}",
    Change.CHANGED: f"{_BROUGHT} and {_REPLACES}",
    Change.WITHDRAWN: f"t._until = %(batch)s and not {_REPLACED}",
}


def changed_rows(published: Published, batch: int, change: Change, *, limit: int = 100, after: int = 0) -> list[Row]:
    """Rows that a batch brought anew, brought instead of others, or withdrew, by row number past `after`.

    For verbs of the engine above, which has required the right to the resource. As many as the receipt counts, for
    good: a later batch or a recall closes rows and changes none.
    """
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
