"""A partner outside (a payment provider, a courier) spoken to over HTTP: JSON, every body signed with a shared secret.

The signature stands in `X-Signature`: HMAC-SHA256 (RFC 2104) of the body, or of the path where there is none.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

_TIMEOUT = 5  # seconds
_SIGNATURE = "X-Signature"


@dataclass(frozen=True)
class Message:
    """What a partner says, byte for byte, and its signature."""

    body: bytes
    signature: str


def sign(secret: str, body: bytes) -> str:
    """The signature of a body under a secret, in hex."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def signed(secret: str, message: Message) -> bool:
    """Whether a message bears the signature of somebody who knows the secret."""
    return hmac.compare_digest(sign(secret, message.body).encode(), message.signature.encode())


@dataclass(frozen=True)
class Line:
    """The way to a partner: its address, and the secret that is shared with it."""

    address: str
    secret: str

    def call(self, method: str, path: str, asked: dict[str, object] | None = None) -> Message:
        """The partner's answer. Raises OSError for anything but an answer of 200."""
        body = json.dumps(asked, default=str, ensure_ascii=False).encode() if asked is not None else b""
        status, answer = send(
            method, self.address.rstrip("/") + path, Message(body, sign(self.secret, body or path.encode()))
        )
        if status != 200:
            raise OSError(f"the partner answered {status}")
        return answer


def send(method: str, address: str, message: Message) -> tuple[int, Message]:
    """Send a signed message; the status and what is answered. Raises OSError where nobody answers in HTTP."""
    at = urlsplit(address)
    kind = HTTPSConnection if at.scheme == "https" else HTTPConnection
    connection = kind(at.hostname or "", at.port, timeout=_TIMEOUT)
    try:
        headers = {"Content-Type": "application/json", _SIGNATURE: message.signature}
        connection.request(method, at.path, message.body, headers)
        answer = connection.getresponse()
        return answer.status, Message(answer.read(), answer.headers.get(_SIGNATURE, ""))
    except HTTPException as error:
        raise OSError(f"the partner answered no HTTP: {error!r}") from error
    finally:
        connection.close()
