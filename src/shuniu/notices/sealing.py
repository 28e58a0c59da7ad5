"""Addresses at rest: AES-256-GCM under a key of the keys folder, so that neither a dump nor a replica shows whose they are."""

from __future__ import annotations

import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from shuniu.base.files import kept

_NONCE = 12
_PURPOSE = b"shuniu.notices.address"


@lru_cache(maxsize=1)
def _cipher() -> AESGCM:
    folder = Path(settings.KEYS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return AESGCM(kept(folder / "contacts.key", secrets.token_bytes(32)))


def seal(address: str) -> bytes:
    """The ciphertext of an address, another each time: nonce, then what AES-GCM gives."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + _cipher().encrypt(nonce, address.encode(), _PURPOSE)


def unseal(sealed: bytes | memoryview) -> str:
    """The address again. Raises cryptography's InvalidTag when it was altered or another key sealed it."""
    data = bytes(sealed)
    return _cipher().decrypt(data[:_NONCE], data[_NONCE:], _PURPOSE).decode()
