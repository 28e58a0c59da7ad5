"""Asking: a signed request over one kept connection, its answer checked before anybody sees it."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from shuniu.client.keeping import Answer, ForgedError, check_commitment
from shuniu.client.offering import Offering
from shuniu.client.speaking import RefusedError, Signed, headers_of, refusal, whole
from shuniu.trust.messages import Message, check, described

COMMITMENT = "shuniu-commitment"
_COMMITMENT = re.compile(
    r'number=([0-9]{1,19}), agreement="([0-9]+/[0-9]+)", root=:([A-Za-z0-9+/]{43}=):, fields=([0-9]{1,9})'
)

__all__ = ["Client", "RefusedError", "Signed"]


class Client(Offering):
    """A department's machine. `key` is its private key (PKCS#8, DER); `platform` are the platform's public keys (SPKI, DER).

    One client is one connection, for one thread. `now` gives the time in Unix seconds.
    """

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
            raise refusal(status, headers, body)
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
        more = {"shuniu-officer": officer, "idempotency-key": token}
        covered = {name: value for name, value in more.items() if value}
        return self._signed("POST", f"/exchange/query/{resource}", purpose, body, more=covered)

    def fetch(self, number: int, path: Path, *, purpose: str) -> Path:
        """A file that an agreement gives, written to `path`; goes on where an earlier attempt broke off.

        Every portion is checked by its digest, and the digests by the platform's signature. Raises RefusedError,
        ForgedError, OSError: after an OSError ask again.
        """
        with self._broken():
            return self._fetch(number, path, purpose)

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
        return self._get(f"/exchange/evidence/{number}", purpose).read()

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
        return self._told(self._signed("GET", f"/exchange/files/{number}/chunks", purpose))

    def _get(self, path: str, purpose: str, more: Mapping[str, str] | None = None) -> http.client.HTTPResponse:
        return self._sent(self._signed("GET", path, purpose), more)

    def send(self, signed: Signed) -> tuple[int, dict[str, str], bytes]:
        """Status, headers by small names and body of the answer, as they came."""
        with self._broken():
            self._connection.request("POST", signed.message.path, signed.body, dict(signed.message.headers))
            came = self._connection.getresponse()
            body = whole(came)
        return came.status, headers_of(came), body

    def read(self, signed: Signed, status: int, headers: Mapping[str, str], body: bytes) -> Answer:
        """An answer, once its signature, its digest and its commitment hold. Raises ForgedError."""
        said, base = self._believed(signed, Message(headers, status=status), body)
        committed = _COMMITMENT.fullmatch(headers.get(COMMITMENT, ""))
        if COMMITMENT not in said.components or committed is None:
            raise ForgedError("回答的签名没有包括承诺，请勿使用。")
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


def _whole(file: BinaryIO, chunk: int, digests: list[bytes]) -> int:
    """How many portions a part that is there begins with, as the list says them: another file's are not gone on with."""
    for place, wanted in enumerate(digests):
        block = file.read(chunk)
        if hashlib.sha256(block).digest() != wanted:
            return place
    return len(digests)


def _kept(base: bytes, signature: bytes, key: str) -> dict[str, str]:
    return {"base": base.decode(), "signature": signature.hex(), "key": key}
