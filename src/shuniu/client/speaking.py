"""Speaking with the platform: signed requests over one kept connection, its signed answers checked before anybody sees them."""

from __future__ import annotations

import http.client
import json
import secrets
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from shuniu.client.keeping import ForgedError
from shuniu.trust.declare import Refused
from shuniu.trust.messages import Described, Message, check, described, digest_header, read_digest, sign_request
from shuniu.trust.suites import name_of, suites

TYPE = "application/json"
MOST = 64_000_000
"""Bytes of an answer that are read at most."""


class RefusedError(Exception):
    """The platform said no: HTTP status, rule, what it says and how to go on; `retry_after` seconds where it may be asked again."""

    def __init__(self, status: int, said: Mapping[str, Any], retry_after: int | None) -> None:
        super().__init__(f"{said.get('message', '')}{said.get('remedy', '')}" or f"HTTP {status}")
        self.status, self.rule, self.retry_after = status, str(said.get("rule", "")), retry_after
        self.platform_time: int | None = said.get("time")


@dataclass(frozen=True)
class Signed:
    """A request ready to be sent: its message with both signature headers, and its body."""

    message: Message
    body: bytes


class Speaker:
    """The connection of a `Client`, and what is said and believed over it."""

    def __init__(
        self, url: str, key: bytes, platform: Iterable[bytes], *, timeout: float = 30.0,
        context: ssl.SSLContext | None = None, now: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        parts = urlsplit(url)
        self._authority, self._base, self._now = parts.netloc, parts.path.rstrip("/"), now
        self._suite, self._signer = next((one, signer) for one in suites() if (signer := _signer(one, key)) is not None)
        self._keys = {name_of(public): public for public in platform}
        if parts.scheme == "https":
            made: http.client.HTTPConnection = http.client.HTTPSConnection(
                parts.netloc, timeout=timeout, context=context or ssl.create_default_context()
            )
        else:
            made = http.client.HTTPConnection(parts.netloc, timeout=timeout)
        self._connection = made

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    @contextmanager
    def _broken(self) -> Iterator[None]:
        """What breaks off on the way is an OSError, and the connection is begun anew."""
        try:
            yield
        except http.client.HTTPException as error:
            self._connection.close()
            raise ConnectionError("连接中断，没有收全。") from error
        except (ForgedError, OSError):
            self._connection.close()
            raise

    def _signed(
        self, method: str, path: str, purpose: str, body: bytes = b"", kind: str = TYPE,
        more: Mapping[str, str] | None = None,
    ) -> Signed:  # fmt: skip
        """A request, signed now; the headers in `more` are covered too."""
        headers = {
            "content-digest": digest_header(self._suite, self._suite.digest(body)), "content-type": kind,
            "shuniu-purpose": purpose, **(more or {}),
        }  # fmt: skip
        message = Message(headers, method, self._authority, f"{self._base}{path}")
        also: Sequence[str] = list(more or ())
        signature = sign_request(message, self._signer, created=int(self._now()), nonce=secrets.token_hex(8), also=also)
        return Signed(replace(message, headers={**headers, **signature}), body)

    def _sent(self, signed: Signed, more: Mapping[str, str] | None = None) -> http.client.HTTPResponse:
        """The answer to a request, before its body is read. Raises RefusedError."""
        message = signed.message
        body = None if message.method == "GET" else signed.body
        self._connection.request(message.method, message.path, body, {**message.headers, **(more or {})})
        came = self._connection.getresponse()
        if came.status not in (200, 206):
            raise refusal(came.status, headers_of(came), came.read(MOST))
        return came

    def _told(self, signed: Signed) -> dict[str, Any]:
        """What the platform says to a request, under its signature. Raises RefusedError, ForgedError."""
        came = self._sent(signed)
        body = whole(came)
        self._believed(signed, Message(headers_of(came), status=came.status), body)
        told: dict[str, Any] = json.loads(body)
        return told

    def _believed(self, signed: Signed, answer: Message, body: bytes) -> tuple[Described, bytes]:
        """How an answer is signed, and over what text: once its signature and its digest hold. Raises ForgedError."""
        try:
            said = described(answer)
            base = check(said, self._keys[said.key_id], answer, signed.message)
            used, digest = read_digest(answer.headers["content-digest"])
        except (Refused, KeyError) as error:
            raise ForgedError("回答没有平台的有效签名，请勿使用。") from error
        if used.digest(body) != digest:
            raise ForgedError("回答的内容与签名的摘要不符，请勿使用。")
        return said, base


def headers_of(came: http.client.HTTPResponse) -> dict[str, str]:
    """The headers of an answer by small names."""
    return {name.lower(): value for name, value in came.getheaders()}


def whole(came: http.client.HTTPResponse) -> bytes:
    """The whole body. Raises ConnectionError where it broke off, ForgedError where it is too large."""
    body = came.read(MOST + 1)
    if len(body) > MOST:
        raise ForgedError("回答超过了允许的大小。")
    if came.length:
        raise ConnectionError("连接在回答传完之前断开。")
    return body


def _signer(suite: Any, key: bytes) -> Any:
    try:
        return suite.signer(key)
    except ValueError:
        return None


def refusal(status: int, headers: Mapping[str, str], body: bytes) -> RefusedError:
    """A refusal as it came."""
    try:
        said = json.loads(body)
    except ValueError:
        said = {}
    after = headers.get("retry-after", "")
    return RefusedError(status, said if isinstance(said, dict) else {}, int(after) if after.isdigit() else None)
