"""XLS (BIFF8), as Excel 97-2003 and WPS write it: read as XLSX is, cells as the spreadsheet shows them, as text.

Own code and no library: those at hand lose number formats and error cells and allocate a sheet's whole rectangle. What
such a file cannot tell is whether a formula was ever calculated: its last result is taken, and the note says so.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from shuniu.catalogue.declare import Resource
from shuniu.exchange.reading import cells
from shuniu.exchange.reading.archive import damaged
from shuniu.exchange.reading.biff import Biff, Cell, Merged
from shuniu.exchange.reading.compound import Compound
from shuniu.exchange.reading.detect import unreadable
from shuniu.exchange.reading.header import WITHIN, Labels
from shuniu.exchange.reading.notes import Notes
from shuniu.exchange.reading.spreadsheet import BATCH, frames_of
from shuniu.exchange.reading.workbook import Sheet
from shuniu.exchange.spool import Spooled
from shuniu.trust.declare import Refused

MAX_COLUMN = 256


def frames(spooled: Spooled, resource: Resource, labels: Labels, notes: Notes) -> Iterator[pl.DataFrame]:
    """The rows of an old workbook's data sheet. Raises Refused file.format, file.locked, file.damaged, as for XLSX."""
    return frames_of(OldWorkbook(Compound(spooled)), resource, labels, notes)


class OldWorkbook(Biff):
    """The workbook stream of a compound file, as pages."""

    def __init__(self, compound: Compound) -> None:
        if compound.has("EncryptedPackage"):
            raise Refused("file.locked", "文件设有密码，平台无法读取。", "请取消密码后重新报送。")
        stream = compound.stream("Workbook")
        if stream is None:
            older = compound.has("Book")
            raise unreadable(
                "这是 Excel 95 或更早的文件。" if older else "这不是 Excel 文件（可能是 Word 或其他文档）。"
            )
        super().__init__(stream)
        self.has_macros = compound.has("_VBA_PROJECT_CUR")

    def head(self, sheet: Sheet) -> cells.Batch:
        """The first rows that hold anything."""
        batch = cells.Batch()
        for cell in self._filled(sheet):
            if cell.row > WITHIN and batch.row and cell.row != batch.lines[-1]:
                break
            if cell.row > WITHIN and not batch.row:
                batch = cells.Batch()
            _begin(batch, cell.row)
            batch.add(cell.column, cell.kind, cell.style, cell.text)
        return batch

    def batches(self, sheet: Sheet, notes: Notes, *, after: int, width: int) -> Iterator[cells.Batch]:
        """The rows after a line, as wide as the headings."""
        batch = cells.Batch()
        for cell in self._placed(sheet):
            if isinstance(cell, Merged):
                if cell.last > after:
                    notes.count("有合并单元格，只有左上角一格有值", 1, cell.last)
            elif cell.row > after:
                if len(batch.lines) == BATCH and cell.row != batch.lines[-1]:
                    yield batch
                    batch = cells.Batch()
                _begin(batch, cell.row)
                _add(batch, cell, width, notes)
        if batch.lines:
            yield batch

    def _placed(self, sheet: Sheet) -> Iterator[Cell | Merged]:
        """Cells and merged ranges; raises Refused file.damaged where rows go back or columns go beyond the format's."""
        last = 0
        for cell in self.cells(sheet):
            if isinstance(cell, Cell):
                if cell.row < last or cell.column >= MAX_COLUMN:
                    raise damaged(f"第 {cell.row} 行的单元格位置无效。")
                last = cell.row
            yield cell

    def _filled(self, sheet: Sheet) -> Iterator[Cell]:
        return (cell for cell in self._placed(sheet) if isinstance(cell, Cell) and cell.text)


def _begin(batch: cells.Batch, row: int) -> None:
    if not batch.lines or row != batch.lines[-1]:
        batch.lines.append(row)


def _add(batch: cells.Batch, cell: Cell, width: int, notes: Notes) -> None:
    if cell.formula and cell.column < width:
        batch.formulas.append((cell.row, cell.column))
    if not cell.text:
        return
    if cell.column >= width:
        notes.count("最后一个列名之外还有内容，未采用", 1, cell.row)
    else:
        batch.add(cell.column, cell.kind, cell.style, cell.text)


def texts_of(compound: Compound) -> Iterator[str]:
    """All that a workbook's sheets say, a line each and the sheet's own order kept; as far as it can be read at all."""
    try:
        book = OldWorkbook(compound)
        strings = book.strings
        yield from (f"{text}\n" for text in strings)
        for sheet in book.sheets:
            yield f"\n{sheet.name}\n"
            for cell in book.cells(sheet):
                if isinstance(cell, Cell) and cell.kind == "s" and int(cell.text) < len(strings):
                    yield f"{strings[int(cell.text)]}\n"
                elif isinstance(cell, Cell) and cell.kind == "str":
                    yield f"{cell.text}\n"
    except Refused:
        return
