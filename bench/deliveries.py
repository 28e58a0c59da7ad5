"""What the loading benches share: an instance with one register and one resource, and generated files of legal persons."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
from django.core.management import call_command
from django.db import connection, transaction

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Cycle, Item, ItemType, Resource, ShareType, SubjectType
from shuniu.directory import api as directory
from shuniu.exchange import api as exchange
from shuniu.exchange.declare import ReceiptView, State
from shuniu.exchange.delivery import spool_file
from shuniu.registries import api as registries
from shuniu.registries.declare import Mode
from shuniu.trust.declare import Actor

LEGAL = "43.bench/licences"
OFFICER = Actor(
    "officer:bench", "基准测试", "43.bench", "基准测试单位", ("43",),
    frozenset({"exchange.submit", "exchange.release", "exchange.read_receipt"}),
)  # fmt: skip
SECOND = replace(OFFICER, person="officer:second")
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
TERMS: dict[str, Any] = {
    "share_conditions": "基准测试",
    "legal_basis": "中华人民共和国行政许可法",
    "purpose": "基准测试",
    "purpose_basis": "中华人民共和国行政许可法",
    "retention": "基准测试结束即删",
    "summary": "基准测试用的生成数据。",
}
RESOURCE = Resource(
    key=LEGAL, title="许可信息（基准测试）", agency="43.bench", subject=SubjectType.LEGAL, cycle=Cycle.DAILY,
    share=ShareType.CONDITIONAL, **TERMS,
    items=(
        Item(name="number", title="许可编号", key=True, required=True, length=40),
        Item(name="uscc", title="统一社会信用代码", check="uscc", identifies="uscc", length=18),
        Item(name="name", title="行政相对人名称", identifies="legal_name", required=True, length=200),
        Item(name="representative", title="法定代表人", identifies="representative", length=50),
        Item(name="document", title="许可决定文书名称", required=True, length=200),
        Item(name="kind", title="许可类别", required=True, length=10),
        Item(name="content", title="许可内容", length=500),
        Item(name="decided", title="许可决定日期", type=ItemType.DATE, required=True),
        Item(name="valid_from", title="有效期自", type=ItemType.DATE),
        Item(name="valid_to", title="有效期至", type=ItemType.DATE),
        Item(name="amount", title="许可额度", type=ItemType.DECIMAL),
        Item(name="organ", title="许可机关", required=True, length=100),
    ),
)  # fmt: skip


def prepare_instance() -> None:
    """Migrate the database that the settings name, and have the bench's resource mounted and empty."""
    call_command("migrate", interactive=False, verbosity=0)
    install = directory.system("install")
    catalogue.ship(actor=install, resources=[RESOURCE])
    for published in catalogue.to_mount():
        if published.resource.key == LEGAL:
            with transaction.atomic():
                registries.mount(actor=install, published=published)
                catalogue.mark_mounted(published)


def uscc_of(numbers: pl.Expr) -> pl.Expr:
    """Valid credit codes of firms that do not exist, from running numbers: a reserved region and subject range."""
    body = pl.concat_str(pl.lit("914399"), pl.lit("00XB"), numbers.cast(pl.String).str.zfill(7))
    return pl.concat_str(body, _check_digit(body))


def _check_digit(body: pl.Expr) -> pl.Expr:
    values = {letter: value for value, letter in enumerate(ALPHABET)}
    total = pl.sum_horizontal(
        body.str.slice(place, 1).replace_strict(values, return_dtype=pl.Int64) * pow(3, place, 31)
        for place in range(17)
    )
    digit = (31 - total % 31) % 31
    return digit.replace_strict(dict(enumerate(ALPHABET)), return_dtype=pl.String)


