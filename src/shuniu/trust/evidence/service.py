"""The adapter of a time-stamp service (RFC 3161 over HTTP, §3.4)."""

from __future__ import annotations

import secrets
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from shuniu.trust import journal
from shuniu.trust.declare import SignedHead
from shuniu.trust.evidence import stamps, verify

_TIMEOUT = 10  # seconds
_MOST = 64_000
"""Bytes of an answer."""


def ask(address: str, head: SignedHead) -> bytes:
    """Have a head stamped; the token. Raises OSError where the service is not reached, Refused stamp.* for what it answers."""
    signed = journal.head_bytes(head.size, bytes.fromhex(head.root), head.at)
    data, nonce = verify.stamped_bytes(signed, bytes.fromhex(head.signature)), secrets.randbits(63)
    return stamps.token(_post(address, stamps.question(data, nonce)), data, nonce)


def _post(address: str, body: bytes) -> bytes:
    at = urlsplit(address)
    kind = HTTPSConnection if at.scheme == "https" else HTTPConnection
    connection = kind(at.hostname or "", at.port, timeout=_TIMEOUT)
    try:
        path = (at.path or "/") + (f"?{at.query}" if at.query else "")
        connection.request("POST", path, body, {"Content-Type": stamps.TYPE})
        answer = connection.getresponse()
        said = answer.read(_MOST)
    except HTTPException as error:
        raise OSError(f"the time-stamp service answered no HTTP: {error!r}") from error
    finally:
        connection.close()
    if answer.status != 200:
        raise OSError(f"the time-stamp service answered {answer.status}")
    return said
