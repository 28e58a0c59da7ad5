"""TOTP secrets at rest: AES-256-GCM under a key of the folder of keys, bound to their account; a dump shows none."""

from __future__ import annotations

import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from shuniu.base.files import kept

_NONCE = 12


@lru_cache(maxsize=1)
def _cipher() -> AESGCM:
    folder = Path(settings.KEYS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return AESGCM(kept(folder / "factors.key", secrets.token_bytes(32)))


def seal(secret: bytes, account: int) -> bytes:
    """The ciphertext: nonce, then what AES-GCM gives."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + _cipher().encrypt(nonce, secret, _purpose(account))


def unseal(sealed: bytes | memoryview, account: int) -> bytes:
    """The secret again. Raises cryptography's InvalidTag when it was altered or is another account's."""
    data = bytes(sealed)
    return _cipher().decrypt(data[:_NONCE], data[_NONCE:], _purpose(account))


def _purpose(account: int) -> bytes:
    return b"shuniu.directory.factor:%d" % account
