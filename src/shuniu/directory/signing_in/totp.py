"""Time-based one-time passwords: RFC 6238 over RFC 4226, with HMAC-SHA-1, 6 digits and steps of 30 seconds.

These are what every authenticator application takes; other parameters are ignored by some of them without a word.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
from urllib.parse import quote, urlencode

STEP = 30
DIGITS = 6
DRIFT = 1
"""Steps before and after the present one that are taken too: the allowance of RFC 6238 §5.2 for a clock that is off."""


def fresh() -> bytes:
    """A new secret: 160 bits, as RFC 4226 §4 R6 recommends."""
    return secrets.token_bytes(20)


def code(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The password of one time step (RFC 4226 §5.3)."""
    mac = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[-1] & 0x0F
    number = int.from_bytes(mac[at : at + 4]) & 0x7FFF_FFFF
    return f"{number % 10**digits:0{digits}d}"


def matching(secret: bytes, said: str, now: float, after: int) -> int | None:
    """The time step that the password belongs to, later than `after` (a step is used once); None when it is wrong."""
    present = int(now) // STEP
    for step in range(max(present - DRIFT, after + 1, 0), present + DRIFT + 1):
        if hmac.compare_digest(code(secret, step).encode(), said.encode()):
            return step
    return None


def shown(secret: bytes) -> str:
    """The secret as it is typed into an authenticator: base32 in fours."""
    letters = base64.b32encode(secret).decode()
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def address(secret: bytes, issuer: str, login: str) -> str:
    """The address that an authenticator reads from a QR code (`otpauth://totp/…`)."""
    asked = urlencode({"secret": base64.b32encode(secret).decode(), "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(login)}?{asked}"
