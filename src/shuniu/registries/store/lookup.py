"""One subject and its rows in one resource, in one statement: what thousands of readers a second ask. SQL beside `api`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from operator import itemgetter

from shuniu.base.expressions.sql import Param, Sql
from shuniu.base.identifiers import IdentifierKind
from shuniu.catalogue.declare import Published
from shuniu.registries.declare import Found, Row
from shuniu.registries.store.tables import name_of, quoted
from shuniu.trust.api import fetch_prepared

_BY_NUMBER = "registries_subject s on s.id = %s"
_BY_IDENTIFIER = (
    "registries_identifier i on i.kind = '{kind}' and i.value = %s and i.answers"
    " join registries_subject s on s.id = i.subject_id"
)
_OWN = 5  # columns before those asked for
_ROW = itemgetter(2)
_STATEMENT = """
select s.root, m.kind, t._row, t._subject, t._since{columns}
from (select) one join {subject} join registries_subject m on m.root = s.root
left join {table} t on t._subject = m.id and t._until is null
{order} limit {limit}
"""


def look_up(
    published: Published, subject: int | tuple[str, str], beside: Mapping[str, Sql], limit: int
) -> Found | None:
    """A row comes back for each member and its row; a member without rows has one that is empty."""
    names = tuple([item.name for item in published.resource.items])
    kind, value = ("", subject) if isinstance(subject, int) else subject
    asked = tuple([one.text for one in beside.values()])
    values: list[Param] = [value for one in beside.values() for value in one.params]
    values.append(value)
    fetched = fetch_prepared(_statement(published.table, names, kind, asked, "", limit), values)
    if not fetched:
        return None
    if len(fetched) == limit:  # few subjects have so many: only then does it matter which come first
        fetched = fetch_prepared(_statement(published.table, names, kind, asked, "order by t._row", limit), values)
    held = fetched
    if len(fetched) > 1 or fetched[0][2] is None:
        held = sorted([cells for cells in fetched if cells[2] is not None], key=_ROW)
    first = _OWN + len(asked)
    rows = tuple(
        [Row(cells[2], dict(zip(names, cells[first:], strict=True)), cells[3], cells[4], None) for cells in held]
    )
    told = {name: tuple([cells[at] for cells in held]) for at, name in enumerate(beside, start=_OWN)}
    return Found(fetched[0][0], fetched[0][1], rows, told)


@lru_cache(maxsize=4096)
def _statement(table: int, names: tuple[str, ...], kind: str, beside: tuple[str, ...], order: str, limit: int) -> bytes:
    """What is the same for many readers stands in the text: each value sent beside it costs every one of them."""
    columns = [*beside, *(f"t.{quoted(name)}::text" for name in names)]
    named = "".join(f", {one}" for one in columns)
    subject = _BY_IDENTIFIER.format(kind=IdentifierKind(kind).value) if kind else _BY_NUMBER
    return _STATEMENT.format(
        columns=named, subject=subject, table=name_of(table), order=order, limit=int(limit)
    ).encode()
