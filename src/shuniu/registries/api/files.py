"""A subject's file: its rows in whatever resources hold any, under conditions that the query itself applies.

Called inside the verb of the system above, which has required the right, chosen what may be seen, and records the reading.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shuniu.base.expressions import Sql
from shuniu.registries.api import marks
from shuniu.registries.api.marks import Marked
from shuniu.registries.store import files, subject_rows, subjects


@dataclass(frozen=True)
class Selection:
    """What may be seen of one resource's table: these columns of the rows that meet the condition."""

    table: int
    columns: tuple[str, ...]
    where: Sql


@dataclass(frozen=True)
class Change:
    """That an earlier version of a row ended: in which batch and when it was recorded; its content stays where it is."""

    batch: int
    at: datetime


@dataclass(frozen=True)
class Held:
    """One current row of a subject: its cells as text in the order of the selection's columns, whence, since when."""

    table: int
    row: int
    key: UUID
    cells: tuple[str | None, ...]
    recorded: datetime  # when the batch that brought this version was stored
    marks: tuple[Marked, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def batch(self) -> int:
        return self.row >> 32


def subject_file(subject: int, select: Callable[[int], Selection | None], *, changes: bool = False) -> list[Held]:
    """Every row of a subject (any of its ids) that `select` lets through, by table number; rows that a mark hides are not
    among them. Newest first by table. With `changes` each says in which batches earlier versions of it ended.

    At most one statement per 100 tables, and three besides, however many resources there are.
    """
    ids = subjects.members(subject)
    chosen = [one for table in subject_rows.where_rows(ids) if (one := select(table)) is not None]
    asked = [(one.table, one.columns, one.where) for one in chosen]
    found = files.rows(asked, ids)
    marked = marks.of_rows({(table, key) for table, _, _, key, *_ in found}) if found else {}
    shown = [one for one in found if not any(mark.mark.hides for mark in marked.get((one[0], one[3]), ()))]
    former = _former(asked, ids) if changes else {}
    when = files.batches({(one[0], one[4]) for one in shown} | {(t, n) for (t, _), ns in former.items() for n in ns})
    held = [
        Held(
            table, row, key, tuple(cells), when[table, since], marked.get((table, key), ()),
            tuple(Change(number, when[table, number]) for number in former.get((table, key), ())),
        )
        for table, row, _, key, since, _, cells in shown
    ]  # fmt: skip
    return sorted(held, key=lambda one: (one.table, -one.row))


def _former(asked: Sequence[tuple[int, Sequence[str], Sql]], ids: Sequence[int]) -> dict[marks.RowKey, list[int]]:
    """By row: the batches that ended its earlier versions. No condition: what was shown before is not shown again."""
    ended: defaultdict[marks.RowKey, list[int]] = defaultdict(list)
    every = [(table, (), Sql("true", ())) for table, _, _ in asked]
    for table, _, _, key, _, until, _ in files.rows(every, ids, closed=True):
        if until is not None:
            ended[table, key].append(until)
    return {row: sorted(numbers) for row, numbers in ended.items()}
