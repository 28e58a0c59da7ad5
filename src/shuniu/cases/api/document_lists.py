"""Lists of documents at the desk: 发文, 信息, 督查 of one's agency and those it was asked about, and 收文."""

from __future__ import annotations

from collections.abc import Iterable

from shuniu.cases.declare.document import DocumentLine, IncomingLine, Sort
from shuniu.cases.models import NumberSeries
from shuniu.cases.store import document_lists as store
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor


@verb("cases.list_documents", "公文列表", reads=True)
def list_documents(
    *, actor: Actor, sort: Sort = "outgoing", state: str = "", words: str = "", limit: int = 50, offset: int = 0
) -> tuple[tuple[DocumentLine, ...], int]:
    """Documents of the actor's agency (of 信息 and 督查 also those that it is asked about), newest first, and how many.

    `state`: unsigned, signed or void; `words` of the title, or a number (机关代字〔年〕号 or its code).
    """
    require(agency=actor.agency)
    rows = store.narrowed(store.of(actor.agency, sort), state, words)
    found, total = store.lines(rows[offset : offset + limit]), rows.count()
    record(f"documents:{actor.agency}", detail={"sort": sort, "rows": len(found)})
    return found, total


@verb("cases.list_incoming", "收文列表", reads=True)
def list_incoming(
    *, actor: Actor, state: str = "", words: str = "", limit: int = 50, offset: int = 0
) -> tuple[tuple[IncomingLine, ...], int]:
    """What came to the actor's agency, newest first, and how many; `state`: sent, late, received or returned."""
    require(agency=actor.agency)
    rows = store.came(actor.agency, state, words)
    found, total = store.incoming_lines(rows[offset : offset + limit]), rows.count()
    record(f"documents:{actor.agency}", detail={"incoming": len(found)})
    return found, total


def titles(objects: Iterable[str]) -> dict[str, str]:
    """What documents are called by the objects of their procedures; the caller's list shows its reader's own tasks."""
    return store.titles(objects)


def own_code(agency: str) -> str:
    """The 机关代字 that an agency gave a number under last; empty where it has given none."""
    return NumberSeries.objects.filter(agency=agency).order_by("-pk").values_list("code", flat=True).first() or ""
