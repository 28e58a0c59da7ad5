"""Reconciliation on the platform: its own rows summarised, the department's summary taken off, every difference named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date

import polars as pl

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Published
from shuniu.exchange import digest
from shuniu.exchange.api.batches import aliases_of, codes_of
from shuniu.exchange.differences import Differences, Held
from shuniu.exchange.sketch import Builder, Mark, TooMany, differing, with_marks
from shuniu.registries.api import versions as registry
from shuniu.trust.api import keyed, record, require, verb
from shuniu.trust.declare import Actor, Refused


@verb("exchange.export_declaration", "导出资源声明", reads=True)
def export_declaration(*, actor: Actor, resource: str) -> digest.Declaration:
    """What a department needs to summarise its own file: the published version, today's codes, the resource's key.

    For the owning agency: whoever has the key can test a summary for identifiers. Raises NotFound, `Refused` right.*.
    """
    published = catalogue.published(resource)
    require(agency=published.resource.agency)
    record(f"resource:{resource}", detail={"version": published.version})
    return digest.Declaration(
        published=published,
        codes=codes_of(published),
        aliases=aliases_of(published),
        key=_key(resource),
        exported=date.today().isoformat(),
    )


def _key(resource: str) -> str:
    """The resource's key: made from the platform's own, so that nothing has to be kept, and the same every time."""
    return keyed(f"reconcile:{resource}")


@verb("exchange.reconcile", "数据对账", reads=True)
def reconcile(*, actor: Actor, resource: str, data: bytes) -> Differences:
    """Name every row that is missing, changed or extra between a department's summary and the rows held now.

    For the owning agency alone, since rows are named by their keys. Raises `Refused`: right.*, reconcile.form,
    reconcile.key, reconcile.resource, reconcile.version, reconcile.too_many.
    """
    published = catalogue.published(resource)
    require(agency=published.resource.agency)
    if actor.agency != published.resource.agency:
        raise Refused("right.agency", "对账结果逐行列出主键，只有提供单位可以办理。", "请由数据所属单位的人员办理。")
    there = digest.parse(data, _key(resource))
    _check(there.header, published)
    if there.header.region:
        require(region=there.header.region)
    secret = digest.secret_of(_key(resource), there.header.salt)
    builder, numbers = _summarised(registry.digests(published, there.header.region), there.header.width, secret)
    try:
        ours, theirs = differing(builder.sketch(), there.sketch)
    except TooMany:
        raise _too_many(builder.rows, there.header.rows) from None
    found = _found(published, there.header, builder.rows, _rows_of(numbers, ours), ours, theirs)
    record(
        f"resource:{resource}",
        detail={"missing": len(found.missing), "changed": len(found.changed), "extra": len(found.extra)},
    )
    return found


def _summarised(portions: Iterator[pl.DataFrame], width: int, secret: str) -> tuple[Builder, list[pl.DataFrame]]:
    """The platform's summary, and `_row` and first mark of every row; one portion is worked on while the next is read."""
    builder, numbers = Builder(width), []

    def take_in(portion: pl.DataFrame) -> None:
        marked = with_marks(portion, secret)
        builder.add(marked)
        numbers.append(marked.select(registry.ROW, "a"))

    with ThreadPoolExecutor(max_workers=1) as pool:
        running: Future[None] | None = None
        for portion in portions:
            if running is not None:
                running.result()
            running = pool.submit(take_in, portion)
        if running is not None:
            running.result()
    return builder, numbers


def _check(header: digest.Header, published: Published) -> None:
    if header.resource != published.resource.key:
        raise Refused(
            "reconcile.resource",
            f"摘要文件是“{header.resource}”的，不是“{published.resource.key}”的。",
            "请核对资源代码。",
        )
    if header.version != published.version:
        raise Refused(
            "reconcile.version",
            f"摘要是按第 {header.version} 版声明生成的，现行为第 {published.version} 版。",
            "请重新导出声明文件，再生成摘要。",
        )


def _too_many(here: int, there: int) -> Refused:
    return Refused(
        "reconcile.too_many",
        f"平台 {here} 行，本单位 {there} 行，不同的行太多（超过约两万行），摘要不能逐行指出。",
        "请报送一次全量：平台会逐行比对，只存有变化的行。",
    )


def _rows_of(numbers: list[pl.DataFrame], ours: set[Mark]) -> list[tuple[int, int]]:
    """`_row` and first mark of the platform's own differing rows."""
    if not ours or not numbers:
        return []
    wanted = pl.Series(sorted(a for a, _, _ in ours), dtype=pl.UInt64)
    hits = (portion.filter(pl.col("a").is_in(wanted.implode())) for portion in numbers)
    return [(int(row), int(a)) for portion in hits for row, a in portion.iter_rows()]


def _found(
    published: Published,
    header: digest.Header,
    here: int,
    numbers: list[tuple[int, int]],
    ours: set[Mark],
    theirs: set[Mark],
) -> Differences:
    name_of = {a: f"{a:016x}{b:016x}" for a, b, _ in ours}
    elsewhere = {f"{a:016x}{b:016x}" for a, b, _ in theirs}
    mark_of_row = {row: name_of[a] for row, a in numbers}
    rows = registry.rows_numbered(published, list(mark_of_row))
    keys = [item.name for item in published.resource.key_items]
    held = [Held(mark_of_row[row.row], {key: row.values[key] for key in keys}, row.batch, row.line) for row in rows]
    return Differences(
        resource=header.resource,
        version=header.version,
        salt=header.salt,
        rows_here=here,
        rows_there=header.rows,
        missing=_ordered(elsewhere - set(name_of.values())),
        changed=tuple(row for row in held if row.mark in elsewhere),
        extra=tuple(row for row in held if row.mark not in elsewhere),
    )


def _ordered(marks: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(marks))
