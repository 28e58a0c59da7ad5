"""A delivery that speaks for one region may hold that region's rows alone."""

from __future__ import annotations

import polars as pl

from shuniu.base.rules import region_prefix
from shuniu.catalogue.declare import Published
from shuniu.registries.conform import LINE
from shuniu.trust.declare import Refused


class Slice:
    """One region's part of a resource, watched while its rows come. Raises `Refused` batch.region."""

    def __init__(self, published: Published, region: str) -> None:
        item = published.resource.by_region
        if not item:
            raise Refused(
                "batch.region",
                f"“{published.resource.title}”没有区划字段，不能按区划报送。",
                "请去掉区划，报送全部数据。",
            )
        self._region = region
        self._inside = pl.col(item).str.starts_with(region_prefix(region)).fill_null(False)
        self._outside = 0
        self._first = 0

    def see(self, rows: pl.DataFrame) -> None:
        """Look at the next rows: which are not about the region, or say nothing of any."""
        lines = rows.filter(~self._inside).get_column(LINE)
        if not lines.is_empty():
            self._first = self._first or int(lines.sort().item(0))
            self._outside += len(lines)

    def refuse_outside(self) -> None:
        """Refuse the whole batch when any row was outside."""
        if self._outside:
            raise Refused(
                "batch.region",
                f"有 {self._outside} 行不属于区划 {self._region}（第 {self._first} 行起），整批未入库。",
                "本区划的分片只能含本区划的数据，请去掉其他区划的行后重新报送。",
            )
