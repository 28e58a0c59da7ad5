"""CSV, TSV and the like: streamed in portions cut at row ends, so that ten million rows pass in constant memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain

import polars as pl

from shuniu.catalogue.declare import Resource
from shuniu.exchange.reading import encoding
from shuniu.exchange.reading.detect import empty
from shuniu.exchange.reading.header import WITHIN, Header, Labels, find_header
from shuniu.exchange.reading.notes import Notes
from shuniu.exchange.reading.rows import Rows
from shuniu.exchange.spool import Spooled
from shuniu.registries.conform import FAULT, LINE, ROW_CELLS
from shuniu.trust.declare import Refused

FIRST_PORTION, PORTION = 4 << 20, 32 << 20
"""Bytes of the first portion and of the largest: each is twice the one before it, so that storing begins early and large
files come in portions of about 140 000 rows."""
MAX_ROW = 16 << 20
"""A row longer than this is none: a quote that is never closed."""
HEAD = 1 << 20
"""Bytes in which the heading row must stand."""
_SEPARATORS = {",": "逗号", "\t": "制表符", ";": "分号", "|": "竖线"}
_COMMAS = ","


def frames(spooled: Spooled, resource: Resource, labels: Labels, notes: Notes) -> Iterator[pl.DataFrame]:
    """The rows of a delimited file. Raises Refused file.empty, file.columns, file.encoding, file.quotes."""
    code = encoding.encoding_of(spooled)
    if code != encoding.UTF8:
        notes.say(f"文件编码为 {encoding.LABELS[code]}。")
    blocks = _with_newlines(encoding.utf8_blocks(spooled, code))
    head = bytearray()
    for block in blocks:
        head += block
        if len(head) >= HEAD:
            break
    separator, header, start = _header(bytes(head[: HEAD + MAX_ROW]), resource, labels, notes, spooled)
    rows = Rows(resource, header, notes)
    line, data = header.line + 1, False
    try:
        for parts in _portions(chain([bytes(head[start:])], blocks)):
            table = _table(parts, separator, len(header.headings), line, spooled)
            line += table.height
            frame = rows.frame(table)
            if frame.height:
                data = True
                yield frame
    except _EndlessRow as problem:
        raise _quotes(line) from problem
    if not data:
        raise empty()


def _with_newlines(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Rows that end in carriage returns alone (old Macintosh programs) get newlines."""
    first = next(blocks, b"")
    old = b"\r" in first and b"\n" not in first
    for block in chain([first], blocks):
        yield block.replace(b"\r", b"\n") if old else block


def _header(head: bytes, resource: Resource, labels: Labels, notes: Notes, spooled: Spooled) -> tuple[str, Header, int]:
    """The separator under which the most headings are known, the heading row, and the byte where data begin."""
    cut = len(head) if len(head) < HEAD else _row_end(head) or len(head)
    try:
        text = head[:cut].decode()
    except UnicodeDecodeError:
        encoding.refuse_broken(spooled)
        raise
    found = {separator: _first_rows(text, separator) for separator in _SEPARATORS}
    separator = max(found, key=lambda one: max((labels.known(cells) for _, cells, _ in found[one]), default=0))
    if separator != _COMMAS:
        notes.say(f"各列以{_SEPARATORS[separator]}分隔。")
    header = find_header([(line, cells) for line, cells, _ in found[separator]], resource, labels, notes)
    return separator, header, next(end for line, _, end in found[separator] if line == header.line)


def _first_rows(text: str, separator: str) -> list[tuple[int, list[str], int]]:
    """Row number, cells and the byte after it of the first rows. A broken quote below the headings is found later."""
    taken = 0

    def lines() -> Iterator[str]:
        nonlocal taken
        for line in io.StringIO(text, newline="\n"):
            taken += len(line.encode())
            yield line

    rows: list[tuple[int, list[str], int]] = []
    try:
        for cells in csv.reader(lines(), delimiter=separator):
            rows.append((len(rows) + 1, cells, taken))
            if len(rows) == WITHIN:
                break
    except csv.Error:
        return rows
    return rows


class _EndlessRow(ValueError):
    """No row ends where one must have."""


def _portions(blocks: Iterator[bytes]) -> Iterator[list[bytes]]:
    """Gather blocks into portions that end at a row's end: a newline with an even number of quotes before it."""
    held: list[bytes] = []
    size = quotes = 0
    wanted = FIRST_PORTION
    for block in blocks:
        held.append(block)
        size += len(block)
        cut = _row_end(block, quotes) if size >= wanted else 0
        quotes += _quotes_in(block)
        if cut:
            held[-1] = block[:cut]
            yield held
            wanted = min(2 * wanted, PORTION)
            rest = block[cut:]
            held, size, quotes = [rest], len(rest), _quotes_in(rest)
        elif size > PORTION + MAX_ROW:
            raise _EndlessRow
    if any(held):
        yield held


