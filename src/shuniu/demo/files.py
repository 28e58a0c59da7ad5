"""Files as departments make them: every format and habit in which rows come, and 演示数据 on all of them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import xlsxwriter

Form = Literal["csv", "csv-mark", "csv-gb18030", "csv-utf16", "xlsx", "json"]
FORMS: tuple[Form, ...] = ("csv", "csv-mark", "csv-gb18030", "csv-utf16", "xlsx", "json")
MARK = "演示数据"
_ENCODINGS = {"csv": "utf-8", "csv-mark": "utf-8-sig", "csv-gb18030": "gb18030", "csv-utf16": "utf-16"}
_MADE = datetime(2026, 1, 1)  # in a workbook's properties: the same sheet is the same bytes


@dataclass(frozen=True)
class Sheet:
    """A table as its clerk sees it: a title over the headings (where there is one), rows, a total (where there is one)."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: bool = False
    titled: bool = True


def written(form: Form, sheet: Sheet) -> bytes:
    """The sheet as a file's bytes; the same sheet always gives the same bytes."""
    if form == "xlsx":
        return _workbook(sheet)
    if form == "json":
        rows = [dict(zip(sheet.headings, row, strict=True)) for row in sheet.rows]
        return json.dumps({"说明": sheet.title, "数据": rows}, ensure_ascii=False, indent=1).encode()
    return _separated(sheet).encode(_ENCODINGS[form])


def extension(form: Form) -> str:
    return form if form in ("xlsx", "json") else "csv"


def _separated(sheet: Sheet) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if sheet.titled:
        writer.writerow([sheet.title])
    writer.writerow(sheet.headings)
    writer.writerows(sheet.rows)
    if sheet.total:
        writer.writerow(_total(sheet))
    return out.getvalue()


def _total(sheet: Sheet) -> list[str]:
    return ["合计", f"{len(sheet.rows)}条", *[""] * (len(sheet.headings) - 2)]


def _workbook(sheet: Sheet) -> bytes:
    """XLSX with a merged title row; all cells are text, so that no code loses its leading zeros or last digits."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": sheet.title, "created": _MADE})
        page = book.add_worksheet(MARK)
        at = 0
        if sheet.titled:
            bold = book.add_format({"bold": True, "align": "center"})
            page.merge_range(0, 0, 0, max(1, len(sheet.headings) - 1), sheet.title, bold)
            at = 1
        lines = [sheet.headings, *sheet.rows, *([_total(sheet)] if sheet.total else [])]
        for number, line in enumerate(lines, start=at):
            page.write_row(number, 0, line)
    return out.getvalue()
