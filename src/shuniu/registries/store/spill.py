"""Rows that wait for the end of their batch: in one unlinked temporary file, gone with the process."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Self

import polars as pl
from django.conf import settings


class Spill:
    """Frames in a file that has no name: written once, read again from the start as often as needed."""

    def __init__(self) -> None:
        folder = Path(settings.VAR) / "spool"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by __exit__
        self._spans: list[tuple[int, int]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, frame: pl.DataFrame) -> None:
        if frame.is_empty():
            return
        buffer = io.BytesIO()
        frame.write_ipc(buffer, compression="lz4")
        self._spans.append((self._file.seek(0, io.SEEK_END), buffer.getbuffer().nbytes))
        self._file.write(buffer.getbuffer())

    def without(self, lines: pl.Series, column: str) -> Iterator[pl.DataFrame]:
        """The frames, without the rows whose number is among `lines`."""
        for start, size in self._spans:
            self._file.seek(start)
            frame = pl.read_ipc(io.BytesIO(self._file.read(size)))
            yield frame if lines.is_empty() else frame.filter(~pl.col(column).is_in(lines.implode()))
