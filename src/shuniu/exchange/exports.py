"""Files that go back to a department: rejected rows in its own columns with the reasons, and the resource's template."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from shuniu.catalogue.declare import Resource
from shuniu.exchange.declare import RejectedRow

_NUMBER = re.compile(r"^[+-]?[\d,.]+%?$")
REASON = "退回理由"
LINE = "原行号"


@dataclass(frozen=True)
class Written:
    """A file's bytes (CSV, UTF-8 with BOM so that spreadsheets open it rightly) and how many rows it holds."""

    data: bytes
    rows: int


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
