"""Signatures and keyed values behind one small interface, so that another suite or an HSM fits without a change elsewhere.

The certificate authority is not here: this is the platform's own journal key and the key under which identifiers of
natural persons enter journals, digests and logs.
"""

from __future__ import annotations

import hmac
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from shuniu.base.files import kept
from shuniu.trust.journal import key_id as key_id
from shuniu.trust.journal import verify as verify


class Signer(Protocol):
    """What the journal needs of a key: an id that names suite and key, the public half, and a signature."""

    key_id: str
    public_key: bytes

    def sign(self, data: bytes) -> bytes: ...


class Ed25519Signer:
    """The `international` suite's signer (RFC 8032), its private key in one file that only the platform's user reads."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public_key = private.public_key().public_bytes_raw()
        self.key_id = key_id(self.public_key)

    def sign(self, data: bytes) -> bytes:
        return self._private.sign(data)


def private_file(name: str, fresh: bytes) -> bytes:
    """A file in the folder of keys, which only the platform's user reads; `fresh` is written where there is none."""
    folder = Path(settings.KEYS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return kept(folder / name, fresh)


@lru_cache(maxsize=1)
def journal_signer() -> Ed25519Signer:
    """The key that signs tree heads; made on first use."""
    fresh = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    loaded = serialization.load_pem_private_key(private_file("journal.pem", fresh), password=None)
    if not isinstance(loaded, Ed25519PrivateKey):
        raise TypeError("journal.pem is not an Ed25519 key")
    return Ed25519Signer(loaded)


@lru_cache(maxsize=1)
def _keyed_secret() -> bytes:
    return private_file("identifiers.key", secrets.token_bytes(32))


def keyed(value: str) -> str:
    """A value that stands for an identifier where the identifier itself may not stand: HMAC-SHA-256, 32 hex digits.

    An unsalted hash of a resident ID can be reversed by trying all of them, so it is treated as the ID itself.
    """
    return hmac.digest(_keyed_secret(), value.encode(), "sha256").hex()[:32]
