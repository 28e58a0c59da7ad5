"""One subject's rows over many resources: few statements, whatever the number of resources. SQL beside `api.files`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from psycopg.sql import SQL, Literal

from shuniu.base.expressions import Sql
from shuniu.registries.store.tables import name_of, quoted
from shuniu.trust.api import array_of, fetch_each, fetch_prepared

Found = tuple[int, int, str, int, int | None, list[str | None]]
"""Table, row, key, since, until, and the asked columns as text."""

_WHO = """
select r.id, r.kind, r.name, r.known, array(select m.id from registries_subject m where m.root = r.id), coalesce((
    select u.value from registries_subject m join registries_identifier u on u.subject_id = m.id and u.kind = 'uscc'
    where m.root = r.id order by u.answers desc, u.value limit 1), '')
from registries_subject s join registries_subject r on r.id = s.root
"""


_BY_IDENTIFIER = (
    f"{_WHO} join registries_identifier i on i.subject_id = s.id where i.kind = %s and i.value = %s and i.answers"
)
_BY_ID = f"{_WHO} where s.id = %s"


def who_answers(kind: str, value: str) -> tuple[Any, ...] | None:
    """Root, kind, name, whether known, every id that is one with it, and its credit code, by an identifier."""
    return next(iter(fetch_prepared(_BY_IDENTIFIER.encode(), (kind, value))), None)


def who_is(subject: int) -> tuple[Any, ...] | None:
    """The same by any of its ids."""
    return next(iter(fetch_prepared(_BY_ID.encode(), (subject,))), None)


def statement(table: int, columns: Sequence[str], where: Sql, *, closed: bool = False) -> bytes:
    """The current rows (`closed`: the former ones) of some subjects in a table that meet a condition, values written out.

    It is prepared, so it must be made once for a day and not once for a reading.
    """
    cells = ",".join(f"{quoted(name)}::text" for name in columns)
    until = "is not null" if closed else "is null"
    met = SQL(where.text.replace("{", "{{").replace("}", "}}").replace("%s", "{}")).format(*map(Literal, where.params))
    return (
        f"select {table:d},_row,_key::text,_since,_until,array[{cells}]::text[] from {name_of(table)}"
        f" where _subject = any(%s::bigint[]) and _until {until} and ".encode()
        + met.as_bytes().replace(b"%", b"%%")
    )


def rows(asked: Sequence[bytes], subjects: Sequence[int]) -> list[Found]:
    """What these statements (`statement`) find of the subjects, a table's rows after another's."""
    if not subjects:
        return []
    return fetch_each(asked, [array_of(subjects)])


def batches(numbers: Collection[tuple[int, int]]) -> dict[tuple[int, int], datetime]:
    """When each of these batches (table, number) was recorded."""
    if not numbers:
        return {}
    tables, sequence = zip(*numbers, strict=True)
    found = fetch_prepared(_BATCHES, (list(tables), list(sequence)))
    return {(table, number): at for table, number, at in found}


_BATCHES = b"""
select b.table_id, b.number, b.at from registries_batch b
join unnest(%s::int[], %s::int[]) w(t, n) on b.table_id = w.t and b.number = w.n
"""


def marked(keys: Sequence[str]) -> list[tuple[Any, ...]]:
    """The marks in force on rows with these keys: table, key as text, and the columns that `api.marks.Marked` holds."""
    # One text: thousands of parameters would take longer than the look-up.
    return fetch_prepared(_MARKED, ("{" + ",".join(keys) + "}",))


_MARKED = b"""
select m."table", m.key::text, m.id, m.mark, m.rule, m.since, m.reason, m."case", m.at from registries_rowmark m
where m.key = any(%s::uuid[]) and m.ends_id is null
and not exists (select from registries_rowmark e where e.ends_id = m.id) order by m.id
"""
