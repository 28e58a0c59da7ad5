"""The spool: delivered bytes on disk only as ciphertext. The key lives with the request, then in the submission's row.

A request that dies, or a file that is refused for a classified mark, leaves bytes that nobody can read and no name; the
file itself is removed as well, at once or by the next sweep. AES-256-GCM in frames of 1 MiB, the frame's number as nonce.
"""

from __future__ import annotations

import hashlib
import io
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

FRAME = 1 << 20
TAG = 16


def folder() -> Path:
    path = Path(settings.VAR) / "spool"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


class SpoolWriter:
    """Takes bytes in any portions, writes ciphertext, and knows digest and size of what it took.

    With `framed` it also knows the SHA-256 of each frame, one after the other, in `frames`.
    """

    def __init__(self, *, framed: bool = False) -> None:
        self.frames = bytearray()
        self._framed = framed
        self.key = secrets.token_bytes(32)
        self.path = folder() / secrets.token_hex(16)
        self.size = 0
        self._digest = hashlib.sha256()
        self._cipher = AESGCM(self.key)
        self._pending = bytearray()
        self._frames = 0
        self._file = self.path.open("xb")

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()

    def write(self, data: bytes) -> None:
        self.size += len(data)
        self._digest.update(data)
        if not self._pending and len(data) == FRAME:  # what files are read in: no copy
            self._seal(data)
            return
        self._pending += data
        while len(self._pending) >= FRAME:
            self._seal(bytes(self._pending[:FRAME]))
            del self._pending[:FRAME]

    def _seal(self, frame: bytes) -> None:
        if self._framed:
            self.frames += hashlib.sha256(frame).digest()
        self._file.write(self._cipher.encrypt(self._frames.to_bytes(12, "big"), frame, None))
        self._frames += 1

    def close(self) -> Spooled:
        if self._pending:
            self._seal(bytes(self._pending))
            self._pending.clear()
        self._file.close()
        return Spooled(self.key, self.path.name)

    def discard(self) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)


class Spooled:
    """Spooled bytes that can be read again, from the start each time, while the key is known."""

    def __init__(self, key: bytes, name: str) -> None:
        self.key = key
        self.name = name

    @property
    def path(self) -> Path:
        return folder() / self.name

    def blocks(self) -> Iterator[bytes]:
        """The delivered bytes, in frames of 1 MiB."""
        cipher = AESGCM(self.key)
        number = 0
        with self.path.open("rb") as file:
            while sealed := file.read(FRAME + TAG):
                yield cipher.decrypt(number.to_bytes(12, "big"), sealed, None)
                number += 1

    def whole(self, limit: int) -> bytes:
        """All of it at once, for formats that cannot be read in portions. Raises ValueError past `limit` bytes."""
        buffer = io.BytesIO()
        for block in self.blocks():
            if buffer.tell() + len(block) > limit:
                raise ValueError("too large to be read whole")
            buffer.write(block)
        return buffer.getvalue()

    def token(self) -> bytes:
        """Key and name in one value, for the submission's row."""
        return self.key + self.name.encode()

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)


def opened(token: bytes) -> Spooled:
    """The spooled file of a submission's token."""
    return Spooled(bytes(token[:32]), bytes(token[32:]).decode())


def orphans(keep: set[str], older_than: float = 3600.0, where: Path | None = None) -> list[Path]:
    """The files (of the spool, or of a folder as it) that nothing open names: what a kill left."""
    then = time.time() - older_than
    return [one for one in (where or folder()).iterdir() if one.name not in keep and one.stat().st_mtime < then]


def sweep(keep: set[str], older_than: float = 3600.0, where: Path | None = None) -> int:
    """Remove the `orphans`. Returns how many."""
    found = orphans(keep, older_than, where)
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)
