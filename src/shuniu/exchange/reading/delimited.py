"""CSV: streamed in blocks cut at row ends, so that ten million rows pass in constant memory."""

from __future__ import annotations

import io
from collections.abc import Iterator

import polars as pl

from shuniu.catalogue.declare import Resource
from shuniu.exchange.reading.header import columns_of
from shuniu.exchange.spool import Spooled
from shuniu.registries.conform import LINE
from shuniu.trust.declare import Refused

PORTION = 48 << 20
"""Bytes of a portion: about 200 000 rows of an ordinary resource."""


def frames(spooled: Spooled, resource: Resource) -> Iterator[pl.DataFrame]:
    headings: list[str] | None = None
    line = 1
    for portion in _portions(spooled.blocks()):
        try:
            table = pl.read_csv(portion, has_header=False, infer_schema=False)
        except pl.exceptions.PolarsError as problem:
            raise Refused("file.csv", f"文件不是有效的 CSV：{problem}"[:300], "请另存为 UTF-8 编码的 CSV 后重新报送。") from problem
        if headings is None:
            headings = [str(cell or "") for cell in table.row(0)]
            found = columns_of(headings, resource)
            table = table.slice(1)
            line = 2
        none = pl.lit(None, pl.String)
        yield table.select(
            pl.int_range(line, line + pl.len(), dtype=pl.Int64).alias(LINE),
            *((pl.nth(found[i.name]) if i.name in found else none).alias(i.name) for i in resource.items),
        )
        line += table.height
    if headings is None:
        raise Refused("file.empty", "文件是空的。", "本期没有数据时，请使用“零报告”。")


def _portions(blocks: Iterator[bytes]) -> Iterator[io.BytesIO]:
    """Join blocks into portions that end at a row's end: a newline with an even number of quotes before it."""
    pending = bytearray()
    for block in blocks:
        pending += block
        if len(pending) >= PORTION:
            cut = _row_end(pending)
            if cut:
                yield io.BytesIO(bytes(pending[:cut]))
                del pending[:cut]
    if pending.strip():
        yield io.BytesIO(bytes(pending))


def _row_end(pending: bytearray) -> int:
    """The position after the last row end, 0 when there is none: one pass of quote parity from the start."""
    end = pending.rfind(b"\n")
    quotes = pending.count(b'"', 0, end)
    while end > 0 and quotes % 2:
        before = pending.rfind(b"\n", 0, end)
        if before < 0:
            return 0
        quotes -= pending.count(b'"', before, end)
        end = before
    return end + 1
