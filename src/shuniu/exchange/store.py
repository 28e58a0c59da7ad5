"""SQL of the exchange: rejected rows over COPY, progress on a connection of its own. Called by `api` alone."""

from __future__ import annotations

import io
import time
from contextlib import suppress

import polars as pl
import psycopg
from django.db import connection

from shuniu.exchange.declare import Progress
from shuniu.exchange.road import Report
from shuniu.registries import api as registries


def save_rejects(number: int, rejects: pl.DataFrame) -> None:
    """Keep the refused rows of a submission, replacing what an earlier attempt left."""
    with connection.cursor() as cursor:
        cursor.execute("delete from exchange_reject where submission_id = %s", [number])
        if rejects.is_empty():
            return
        buffer = io.BytesIO()
        rejects.select(pl.lit(number), pl.all()).write_csv(buffer, include_header=False)
        with cursor.copy("copy exchange_reject (submission_id, line, cells, faults) from stdin (format csv)") as copy:
            copy.write(buffer.getvalue())


def progress_of(number: int) -> Report:
    """A reporter that writes a submission's progress at most twice a second, on a connection of its own: it must show while
    the transaction is open. What is done in half a second needs no report, and losing one loses nothing."""
    last = time.monotonic()

    def report(stage: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last < 0.5:
            return
        last = time.monotonic()
        with suppress(psycopg.Error), registries.own_connection() as own:
            own.execute(
                "insert into exchange_progress (submission, stage, done, total, at) values (%s, %s, %s, %s, now())"
                " on conflict (submission) do update set stage = excluded.stage, done = excluded.done,"
                " total = excluded.total, at = now()",
                [number, stage, done, total],
            )

    return report


def clear_progress(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from exchange_progress where submission = %s", [number])


def progress(number: int) -> Progress | None:
    """How far a running submission is; None when it has not begun or has ended."""
    with connection.cursor() as cursor:
        cursor.execute("select stage, done, total from exchange_progress where submission = %s", [number])
        row = cursor.fetchone()
    return Progress(*row) if row else None


def waiting_numbers() -> list[int]:
    """Received submissions for which no job is queued or running: what a killed worker or a lost job left behind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select s.id from exchange_submission s where s.state = 'received' and not exists"
            " (select from procrastinate_jobs j where j.queueing_lock = 'submission:' || s.id"
            "  and j.status in ('todo', 'doing')) order by s.id"
        )
        return [int(row[0]) for row in cursor.fetchall()]


def broken_rules(numbers: list[int]) -> dict[int, dict[str, int]]:
    """By submission, how many of its refused rows broke each rule (a row that broke several counts for each)."""
    found: dict[int, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select r.submission_id, f.fault ->> 'rule', count(distinct r.line) from exchange_reject r,"
            " jsonb_array_elements(r.faults -> 'list') as f(fault) where r.submission_id = any(%s) group by 1, 2",
            [numbers],
        )
        for number, rule, rows in cursor.fetchall():
            found.setdefault(int(number), {})[str(rule)] = int(rows)
    return found
