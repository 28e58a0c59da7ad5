"""XLSX: the one sheet that holds the data, streamed row by row; cells as the spreadsheet shows them, as text.

Own code and no library: those at hand allocate a sheet's whole rectangle (two cells far apart kill the process), lose
number formats (leading zeros) and give error cells as empty ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

import polars as pl
from lxml import etree

from shuniu.catalogue.declare import ItemType, Resource
from shuniu.exchange.reading import cells
from shuniu.exchange.reading.archive import archive, damaged
from shuniu.exchange.reading.detect import empty
from shuniu.exchange.reading.header import WITHIN, Header, Labels, find_header
from shuniu.exchange.reading.notes import Notes, named
from shuniu.exchange.reading.rows import Rows
from shuniu.exchange.reading.workbook import Sheet, Workbook, string_of
from shuniu.exchange.spool import Spooled
from shuniu.registries.conform import LINE
from shuniu.trust.declare import Refused

BATCH = 20_000
"""Rows of a frame."""
MAX_COLUMN, MAX_ROW = 16_384, 1_048_576
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


class Pages(cells.Book, Protocol):
    """A workbook of any format: its sheets, and a sheet's cells in batches of rows."""

    @property
    def sheets(self) -> tuple[Sheet, ...]: ...
    @property
    def has_macros(self) -> bool: ...
    def head(self, sheet: Sheet) -> cells.Batch:
        """The first rows that hold anything."""

    def batches(self, sheet: Sheet, notes: Notes, *, after: int, width: int) -> Iterator[cells.Batch]:
        """The rows after a line, as wide as the headings."""


class _Parts(Workbook):
    """The workbook of an XLSX archive as pages."""

    def head(self, sheet: Sheet) -> cells.Batch:
        return _head(self, sheet)

    def batches(self, sheet: Sheet, notes: Notes, *, after: int, width: int) -> Iterator[cells.Batch]:
        return _batches(self, sheet, notes, after=after, width=width)


def frames(spooled: Spooled, resource: Resource, labels: Labels, notes: Notes) -> Iterator[pl.DataFrame]:
    """The rows of a workbook's data sheet. Raises Refused file.sheets, file.columns, file.empty, file.damaged, file.bomb."""
    with archive(spooled) as opened:
        yield from frames_of(_Parts(opened), resource, labels, notes)


def frames_of(workbook: Pages, resource: Resource, labels: Labels, notes: Notes) -> Iterator[pl.DataFrame]:
    """The rows of the data sheet among a workbook's pages. Raises Refused file.sheets, file.columns, file.empty."""
    sheet, header = _data_sheet(workbook, resource, labels, notes)
    if workbook.has_macros:
        notes.say("文件带有宏，未执行，也未保存。")
    rows = Rows(resource, header, notes)
    texts = {f"c{c.position}" for name, c in header.columns.items() if resource.item(name).type is ItemType.TEXT}
    data = False
    for batch in workbook.batches(sheet, notes, after=header.line, width=len(header.headings)):
        table = cells.table(batch, len(header.headings), workbook)
        _tell(batch, table, texts, header, notes)
        frame = rows.frame(table.drop(cells.NUMERIC))
        if frame.height:
            data = True
            yield frame
    if not data:
        raise empty()


def _data_sheet(workbook: Pages, resource: Resource, labels: Labels, notes: Notes) -> tuple[Sheet, Header]:
    """The sheet whose headings are the resource's; else the only one that holds anything."""
    heads = {sheet: _shown(workbook, sheet) for sheet in workbook.sheets}
    filled = [sheet for sheet, rows in heads.items() if rows]
    known = {sheet: max((labels.known(row) for _, row in heads[sheet]), default=0) for sheet in filled}
    best = [sheet for sheet in filled if known[sheet] and known[sheet] == max(known.values())]
    if not filled:
        raise empty()
    chosen = best or filled
    if len(chosen) > 1:
        raise Refused(
            "file.sheets",
            f"文件中有多个工作表，无法判断数据在哪一个：{named(sheet.name for sheet in chosen)}。",
            "请只保留一个工作表，或分成几个文件报送。",
        )
    (sheet,) = chosen
    if len(filled) > 1:
        notes.say(f"只读取工作表“{sheet.name}”，其他未采用：{named(s.name for s in filled if s is not sheet)}。")
    if sheet.hidden:
        notes.say(f"工作表“{sheet.name}”是隐藏的。")
    header = find_header(heads[sheet], resource, labels, notes)
    named_up_to = max(place for place, heading in enumerate(header.headings) if heading.strip()) + 1
    return sheet, replace(header, headings=header.headings[:named_up_to])


