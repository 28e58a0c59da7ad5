"""A department looks at its own rows: what a submission of its own did, row by row."""

from __future__ import annotations

from dataclasses import dataclass

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Resource
from shuniu.exchange.api.reads import unknown
from shuniu.exchange.api.sharing import shown_items
from shuniu.exchange.models import Submission
from shuniu.registries.api.changes import Change, changed_rows
from shuniu.registries.declare import Row
from shuniu.trust.api import record, require_or, verb
from shuniu.trust.declare import Actor, Json, Refused


@dataclass(frozen=True)
class BatchRows:
    """Rows of one kind of change, in row order, with the resource that says what their values mean."""

    resource: Resource
    batch: int
    rows: tuple[Row, ...]


@verb("exchange.read_own", "查看本单位数据", reads=True)
def own_rows(*, actor: Actor, number: int, change: Change, limit: int = 100, after: int = 0) -> BatchRows:
    """The rows that a stored submission brought, changed or withdrew; for the owning agency alone.

    The provincial office oversees counts, not rows. Raises `Refused`: submission.unknown, right.agency (the office),
    batch.not_stored.
    """
    submission = Submission.objects.filter(pk=number).first()
    if submission is None:
        raise unknown(number)
    require_or(unknown(number), agency=submission.agency)
    if actor.agency != submission.agency:  # the office's wider right does not reach rows
        raise Refused("right.agency", "数据内容只有提供单位可以查看。", "需要使用的，请申请共享。")
    if submission.batch is None:
        raise Refused("batch.not_stored", f"第 {number} 号报送没有入库，没有数据可看。", "退回的行见退回清单。")
    published = catalogue.published(submission.resource)
    rows = changed_rows(published, submission.batch, change, limit=limit, after=after)
    subjects = {row.subject for row in rows if row.subject is not None}
    shown = shown_items(published.resource.items, len(rows))
    detail: dict[str, Json] = {"change": change.value, "after": after, "resource": submission.resource, **shown}
    record(f"submission:{number}", subjects=sorted(subjects), detail=detail)
    return BatchRows(published.resource, submission.batch, tuple(rows))
