"""Files that go back to a department: rejected rows in its own columns with the reasons, and the resource's template."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from shuniu.catalogue.declare import Resource
from shuniu.exchange.declare import RejectedRow
from shuniu.exchange.spool import folder

_NUMBER = re.compile(r"^[+-]?[\d,.]+%?$")
REASON = "退回理由"
LINE = "原行号"
_BLOCK = 1 << 18
"""Characters held before they are written."""


@dataclass(frozen=True)
class Written:
    """A file's bytes (CSV, UTF-8 with BOM so that spreadsheets open it rightly) and how many rows it holds."""

    data: bytes
    rows: int


@dataclass(frozen=True)
class Kept:
    """A file as `Written`, of any size: in an unlinked temporary file, gone when it is closed. `digest`: SHA-256, hex."""

    file: IO[bytes]  # at its start; whoever has it closes it
    rows: int
    size: int
    digest: str


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (CWE-1236): a quote before what would start one, numbers apart."""
    return "'" + cell if cell[:1] in "=+-@\t\r" and cell and not _NUMBER.match(cell) else cell


def csv_file(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Written:
    """Rows as a CSV file, every cell neutralised."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    count = 0
    for row in rows:
        writer.writerow([neutral(cell) for cell in row])
        count += 1
    return Written(b"\xef\xbb\xbf" + text.getvalue().encode(), count)


def csv_kept(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Kept:
    """Rows as `csv_file` writes them, a block at a time: no more than a block is in memory."""
    file = tempfile.TemporaryFile(dir=folder())  # noqa: SIM115 - the caller closes it
    try:
        return _write_blocks(file, headings, rows)
    except BaseException:
        file.close()
        raise


def _write_blocks(file: IO[bytes], headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Kept:
    text, hashed = io.StringIO(), hashlib.sha256()
    writer = csv.writer(text)
    text.write("\ufeff")
    writer.writerow(headings)

    def flush() -> None:
        block = text.getvalue().encode()
        hashed.update(block)
        file.write(block)
        text.seek(0)
        text.truncate()

    count = 0
    for row in rows:
        writer.writerow([neutral(cell) for cell in row])
        count += 1
        if text.tell() > _BLOCK:
            flush()
    flush()
    size = file.tell()
    file.seek(0)
    return Kept(file, count, size, hashed.hexdigest())


def rejects_file(resource: Resource, rejects: Iterable[RejectedRow]) -> Written:
    """Rejected rows as delivered, under the resource's own headings, with line and reasons behind: mend and send again."""
    headings = [*(item.title for item in resource.items), LINE, REASON]
    rows = (
        [*(reject.cells.get(item.name) or "" for item in resource.items), str(reject.line), " ".join(reject.reasons)]
        for reject in rejects
    )
    return csv_file(headings, rows)


def template_file(resource: Resource) -> Written:
    """An empty file with the resource's headings."""
    return csv_file([item.title for item in resource.items], [])
