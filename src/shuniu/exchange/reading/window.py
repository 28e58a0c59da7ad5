"""A spooled file as a seekable stream: one frame is decrypted at a time, so archives open without being held whole."""

from __future__ import annotations

import io

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shuniu.exchange.spool import FRAME, TAG, Spooled


class _Window(io.RawIOBase):
    def __init__(self, spooled: Spooled) -> None:
        self._cipher = AESGCM(spooled.key)
        self._file = spooled.path.open("rb")
        whole, rest = divmod(spooled.path.stat().st_size, FRAME + TAG)
        self._size = whole * FRAME + max(0, rest - TAG)
        self._position = 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]  # a writable buffer, as io.RawIOBase promises
        frame, offset = divmod(self._position, FRAME)
        if self._position >= self._size:
            return 0
        part = self._frame(frame)[offset : offset + len(view)]
        view[: len(part)] = part
        self._position += len(part)
        return len(part)

    def _frame(self, number: int) -> bytes:
        if self._held[0] != number:
            self._file.seek(number * (FRAME + TAG))
            sealed = self._file.read(FRAME + TAG)
            self._held = (number, self._cipher.decrypt(number.to_bytes(12, "big"), sealed, None))
        return self._held[1]

    def close(self) -> None:
        self._file.close()
        super().close()


def window(spooled: Spooled) -> io.BufferedReader:
    """The delivered bytes as a stream that can be read at any place. The caller closes it."""
    if not spooled.key:  # a file of a department's own machine (shuniu digest) lies in the clear
        return spooled.path.open("rb")
    return io.BufferedReader(_Window(spooled), 1 << 16)