def _quotes_in(block: bytes) -> int:
    return block.count(b'"') if b'"' in block else 0  # looking is ten times faster than counting


def _row_end(block: bytes, quotes: int = 0) -> int:
    """The position after a block's last row end, 0 when it has none; `quotes` come before the block in its portion."""
    end = block.rfind(b"\n")
    quotes += block.count(b'"', 0, max(end, 0))
    while end >= 0 and quotes % 2:
        before = block.rfind(b"\n", 0, end)
        quotes -= block.count(b'"', max(before, 0), end)
        end = before
    return end + 1


def _table(parts: list[bytes], separator: str, width: int, line: int, spooled: Spooled) -> pl.DataFrame:
    """A portion as text columns c0 … with row numbers, and `_fault` when a row has more or fewer cells than the headings."""
    # A heading row of our own fixes the columns, whatever the first rows look like.
    heading = separator.join(f"c{place}" for place in range(width)).encode() + b"\n"
    headed = b"".join([heading, *parts])
    try:
        table = _parsed(headed, separator)
    except pl.exceptions.PolarsError:
        ragged = True
    else:
        ragged = _separators(table, headed, separator) != (table.height + 1) * (width - 1)
    if not ragged:
        return _numbered(table, line)
    portion = headed[len(heading) :]
    if b'"' not in portion:
        with suppress(pl.exceptions.PolarsError):
            table = _parsed(headed, separator, truncate_ragged_lines=True)
            return _numbered(table, line).with_columns(_ragged(portion, separator, width))
    return _slowly(portion, separator, width, line, spooled)


def _parsed(headed: bytes, separator: str, *, truncate_ragged_lines: bool = False) -> pl.DataFrame:
    return pl.read_csv(headed, separator=separator, infer_schema=False, truncate_ragged_lines=truncate_ragged_lines)


def _numbered(table: pl.DataFrame, line: int) -> pl.DataFrame:
    return table.with_columns(pl.int_range(line, line + pl.len(), dtype=pl.Int64).alias(LINE))


def _separators(table: pl.DataFrame, portion: bytes, separator: str) -> int:
    """The separators between cells: no row has too many (that fails to parse), so the sum says whether one has too few."""
    every = portion.count(separator.encode())
    if b'"' not in portion:
        return every
    inside = table.select(pl.sum_horizontal(pl.all().str.count_matches(separator, literal=True).sum())).item()
    return every - int(inside or 0)


def _ragged(portion: bytes, separator: str, width: int) -> pl.Series:
    """`_fault` of the rows whose cells are not as many as the headings; empty cells past the last heading may stand."""
    lines = pl.Series("text", [portion]).cast(pl.String).str.strip_suffix("\n").str.split("\n").explode()
    text = pl.col("text")
    cells = text.str.count_matches(separator, literal=True) + 1
    used = text.str.strip_chars_end("\r" + separator).str.count_matches(separator, literal=True) + 1
    fault = (text.str.strip_chars("\r \t") != "") & ((cells < width) | (used > width))
    return lines.to_frame().select(pl.when(fault).then(pl.lit(ROW_CELLS)).alias(FAULT)).to_series()


def _slowly(portion: bytes, separator: str, width: int, line: int, spooled: Spooled) -> pl.DataFrame:
    """Row by row, for portions with oddities: quotes inside cells, quoted separators in ragged rows."""
    try:
        text = portion.decode()
    except UnicodeDecodeError:
        encoding.refuse_broken(spooled)
        raise
    cells: list[list[str | None]] = []
    faults: list[str | None] = []
    try:
        for row in csv.reader(io.StringIO(text, newline="\n"), delimiter=separator, strict=True):
            fits = not row or len(row) == width or (len(row) > width and not any(row[width:]))
            faults.append(None if fits else ROW_CELLS)
            cells.append([cell or None for cell in row[:width]] + [None] * (width - len(row)))
    except csv.Error as problem:
        raise _quotes(line + len(cells)) from problem
    table = pl.DataFrame(cells, schema={f"c{place}": pl.String for place in range(width)}, orient="row")
    return _numbered(table, line).with_columns(pl.Series(FAULT, faults, pl.String))


def _quotes(line: int) -> Refused:
    return Refused(
        "file.quotes",
        f"第 {line} 行起的引号没有成对，或单元格过长，无法分清各列。",
        '单元格内的引号请写成两个（""），整格用引号括起；或另存为 .xlsx 后重新报送。',
    )
