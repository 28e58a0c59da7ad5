"""What one batch did, row by row: the rows that it brought, brought instead of others, and withdrew."""

from __future__ import annotations

from shuniu.base.titled import Titled
from shuniu.catalogue.declare import Published
from shuniu.registries.declare import Row
from shuniu.registries.store import changes


class Change(Titled):
    """What a batch did to a row; the names are those of the receipt's counts."""

    NEW = "new", "新增"
    CHANGED = "changed", "变更"
    WITHDRAWN = "withdrawn", "撤下"


def changed_rows(published: Published, batch: int, change: Change, *, limit: int = 100, after: int = 0) -> list[Row]:
    """Rows that a batch brought anew, brought instead of others, or withdrew, by row number past `after`.

    For verbs of the engine above, which has required the right to the resource and records: so it is no verb. As many
    as the receipt counts, for good: a later batch or a recall closes rows and changes none.
    """
    return changes.rows(published, batch, change.value, limit, after)
