"""What supervision reads of applications, as sets: when each was taken up, what was decided and charged.

The verb that calls has required the right to look over all of them; nothing that an applicant answered is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from shuniu.cases.api import items
from shuniu.cases.declare.timing import DELIVER, DELIVER_TITLE
from shuniu.cases.models import Case
from shuniu.cases.models.bills import BillLine

AFTERWARDS = {DELIVER: DELIVER_TITLE}
"""What an application has clocks for beside the stages of its procedure: key and title."""


@dataclass(frozen=True)
class Charged:
    """One line of a bill: the amount and what one costs, in fen, and the dated rule of the fee table that it was charged by."""

    key: str
    title: str
    amount: int
    unit: int
    rule: str


@dataclass(frozen=True)
class Supervised:
    """An application under its procedure's case (`matter`)."""

    matter: int
    number: str
    title: str
    state: str
    filed_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None
    charges: tuple[Charged, ...]


def applied_by(numbers: Collection[str], subjects: Sequence[int]) -> frozenset[str]:
    """Which of these case numbers are applications of one of these subjects."""
    found = Case.objects.filter(number__in=list(numbers), applicant__in=list(subjects)).values_list("number", flat=True)
    return frozenset(found) if numbers else frozenset()


def supervised(matters: Sequence[int]) -> dict[int, Supervised]:
    """The applications among these cases of procedures, by the procedure's case; in two statements and one a version."""
    rows = list(Case.objects.filter(matter__in=list(matters)))
    titles = {key: items.title(*key) for key in {(row.item, row.version) for row in rows}}
    lines: dict[int, list[Charged]] = defaultdict(list)
    for line in BillLine.objects.filter(bill__case__in=rows).select_related("bill").order_by("pk"):
        lines[line.bill.case_id].append(Charged(line.key, line.title, line.unit * line.count, line.unit, line.rule))
    return {
        row.matter: Supervised(
            row.matter, row.number, titles[row.item, row.version], row.state, row.filed_at, row.accepted_at,
            row.ended_at, tuple(lines[row.pk]),
        )
        for row in rows if row.matter is not None
    }  # fmt: skip
