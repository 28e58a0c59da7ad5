"""Files over HTTP: signed GET, `Range` to go on after a break, and a signed list of every portion's digest."""

from __future__ import annotations

import base64
import re
from collections.abc import Generator

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from shuniu.exchange.gateway import admission, files
from shuniu.exchange.gateway.declare import Granted
from shuniu.exchange.gateway.http import only, problem, turned_away
from shuniu.exchange.gateway.signed_http import answered, sent_by
from shuniu.exchange.spool import FRAME
from shuniu.trust.declare import Refused

_RANGE = re.compile(r"bytes=([0-9]{1,18})-([0-9]{0,18})")


@only("GET")
def fetch(request: HttpRequest, number: int) -> HttpResponseBase:
    """A file, or what of it is asked by `Range`: streamed, one MiB in memory; so many at a time."""
    gate = admission.files()
    if not gate.enter():
        return turned_away()
    place = admission.Place(gate)
    try:
        came = sent_by(request)
        asked = _RANGE.fullmatch(request.headers.get("Range", ""))
        first = int(asked[1]) if asked else 0
        if asked and asked[2] and int(asked[2]) < first:
            raise Refused("gateway.range", "所要的部分首尾颠倒。", "请核对 Range。")
        granted = files.take_file(actor=came.actor, number=number, purpose=came.purpose, first=first)
    except Refused as refusal:
        place.free()
        return problem(refusal)
    last = min(int(asked[2]), granted.size - 1) if asked and asked[2] else granted.size - 1
    answer = StreamingHttpResponse(
        Sent(files.streamed(came.actor, granted, first, last), place),
        status=206 if asked else 200,
        content_type="application/octet-stream",
    )
    answer.headers["Content-Length"] = str(max(0, last + 1 - first))
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(granted.digest).decode()}:"
    if asked:
        answer.headers["Content-Range"] = f"bytes {first}-{last}/{granted.size}"
    return answer


class Sent:
    """Blocks on their way out, and the place that they hold until they are out or the other side has hung up."""

    def __init__(self, blocks: Generator[bytes, None, None], place: admission.Place) -> None:
        self._blocks, self._place = blocks, place

    def __iter__(self) -> Sent:
        return self

    def __next__(self) -> bytes:
        return next(self._blocks)

    def close(self) -> None:
        """As the server calls it at the end, whatever that was."""
        try:
            self._blocks.close()
        finally:
            self._place.free()


@only("GET")
def chunks(request: HttpRequest, number: int) -> HttpResponse:
    """Name, size, digest and the digest of every portion of a file, signed: what the bytes are checked by as they come."""
    try:
        came = sent_by(request)
        granted = files.take_file(actor=came.actor, number=number, purpose=came.purpose, listed=True)
    except Refused as refusal:
        return problem(refusal)
    return answered(came, _manifest(granted))


def _manifest(granted: Granted) -> dict[str, object]:
    digests = [granted.chunks[at : at + 32].hex() for at in range(0, len(granted.chunks), 32)]
    return {
        "number": granted.number, "name": granted.name, "size": granted.size, "digest": granted.digest.hex(),
        "chunk": FRAME, "digests": digests,
    }  # fmt: skip
