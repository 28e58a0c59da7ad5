"""What was decided about a row's standing without touching the row: disputed, repaired, corrected, revoked.

Marks are only added; one that no longer holds is ended by another entry. A mark follows the row's key, not its version: a
redelivery of the same fact does not shake it off. Called inside the verb of the engine or system above, which requires
the right and records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from shuniu.base.titled import Titled
from shuniu.registries.models import RowMark
from shuniu.registries.store import files
from shuniu.trust.declare import Refused

RowKey = tuple[int, UUID]
"""A row's table number and key: what stays the same over all its versions."""


class Mark(Titled):
    """What a mark says. Those that hide keep a row out of every reading that heeds marks; the row itself stays."""

    DISPUTED = "disputed", "异议处理中"
    REPAIRED = "repaired", "已修复"
    CORRECTED = "corrected", "已更正"
    REVOKED = "revoked", "已撤销"

    @property
    def hides(self) -> bool:
        return self in (Mark.REPAIRED, Mark.REVOKED)


@dataclass(frozen=True)
class Marked:
    """A mark in force: what it says, by which dated rule, since when, and the case that decided it."""

    id: int
    mark: Mark
    rule: str
    since: date
    reason: str
    case: int | None
    at: datetime


def put(row: RowKey, mark: Mark, *, rule: str, since: date, by: str, reason: str, case: int | None = None) -> int:
    """Mark a row. `rule` is the id of the dated rule that the decision rests on, `by` the opaque person who decided.

    Raises Refused marks.twice when the same mark is in force already.
    """
    if any(one.mark is mark for one in of_rows([row]).get(row, ())):
        raise Refused("marks.twice", f"这条记录已标为“{mark.title}”。", "无需重复办理。")
    made = RowMark.objects.create(
        table=row[0], key=row[1], mark=mark.value, rule=rule, since=since, by=by, reason=reason, case=case
    )
    return made.pk


def end(row: RowKey, mark: Mark, *, by: str, reason: str) -> None:
    """End a mark that is in force, by an entry of its own. Raises Refused marks.none when there is none."""
    found = next((one for one in of_rows([row]).get(row, ()) if one.mark is mark), None)
    if found is None:
        raise Refused("marks.none", f"这条记录没有“{mark.title}”标注。", "请核对记录。")
    RowMark.objects.create(
        table=row[0], key=row[1], mark=mark.value, rule=found.rule, since=timezone.localdate(), by=by, reason=reason,
        case=found.case, ends_id=found.id,
    )  # fmt: skip


def of_rows(rows: Collection[RowKey]) -> Mapping[RowKey, tuple[Marked, ...]]:
    """The marks in force on these rows, in one statement; rows without marks are not in the answer."""
    found: defaultdict[RowKey, list[Marked]] = defaultdict(list)
    if rows:
        for table, key, *said in files.marked([str(key) for _, key in rows]):
            number, mark, *more = said
            found[table, UUID(key)].append(Marked(number, Mark(mark), *more))
    return {row: tuple(marks) for row, marks in found.items() if row in rows}
