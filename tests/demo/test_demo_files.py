"""Files: in every format the same table, marked as demo data, the same bytes each time."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest

from shuniu.demo import files
from shuniu.demo.files import Form, Sheet

SHEET = Sheet("省厅许可（演示数据）", ["名称*", "编号"], [["䶮𠀀有限公司", "00012"], ["=演示", "7"]], total=True)


@pytest.mark.parametrize(
    ("form", "encoding"),
    [("csv", "utf-8"), ("csv-mark", "utf-8-sig"), ("csv-gb18030", "gb18030"), ("csv-utf16", "utf-16")],
)
def test_a_separated_file_holds_title_headings_rows_and_total(form: Form, encoding: str) -> None:
    lines = list(csv.reader(io.StringIO(files.written(form, SHEET).decode(encoding))))
    assert lines == [[SHEET.title], list(SHEET.headings), *map(list, SHEET.rows), ["合计", "2条"]]


def test_a_workbook_holds_the_title_and_keeps_codes_and_would_be_formulas_as_text() -> None:
    data = files.written("xlsx", SHEET)
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        strings = book.read("xl/sharedStrings.xml").decode()
        page = book.read("xl/worksheets/sheet1.xml").decode()
    assert "演示数据" in strings and "00012" in strings and "=演示" in strings
    assert "<mergeCell " in page and "<f>" not in page


def test_a_json_file_names_each_cell() -> None:
    told = json.loads(files.written("json", SHEET))
    assert "演示数据" in told["说明"] and told["数据"][0] == {"名称*": "䶮𠀀有限公司", "编号": "00012"}


@pytest.mark.parametrize("form", files.FORMS)
def test_the_same_sheet_gives_the_same_bytes(form: Form) -> None:
    assert files.written(form, SHEET) == files.written(form, SHEET)
