"""Old workbooks (XLS) made record by record: what a test wants in them, in the smallest compound file that holds it."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from shuniu.exchange.reading import biff

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR, _SMALLEST = 512, 4096


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def text(value: str, size: str = "<H") -> bytes:
    """A text with its length and its width: Latin-1 in one byte a character, else UTF-16."""
    raw = value.encode("utf-16-le")
    wide = any(ord(c) > 255 for c in value)
    return struct.pack(size, len(raw) // 2) + bytes([wide]) + (raw if wide else value.encode("latin-1"))


def at(row: int, column: int, kind: int, content: bytes, style: int = 0) -> bytes:
    """A cell's record; row and column from 0."""
    return record(kind, struct.pack("<3H", row, column, style) + content)


def label(row: int, column: int, value: str) -> bytes:
    return at(row, column, biff.LABEL, text(value))


def headings(titles: Sequence[str], row: int = 0) -> bytes:
    return b"".join(label(row, column, title) for column, title in enumerate(titles))


def workbook_stream(*sheets: tuple[str, bytes], shared: Sequence[bytes] = (), extra: bytes = b"") -> bytes:
    """A workbook's stream: globals (`extra` among them, shared strings as their records), then the sheets' cells."""
    begin, end = record(biff.BOF, struct.pack("<HH12x", 0x0600, 5)), record(biff.EOF)
    strings = b"".join(record(biff.CONTINUE if n else biff.SST, part) for n, part in enumerate(shared))
    names = [struct.pack("<BB", 0, 0) + text(name, "<B") for name, _ in sheets]
    place = len(begin + extra + strings + end) + sum(8 + len(name) for name in names)
    listed, parts = b"", b""
    for name, (_, cells) in zip(names, sheets, strict=True):
        listed += record(biff.BOUNDSHEET, struct.pack("<I", place + len(parts)) + name)
        parts += record(biff.BOF, struct.pack("<HH12x", 0x0600, 0x10)) + cells + end
    return begin + extra + listed + strings + end + parts


def compound(*streams: tuple[str, bytes]) -> bytes:
    """A compound file of these streams, each large enough to stand in sectors of its own."""
    padded = [(name, content.ljust(_SMALLEST, b"\0")) for name, content in streams]
    sectors, directory = b"", list[bytes]()
    chain: list[int] = [_FAT, _END]
    for name, content in padded:
        start, count = len(chain), -(-len(content) // _SECTOR)
        chain += [start + n + 1 for n in range(count - 1)] + [_END]
        sectors += content.ljust(count * _SECTOR, b"\0")
        directory.append(_entry(name, 2, start, len(content), right=len(directory) + 2))
    directory[-1] = directory[-1][:72] + struct.pack("<I", _FREE) + directory[-1][76:]
    root = _entry("Root Entry", 5, _END, 0, child=1)
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(_SECTOR, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, 1, 1, 0, _SMALLEST, _END, 0, _END, 0) + struct.pack("<I", 0) + b"\xff" * 432
    return head + fat + b"".join([root, *directory]).ljust(_SECTOR, b"\0") + sectors


def _entry(name: str, kind: int, start: int, size: int, *, right: int = _FREE, child: int = _FREE) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    return (
        raw.ljust(64, b"\0") + struct.pack("<HBB3I", len(raw), kind, 1, _FREE, right, child) + bytes(36)
        + struct.pack("<IQ", start, size)
    )  # fmt: skip


def old(*sheets: tuple[str, bytes], shared: Sequence[bytes] = (), extra: bytes = b"") -> bytes:
    """An XLS file with these sheets."""
    return compound(("Workbook", workbook_stream(*sheets, shared=shared, extra=extra)))
