"""One subject and its rows in one resource, in one statement: what thousands of readers a second ask. SQL beside `api`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from shuniu.base.expressions.sql import Param, Sql
from shuniu.catalogue.declare import Published
from shuniu.registries.declare import Found, Row
from shuniu.registries.store.tables import name_of, quoted
from shuniu.trust.api import fetch_prepared

_BY_NUMBER = "registries_subject s on s.id = %s"
_BY_IDENTIFIER = (
    "registries_identifier i on i.kind = %s and i.value = %s and i.answers"
    " join registries_subject s on s.id = i.subject_id"
)
_OWN = 5  # columns before those asked for
_STATEMENT = """
select s.root, m.kind, t._row, t._subject, t._since{columns}
from (select) one join {subject} join registries_subject m on m.root = s.root
left join {table} t on t._subject = m.id and t._until is null
order by t._row limit %s
"""


def look_up(
    published: Published, subject: int | tuple[str, str], beside: Mapping[str, Sql], limit: int
) -> Found | None:
    names = tuple(item.name for item in published.resource.items)
    by = _BY_NUMBER if isinstance(subject, int) else _BY_IDENTIFIER
    statement = _statement(published.table, names, by, tuple(one.text for one in beside.values()))
    values: list[Param] = [value for one in beside.values() for value in one.params]
    values += [subject] if isinstance(subject, int) else subject
    # A row a member and row; a member without rows has one, empty and last.
    fetched = fetch_prepared(statement, [*values, limit])
    if not fetched:
        return None
    first = _OWN + len(beside)
    held = [cells for cells in fetched if cells[2] is not None]
    rows = tuple(
        Row(cells[2], dict(zip(names, cells[first:], strict=True)), cells[3], cells[4], None) for cells in held
    )
    told = {name: tuple(cells[_OWN + at] for cells in held) for at, name in enumerate(beside)}
    kinds = {cells[1] for cells in fetched}
    return Found(fetched[0][0], "natural" if "natural" in kinds else "legal", rows, told)


@lru_cache(maxsize=4096)
def _statement(table: int, names: tuple[str, ...], subject: str, beside: tuple[str, ...]) -> bytes:
    columns = [*beside, *(f"t.{quoted(name)}::text" for name in names)]
    named = "".join(f", {one}" for one in columns)
    return _STATEMENT.format(columns=named, subject=subject, table=name_of(table)).encode()
