"""The compound file around an old workbook ([MS-CFB]): its streams by name. Every chain is bounded by the file's size."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from shuniu.exchange.reading.archive import damaged
from shuniu.exchange.reading.window import window
from shuniu.exchange.spool import Spooled
from shuniu.trust.declare import Refused

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_SIZE = 256 << 20
"""Bytes of a file: old workbooks end at 65 536 rows a sheet, and one is held whole while it is read."""
_NONE = 0xFFFFFFFA
"""From here on a sector number is none but a mark."""
_ENTRY, _STREAM, _ROOT = 128, 2, 5


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


class Compound:
    """A compound file held in memory. Raises Refused file.damaged, file.size."""

    def __init__(self, spooled: Spooled) -> None:
        with window(spooled) as stream:
            data = stream.read(MAX_SIZE + 1)
        if len(data) > MAX_SIZE:
            raise Refused(
                "file.size", f"旧版 Excel 文件超过 {MAX_SIZE >> 20} MB。", "请另存为 .xlsx 或 CSV，或拆分后报送。"
            )
        try:
            self._open(data)
        except (struct.error, ValueError, IndexError) as problem:
            raise damaged("文件没有传完整，或已损坏。") from problem

    def _open(self, data: bytes) -> None:
        self._data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if not data.startswith(MAGIC) or shift not in (9, 12) or mini_shift != 6:
            raise ValueError("not a compound file")
        self._sector, self._wide = 1 << shift, shift == 12
        directory, _, self._cutoff, mini, _, more, _ = struct.unpack_from("<7I", data, 48)
        self._fat = self._table(self._fat_sectors(more))
        self._entries = list(self._directory(directory))
        self._mini_fat = self._table(self._chain(mini, self._fat))
        self._mini = self._joined(self._entries[0].start) if self._entries[0].start < _NONE else b""

    def streams(self) -> Iterator[bytes]:
        """Every stream that can be read, those inside embedded objects too."""
        for entry in self._entries:
            if entry.kind == _STREAM:
                with suppress(Refused):
                    yield self._content(entry)

    def stream(self, *names: str) -> bytes | None:
        """The first of these streams that the file itself has (not an object embedded in it)."""
        own = {entry.name.lower(): entry for entry in self._own() if entry.kind == _STREAM}
        found = next((own[name.lower()] for name in names if name.lower() in own), None)
        return None if found is None else self._content(found)

    def has(self, name: str) -> bool:
        """Whether the file itself has a stream or storage of that name."""
        return any(entry.name.lower() == name.lower() for entry in self._own())

    def _own(self) -> Iterator[_Entry]:
        todo, seen = [self._entries[0].child], set[int]()
        while todo:
            number = todo.pop()
            if number in seen or number >= len(self._entries):
                continue
            seen.add(number)
            entry = self._entries[number]
            todo += [entry.left, entry.right]
            yield entry

    def _content(self, entry: _Entry) -> bytes:
        try:
            return self._read(entry)
        except (struct.error, ValueError, IndexError) as problem:
            raise damaged("文件没有传完整，或已损坏。") from problem

    def _read(self, entry: _Entry) -> bytes:
        if entry.size > len(self._data):
            raise ValueError("stream larger than the file")
        if entry.size < self._cutoff:
            parts = (self._mini[at * 64 : at * 64 + 64] for at in self._chain(entry.start, self._mini_fat))
            content = b"".join(parts)[: entry.size]
        else:
            content = self._joined(entry.start)[: entry.size]
        if len(content) < entry.size:
            raise ValueError("stream cut short")
        return content

    def _fat_sectors(self, more: int) -> list[int]:
        """The sectors of the allocation table: 109 in the header, the others in a chain of their own."""
        numbers = list(struct.unpack_from("<109I", self._data, 76))
        entries, seen = self._sector // 4 - 1, set[int]()
        while more < _NONE and more not in seen:
            seen.add(more)
            *listed, more = struct.unpack(f"<{entries + 1}I", self._block(more))
            numbers += listed
        return [number for number in numbers if number < _NONE]

    def _table(self, sectors: list[int]) -> array[int]:
        return array("I", b"".join(self._block(number) for number in sectors))

    def _directory(self, start: int) -> Iterator[_Entry]:
        content = self._joined(start)
        for at in range(0, len(content) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", content, at + 64)
            name = content[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", errors="replace")
            left, right, child = struct.unpack_from("<3I", content, at + 68)
            first, size = struct.unpack_from("<IQ", content, at + 116)
            if at == 0 and kind != _ROOT:
                raise ValueError("no root")
            yield _Entry(name, kind, left, right, child, first, size if self._wide else size & 0xFFFFFFFF)

    def _joined(self, start: int) -> bytes:
        return b"".join(self._block(number) for number in self._chain(start, self._fat))

    def _chain(self, start: int, table: array[int]) -> list[int]:
        """The sectors from one on, in order. Raises ValueError for a ring."""
        chain, number = [], start
        while number < _NONE:
            chain.append(number)
            if len(chain) > len(table):
                raise ValueError("sectors in a ring")
            number = table[number]
        return chain

    def _block(self, number: int) -> bytes:
        block = self._data[(number + 1) * self._sector : (number + 2) * self._sector]
        if not block:
            raise ValueError("sector outside the file")
        return block.ljust(self._sector, b"\0")
