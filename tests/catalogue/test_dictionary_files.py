"""Files as departments send them: encodings, title rows, spreadsheets, and what is refused before it is read."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from shuniu.catalogue import dictionary
from shuniu.trust.declare import Refused

HEAD = "资源代码,资源名称,信息项名称,字段名,数据类型"
TEXT = f"{HEAD}\nlicence,许可证,证书编号,number,string\nlicence,许可证,发证日期,issued,date\n"


def sheet(rows: list[list[str]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    table = dictionary.read(TEXT.encode(encoding), "字典.csv")
    assert [row["信息项名称"] for row in table.rows] == ["证书编号", "发证日期"]
    assert [row.number for row in table.rows] == [2, 3]


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_tabs_and_semicolons_divide_as_well(delimiter: str) -> None:
    table = dictionary.read(TEXT.replace(",", delimiter).encode(), "字典.txt")
    assert table.rows[1]["数据类型"] == "date"


def test_a_merged_title_and_empty_rows_keep_the_row_numbers_true() -> None:
    text = f"某局数据字典,,,,\n填表人：,,,,\n{HEAD}\n,,,,\nlicence,许可证,证书编号,number,string\n"
    (row,) = dictionary.read(text.encode(), "字典.csv").rows
    assert row.number == 5


def test_other_names_of_columns_are_known_and_strange_ones_told() -> None:
    text = TEXT.replace("字段名", "英文字段名").replace("数据类型", "字段类型,处室").replace("string", "string,一处")
    table = dictionary.read(text.replace("date\n", "date,二处\n").encode(), "字典.csv")
    assert table.columns == ("资源代码", "资源名称", "信息项名称", "字段名", "数据类型")
    assert table.unknown == ("处室",)


def test_a_spreadsheet_is_read_like_its_csv() -> None:
    rows = [line.split(",") for line in TEXT.splitlines()]
    table = dictionary.read(sheet([["某局数据字典"], *rows]), "字典.xlsx")
    assert table.rows[0].cells == dictionary.read(TEXT.encode(), "字典.csv").rows[0].cells
    assert [row.number for row in table.rows] == [3, 4]


def _zip(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "format"),
        (b" \n \n", "format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "format"),
        (_zip(b"not a workbook"), "format"),
        (b"PK\x03\x04broken", "format"),
        (_zip(b"\0" * 5_000_000), "size"),
        (b"\x81\x00\xff\xfe\xfd", "encoding"),
        ("只有一列\n值\n".encode(), "header"),
        (TEXT.replace("数据类型", "字段名").encode(), "header"),
        (f"{HEAD}\n{','.join('x' * 61)}\n".encode(), "size"),
        (b"x" * (dictionary.MAX_BYTES + 1), "size"),
        (f"{HEAD}\n".encode() + b"a,b,c,d,e\n" * (dictionary.MAX_ROWS + 1), "size"),
        (f'{HEAD}\n"{"x" * 200_000}"\n'.encode(), "format"),
    ],
)
def test_what_is_no_dictionary_is_refused_with_a_remedy(content: bytes, rule: str) -> None:
    with pytest.raises(Refused) as refusal:
        dictionary.read(content, "字典")
    assert refusal.value.rule == f"catalogue.import_{rule}"
    assert refusal.value.remedy


def test_a_missing_column_is_named() -> None:
    with pytest.raises(Refused, match="找不到列：字段名"):
        dictionary.read(TEXT.replace("字段名", "说明").encode(), "字典.csv")


def test_a_doubled_column_is_named() -> None:
    with pytest.raises(Refused, match="列重复：长度"):
        dictionary.read(TEXT.replace("数据类型", "数据类型,长度,数据长度").encode(), "字典.csv")


def test_a_mark_of_classification_anywhere_refuses_the_whole_file() -> None:
    with pytest.raises(Refused) as refusal:
        dictionary.read(("机密★5年,,,,\n" + TEXT).encode(), "字典.csv")
    assert refusal.value.rule == "catalogue.secret"


@pytest.mark.parametrize("far", ["A1048576", "XFD1", "BI2"])
def test_a_sheet_with_a_cell_far_out_is_refused_before_the_reader_lays_it_out(far: str) -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    sheet.write("A1", "资源代码")
    sheet.write(far, "x")
    book.close()
    with pytest.raises(Refused) as refusal:
        dictionary.read(buffer.getvalue(), "字典.xlsx")
    assert refusal.value.rule == "catalogue.import_size" and far in refusal.value.message
