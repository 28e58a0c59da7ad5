"""Addresses at rest: neither a dump nor a replica shows whose they are."""

from __future__ import annotations

from shuniu.trust import api as trust

_KEY, _PURPOSE = "contacts.key", b"shuniu.notices.address"


def seal(address: str) -> bytes:
    """The ciphertext of an address, another each time."""
    return trust.seal(_KEY, address.encode(), _PURPOSE)


def unseal(sealed: bytes | memoryview) -> str:
    """The address again. Raises cryptography's InvalidTag when it was altered or another key sealed it."""
    return trust.unseal(_KEY, sealed, _PURPOSE).decode()
