"""A delivery that speaks for one region may hold that region's rows alone."""

from __future__ import annotations

import polars as pl

from shuniu.base.rules import region_prefix
from shuniu.catalogue.declare import Published
from shuniu.exchange.road import Prepared
from shuniu.registries.conform import LINE
from shuniu.trust.declare import Refused


def refuse_outside(prepared: Prepared, published: Published, region: str) -> None:
    """Raise `Refused` batch.region when a row is not about the region, or says nothing of any."""
    item = published.resource.by_region
    if not item:
        raise Refused(
            "batch.region", f"“{published.resource.title}”没有区划字段，不能按区划报送。", "请去掉区划，报送全部数据。"
        )
    inside = pl.col(item).str.starts_with(region_prefix(region)).fill_null(False)
    outside = [rows.filter(~inside).get_column(LINE) for rows in prepared.incoming.chunks()]
    lines = pl.concat(outside) if outside else pl.Series(LINE, [], pl.Int64)
    if not lines.is_empty():
        raise Refused(
            "batch.region",
            f"有 {len(lines)} 行不属于区划 {region}（第 {lines.sort().item(0)} 行起），整批未入库。",
            "本区划的分片只能含本区划的数据，请去掉其他区划的行后重新报送。",
        )