def seed_register(*, firms: int, seed: int) -> None:
    """Have `firms` known legal persons with their identifiers and names, as loading their register would have made them."""
    del seed
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from registries_subject")
        if cursor.fetchone()[0] >= firms:
            return
    numbers = pl.DataFrame({"n": pl.int_range(firms, eager=True)})
    codes = numbers.select(pl.col("n") + 1, uscc_of(pl.col("n")).alias("uscc"), firm_name(pl.col("n")).alias("name"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("create temp table firm (id bigint, uscc text, name text) on commit drop")
        with cursor.copy("copy firm from stdin (format csv)") as copy:
            copy.write(codes.write_csv(include_header=False).encode())
        cursor.execute(
            "insert into registries_subject (id, kind, name, known, root, resource, made_at) overriding system value"
            " select id, 'legal', name, true, id, '43.market/registration', now() from firm"
        )
        cursor.execute(
            "insert into registries_identifier (kind, value, subject_id, resource, answers)"
            " select 'uscc', uscc, id, '43.market/registration', true from firm"
            " union all select 'organisation_code', substr(uscc, 9, 9), id, '43.market/registration', true from firm"
        )
        cursor.execute(
            "insert into registries_table (number, resource, agency, version, items, last_batch, held, register, always_probed)"
            " values (9999, '43.market/registration', '43.market', 1, '{}', 1, %s, true, false)"
            " on conflict (resource) do nothing",  # where the real one is mounted
            [firms],
        )
        cursor.execute("select setval('registries_subject_id_seq', %s)", [firms + 1])
        cursor.execute("analyze registries_identifier")


def firm_name(numbers: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit("湖南省演示第"), numbers.cast(pl.String), pl.lit("号机械制造有限公司"))


def firms_csv(
    rows: int, *, seed: int, first: int = 0, faulty: float = 0.0, folder: Path | None = None, edition: int = 0,
    changed: float = 0.0, withdrawn: float = 0.0,
) -> Path:  # fmt: skip
    """A CSV of `rows` licences of 12 items, about 229 bytes a row: 5 % without code, 1 % of unknown firms, and `faulty`
    rows with one cell wrong, in six kinds: check digit, date, amount, missing name, over-long cell, private-use character.

    Edition n differs from edition 0 in a share of `changed` rows' amount, and lacks a share of `withdrawn` rows.
    """
    name = f"licences-{first}-{rows}-{seed}-{faulty}-{edition}-{changed}-{withdrawn}.csv"
    path = (folder or Path(tempfile.gettempdir())) / name
    if path.exists():
        return path
    with path.open("wb") as file:
        for start in range(0, rows, 500_000):
            frame = _licences(min(500_000, rows - start), first + start, seed, faulty)
            frame = _edited(frame, edition, changed, withdrawn)
            file.write(frame.write_csv(include_header=start == 0).encode())
    return path


def _licences(rows: int, first: int, seed: int, faulty: float) -> pl.DataFrame:
    n = pl.int_range(first, first + rows, eager=True).alias("n").to_frame()
    random = n.with_columns(
        (pl.col("n").hash(seed) % 10_000).alias("r"), (pl.col("n").hash(seed + 7) % 500_000).alias("f")
    )
    r, firm = pl.col("r"), pl.col("f")
    firm = pl.when(r.is_between(500, 599)).then(firm + 1_000_000).otherwise(firm)  # 1 %: not in any register
    kind = pl.when(r < int(faulty * 10_000)).then(pl.col("n") % 6 + 1).otherwise(0)
    day = pl.date(2015, 1, 1) + pl.duration(days=pl.col("n") % 3650)
    return random.with_columns(firm.cast(pl.Int64).alias("f"), kind.alias("k")).select(
        pl.concat_str(pl.lit("湘许〔2025〕第"), pl.col("n").cast(pl.String), pl.lit("号")).alias("许可编号"),
        pl.when(r >= 9_500).then(None).when(pl.col("k") == 1).then(pl.lit("914399000000000000"))
        .otherwise(uscc_of(pl.col("f"))).alias("统一社会信用代码"),
        pl.when(pl.col("k") == 2).then(None).otherwise(firm_name(pl.col("f"))).alias("行政相对人名称"),
        pl.concat_str(pl.lit("演示人"), (pl.col("f") % 1000).cast(pl.String)).alias("法定代表人"),
        pl.lit("准予行政许可决定书").alias("许可决定文书名称"),
        pl.lit("普通").alias("许可类别"),
        pl.when(pl.col("k") == 3).then(pl.lit("很" * 501)).otherwise(pl.lit("机械零部件的制造与销售许可")).alias("许可内容"),
        pl.when(pl.col("k") == 4).then(pl.lit("2024-13-05")).otherwise(day.dt.to_string("%Y-%m-%d")).alias("许可决定日期"),
        day.dt.to_string("%Y-%m-%d").alias("有效期自"),
        day.dt.offset_by("5y").dt.to_string("%Y-%m-%d").alias("有效期至"),
        pl.when(pl.col("k") == 5).then(pl.lit("若干")).otherwise((pl.col("n") % 100_000).cast(pl.String)).alias("许可额度"),
        pl.when(pl.col("k") == 6).then(pl.lit("演示\ue000局")).otherwise(pl.lit("演示县行政审批局")).alias("许可机关"),
    )  # fmt: skip


def _edited(frame: pl.DataFrame, edition: int, changed: float, withdrawn: float) -> pl.DataFrame:
    if not edition:
        return frame
    lot = pl.col("许可编号").hash(edition) % 100_000
    other = pl.concat_str(pl.lit("9"), pl.lit(str(edition)), pl.col("许可额度"))
    edited = frame.with_columns(
        pl.when(lot < changed * 100_000).then(other).otherwise(pl.col("许可额度")).alias("许可额度")
    )
    return edited.filter(lot < 100_000 - withdrawn * 100_000)


def take_in(path: Path, resource: str, *, mode: str = "snapshot") -> ReceiptView:
    """Hand a file in, as an officer does."""
    return exchange.deliver(
        actor=OFFICER, writer=spool_file(path), resource=resource, name=path.name, mode=Mode(mode), channel="command",
        enqueue=False,
    )  # fmt: skip


def road_worker() -> Actor:
    """The worker that takes a file to its receipt; matching what stayed unknown comes after it and is `bench match`'s."""
    worker = directory.system("worker")
    return replace(worker, capabilities=worker.capabilities - {"registries.resolve"})


def deliver(path: Path, resource: str, *, mode: str = "snapshot") -> ReceiptView:
    """The road that a department's file takes, in this process, to its receipt."""
    worker = road_worker()
    number = take_in(path, resource, mode=mode).number
    receipt = exchange.process(actor=worker, number=number)
    if receipt.state is State.HELD:  # past the limits: a second officer lets it go on
        exchange.release(actor=SECOND, number=number)
        receipt = exchange.process(actor=worker, number=number)
    return receipt
