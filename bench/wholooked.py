"""A citizen's readings in a log of twenty million: `shuniu bench wholooked`.

The journal is filled by SQL over a year of monthly partitions, as the exchange writes it: each entry concerns one of a
million subjects, some a few, and there are subjects that are read much more often than others. Measured is the platform's
own page of a month, newest first, of random subjects: `p95_ms` with its look-up of inquiries that are kept back, and
`buffers`, the most pages that PostgreSQL's EXPLAIN counts (hit and read) for any of a thousand of them.
`written_us` is what one entry with its reading costs beside `before_us`, the same with the index that stood before.
"""

from __future__ import annotations

import random
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bench.result import Result
from shuniu.assessment.looked.api.looking import SIZE
from shuniu.assessment.looked.store import covert, veils
from shuniu.assessment.store import midnight
from shuniu.base.periods import add_months
from shuniu.trust import api
from shuniu.trust.store.readings import LAST, OF_SUBJECTS

CHUNK, ASKED, MONTHS, EXPLAINED = 500_000, 2_000, 12, 1_000
FIRST_SUBJECT = 10_000_000
FILL = """
with entry as (
    insert into trust_entry (at, person, person_name, agency, agency_name, verb, outcome, object, detail)
    select %s::timestamptz + n * %s::interval, 'officer:' || n %% 5000, '王敏', '43.a' || n %% 60, '演示单位' || n %% 60,
      'exchange.query', 'done', 'resource:43.tax/r' || n %% 700,
      jsonb_build_object('purpose', 'licensing/case:' || n, 'items', array['name', 'uscc'])
    from generate_series(1, %s::int) n returning id, at)
insert into trust_reading (entry, at, subject)
select id, at, %s + (power(random(), 2) * %s)::bigint from entry
union all
select id, at, %s + (random() * %s)::bigint from entry where id %% 10 = 0
"""
WRITE = """
with entry as (insert into trust_entry (person, person_name, agency, agency_name, verb, outcome, object, detail)
    values ('officer:1', '王敏', '43.a', '演示单位', 'exchange.query', 'done', 'resource:43.tax/r', '{}') returning id)
insert into trust_reading (entry, subject) select entry.id, %s from entry
"""


def run(*, rows: int = 20_000_000, seed: int = 1, input: Path | None = None) -> Result:
    """Measure over `rows` entries, a twentieth as many subjects."""
    del input
    call_command("migrate", interactive=False, verbosity=0)
    subjects, months = max(100, rows // 20), _partitions()
    _fill(rows, subjects, months)
    chance = random.Random(seed)
    asked = [(FIRST_SUBJECT + int(chance.random() ** 2 * subjects), chance.choice(months)) for _ in range(ASKED)]
    taken, found = [], 0
    for subject, month in asked:
        began = time.perf_counter()
        page = api.readings(
            [subject], midnight(month), midnight(add_months(month, 1)), limit=SIZE + 1,
            veils=veils(list(covert([subject])), month),
        )  # fmt: skip
        taken.append(1000 * (time.perf_counter() - began))
        found += len(page)
    buffers = [_buffers(subject, month) for subject, month in asked[:EXPLAINED]]
    taken.sort()
    return Result(
        "wholooked",
        measures={
            "p50_ms": round(taken[len(taken) // 2], 2),
            "p95_ms": round(taken[len(taken) * 95 // 100], 2),
            "max_ms": round(taken[-1], 2),
            "buffers": max(buffers),
            "buffers_mean": round(sum(buffers) / len(buffers), 1),
            "shown": found,
            **_writing(chance, subjects),
            "rows": rows,
        },
        must={"p95_ms": "<=100", "buffers": "<=50", "shown": ">=1"},
    )


def _partitions() -> list[date]:
    """A year's months up to this one, each with its partition."""
    this = timezone.localdate().replace(day=1)
    months = [add_months(this, -back) for back in range(MONTHS)]
    with connection.cursor() as cursor:
        for month in months:
            start, end = midnight(month), midnight(add_months(month, 1))
            cursor.execute(
                f"create table if not exists trust_reading_{month:%Y%m} partition of trust_reading"
                f" for values from ('{start.isoformat()}') to ('{end.isoformat()}')"
            )
    return months


def _fill(rows: int, subjects: int, months: list[date]) -> None:
    share = max(1, rows // len(months))
    for month in reversed(months):
        step = f"{27 * 86_400 / share} seconds"
        for done in range(0, share, CHUNK):
            count = min(CHUNK, share - done)
            start = midnight(month).timestamp() + 27 * 86_400 * done / share
            with connection.cursor() as cursor:
                place = (FIRST_SUBJECT, subjects)
                cursor.execute(FILL, [datetime.fromtimestamp(start, UTC), step, count, *place, *place])
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")


def _buffers(subject: int, month: date) -> int:
    """The pages that a subject's page of a month touched, by EXPLAIN."""
    values: dict[str, Any] = {
        "subjects": [subject], "since": midnight(month), "until": midnight(add_months(month, 1)), "before": LAST,
        "limit": SIZE + 1,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, buffers, format json) {OF_SUBJECTS}", values)
        (plan,) = cursor.fetchone()[0]
    return int(plan["Plan"]["Shared Hit Blocks"]) + int(plan["Plan"]["Shared Read Blocks"])


STOOD = "create index trust_reading_subject on trust_reading (subject, at)"
STAND = """
create index trust_reading_of on trust_reading (subject, entry) include (at);
create index trust_reading_entry on trust_reading using brin (entry) with (pages_per_range = 16)
"""


def _writing(chance: random.Random, subjects: int) -> dict[str, float]:
    """Microseconds of one entry with its reading: with the indexes that stand, and with the one before; both built anew."""
    with connection.cursor() as cursor:
        cursor.execute("begin")
        cursor.execute("drop index trust_reading_of, trust_reading_entry")
        cursor.execute(STOOD)
        before = [_written(chance, subjects) for _ in range(3)]
        cursor.execute("drop index trust_reading_subject")
        cursor.execute(STAND)
        now = [_written(chance, subjects) for _ in range(3)]
        cursor.execute("rollback")
    return {"written_us": min(now), "before_us": min(before)}


def _written(chance: random.Random, subjects: int, count: int = 2_000) -> float:
    with connection.cursor() as cursor:
        began = time.perf_counter()
        for _ in range(count):
            cursor.execute(WRITE, [FIRST_SUBJECT + chance.randrange(subjects)])
        return round(1e6 * (time.perf_counter() - began) / count, 1)
