"""TOTP secrets at rest, bound to their account; a dump shows none."""

from __future__ import annotations

from shuniu.trust import api as trust

_KEY = "factors.key"


def seal(secret: bytes, account: int) -> bytes:
    """The ciphertext of an account's secret, another each time."""
    return trust.seal(_KEY, secret, _purpose(account))


def unseal(sealed: bytes | memoryview, account: int) -> bytes:
    """The secret again. Raises cryptography's InvalidTag when it was altered or is another account's."""
    return trust.unseal(_KEY, sealed, _purpose(account))


def _purpose(account: int) -> bytes:
    return b"shuniu.directory.factor:%d" % account
