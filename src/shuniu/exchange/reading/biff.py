"""Old workbooks' records ([MS-XLS], BIFF8): sheets, shared strings, number formats, cells. No formula is ever evaluated."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import polars as pl

from shuniu.exchange.reading.archive import damaged
from shuniu.exchange.reading.detect import unreadable
from shuniu.exchange.reading.workbook import Sheet, Style, style_of
from shuniu.trust.declare import Refused

BOF, EOF, CONTINUE, FILEPASS = 0x0809, 0x000A, 0x003C, 0x002F
DATE_MODE, BOUNDSHEET, FORMAT, XF, SST = 0x0022, 0x0085, 0x041E, 0x00E0, 0x00FC
LABEL_SST, LABEL, RSTRING, NUMBER, RK, MULTI_RK = 0x00FD, 0x0204, 0x00D6, 0x0203, 0x027E, 0x00BD
BOOL_ERR, FORMULA, STRING, MERGED = 0x0205, 0x0006, 0x0207, 0x00E5
_BIFF8, _WORKSHEET = 0x0600, 0
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
Record = tuple[int, bytes, int]
"""Type, content, and where the next one begins."""


class Cell(NamedTuple):
    """A cell as it stands: kind and text as in a new workbook's XML (see `cells`), whether a formula made it."""

    row: int  # from 1
    column: int  # from 0
    style: str
    kind: str
    text: str
    formula: bool = False


@dataclass(frozen=True)
class Merged:
    """A range of merged cells, by its last row (from 1)."""

    last: int


class Biff:
    """A workbook stream. Raises Refused file.locked, file.format, file.damaged."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.since_1904 = False
        self._sheets: list[Sheet] = []
        self._formats: dict[int, str] = {}
        self._xfs: list[int] = []
        self._shared: list[bytes] = []
        try:
            self._globals()
        except (struct.error, IndexError) as problem:
            raise damaged("工作簿没有传完整，或已损坏。") from problem

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """The sheets that hold cells, in the order of their tabs."""
        return tuple(self._sheets)

    @cached_property
    def styles(self) -> tuple[Style, ...]:
        """What each cell style means, by index."""
        return tuple(style_of(number, self._formats.get(number, "")) for number in self._xfs)

    @cached_property
    def strings(self) -> pl.Series:
        """The shared strings by index."""
        try:
            return pl.Series("strings", list(_shared_strings(self._shared)), pl.String)
        except (struct.error, IndexError, ValueError) as problem:
            raise damaged("工作簿的字符串表已损坏。") from problem

    def cells(self, sheet: Sheet) -> Iterator[Cell | Merged]:
        """A sheet's cells that hold something, as they come, and its merged ranges."""
        try:
            yield from self._cells(int(sheet.part))
        except (struct.error, IndexError) as problem:
            raise damaged(f"工作表“{sheet.name[:40]}”没有传完整，或已损坏。") from problem

    def _records(self, start: int) -> Iterator[Record]:
        """Records from a place up to the end of the part that begins there; parts inside it (charts) are left out."""
        at, depth = start, 0
        while True:
            kind, size = struct.unpack_from("<HH", self._data, at)
            content = self._data[at + 4 : at + 4 + size]
            if len(content) < size:
                raise IndexError("record beyond the end")
            at += 4 + size
            if kind == BOF:
                depth += 1
            elif kind == EOF:
                depth -= 1
                if depth <= 0:
                    return
            elif depth == 1:
                yield kind, content, at

    def _globals(self) -> None:
        kind, _, version = struct.unpack_from("<3H", self._data)
        if kind != BOF or version != _BIFF8:
            raise unreadable("这是 Excel 95 或更早的文件。")
        last = 0
        for kind, content, _ in self._records(0):
            if kind == FILEPASS:
                raise Refused("file.locked", "文件设有密码，平台无法读取。", "请取消密码后重新报送。")
            if kind == DATE_MODE:
                self.since_1904 = content[:1] == b"\1"
            elif kind == BOUNDSHEET:
                self._add_sheet(content)
            elif kind == FORMAT:
                self._formats[struct.unpack_from("<H", content)[0]] = _string(content, 2)
            elif kind == XF:
                self._xfs.append(struct.unpack_from("<H", content, 2)[0])
            elif kind == SST or (kind == CONTINUE and last == SST):
                self._shared.append(content)
                kind = SST
            last = kind

    def _add_sheet(self, content: bytes) -> None:
        place, state, kind, length, wide = struct.unpack_from("<IBBBB", content)
        if kind == _WORKSHEET:
            raw = content[8 : 8 + (length * 2 if wide & 1 else length)]
            name = raw.decode("utf-16-le" if wide & 1 else "latin-1", errors="replace")
            self._sheets.append(Sheet(name, str(place), hidden=bool(state & 3)))

    def _cells(self, start: int) -> Iterator[Cell | Merged]:
        waiting: Cell | None = None  # a formula whose text follows in a record of its own
        for kind, content, _ in self._records(start):
            if kind == STRING and waiting is not None:
                yield waiting._replace(text=_string(content, 0))
                waiting = None
            elif kind == MULTI_RK:
                yield from _several(content)
            elif kind == MERGED:
                (count,) = struct.unpack_from("<H", content)
                yield from (Merged(struct.unpack_from("<H", content, 4 + 8 * n)[0] + 1) for n in range(count))
            elif kind in _SINGLE:
                cell = _cell(kind, content)
                waiting = None
                if cell.kind == "str" and cell.formula:
                    waiting = cell
                else:
                    yield cell


