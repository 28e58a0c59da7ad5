"""Asking: a signed request over one kept connection, its answer checked before anybody sees it."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import re
import secrets
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from shuniu.client.keeping import Answer, ForgedError, check_commitment
from shuniu.trust.declare import Refused
from shuniu.trust.messages import Message, check, described, digest_header, read_digest, sign_request
from shuniu.trust.suites import key_id, of_key, suites

TYPE = "application/json"
COMMITMENT = "shuniu-commitment"
MOST = 64_000_000
"""Bytes of an answer that are read at most."""
_COMMITMENT = re.compile(
    r'number=([0-9]{1,19}), agreement="([0-9]+/[0-9]+)", root=:([A-Za-z0-9+/]{43}=):, fields=([0-9]{1,9})'
)


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


class Client:
    """A department's machine. `key` is its private key (PKCS#8, DER); `platform` are the platform's public keys (SPKI, DER).

    One client is one connection, for one thread. `now` gives the time in Unix seconds.
    """

    def __init__(
        self, url: str, key: bytes, platform: Iterable[bytes], *, timeout: float = 30.0,
        context: ssl.SSLContext | None = None, now: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        parts = urlsplit(url)
        self._authority, self._base, self._now = parts.netloc, parts.path.rstrip("/"), now
        self._suite, self._signer = next((one, signer) for one in suites() if (signer := _signer(one, key)) is not None)
        self._keys = {self._named(public): public for public in platform}
        if parts.scheme == "https":
            made: http.client.HTTPConnection = http.client.HTTPSConnection(
                parts.netloc, timeout=timeout, context=context or ssl.create_default_context()
            )
        else:
            made = http.client.HTTPConnection(parts.netloc, timeout=timeout)
        self._connection = made

    @staticmethod
    def _named(public: bytes) -> str:
        return key_id(of_key(public).algorithm, public)

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def query(
        self, resource: str, identifiers: Sequence[tuple[str, str]], *, purpose: str, items: Sequence[str] = (),
        officer: str = "", token: str = "",
    ) -> Answer:  # fmt: skip
        """The rows of these subjects (kind, value) that the agreement shows; all granted items where none is named.

        Raises RefusedError, ForgedError, OSError. After an OSError repeat with the same `token`: it is one reading.
        """
        signed = self.sign(resource, identifiers, purpose=purpose, items=items, officer=officer, token=token)
        status, headers, body = self.send(signed)
        if status != 200:
            raise _refusal(status, headers, body)
        return self.read(signed, status, headers, body)

    def sign(
        self, resource: str, identifiers: Sequence[tuple[str, str]], *, purpose: str, items: Sequence[str] = (),
        officer: str = "", token: str = "",
    ) -> Signed:  # fmt: skip
        """The request, signed now."""
        said: dict[str, Any] = {"identifiers": [{"kind": kind, "value": value} for kind, value in identifiers]}
        if items:
            said["items"] = list(items)
        body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            "content-digest": digest_header(self._suite, self._suite.digest(body)),
            "content-type": TYPE,
            "shuniu-purpose": purpose,
        }
        more = {"shuniu-officer": officer, "idempotency-key": token}
        also = [name for name, value in more.items() if value]
        headers |= {name: more[name] for name in also}
        message = Message(headers, "POST", self._authority, f"{self._base}/exchange/query/{resource}")
        signature = sign_request(message, self._signer, created=int(self._now()), nonce=secrets.token_hex(8), also=also)
        return Signed(replace(message, headers={**headers, **signature}), body)

    def fetch(self, number: int, path: Path, *, purpose: str) -> Path:
        """A file that an agreement gives, written to `path`; goes on where an earlier attempt broke off.

        Every portion is checked by its digest, and the digests by the platform's signature. Raises RefusedError,
        ForgedError, OSError: after an OSError ask again.
        """
        with self._broken():
            return self._fetch(number, path, purpose)

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

    def _fetch(self, number: int, path: Path, purpose: str) -> Path:
        listed = self._listed(number, purpose)
        chunk, digests = int(listed["chunk"]), [bytes.fromhex(one) for one in listed["digests"]]
        part = path.with_name(path.name + ".part")
        part.touch(mode=0o600)
        with part.open("r+b") as file:
            place = _whole(file, chunk, digests)
            file.seek(place * chunk)
            file.truncate()
            if place < len(digests):
                self._take(number, purpose, file, (chunk, int(listed["size"]), digests[place:]))
        return part.replace(path)

    def evidence(self, number: int, *, purpose: str) -> bytes:
        """What proves an answer of that number, as a file that `shuniu evidence verify` checks alone; no row is in it.

        For who asked and for whose data it was, some two seconds after the answer. Raises RefusedError.
        """
        return self._get(f"/exchange/evidence/{number}", purpose, {}).read()

    def _take(self, number: int, purpose: str, file: BinaryIO, rest: tuple[int, int, list[bytes]]) -> None:
        """Write what is missing of a file: portions of one size, to the end of all, with these digests."""
        chunk, size, digests = rest
        first = file.tell()
        came = self._get(f"/exchange/files/{number}", purpose, {"range": f"bytes={first}-"})
        for wanted in digests:
            block = came.read(min(chunk, size - first))
            if len(block) < min(chunk, size - first):
                raise ConnectionError("连接在文件传完之前断开。")
            if hashlib.sha256(block).digest() != wanted:
                raise ForgedError("收到的文件与平台签名的摘要不符；已收到的完好部分保留，请重试。")
            file.write(block)
            first += chunk
        came.read()

    def _listed(self, number: int, purpose: str) -> dict[str, Any]:
        """The signed list of a file's digests."""
        address = f"/exchange/files/{number}/chunks"
        question = self._signed_get(address, purpose)
        came = self._get(address, purpose, {}, question)
        body = _all(came)
        message = Message({name.lower(): value for name, value in came.getheaders()}, status=came.status)
        try:
            said = described(message)
            check(said, self._keys[said.key_id], message, question)
            used, digest = read_digest(message.headers["content-digest"])
        except (Refused, KeyError) as error:
            raise ForgedError("文件的摘要清单没有平台的有效签名。") from error
        if used.digest(body) != digest:
            raise ForgedError("文件的摘要清单与签名不符。")
        listed: dict[str, Any] = json.loads(body)
        return listed

    def _signed_get(self, path: str, purpose: str) -> Message:
        headers = {
            "content-digest": digest_header(self._suite, self._suite.digest(b"")), "content-type": TYPE,
            "shuniu-purpose": purpose,
        }  # fmt: skip
        message = Message(headers, "GET", self._authority, f"{self._base}{path}")
        signature = sign_request(message, self._signer, created=int(self._now()), nonce=secrets.token_hex(8))
        return replace(message, headers={**headers, **signature})

    def _get(
        self, path: str, purpose: str, more: Mapping[str, str], signed: Message | None = None
    ) -> http.client.HTTPResponse:
        message = signed or self._signed_get(path, purpose)
        self._connection.request("GET", message.path, headers={**message.headers, **more})
        came = self._connection.getresponse()
        if came.status not in (200, 206):
            raise _refusal(came.status, {name.lower(): value for name, value in came.getheaders()}, came.read(MOST))
        return came

    def send(self, signed: Signed) -> tuple[int, dict[str, str], bytes]:
        """Status, headers by small names and body of the answer, as they came."""
        with self._broken():
            self._connection.request("POST", signed.message.path, signed.body, dict(signed.message.headers))
            came = self._connection.getresponse()
            body = _all(came)
        return came.status, {name.lower(): value for name, value in came.getheaders()}, body

    def read(self, signed: Signed, status: int, headers: Mapping[str, str], body: bytes) -> Answer:
        """An answer, once its signature, its digest and its commitment hold. Raises ForgedError."""
        message = Message(headers, status=status)
        try:
            said = described(message)
            public = self._keys[said.key_id]
            if f'"{COMMITMENT}"' not in said.components and COMMITMENT not in said.components:
                raise ForgedError("回答的签名没有包括承诺。")
            base = check(said, public, message, signed.message)
            used, digest = read_digest(headers["content-digest"])
            committed = _COMMITMENT.fullmatch(headers[COMMITMENT])
        except (Refused, KeyError) as error:
            raise ForgedError("回答没有平台的有效签名，请勿使用。") from error
        if used.digest(body) != digest or committed is None:
            raise ForgedError("回答的内容与签名的摘要不符，请勿使用。")
        number, agreement, root, fields = committed.groups()
        told = json.loads(body)
        rows, seed, root_bytes = told["rows"], bytes.fromhex(told["seed"]), base64.b64decode(root)
        check_commitment(rows, seed, root_bytes, int(fields))
        ours = described(signed.message)
        asked = check(ours, self._signer.public, signed.message)
        return Answer(
            int(number), agreement, told["version"], tuple(told["items"]), tuple(told["masked"]), tuple(rows),
            tuple(told["of"]), tuple(told["disputed"]), root_bytes, seed, int(fields),
            _kept(asked, ours.signature, ours.key_id), _kept(base, said.signature, said.key_id),
        )  # fmt: skip


def _all(came: http.client.HTTPResponse) -> bytes:
    """The whole body. Raises ConnectionError where it broke off, ForgedError where it is too large."""
    body = came.read(MOST + 1)
    if len(body) > MOST:
        raise ForgedError("回答超过了允许的大小。")
    if came.length:
        raise ConnectionError("连接在回答传完之前断开。")
    return body


def _whole(file: BinaryIO, chunk: int, digests: list[bytes]) -> int:
    """How many portions a part that is there begins with, as the list says them: another file's are not gone on with."""
    for place, wanted in enumerate(digests):
        block = file.read(chunk)
        if hashlib.sha256(block).digest() != wanted:
            return place
    return len(digests)


def _kept(base: bytes, signature: bytes, key: str) -> dict[str, str]:
    return {"base": base.decode(), "signature": signature.hex(), "key": key}


def _signer(suite: Any, key: bytes) -> Any:
    try:
        return suite.signer(key)
    except ValueError:
        return None


def _refusal(status: int, headers: Mapping[str, str], body: bytes) -> RefusedError:
    try:
        said = json.loads(body)
    except ValueError:
        said = {}
    after = headers.get("retry-after", "")
    return RefusedError(status, said if isinstance(said, dict) else {}, int(after) if after.isdigit() else None)
