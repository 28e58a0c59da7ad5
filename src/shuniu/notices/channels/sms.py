"""SMS through an operator's HTTP gateway, JSON both ways, every message signed with the shared secret.

    POST {SHUNIU_SMS_URL}/messages              {"reference", "to", "text"}     → {"state": "accepted", "said": …}
    GET  {SHUNIU_SMS_URL}/messages/{reference}                                  → {"state": "accepted|delivered|failed", "said": …}
    POST {our address}/api/notices/sms-receipt  {"reference", "state", "said"}  the gateway's own call to us

The headers X-Shuniu-Timestamp (seconds since 1970) and X-Shuniu-Signature (hex HMAC-SHA-256 over the timestamp, a line
feed and the body) prove the sender both ways. A gateway keeps references: a repeated one is answered with the state of the
first and sends nothing. 2xx accepted; 429 and 5xx later; 401 and 403 trouble with the account; other 4xx refused for good.
An operator that speaks CMPP, SGIP or SMGP needs a gateway in front of it that speaks this.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from shuniu.notices.channels.outcome import PATIENCE, Answer, Outcome, Outgoing, Sender, setting

STAMP = "X-Shuniu-Timestamp"
SIGNATURE = "X-Shuniu-Signature"
_MOST = 64 * 1024


class Said(BaseModel):
    """What the gateway answers."""

    state: Literal["accepted", "delivered", "failed"] = "accepted"
    said: str = ""


class Receipt(BaseModel):
    """What the gateway reports of itself."""

    reference: str
    state: Literal["delivered", "failed"]
    said: str = ""


def signature(stamp: str, body: bytes) -> str:
    """The HMAC of a message under the shared secret."""
    return hmac.new(setting("SMS_SECRET").encode(), stamp.encode() + b"\n" + body, hashlib.sha256).hexdigest()


@contextmanager
def opened() -> Iterator[Sender]:
    """A way for one run of sending; every message is a request of its own."""
    yield send


def send(outgoing: Outgoing) -> Outcome:
    """Hand one message to the gateway. Never raises for what the gateway or the network does."""
    body = json.dumps(
        {"reference": outgoing.reference, "to": outgoing.address, "text": outgoing.text}, ensure_ascii=False
    ).encode()
    try:
        status, answer = _asked("POST", "/messages", body)
    except (OSError, HTTPException, ValueError) as trouble:
        return Outcome(Answer.TROUBLE, f"{type(trouble).__name__}: {trouble}")
    said = f"{status} {_read(answer).said}".strip()
    if 200 <= status < 300:
        return Outcome(Answer.ACCEPTED, said)
    if status in (401, 403):
        return Outcome(Answer.TROUBLE, said)
    return Outcome(Answer.LATER if status in (408, 429) or status >= 500 else Answer.REFUSED, said)


def look(reference: str) -> Said | None:
    """What the gateway says became of a message; None when it cannot be asked or does not answer as it should."""
    try:
        status, answer = _asked("GET", f"/messages/{reference}", b"")
    except (OSError, HTTPException, ValueError):
        return None
    return _read(answer) if status == 200 else Said() if status == 404 else None


def _read(answer: bytes) -> Said:
    try:
        return Said.model_validate_json(answer)
    except ValidationError:
        return Said()


def _asked(method: str, path: str, body: bytes) -> tuple[int, bytes]:
    """Raises OSError, HTTPException; ValueError for an address that is none."""
    url = urlsplit(setting("SMS_URL"))
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError("SHUNIU_SMS_URL 应以 https:// 或 http:// 开头并写明主机")
    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    connection = kind(url.hostname, url.port, timeout=PATIENCE)
    stamp = str(int(time.time()))
    headers = {"Content-Type": "application/json", STAMP: stamp, SIGNATURE: signature(stamp, body)}
    try:
        connection.request(method, url.path.rstrip("/") + path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(_MOST)
    finally:
        connection.close()
