"""Who received a subject's data: read back from the journal's readings, so that those can be told of a correction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection


@dataclass(frozen=True)
class Reader:
    """Somebody who was given a subject's data of one object, and when last."""

    person: str
    agency: str
    last: datetime


def readers(subjects: Sequence[int], target: str) -> list[Reader]:
    """Everybody whose readings of `target` (`resource:43.tax/penalty`) touched one of these subjects, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select e.person, e.agency, max(r.at) from trust_reading r join trust_entry e on e.id = r.entry"
            " where r.subject = any(%s) and e.object = %s and e.outcome = 'done' group by 1, 2 order by 3 desc",
            [list(subjects), target],
        )
        return [Reader(*row) for row in cursor.fetchall()]
