"""The exchange over HTTP: a department's machine delivers, follows, and fetches what came back.

Bytes are streamed from the socket into the spool; `Content-Digest` (RFC 9530, sha-256) proves that all of them came.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from ninja.security import HttpBearer

from shuniu.directory import api as directory
from shuniu.exchange import api
from shuniu.exchange.api.overview import progress as progress_of
from shuniu.exchange.declare import ReceiptView
from shuniu.exchange.delivery import MAX_BYTES, spool_blocks
from shuniu.exchange.digest import MAX_BYTES as MAX_DIGEST
from shuniu.exchange.exports import Written
from shuniu.exchange.spool import FRAME
from shuniu.registries.declare import Mode
from shuniu.trust.declare import Actor, Refused

_SHA256 = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):")


class Token(HttpBearer):
    """A department machine's token (`directory.issue_token`)."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        found = directory.actor_of_token(token)
        vars(request)["token_actor"] = found
        return found


router = Router(auth=Token())


class CountsOut(Schema):
    """The receipt's numbers, in rows."""

    received: int
    new: int
    changed: int
    unchanged: int
    duplicate: int
    rejected: int
    withdrawn: int
    held_before: int
    held_after: int
    awaiting: int


class ReceiptOut(Schema):
    """A submission with its receipt."""

    number: int
    resource: str
    resource_title: str
    agency: str
    name: str
    digest: str
    size: int
    mode: Literal["snapshot", "delta"]
    department_batch: str
    period: str
    state: Literal["received", "held", "stored", "refused", "recalled"]
    state_title: str
    reason: str
    remedy: str
    counts: CountsOut
    batch: int | None
    received_at: datetime
    finished_at: datetime | None
    signature: str
    key: str
    notes: list[str]
    repeated: bool


class ProgressOut(Schema):
    """How far a submission is; `stage` is empty when nothing runs."""

    state: Literal["received", "held", "stored", "refused", "recalled"]
    stage: str
    done: int
    total: int


class HeldOut(Schema):
    """A row that the platform holds: its mark, its key, and what brought it."""

    mark: str
    key: dict[str, str | None]
    batch: int
    line: int


class DifferencesOut(Schema):
    """What a reconciliation found; the department's `shuniu digest FILE --against` reads this very form."""

    form: str
    resource: str
    version: int
    salt: str
    rows_here: int
    rows_there: int
    missing: list[str]
    changed: list[HeldOut]
    extra: list[HeldOut]


class Delivery(Schema):
    """What a delivery says of itself beside its bytes."""

    resource: str
    name: str = "data.csv"
    mode: Literal["snapshot", "delta"] = "snapshot"
    batch: str = ""
    region: str = ""


@router.post("/submissions", response={201: ReceiptOut, 200: ReceiptOut}, operation_id="submit")
def submit(request: HttpRequest, delivery: Annotated[Delivery, Query()]) -> Status[dict[str, object]]:
    """Deliver the request's body as a file. 201: taken in; 200: the same delivery again, with its first receipt.

    A body that does not match `Content-Length` or `Content-Digest` is refused and nothing of it is kept.
    """
    writer = spool_blocks(_body(request, MAX_BYTES))
    try:
        _whole(request, writer.size, writer.digest)
    except BaseException:
        writer.discard()
        raise
    view = api.deliver(
        actor=_actor(request), writer=writer, resource=delivery.resource, name=delivery.name[:200],
        mode=Mode(delivery.mode), channel="api", department_batch=delivery.batch, region=delivery.region,
    )  # fmt: skip
    return Status(200 if view.repeated else 201, _receipt(view))


@router.get("/submissions/{number}", response=ReceiptOut, operation_id="receipt")
def receipt(request: HttpRequest, number: int) -> dict[str, object]:
    """A submission's receipt."""
    return _receipt(api.receipt(actor=_actor(request), number=number))


