"""A department's file against the platform's rows, 100 random faults, each to be named: `shuniu bench reconcile`.

`seconds` is the platform's part: the rows summarised as they stand, the department's summary taken off, every difference
named. `department_seconds` is `shuniu digest FILE` at the department's own desk, and `name_seconds` its second reading of
the file, which gives the faults their line numbers. The file holds generated permits of natural and legal persons.
"""

from __future__ import annotations

import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from django.core.management import call_command
from django.db import connection, transaction

from bench.result import Result
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Cycle, Item, ItemType, Published, Resource, ShareType
from shuniu.directory import api as directory
from shuniu.exchange import api as exchange
from shuniu.exchange.differences import named
from shuniu.exchange.digest import MAX_BYTES, make
from shuniu.registries import api as registries
from shuniu.registries.conform import DIGEST, KEY, LINE, conform
from shuniu.registries.store.tables import name_of, quoted
from shuniu.trust.declare import Actor

FAULTS = 100
PORTION = 500_000
RESOURCE = Resource(
    key="43.bench/permits", title="许可登记（基准测试）", agency="43.bench", cycle=Cycle.DAILY,
    share=ShareType.CONDITIONAL, share_conditions="基准测试", legal_basis="中华人民共和国行政许可法",
    summary="基准测试用的生成数据。", purpose="基准测试", purpose_basis="中华人民共和国行政许可法", retention="测试结束即删",
    items=(
        Item(name="number", title="许可编号", key=True, required=True, length=40),
        Item(name="name", title="行政相对人名称", required=True, length=200),
        Item(name="decided", title="许可决定日期", type=ItemType.DATE, required=True),
        Item(name="amount", title="许可额度", type=ItemType.DECIMAL),
    ),
)  # fmt: skip
OFFICER = Actor(
    "officer:bench", "基准测试", "43.bench", "基准测试单位", ("43",),
    frozenset({"exchange.reconcile", "exchange.export_declaration"}),
)  # fmt: skip


@dataclass(frozen=True)
class Faults:
    """Numbers of the rows that are wrong: not held by the platform, held with other content, held by it alone."""

    missing: frozenset[int]
    changed: frozenset[int]
    extra: frozenset[int]

    @property
    def lines(self) -> dict[str, set[int]]:
        """What the department is to be told: kind → lines of its file (0 where it has no such row)."""
        return {
            "missing": {number + 2 for number in self.missing},
            "changed": {number + 2 for number in self.changed},
            "extra": {0} if self.extra else set(),
        }


def run(*, rows: int = 10_000_000, seed: int = 1, input: Path | None = None) -> Result:
    """Measure with `rows` rows (default 10 M). `input` is a folder for the generated file (default: a temporary one)."""
    published = mounted()
    faults = faults_of(rows, seed)
    hold(published, rows, faults)
    with tempfile.TemporaryDirectory(dir=input) as folder:
        path = write_file(Path(folder), rows)
        declaration = exchange.export_declaration(actor=OFFICER, resource=RESOURCE.key)
        began = time.perf_counter()
        data = make(path, declaration).to_bytes(declaration.key)
        department = time.perf_counter() - began
        began = time.perf_counter()
        found = exchange.reconcile(actor=OFFICER, resource=RESOURCE.key, data=data)
        platform = time.perf_counter() - began
        began = time.perf_counter()
        told = named(path, declaration, found)
        naming = time.perf_counter() - began
    lines: dict[str, set[int]] = {"missing": set(), "changed": set(), "extra": set()}
    for row in told:
        lines[row.kind].add(row.line)
    right = lines == faults.lines and {_number(row.key["number"] or "") for row in found.extra} == faults.extra
    return Result(
        "reconcile",
        measures={
            "seconds": round(platform, 2),
            "department_seconds": round(department, 2),
            "name_seconds": round(naming, 2),
            "rows": rows,
            "faults": FAULTS,
            "named": len(told) if right else 0,
            "lost": FAULTS - len(told) if right else FAULTS,
            "digest_bytes": len(data),
        },
        must={"seconds": "<=30", "lost": "==0", "digest_bytes": f"<={MAX_BYTES}"},
    )


def faults_of(rows: int, seed: int) -> Faults:
    """100 random rows of the wrong kinds, none of them twice."""
    chosen = random.Random(seed).sample(range(rows), FAULTS)
    extra = frozenset(rows + at for at in range(FAULTS // 3))
    left = FAULTS - len(extra)
    return Faults(frozenset(chosen[: left // 2]), frozenset(chosen[left // 2 : left]), extra)


def mounted() -> Published:
    """The bench's resource, catalogued and with its table."""
    call_command("migrate", interactive=False, verbosity=0)
    install = directory.system("install")
    catalogue.ship(actor=install, resources=[RESOURCE])
    for published in catalogue.to_mount():
        with transaction.atomic():
            registries.mount(actor=install, published=published)
            catalogue.mark_mounted(published)
    return catalogue.published(RESOURCE.key)


def permits(first: int, rows: int) -> pl.DataFrame:
    """Rows as the department's file has them."""
    number = pl.int_range(first, first + rows, eager=True).alias("n").to_frame()
    return number.select(
        pl.concat_str(pl.lit("湘许〔2025〕第"), pl.col("n").cast(pl.String), pl.lit("号")).alias("许可编号"),
        pl.concat_str(pl.lit("湖南省演示第"), (pl.col("n") % 500_000).cast(pl.String), pl.lit("号有限公司")).alias(
            "行政相对人名称"
        ),
        (pl.date(2015, 1, 1) + pl.duration(days=pl.col("n") % 3650)).dt.to_string("%Y-%m-%d").alias("许可决定日期"),
        (pl.col("n") % 100_000).cast(pl.String).alias("许可额度"),
    )


def _number(text: str) -> int:
    return int(text.partition("第")[2].removesuffix("号"))


def write_file(folder: Path, rows: int) -> Path:
    path = folder / "permits.csv"
    with path.open("wb") as file:
        for start in range(0, rows, PORTION):
            part = permits(start, min(PORTION, rows - start))
            file.write(part.write_csv(include_header=start == 0).encode())
    return path


def hold(published: Published, rows: int, faults: Faults) -> None:
    """Have the platform hold the rows, faults included: conformed by the road's own code, copied without the road."""
    items = [item.name for item in RESOURCE.items]
    columns = ["_row", "_key", "_digest", "_since", "_version", *(quoted(name) for name in items)]
    total = rows + len(faults.extra)
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(f"copy {name_of(published.table)} ({', '.join(columns)}) from stdin (format csv)") as copy,
    ):
        for start in range(0, total, PORTION):
            raw = permits(start, min(PORTION, total - start)).rename({item.title: item.name for item in RESOURCE.items})
            number = pl.int_range(start, start + pl.len(), dtype=pl.Int64)
            raw = raw.with_columns((number + 2).alias(LINE))
            wrong = pl.col(LINE).is_in([n + 2 for n in faults.changed])
            raw = raw.with_columns(pl.when(wrong).then(pl.lit("12345678")).otherwise(pl.col("amount")).alias("amount"))
            raw = raw.filter(~pl.col(LINE).is_in([n + 2 for n in faults.missing]))
            done = conform(raw, RESOURCE, {}).rows
            own = [
                (pl.lit(1 << 32, pl.Int64) + pl.col(LINE)).alias("_row"),
                KEY,
                DIGEST,
                pl.lit(1),
                pl.lit(1).alias("v"),
            ]
            copy.write(done.select(*own, *items).write_csv(include_header=False).encode())
    with connection.cursor() as cursor:
        cursor.execute(f"analyze {name_of(published.table)}")
