"""A page's list as a file: the rows that the page lists, all of them, for whoever may see the page. One way for all.

A page takes part by naming its list in its context (`export`); its view asks the verb as ever, which requires the right
and records the reading, and `?as=csv` or `?as=xlsx` only changes how the answer is written.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import cast
from urllib.parse import quote, urlencode

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.exchange.exports import csv_file, neutral
from shuniu.web.declare import Column, Grade, Link, Row, Source, State, Value
from shuniu.web.templates import is_demo, write_value

MOST = 10_000
"""Rows of one file: as many as a list shows at all, see `web.declare.Paging.limit`."""
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PLACES = ("as", "page", "before", "after")
Cell = str | int | float


def exporting(request: HttpRequest) -> str:
    """The form of file that the address asks for; empty for the page itself."""
    asked = request.GET.get("as", "")
    return asked if request.method in ("GET", "HEAD") and asked in _TYPES else ""


def most(request: HttpRequest, usual: int) -> int:
    """How many rows to ask a verb for: a page's, or a file's."""
    return MOST if exporting(request) else usual


def links(request: HttpRequest) -> tuple[Link, ...]:
    """The ways to take the list away as it is filtered now."""
    kept = [(key, str(value)) for key, value in request.GET.items() if value and key not in _PLACES]
    words = {"csv": _("导出 CSV"), "xlsx": _("导出 XLSX")}
    return tuple(Link(text, "?" + urlencode([*kept, ("as", form)])) for form, text in words.items())


def listed(request: HttpRequest, context: Mapping[str, object]) -> HttpResponse | None:
    """The file of a page's `columns` and `rows`, when the page offers it and the address asks for it."""
    form = exporting(request)
    if not form or not context.get("export"):
        return None
    columns = cast(Sequence[Column], context["columns"])
    rows = [
        [_cell(value, column) for value, column in zip(row.cells, columns, strict=True)]
        for row in cast(Iterable[Row], context["rows"])
    ]
    heads, title = [column.title for column in columns], str(context["export"])
    if form == "csv":
        data = csv_file(heads, ([str(cell) for cell in row] for row in rows)).data
    else:
        data = _workbook(title, heads, rows)
    return _file(data, title, form)


def _file(data: bytes, title: str, form: str) -> HttpResponse:
    mark = _("-演示数据") if is_demo() else ""
    name = f"{title}{mark}-{timezone.localdate():%Y%m%d}.{form}"
    response = HttpResponse(data, content_type=_TYPES[form])
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "no-store"
    return response


def _cell(value: Value, column: Column) -> Cell:
    """A value as a file holds it: numbers as numbers, everything else in the words of the page, nothing as nothing."""
    match value:
        case None | "":
            return ""
        case Link():
            return _number(value.text) if column.kind == "number" else value.text
        case State():
            return _(value.word)
        case Grade():
            return value.letter
        case Source():
            return f"{value.agency} · {value.resource} · {value.day} · {value.batch}"
        case bool() | str() | date():
            return write_value(value)
        case int() | float():
            return value
        case _:
            return float(value)


def _number(text: str) -> Cell:
    plain = text.replace(",", "")
    return int(plain) if plain.isdecimal() else text


def _workbook(title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """One sheet with a frozen head and a filter; text is text, never a formula or an address."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title})
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True, "bg_color": "#F3F6FA", "bottom": 1})
        for at, head in enumerate(heads):
            sheet.write_string(0, at, neutral(head), bold)
        for line, row in enumerate(rows, 1):
            for at, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, at, neutral(cell))
                else:
                    sheet.write_number(line, at, cell)
        sheet.set_column(0, 0, 28)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(rows), len(heads) - 1)
        sheet.set_footer(f"&L{_('演示数据') if is_demo() else ''}&R&P/&N")
    return out.getvalue()