@router.get("/submissions/{number}/progress", response=ProgressOut, operation_id="progress")
def progress(request: HttpRequest, number: int) -> dict[str, object]:
    """How far a submission is."""
    state, running = progress_of(_actor(request), number)
    if running is None:
        return {"state": state.value, "stage": "", "done": 0, "total": 0}
    return {"state": state.value, "stage": running.stage, "done": running.done, "total": running.total}


@router.get("/submissions/{number}/rejects.csv", operation_id="rejects")
def rejects(request: HttpRequest, number: int) -> HttpResponse:
    """The refused rows in the department's own columns, each with its reasons."""
    return _csv(api.export_rejects(actor=_actor(request), number=number), f"rejects-{number}.csv")


@router.post("/nothing", response=ReceiptOut, operation_id="declare_nothing")
def nothing(request: HttpRequest, resource: str, region: str = "") -> dict[str, object]:
    """零报告: there is nothing to deliver for the present period."""
    return _receipt(api.declare_nothing(actor=_actor(request), resource=resource, region=region))


@router.post("/reconciliations", response=DifferencesOut, operation_id="reconcile")
def reconcile(request: HttpRequest, resource: str) -> HttpResponse:
    """Compare the summary in the request's body (`shuniu digest FILE`) with the rows held; every difference is named."""
    data = b"".join(_body(request, MAX_DIGEST))
    found = api.reconcile(actor=_actor(request), resource=resource, data=data)
    return HttpResponse(found.to_json(), content_type="application/json")


@router.get("/slices", operation_id="take_region_slice")
def region_slice(request: HttpRequest, resource: str, region: str) -> FileResponse:
    """All rows of a resource that are about the caller's region, as CSV (数据回流)."""
    written = api.take_region_slice(actor=_actor(request), resource=resource, region=region)
    return FileResponse(
        written.file, as_attachment=True, filename=f"{region}.csv", content_type="text/csv; charset=utf-8"
    )


def _actor(request: HttpRequest) -> Actor:
    found: Actor = vars(request)["token_actor"]
    return found


def _body(request: HttpRequest, most: int) -> Iterator[bytes]:
    """The body in portions as it comes. Raises `Refused` file.size as soon as it is said or seen to be too large."""
    said = int(request.META.get("CONTENT_LENGTH") or 0)
    size = 0
    while said <= most and (block := request.read(FRAME)):
        size += len(block)
        if size > most:
            break
        yield block
    if max(said, size) > most:
        raise Refused("file.size", f"请求体超过 {most:,} 字节。", "请拆分后分批报送。")


def _whole(request: HttpRequest, size: int, digest: str) -> None:
    """Refuse a body of which a part is missing or altered. Raises `Refused` file.incomplete, file.digest_form."""
    said = request.META.get("CONTENT_LENGTH")
    if said and int(said) != size:
        raise Refused("file.incomplete", f"只收到 {size} 字节，应为 {said} 字节。", "请重新上传整个文件。")
    header = request.headers.get("Content-Digest", "")
    if not header:
        return
    found = _SHA256.search(header)
    if found is None:
        raise Refused(
            "file.digest_form", "Content-Digest 中没有 sha-256。", "请写作 sha-256=:摘要的 Base64:（RFC 9530）。"
        )
    if found[1] != base64.b64encode(bytes.fromhex(digest)).decode():
        raise Refused(
            "file.incomplete",
            "收到的内容与 Content-Digest 不符，文件不完整或已被改动，未接收。",
            "请重新上传整个文件。",
        )


def _receipt(view: ReceiptView) -> dict[str, object]:
    said = {name: getattr(view, name) for name in ReceiptOut.model_fields if hasattr(view, name)}
    return {
        **said,
        "mode": view.mode.value,
        "state": view.state.value,
        "state_title": view.state.title,
        "counts": vars(view.counts),
    }


def _csv(written: Written, name: str) -> HttpResponse:
    answer = HttpResponse(written.data, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