_SINGLE = {LABEL_SST, LABEL, RSTRING, NUMBER, RK, BOOL_ERR, FORMULA}


def _cell(kind: int, content: bytes) -> Cell:
    row, column, style = struct.unpack_from("<3H", content)
    at = Cell(row + 1, column, str(style), "n", "")
    if kind == LABEL_SST:
        return at._replace(kind="s", text=str(struct.unpack_from("<I", content, 6)[0]))
    if kind in (LABEL, RSTRING):
        return at._replace(kind="str", text=_string(content, 6))
    if kind == NUMBER:
        return at._replace(text=repr(struct.unpack_from("<d", content, 6)[0]))
    if kind == RK:
        return at._replace(text=_rk(struct.unpack_from("<I", content, 6)[0]))
    if kind == BOOL_ERR:
        return _truth(at, content[6], error=content[7] == 1)
    return _result(at._replace(formula=True), content[6:14])


def _result(at: Cell, value: bytes) -> Cell:
    """What a formula last gave: a number, or marked by its last two bytes a text (that follows), truth, error, nothing."""
    if value[6:] != b"\xff\xff":
        return at._replace(text=repr(struct.unpack("<d", value)[0]))
    if value[0] in (1, 2):
        return _truth(at, value[2], error=value[0] == 2)
    return at._replace(kind="str") if value[0] == 0 else at._replace(kind="inlineStr")


def _truth(at: Cell, value: int, *, error: bool) -> Cell:
    return at._replace(kind="e", text=_ERRORS.get(value, "#N/A")) if error else at._replace(kind="b", text=str(value))


def _several(content: bytes) -> Iterator[Cell]:
    row, first = struct.unpack_from("<2H", content)
    for place in range((len(content) - 6) // 6):
        style, packed = struct.unpack_from("<HI", content, 4 + 6 * place)
        yield Cell(row + 1, first + place, str(style), "n", _rk(packed))


def _rk(packed: int) -> str:
    """A number in 30 bits: an integer or the high half of a double, perhaps times a hundred ([MS-XLS] 2.5.218)."""
    if packed & 2:
        number = float((packed >> 2) - (1 << 30 if packed & 0x80000000 else 0))
    else:
        (number,) = struct.unpack("<d", struct.pack("<II", 0, packed & 0xFFFFFFFC))
    return repr(number / 100 if packed & 1 else number)


def _string(content: bytes, at: int) -> str:
    """A text with its length (two bytes) and width before it, inside one record."""
    length, wide = struct.unpack_from("<HB", content, at)
    size = length * 2 if wide & 1 else length
    raw = content[at + 3 : at + 3 + size]
    if len(raw) < size:
        raise IndexError("text beyond its record")
    return raw.decode("utf-16-le" if wide & 1 else "latin-1", errors="replace")


def _shared_strings(records: list[bytes]) -> Iterator[str]:
    """The texts of the shared string table, which run on from record to record."""
    if not records:
        return
    reader = _Running(records)
    _, count = struct.unpack("<II", reader.take(8))
    for _ in range(count):
        length, flags = struct.unpack("<HB", reader.take(3))
        runs = struct.unpack("<H", reader.take(2))[0] if flags & 8 else 0
        more = struct.unpack("<I", reader.take(4))[0] if flags & 4 else 0
        yield reader.text(length, wide=bool(flags & 1))
        reader.take(4 * runs + more)


class _Running:
    """Bytes that run on over records; a text cut by a record's end goes on after a byte that tells its width anew."""

    def __init__(self, records: list[bytes]) -> None:
        self._records = records
        self._number = self._at = 0

    def take(self, size: int) -> bytes:
        part = self._records[self._number][self._at : self._at + size]
        self._at += len(part)
        while len(part) < size:
            self._number, self._at = self._number + 1, 0
            rest = self._records[self._number][: size - len(part)]
            self._at = len(rest)
            part += rest
        return part

    def text(self, length: int, *, wide: bool) -> str:
        parts: list[str] = []
        while True:
            room = (len(self._records[self._number]) - self._at) // (2 if wide else 1)
            now = min(length, room)
            raw = self.take(now * 2 if wide else now)
            parts.append(raw.decode("utf-16-le", errors="surrogatepass") if wide else raw.decode("latin-1"))
            length -= now
            if not length:
                return "".join(parts).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            self._number, self._at = self._number + 1, 1
            wide = bool(self._records[self._number][0] & 1)
