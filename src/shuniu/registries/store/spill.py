"""Rows that wait for the end of their batch: in one unlinked temporary file, sealed under a key that only memory has."""

from __future__ import annotations

import io
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Self

import polars as pl
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


class Spill:
    """Frames in a file that has no name: written once, read again from the start as often as needed."""

    def __init__(self) -> None:
        folder = Path(settings.VAR) / "spool"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by __exit__
        self._spans: list[tuple[int, int]] = []
        self._cipher = AESGCM(secrets.token_bytes(32))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, frame: pl.DataFrame) -> None:
        if frame.is_empty():
            return
        buffer = io.BytesIO()
        frame.write_ipc(buffer, compression="lz4")
        sealed = self._cipher.encrypt(_nonce(len(self._spans)), buffer.getbuffer(), None)
        self._spans.append((self._file.seek(0, io.SEEK_END), len(sealed)))
        self._file.write(sealed)

    def without(self, lines: pl.Series, column: str) -> Iterator[pl.DataFrame]:
        """The frames, without the rows whose number is among `lines`."""
        for number, (start, size) in enumerate(self._spans):
            self._file.seek(start)
            frame = pl.read_ipc(io.BytesIO(self._cipher.decrypt(_nonce(number), self._file.read(size), None)))
            yield frame if lines.is_empty() else frame.filter(~pl.col(column).is_in(lines.implode()))


def _nonce(number: int) -> bytes:
    """Each frame's own: the key is one spill's."""
    return number.to_bytes(12, "big")
