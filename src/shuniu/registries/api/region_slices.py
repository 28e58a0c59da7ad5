"""A region's own delivery (a slice or a delta that a county's clerk sends) may change that region's rows alone."""

from __future__ import annotations

import polars as pl

from shuniu.base.rules import region_prefix
from shuniu.catalogue.declare import Published
from shuniu.directory import api as directory
from shuniu.registries.store.regions import foreign
from shuniu.trust.declare import Refused

_SHOWN = 5


def refuse_foreign(published: Published, met: pl.Series, region: str) -> None:
    """Raise Refused batch.region_owner when a held row that a delivery met by its key stands under another region.

    Else a county's clerk could take over a neighbour's row by sending its key with the own region beside it. `met` are the
    held rows (`_row`) of the delivery's keys; runs in the load's transaction, before or after they are closed. A row that
    names no region is nobody's; one that still stands under an abolished code of the same ground is the region's own.
    """
    if met.is_empty():
        return
    prefix = region_prefix(region)
    former = {code for code, now in directory.issued_codes().items() if code != now and now.startswith(prefix)}
    found = foreign(published, met, sorted({prefix, *map(region_prefix, former)}))
    if found:
        named = "、".join(code or "未填区划" for code in list(found)[:_SHOWN]) + (" 等" if len(found) > _SHOWN else "")
        raise Refused(
            "batch.region_owner",
            f"有 {sum(found.values())} 行的主键已属于其他区划的在库数据（{named}），区划 {region} 不能改动，整批未入库。",
            "请对照本区划数据核对主键。确已迁入本区划的，请提供单位先更正该行的区划，再由本区划报送。",
        )
