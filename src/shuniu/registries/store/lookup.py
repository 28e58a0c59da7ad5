"""One subject and its rows in one resource, in one statement: what thousands of readers a second ask. SQL beside `api`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from shuniu.base.expressions.sql import Param, Sql
from shuniu.catalogue.declare import Published
from shuniu.registries.declare import Found, Row
from shuniu.registries.store.tables import name_of, quoted
from shuniu.trust.api import fetch_prepared

_BY_NUMBER = "select root from registries_subject where id = %s"
_BY_IDENTIFIER = (
    "select s.root from registries_identifier i join registries_subject s on s.id = i.subject_id"
    " where i.kind = %s and i.value = %s and i.answers"
)
_OWN = 6  # columns before those asked for
_STATEMENT = """
select r.id, r.kind, m.ids, t._row, t._subject, t._since{columns}
from ({subject}) w join registries_subject r on r.id = w.root
cross join lateral (select array_agg(id order by id) as ids from registries_subject where root = w.root) m
left join lateral (
    select * from {table} where _subject = any(m.ids) and _until is null order by _row limit %s
) t on true
"""


def look_up(
    published: Published, subject: int | tuple[str, str], beside: Mapping[str, Sql], limit: int
) -> Found | None:
    names = tuple(item.name for item in published.resource.items)
    by = _BY_NUMBER if isinstance(subject, int) else _BY_IDENTIFIER
    statement = _statement(published.table, names, by, tuple(one.text for one in beside.values()))
    values: list[Param] = [value for one in beside.values() for value in one.params]
    values += [subject] if isinstance(subject, int) else subject
    fetched = fetch_prepared(statement, [*values, limit])
    if not fetched:
        return None
    number, kind, members = fetched[0][:3]
    first = _OWN + len(beside)
    rows = tuple(
        Row(cells[3], dict(zip(names, cells[first:], strict=True)), cells[4], cells[5], None)
        for cells in fetched
        if cells[3] is not None
    )
    told = {name: tuple(cells[_OWN + at] for cells in fetched) for at, name in enumerate(beside)}
    return Found(number, kind, tuple(members), rows, told)


@lru_cache(maxsize=4096)
def _statement(table: int, names: tuple[str, ...], subject: str, beside: tuple[str, ...]) -> str:
    columns = [*beside, *(f"t.{quoted(name)}::text" for name in names)]
    return _STATEMENT.format(columns="".join(f", {one}" for one in columns), subject=subject, table=name_of(table))
