"""Uploads over HTTP: begun by a signed POST, gone on with by signed PUTs, each of a portion at its place; answers are signed.

The place stands in the address, so that a portion's signature covers it (as `Upload-Offset` in the IETF's draft 'Resumable
Uploads for HTTP', which a signature of ours does not cover). One portion is in memory at a time.
"""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shuniu.exchange.gateway import admission, asking, uploads
from shuniu.exchange.gateway.authentic import TYPE
from shuniu.exchange.gateway.declare import Upload
from shuniu.exchange.gateway.http import only, problem, turned_away
from shuniu.exchange.gateway.rules import limits
from shuniu.exchange.gateway.signed_http import SignedRequest, answered, sent_by
from shuniu.trust.declare import Refused

PORTION, PURPOSE = "application/octet-stream", "offer"


class Begun(BaseModel):
    """What is said of a file before its bytes come."""

    model_config = ConfigDict(extra="forbid", strict=True)

    agreement: int
    name: str
    size: int = Field(ge=1, le=1 << 53)
    digest: str = Field(pattern="^[0-9a-f]{64}$")
    days: int = 30


@only("POST")
def begin(request: HttpRequest) -> HttpResponse:
    """Begin an upload, or find the same one again: where to go on stands in the answer."""
    try:
        came = _sent(request)
        said = _begun(came.body)
        found = uploads.begin_upload(
            actor=came.actor, agreement=said.agreement, name=said.name, size=said.size, digest=bytes.fromhex(said.digest),
            days=said.days,
        )  # fmt: skip
    except Refused as refusal:
        return problem(refusal)
    return answered(came, _said(found))


@only("GET")
def look(request: HttpRequest, number: int) -> HttpResponse:
    """How far an upload has come, and what became of it."""
    try:
        came = _sent(request)
        found = uploads.read_upload(actor=came.actor, number=number)
    except Refused as refusal:
        return problem(refusal)
    return answered(came, _said(found))


@only("PUT")
def append(request: HttpRequest, number: int, first: int) -> HttpResponse:
    """Take a portion, if there is room for it: as many at a time as files that go out."""
    with admission.files().room() as room:
        if not room:
            return turned_away()
        try:
            came = _sent(request, PORTION, limits(timezone.localdate()).portion)
            found = uploads.append_upload(actor=came.actor, number=number, first=first, data=came.body)
        except Refused as refusal:
            return problem(refusal)
    return answered(came, _said(found))


def _sent(request: HttpRequest, kind: str = TYPE, most: int = 0) -> SignedRequest:
    came = sent_by(request, kind, most)
    if came.purpose != PURPOSE:
        raise Refused("gateway.purpose", "上传文件的用途不对。", f"Shuniu-Purpose 请写 {PURPOSE}。")
    return came


def _begun(body: bytes) -> Begun:
    try:
        return Begun.model_validate(json.loads(body, object_pairs_hook=asking.once, parse_constant=asking.never))
    except (ValidationError, ValueError, RecursionError) as error:
        raise Refused(
            "gateway.json",
            "请求体的内容不对。",
            '请求体应为 {"agreement": 1, "name": "…", "size": 1, "digest": "SHA-256（小写十六进制）", "days": 30}。',
        ) from error


def _said(found: Upload) -> dict[str, object]:
    words = uploads.REFUSALS.get(found.refused)
    refused = {"rule": found.refused, "message": words[0], "remedy": words[1]} if words else None
    return {
        "number": found.number, "size": found.size, "taken": found.taken, "expires": int(found.expires.timestamp()),
        "portion": limits(timezone.localdate()).portion, "file": found.file, "refused": refused,
    }  # fmt: skip
