"""Encryption of streams under a passphrase: AES-256-GCM in frames of 1 MiB, in order, the last one marked as the last.

The passphrase becomes a key by scrypt (RFC 7914); each stream has a key of its own (HKDF, RFC 5869), so that numbering the
frames makes unique nonces. A frame that was changed, moved, left out or cut off does not open.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

FRAME = 1 << 20
TAG = 16
SALT = 16


class DamagedError(ValueError):
    """A sealed stream does not open: another key, or changed bytes."""


def master_key(passphrase: str, salt: bytes) -> bytes:
    """The key that a passphrase stands for; takes a fraction of a second and 64 MiB, so that guessing is dear."""
    return Scrypt(salt=salt, length=32, n=1 << 16, r=8, p=1).derive(passphrase.encode())


def authenticate(master: bytes, data: bytes) -> str:
    """A code over bytes that only a holder of the key can make, hex."""
    return hmac.new(_derived(master, "manifest"), data, hashlib.sha256).hexdigest()


def seal(blocks: Iterable[bytes], master: bytes, name: str) -> Iterator[bytes]:
    """Encrypt blocks of any size as the stream called `name`."""
    cipher = AESGCM(_derived(master, name))
    pending = bytearray()
    number = 0
    for block in blocks:
        pending += block
        while len(pending) > FRAME:
            yield cipher.encrypt(_nonce(number), bytes(pending[:FRAME]), b"more")
            del pending[:FRAME]
            number += 1
    yield cipher.encrypt(_nonce(number), bytes(pending), b"last")


def unseal(blocks: Iterable[bytes], master: bytes, name: str) -> Iterator[bytes]:
    """Decrypt what `seal` made, given in blocks of any size. Raises DamagedError."""
    cipher = AESGCM(_derived(master, name))
    pending = bytearray()
    number = 0
    try:
        for block in blocks:
            pending += block
            while len(pending) > FRAME + TAG:
                yield cipher.decrypt(_nonce(number), bytes(pending[: FRAME + TAG]), b"more")
                del pending[: FRAME + TAG]
                number += 1
        yield cipher.decrypt(_nonce(number), bytes(pending), b"last")
    except InvalidTag as error:
        raise DamagedError(name) from error


def _derived(master: bytes, name: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"shuniu-backup/1/{name}".encode()).derive(master)


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")
