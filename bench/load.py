"""The full road of a large file, against COPY of the same accepted rows into an equal table: `shuniu bench load`.

Ours: parse → normalise → conform → diff → identify → store → receipt, one durable transaction, of a submission that was
taken in before, into a table that already holds `rows * 5` rows. Reference: the accepted rows, as CSV bytes made
beforehand, over one COPY with a commit, into a copy of that table with the same indexes and the same rows. Both on the
same server in the same run, ours first.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection, transaction

from bench.deliveries import LEGAL, deliver, firms_csv, prepare_instance, road_worker, seed_register, take_in
from bench.result import Result
from shuniu.catalogue import api as catalogue
from shuniu.exchange import api as exchange
from shuniu.registries.store.tables import create_statements, name_of


def run(*, rows: int = 1_000_000, seed: int = 1, input: Path | None = None) -> Result:
    """Measure `rows` rows (default 1 M). `input` is a folder for the generated file (default: a temporary one)."""
    prepare_instance()
    seed_register(firms=500_000, seed=seed)
    deliver(firms_csv(rows * 5, seed=seed, first=0, faulty=0.0, folder=input), LEGAL)
    content = firms_csv(rows, seed=seed + 1, first=rows * 5, faulty=0.02, folder=input)
    twin = make_twin()
    number = take_in(content, LEGAL, mode="delta").number
    began = time.perf_counter()
    receipt = exchange.process(actor=road_worker(), number=number)
    ours = time.perf_counter() - began
    blocks = list(accepted_rows(receipt.batch or 0))
    began = time.perf_counter()
    copy_twin(twin, blocks)
    reference = time.perf_counter() - began
    accepted = receipt.counts.new + receipt.counts.changed
    return Result(
        "load",
        measures={
            "ratio": round(reference / ours, 3),
            "ours": round(accepted / ours),
            "reference": round(accepted / reference),
            "seconds": round(ours, 2),
            "rejected": receipt.counts.rejected,
            "awaiting": receipt.counts.awaiting,
            "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        },
        must={"ratio": ">=0.7", "peak_mb": "<=1500"},
    )


def make_twin() -> str:
    """A table equal to the resource's: columns, indexes and the rows that it holds now."""
    published = catalogue.published(LEGAL)
    table, plain = name_of(published.table), f"r{published.table:04d}"
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists resource.twin")
        for statement in create_statements(published):
            cursor.execute(statement.replace(table, "resource.twin").replace(plain, "twin"))
        cursor.execute(f"insert into resource.twin select * from {table}")
        cursor.execute("analyze resource.twin")
        cursor.execute(f"analyze {table}")
        cursor.execute("checkpoint")
    return "resource.twin"


def accepted_rows(batch: int) -> Iterator[bytes]:
    """The rows that the batch stored, as the CSV that COPY takes."""
    table = name_of(catalogue.published(LEGAL).table)
    with (
        connection.cursor() as cursor,
        cursor.copy(
            f"copy (select * from {table} where _row between {batch << 32} and {((batch + 1) << 32) - 1}) to stdout (format csv)"
        ) as copy,
    ):
        pending = bytearray()
        for block in copy:
            pending += block
            if len(pending) > 1 << 20:
                yield bytes(pending)
                pending.clear()
        yield bytes(pending)


def copy_twin(twin: str, blocks: list[bytes]) -> None:
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(f"copy {twin} from stdin (format csv)") as copy,
    ):
        for block in blocks:
            copy.write(block)
