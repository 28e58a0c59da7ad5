"""A subject's file: its rows in whatever resources hold any, under conditions that the query itself applies.

Called inside the verb of the system above, which has required the right, chosen what may be seen, and records the reading.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from shuniu.base.expressions import Sql
from shuniu.registries.api.marks import Mark, Marked, RowKey
from shuniu.registries.store import files, subject_rows


@dataclass(frozen=True)
class Selection:
    """What may be seen of one resource's table: these columns of the rows that meet the condition."""

    table: int
    columns: tuple[str, ...]
    where: Sql

    @cached_property
    def statement(self) -> bytes:
        """What asks the table for a subject's current rows."""
        return files.statement(self.table, self.columns, self.where)


@dataclass(frozen=True)
class Change:
    """That an earlier version of a row ended: in which batch and when it was recorded; its content stays where it is."""

    batch: int
    at: datetime


@dataclass(frozen=True)
class Who:
    """A subject as a file is opened for: its root, whether a register founded it, all ids that are one with it."""

    root: int
    kind: str
    name: str
    known: bool
    members: tuple[int, ...]
    code: str  # its unified social credit code; empty when it has none


@dataclass(frozen=True, slots=True)
class Held:
    """One current row of a subject: its cells as text in the order of the selection's columns, whence, since when."""

    table: int
    row: int
    key: str
    cells: Sequence[str | None]
    recorded: datetime  # when the batch that brought this version was stored
    marks: tuple[Marked, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def batch(self) -> int:
        return self.row >> 32

    @property
    def place(self) -> RowKey:
        """What a mark on this row is put on."""
        return self.table, UUID(self.key)


def who_answers(kind: str, value: str) -> Who | None:
    """The subject that answers to an identifier's canonical value; None when nobody does or several contend."""
    return _who(files.who_answers(kind, value))


def who_is(subject: int) -> Who | None:
    """The subject that this id is one with; None for an unknown id."""
    return _who(files.who_is(subject))


def _who(found: tuple[Any, ...] | None) -> Who | None:
    if found is None:
        return None
    root, kind, name, known, members, code = found
    return Who(root, kind, name, known, tuple(members), code)


def subject_file(who: Who, select: Callable[[int], Selection | None], *, changes: bool = False) -> list[Held]:
    """Every row of a subject that `select` lets through, by table number; rows that a mark hides are not among them.

    Newest first by table. With `changes` each says in which batches earlier versions of it ended. One look at
    all tables, and three besides, however many resources there are.
    """
    tables = subject_rows.where_rows(who.members)
    asked = [one for table in tables if (one := select(table)) is not None]
    found = files.rows([one.statement for one in asked], who.members)
    marked = _marks([one[2] for one in found])
    former = _former(asked, who.members) if changes else {}
    when = files.batches({(one[0], one[3]) for one in found} | {(t, n) for (t, _), ns in former.items() for n in ns})
    held = [
        Held(
            table, row, key, cells, when[table, since], marked.get((table, key), ()),
            tuple(Change(number, when[table, number]) for number in former.get((table, key), ())),
        )
        for table, row, key, since, _, cells in found
        if (table, key) not in marked or not any(one.mark.hides for one in marked[table, key])
    ]  # fmt: skip
    return sorted(held, key=lambda one: (one.table, -one.row))


_Place = tuple[int, str]


def _marks(keys: Sequence[str]) -> dict[_Place, tuple[Marked, ...]]:
    found: defaultdict[_Place, list[Marked]] = defaultdict(list)
    for table, key, number, mark, *more in files.marked(keys) if keys else ():
        found[table, key].append(Marked(number, Mark(mark), *more))
    return {place: tuple(marks) for place, marks in found.items()}


def _former(asked: Sequence[Selection], ids: Sequence[int]) -> dict[_Place, list[int]]:
    """By row: the batches that ended its earlier versions. No condition: what was shown before is not shown again."""
    ended: defaultdict[_Place, list[int]] = defaultdict(list)
    every = [files.statement(one.table, (), Sql("true", ()), closed=True) for one in asked]
    for table, _, key, _, until, _ in files.rows(every, ids):
        if until is not None:
            ended[table, key].append(until)
    return {place: sorted(numbers) for place, numbers in ended.items()}
