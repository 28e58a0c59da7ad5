"""Asking a provider's live interface: signed, bounded in time and size, its answer checked before it is anybody's.

An interface that fails time and again is left alone for a while: its callers are told at once instead of waiting.
"""

from __future__ import annotations

import http.client
import io
import json
import secrets
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from shuniu.exchange.gateway import admission
from shuniu.exchange.gateway.asking import never, once
from shuniu.exchange.gateway.authentic import TYPE
from shuniu.exchange.gateway.declare import Asked, Interface
from shuniu.exchange.gateway.reaching import Plain, Secure, addresses, parts_of
from shuniu.exchange.gateway.rules import Later, Limits
from shuniu.trust.certificates.declare import Held
from shuniu.trust.declare import Refused
from shuniu.trust.messages import Message, check, described, digest_header, read_digest, sign_request
from shuniu.trust.suites import Signer

BLOCK = 65_536
Told = tuple[tuple[int, tuple[str | None, ...]], ...]
"""What an interface answered: of each row its place in the question, and its cells."""


class _Breaker:
    """How often in a row each interface has failed in this process, and until when it is left alone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed: dict[int, int] = {}
        self._until: dict[int, float] = {}

    def left(self, number: int) -> int:
        """Seconds for which it is still left alone."""
        left = self._until.get(number, 0.0) - time.monotonic()
        return int(left) + 1 if left > 0 else 0

    def check(self, number: int) -> None:
        if left := self.left(number):
            raise Later(
                "gateway.open",
                "提供单位的接口连续失败，暂停调用。",
                "请稍后再试；提供单位恢复后自动继续。",
                left,
            )

    def note(self, number: int, good: bool, limits: Limits) -> None:
        with self._lock:
            failed = self._failed[number] = 0 if good else self._failed.get(number, 0) + 1
            if failed >= limits.failures:
                self._until[number] = time.monotonic() + limits.pause
                self._failed[number] = limits.failures - 1  # one more failure after the pause is enough

    def forget(self) -> None:
        self._failed.clear()
        self._until.clear()


breaker = _Breaker()


def ask(
    interface: Interface,
    keys: Mapping[str, Held],
    asked: Asked,
    items: Sequence[str],
    regions: Sequence[str],
    number: int,
    signer: Signer,
    limits: Limits,
) -> Told:
    """The provider's rows for a question, signed by one of those keys.

    Raises Refused gateway.down, gateway.slow, gateway.lies, Later gateway.open (or busy).
    """
    breaker.check(interface.number)
    with admission.live(interface.number).room() as room:
        if not room:
            raise Later("gateway.busy", "提供单位的接口正忙，没有处理这个请求。", "请稍后再试。", 2)
        try:
            told = _ask(interface, keys, asked, items, regions, number, signer)
        except Refused:
            breaker.note(interface.number, False, limits)
            raise
    breaker.note(interface.number, True, limits)
    return told


def _ask(
    interface: Interface, keys: Mapping[str, Held], asked: Asked, items: Sequence[str], regions: Sequence[str], number: int,
    signer: Signer,
) -> Told:  # fmt: skip
    said = {
        "number": number, "resource": asked.resource, "consumer": asked.held.agency, "items": list(items),
        "identifiers": [{"kind": kind, "value": value} for kind, value in asked.identifiers], "regions": list(regions),
    }  # fmt: skip
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    parts = urlsplit(interface.url)
    suite = asked.suite
    headers = {
        "content-digest": digest_header(suite, suite.digest(body)), "content-type": TYPE,
        "shuniu-purpose": asked.message.headers["shuniu-purpose"],
    }  # fmt: skip
    question = Message(headers, "POST", parts.netloc, parts.path or "/", parts.query)
    headers |= sign_request(question, signer, created=int(time.time()), nonce=secrets.token_hex(8))
    question = replace(question, headers=headers)
    status, came, content = _exchange(interface, question, body)
    if status != 200:
        raise _down(f"提供单位的接口回答了状态 {status}。")
    _check(keys, question, came, status, content)
    return _rows(content, items, len(asked.identifiers))


def _exchange(interface: Interface, question: Message, body: bytes) -> tuple[int, dict[str, str], bytes]:
    ends = time.monotonic() + interface.wait_ms / 1000
    connection = _connection(interface, ends)
    connection.response_class = partial(_Bounded, ends)  # type: ignore[assignment]  # called like the class
    try:
        path = question.path + (f"?{question.query}" if question.query else "")
        connection.request("POST", path, body, {"host": question.authority, **question.headers})
        came = connection.getresponse()
        said = came.getheader("Content-Length")
        if said is not None and (not said.isdigit() or int(said) > interface.most):
            raise _lies("提供单位的接口回答过大，或者写错了长度。")
        content = _read(came, interface.most)
        if said is not None and len(content) != int(said):
            raise _lies("提供单位的接口没有把回答发完。")
        return came.status, {name.lower(): value for name, value in came.getheaders()}, content
    except TimeoutError as error:
        raise Refused("gateway.slow", "提供单位的接口没有按时回答。", "请稍后再试。") from error
    except http.client.HTTPException as error:
        raise _lies("提供单位的接口回答不完整，或者不合规范。") from error
    except OSError as error:
        raise _down("提供单位的接口连接不上。") from error
    finally:
        connection.close()


def _connection(interface: Interface, ends: float) -> Plain:
    """One that is not open yet. An address that was declared when other rules held is not called any more."""
    try:
        parts = parts_of(interface.url)
        where = addresses(parts, ends)
    except TimeoutError as error:
        raise Refused("gateway.slow", "提供单位接口的主机名没有按时查到。", "请稍后再试。") from error
    except OSError as error:
        raise _down("提供单位接口的主机名查不到。") from error
    except Refused as refused:
        raise _down(refused.message) from refused
    return (Secure if parts.scheme == "https" else Plain)(parts, where, ends)


class _Timed(io.RawIOBase):
    """Bytes of a connection, within the time that is left for all of them, however slowly they drip."""

    def __init__(self, taken: socket.socket, held: io.BufferedIOBase, ends: float) -> None:
        self._socket, self._held, self._ends = taken, held, ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
        return self._socket.recv_into(buffer)

    def close(self) -> None:
        self._held.close()  # by which the connection knows that its bytes are still read
        super().close()


class _Bounded(http.client.HTTPResponse):
    """An answer whose head and body together have until `ends`."""

    def __init__(self, ends: float, taken: socket.socket, *rest: Any, **more: Any) -> None:
        super().__init__(taken, *rest, **more)
        self.fp = io.BufferedReader(_Timed(taken, self.fp, ends))


def _read(came: http.client.HTTPResponse, most: int) -> bytes:
    content = bytearray()
    while block := came.read1(BLOCK):
        content += block
        if len(content) > most:
            raise _lies("提供单位的接口回答过大。")
    return bytes(content)


def _check(
    keys: Mapping[str, Held], question: Message, headers: Mapping[str, str], status: int, content: bytes
) -> None:
    """Its signature holds. It is not kept: without the body, which is not kept either, it would prove nothing later."""
    answer = Message(headers, status=status)
    try:
        said = described(answer)
        held = keys[said.key_id]
        check(said, held.public, answer, question)
        used, digest = read_digest(headers["content-digest"])
    except (Refused, KeyError) as error:
        raise _lies("提供单位的接口回答没有其有效签名。") from error
    if used.key != held.suite or used.digest(content) != digest:
        raise _lies("提供单位的接口回答与签名的摘要不符。")


def _rows(content: bytes, items: Sequence[str], places: int) -> Told:
    """Rows as `{"rows": [{item: text or null}], "of": [place]}` says them: exactly the items, exactly these places."""
    try:
        said: Any = json.loads(content, object_pairs_hook=once, parse_constant=never)
        rows, of = said["rows"], said["of"]
        found = tuple(
            (int(place), tuple(_cell(row[item]) for item in items)) for place, row in zip(of, rows, strict=True)
        )
        whole = all(set(row) == {*items} for row in rows) and all(1 <= place <= places for place, _ in found)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _lies("提供单位的接口回答不是约定的内容。") from error
    if not whole:
        raise _lies("提供单位的接口回答多出或缺少信息项。")
    return found


def _cell(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError("a value is text or null")
    return value


def _down(what: str) -> Refused:
    return Refused("gateway.down", what, "请稍后再试；持续如此的，请联系提供单位。")


def _lies(what: str) -> Refused:
    return Refused("gateway.lies", what, "没有把它转给您；请联系提供单位核对接口。")
