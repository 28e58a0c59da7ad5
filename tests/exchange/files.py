"""Files as departments make them, and what the readers make of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence

import polars as pl
import pytest
import xlsxwriter

from shuniu.catalogue.declare import Resource
from shuniu.exchange.delivery import spool_blocks
from shuniu.exchange.reading import Aliases, read
from shuniu.exchange.spool import Spooled, SpoolWriter
from shuniu.trust.declare import Refused
from tests.exchange.conftest import REGISTRATION

TITLES = [item.title for item in REGISTRATION.items]


def spool(data: bytes, block: int = 1 << 20) -> Spooled:
    return spool_blocks(data[start : start + block] for start in range(0, len(data), block)).close()


def framed(blocks: Iterable[bytes]) -> SpoolWriter:
    """Bytes taken in as the file of an agreement is."""
    writer = SpoolWriter(framed=True)
    for block in blocks:
        writer.write(block)
    return writer


def rows_of(
    data: bytes | str, name: str = "登记.csv", resource: Resource = REGISTRATION, aliases: Aliases | None = None
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """A file's raw rows in one frame, and the reader's notes."""
    spooled = spool(data.encode() if isinstance(data, str) else data)
    try:
        reading = read(spooled, name, resource, aliases)
        return pl.concat(list(reading.frames()), how="diagonal"), reading.notes
    finally:
        spooled.discard()


def refusal_of(data: bytes | str, name: str = "登记.csv", resource: Resource = REGISTRATION) -> Refused:
    with pytest.raises(Refused) as refusal:
        rows_of(data, name, resource)
    assert refusal.value.remedy, "every refusal says how to go on"
    return refusal.value


def workbook(write: Callable[[xlsxwriter.Workbook], object], **options: object) -> bytes:
    """An XLSX file as spreadsheet programs write it."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, options) as book:
        write(book)
    return buffer.getvalue()


def sheet(*rows: Sequence[object], name: str = "数据") -> bytes:
    """An XLSX file of one sheet with these rows from its first on; text stays text."""

    def write(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if cell is not None:
                    page.write(number, place, cell)

    return workbook(write, strings_to_formulas=False)


def repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """An archive with its parts changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))
    return buffer.getvalue()
