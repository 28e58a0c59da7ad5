"""Supervision over a province's cases: `shuniu bench scan`.

The cases are those of `shuniu bench cases`: copies, field by field, of what the verbs write, a twenty-fifth of them running,
the others ended in the four years before. Supervision began 40 days ago. Measured is the whole verb, committed, with cards,
notices and journal entry: the first scan (all that moved since supervision began, and all that presses), the first one of
the next day (all that presses or stands still), and the one a quarter of an hour later, after 1,000 cases have moved.
`repeated` counts the cards that a scan issues which is run again at the same moment; `plan_ms` is the slowest of the
statements that find the cases of a day.
"""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone

from bench.cases import CHUNK, SHAPES, TYPES, fill, made
from bench.hall import prepare
from bench.result import Result
from shuniu.assessment import api
from shuniu.assessment.models import Beginning, Card, Scan
from shuniu.directory import api as directory

BEGAN, MOVED = timedelta(days=40), 1_000

_MOVE = """
insert into procedures_event (case_id, seq, verb, stage, seat, person, person_name, at, "to", reason, rule)
select e.case_id, e.seq + 1, '催办', '', 0, e.person, e.person_name, %s, '{}', '请尽快办理', ''
from (select max(id) as id from procedures_event where case_id in (
    select id from procedures_case where outcome = '' order by id limit %s) group by case_id) newest
join procedures_event e using (id)
"""
_FINDS = (
    "select distinct case_id from procedures_event where id > %s and at >= %s",
    "select case_id from procedures_clock where due between %s and %s and ended is null",
)


def run(*, rows: int = 1_000_000, seed: int = 1, input: Path | None = None) -> Result:
    """Measure scans over `rows` cases. `seed` and `input` are not used: cases are made in the database, always the same."""
    del seed, input
    prepare(TYPES)
    templates = {shape: made(0, shape) for shape in SHAPES}
    for start in range(1, rows + 1, CHUNK):
        fill(templates, start, min(rows, start + CHUNK - 1))
    now = timezone.now()
    Beginning.objects.create(
        since=timezone.localdate(now - BEGAN),
        at=now - BEGAN,
        person="officer:1",
        person_name="基准测试",
        reason="基准测试",
    )
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    measures = _scanned("first", now)
    tomorrow = now + timedelta(days=1)
    measures |= _scanned("day", tomorrow)
    measures |= {"repeated": _scan(tomorrow)[2]}
    later = tomorrow + timedelta(minutes=15)
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [later, MOVED])
    measures |= _scanned("quarter", later)
    measures |= {"cards": Card.objects.count(), "plan_ms": _plan_ms(later)}
    return Result("scan", measures, {"day_seconds": "<=600", "quarter_seconds": "<=10", "repeated": "==0"})


def _scanned(name: str, at: datetime) -> dict[str, float]:
    seconds, cases, cards = _scan(at)
    return {f"{name}_seconds": round(seconds, 2), f"{name}_cases": cases, f"{name}_cards": cards}


def _scan(at: datetime) -> tuple[float, int, int]:
    """Seconds, how many cases were judged, how many cards that made."""
    begun = time.perf_counter()
    cards = api.scan(actor=directory.system("worker"), at=at)
    return time.perf_counter() - begun, Scan.objects.latest("pk").cases, cards


def _plan_ms(at: datetime) -> float:
    """How long the database takes to find the cases of a day, its caches warm."""
    day, seen = timezone.localdate(at), Scan.objects.order_by("-pk")[1].event
    asked: tuple[list[int | datetime | date], ...] = ([seen, at - BEGAN], [day - BEGAN, day + timedelta(days=3)])
    slowest = 0.0
    with connection.cursor() as cursor:
        for statement, values in zip(_FINDS, asked, strict=True):
            cursor.execute(f"explain (analyze, format json) {statement}", values)
            slowest = max(slowest, float(cursor.fetchone()[0][0]["Execution Time"]))
    return round(slowest, 1)