def _shown(workbook: Pages, sheet: Sheet) -> list[tuple[int, list[str]]]:
    """The first rows that hold anything, as text."""
    batch = workbook.head(sheet)
    width = max(batch.column, default=-1) + 1
    if not width:
        return []
    table = cells.table(batch, width, workbook)
    filled = (
        (line, [cell or "" for cell in row]) for line, *row in table.select(LINE, pl.exclude(LINE, *cells.OWN)).rows()
    )
    return [(line, row) for line, row in filled if any(row)]


def _head(workbook: Workbook, sheet: Sheet) -> cells.Batch:
    batch = cells.Batch()
    for row in workbook.elements(sheet.part, "{*}row"):
        line = _line(row, batch.lines[-1] if batch.lines else 0)
        if line > WITHIN and any(batch.text):
            break
        if line > WITHIN:
            batch = cells.Batch()  # nothing yet: a sheet that begins further down
        _take(row, line, batch, MAX_COLUMN)
    return batch


def _batches(workbook: Workbook, sheet: Sheet, notes: Notes, *, after: int, width: int) -> Iterator[cells.Batch]:
    batch = cells.Batch()
    line = 0
    for element in workbook.elements(sheet.part, "{*}row", "{*}mergeCell"):
        if element.tag.endswith("mergeCell"):
            last = re.search(r"(\d+)$", element.get("ref", ""))
            if last and int(last[1]) > after:
                notes.count("有合并单元格，只有左上角一格有值", 1, int(last[1]))
            continue
        line = _line(element, line)
        if line <= after:
            continue
        beyond = _take(element, line, batch, width)
        if beyond:
            notes.count("最后一个列名之外还有内容，未采用", beyond, line)
        if len(batch.lines) == BATCH:
            yield batch
            batch = cells.Batch()
    if batch.lines:
        yield batch


def _line(row: etree._Element, before: int) -> int:
    given = row.get("r")
    line = int(given) if given and given.isdecimal() else before + 1
    if not before < line <= MAX_ROW:
        raise damaged(f"第 {line} 行的行号无效。")
    return line


def _take(row: etree._Element, line: int, batch: cells.Batch, width: int) -> int:
    """Add a row's cells to a batch; returns how many cells with content stand beyond `width`."""
    column, beyond = -1, 0
    batch.lines.append(line)
    for cell in row:
        column = _column(cell.get("r"), column + 1)
        kind = cell.get("t", "n")
        text, formula = _content(cell, kind)
        if formula and column < width:
            batch.formulas.append((line, column))
            if text is None:
                kind = cells.NO_RESULT
        if text is None and kind != cells.NO_RESULT:
            continue
        if column >= width:
            beyond += 1
            continue
        batch.add(column, kind, cell.get("s"), text)
    return beyond


def _content(cell: etree._Element, kind: str) -> tuple[str | None, bool]:
    """The text of a cell's value as it stands in the file, and whether a formula made it."""
    if len(cell) == 1 and kind != "inlineStr":
        child = cell[0]
        return (child.text, False) if child.tag.endswith("}v") else (None, child.tag.endswith("}f"))
    text, formula = None, False
    for child in cell:
        if child.tag.endswith("}v"):
            text = child.text or (
                "" if kind == "str" else None
            )  # a formula that gave an empty text has been calculated
        elif child.tag.endswith("}is"):
            text = string_of(child)
        elif child.tag.endswith("}f"):
            formula = True
    return text, formula


_COLUMNS: dict[str, int] = {}


def _column(reference: str | None, following: int) -> int:
    """The position of a cell's column, from 0; a cell without reference follows the one before it."""
    letters = (reference or "").rstrip("0123456789")
    if not letters:
        return following
    if letters not in _COLUMNS:
        position = 0
        for letter in letters:
            position = position * 26 + ord(letter) - 64
        if not re.fullmatch("[A-Z]{1,3}", letters) or position > MAX_COLUMN:
            raise damaged(f"单元格位置 {str(reference)[:20]} 无效。")
        _COLUMNS[letters] = position - 1
    return _COLUMNS[letters]


def _tell(batch: cells.Batch, table: pl.DataFrame, texts: set[str], header: Header, notes: Notes) -> None:
    if batch.formulas:
        notes.count("单元格是公式，取其保存的结果", len(batch.formulas), batch.formulas[0][0])
    numeric = (
        table.select(LINE, pl.col(cells.NUMERIC)).filter(pl.col(cells.NUMERIC).list.len() > 0).explode(cells.NUMERIC)
    )
    for (position,), found in numeric.group_by(cells.NUMERIC, maintain_order=True):
        if f"c{position}" in texts:
            title = header.headings[int(str(position))].strip()[:40]
            what = f"“{title}”是数字格式，编号前的零可能已丢失（应设为文本格式）"
            notes.count(what, found.height, found.get_column(LINE).item(0))
