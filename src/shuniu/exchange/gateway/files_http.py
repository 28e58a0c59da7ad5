"""Files over HTTP: signed GET, `Range` to go on after a break, and a signed list of every portion's digest."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable, Generator, Mapping

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from shuniu.directory.api import machines
from shuniu.directory.session import origin
from shuniu.exchange.gateway import admission, api, files
from shuniu.exchange.gateway.authentic import TYPE, check_body, message_of, signed
from shuniu.exchange.gateway.declare import EPOCH, Granted
from shuniu.exchange.gateway.http import only, problem
from shuniu.exchange.gateway.rules import limits
from shuniu.exchange.gateway.store import calls as store
from shuniu.exchange.spool import FRAME
from shuniu.trust.certificates.api import certificate_of, check_held
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.messages import Message, digest_header, sign_answer
from shuniu.trust.suites import suite

_RANGE = re.compile(r"bytes=([0-9]{1,18})-([0-9]{0,18})")


@only("GET")
def fetch(request: HttpRequest, number: int) -> HttpResponseBase:
    """A file, or what of it is asked by `Range`: streamed, one MiB in memory; so many at a time."""
    gate = admission.files()
    if not gate.enter():
        admission.turned.count()
        return problem(request, admission.full())
    place = admission.Place(gate)
    try:
        message = message_of(request)
        actor, *_ = asker(message, origin(request))
        asked = _RANGE.fullmatch(request.headers.get("Range", ""))
        first = int(asked[1]) if asked else 0
        if asked and asked[2] and int(asked[2]) < first:
            raise Refused("gateway.range", "所要的部分首尾颠倒。", "请核对 Range。")
        granted = files.take_file(actor=actor, number=number, purpose=message.headers["shuniu-purpose"], first=first)
    except Refused as refusal:
        place.free()
        return problem(request, refusal)
    last = min(int(asked[2]), granted.size - 1) if asked and asked[2] else granted.size - 1
    answer = StreamingHttpResponse(
        Sent(files.streamed(actor, granted, first, last), place),
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
        message = message_of(request)
        actor, key, _ = asker(message, origin(request))
        granted = files.take_file(actor=actor, number=number, purpose=message.headers["shuniu-purpose"], listed=True)
    except Refused as refusal:
        return problem(request, refusal)
    return answered(message, key, _manifest(granted))


def answered(message: Message, key: str, said: Mapping[str, object]) -> HttpResponse:
    """What is said to a request, signed by the platform's key of that suite."""
    used = suite(key)
    body = json.dumps(said, ensure_ascii=False).encode()
    headers = {"content-digest": digest_header(used, used.digest(body)), "content-type": TYPE}
    signature = sign_answer(Message(headers, status=200), message, api.signer_of(key), created=int(time.time()))
    answer = HttpResponse(body)
    for name, value in {**headers, **signature}.items():
        answer.headers[name] = value
    return answer


def _manifest(granted: Granted) -> dict[str, object]:
    digests = [granted.chunks[at : at + 32].hex() for at in range(0, len(granted.chunks), 32)]
    return {
        "number": granted.number, "name": granted.name, "size": granted.size, "digest": granted.digest.hex(),
        "chunk": FRAME, "digests": digests,
    }  # fmt: skip


def asker(
    message: Message, origin: str, method: str = "GET", kind: str = TYPE, body: Callable[[], bytes] = bytes
) -> tuple[Actor, str, bytes]:
    """Who asks, by which suite, with what body: read once the headers' signature holds.

    Raises Refused as a question's reading does; journalled as a question's refusal.
    """
    try:
        said, held = signed(message, limits(timezone.localdate()), method, kind=kind)
        came = body()
        check_body(message, held, came)
        check_held(certificate_of(said.key_id), at=timezone.now(), agency=held.agency)
        nonce = int(said.nonce, 16)
        store.take_nonce(held.number, said.created - EPOCH, nonce - (1 << 64) if nonce >> 63 else nonce)
    except IntegrityError:
        refusal = api.replayed()
    except Refused as refused:
        refusal = refused
    else:
        return machines.machine(held.holder, held.name, held.agency), held.suite, came
    api.answer(refusal, origin)
    raise refusal
