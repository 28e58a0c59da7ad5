"""What a resource takes on disk, table and indexes, against its CSV: `shuniu bench store`.

`ratio` after loading, `ratio_later` after ten redeliveries that change 1 % of the rows each; nothing is vacuumed by hand.
"""

from __future__ import annotations

from pathlib import Path

from django.db import connection

from bench.deliveries import LEGAL, deliver, firms_csv, prepare_instance, seed_register
from bench.result import Result
from shuniu.catalogue import api as catalogue

REDELIVERIES = 10


def run(*, rows: int = 1_000_000, seed: int = 1, input: Path | None = None) -> Result:
    """Measure a resource of `rows` rows (default 1 M)."""
    prepare_instance()
    seed_register(firms=min(500_000, rows), seed=seed)
    path = firms_csv(rows, seed=seed, folder=input)
    deliver(path, LEGAL)
    loaded = size_on_disk()
    for edition in range(1, REDELIVERIES + 1):
        deliver(firms_csv(rows, seed=seed, folder=input, edition=edition, changed=0.01), LEGAL)
    csv = path.stat().st_size
    return Result(
        "store",
        measures={
            "ratio": round(loaded / csv, 2),
            "ratio_later": round(size_on_disk() / csv, 2),
            "ours": loaded,
            "reference": csv,
            "bytes_per_row": round(csv / rows),
        },
        must={"ratio": "<=2.2", "ratio_later": "<=2.6"},
    )


def size_on_disk() -> int:
    """Bytes of the resource's table with its indexes and everything that belongs to it."""
    published = catalogue.published(LEGAL)
    with connection.cursor() as cursor:
        cursor.execute("select pg_total_relation_size(%s::regclass)", [f"resource.{published.physical}"])
        return int(cursor.fetchone()[0])
