"""The same snapshot again, found by comparison: `shuniu bench redeliver`.

`rate`: 1 % of the rows changed and 0.1 % withdrawn. `rate_all`: every row changed, which a second officer releases: the time
is that of the released processing. Beside both stands what PostgreSQL takes to read the file's keys in, the physical limit
of any comparison (`reference`).
"""

from __future__ import annotations

import time
from pathlib import Path

import polars as pl
from django.db import connection, transaction

from bench.deliveries import LEGAL, SECOND, deliver, firms_csv, prepare_instance, road_worker, seed_register, take_in
from bench.result import Result
from shuniu.exchange import api as exchange
from shuniu.exchange.declare import ReceiptView, State


def run(*, rows: int = 1_000_000, seed: int = 1, input: Path | None = None) -> Result:
    """Measure a snapshot of `rows` rows (default 1 M)."""
    prepare_instance()
    seed_register(firms=min(500_000, rows), seed=seed)
    deliver(firms_csv(rows, seed=seed, folder=input), LEGAL)
    few, few_seconds = timed(firms_csv(rows, seed=seed, folder=input, edition=1, changed=0.01, withdrawn=0.001))
    every, every_seconds = timed(firms_csv(rows, seed=seed, folder=input, edition=2, changed=1.0))
    reference = keys_alone(rows)
    return Result(
        "redeliver",
        measures={
            "rate": round(few.counts.received / few_seconds),
            "rate_all": round(every.counts.received / every_seconds),
            "reference": round(rows / reference),
            "changed": few.counts.changed,
            "withdrawn": few.counts.withdrawn,
            "changed_all": every.counts.changed,
        },
        must={"rate": ">=200000", "rate_all": ">=40000"},
    )


def timed(path: Path) -> tuple[ReceiptView, float]:
    """Process a file to its receipt; when it must be released first, only the released processing is timed."""
    worker = road_worker()
    began = time.perf_counter()
    number = take_in(path, LEGAL).number
    receipt = exchange.process(actor=worker, number=number)
    if receipt.state is State.HELD:
        exchange.release(actor=SECOND, number=number)
        began = time.perf_counter()
        receipt = exchange.process(actor=worker, number=number)
    return receipt, time.perf_counter() - began


def keys_alone(rows: int) -> float:
    """Seconds that COPY takes for as many keys and digests, bytes ready beforehand, into a table without index."""
    digest = pl.int_range(rows, eager=True).hash().cast(pl.String).str.zfill(32)
    block = pl.DataFrame({"key": digest, "digest": digest}).write_csv(include_header=False).encode()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("create temp table shuniu_keys (key uuid, digest uuid) on commit drop")
        began = time.perf_counter()
        with cursor.copy("copy shuniu_keys from stdin (format csv)") as copy:
            copy.write(block)
        return time.perf_counter() - began
