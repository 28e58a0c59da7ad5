"""Personal data and secrets at rest: AES-256-GCM under keys of the keys folder, so that neither a dump nor a replica shows them."""

from __future__ import annotations

import secrets
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shuniu.trust.keys import private_file

_NONCE = 12


@lru_cache(maxsize=16)
def _cipher(key: str) -> AESGCM:
    return AESGCM(private_file(key, secrets.token_bytes(32)))


def seal(key: str, data: bytes, purpose: bytes) -> bytes:
    """The ciphertext of data, another each time: nonce, then what AES-GCM gives.

    `key` is a file of the keys folder, made on first use; `purpose` says what is sealed, and for whom where that matters.
    """
    nonce = secrets.token_bytes(_NONCE)
    return nonce + _cipher(key).encrypt(nonce, data, purpose)


def unseal(key: str, sealed: bytes | memoryview, purpose: bytes) -> bytes:
    """The data again. Raises cryptography's InvalidTag when it was altered, or sealed by another key or for another purpose."""
    data = bytes(sealed)
    return _cipher(key).decrypt(data[:_NONCE], data[_NONCE:], purpose)
