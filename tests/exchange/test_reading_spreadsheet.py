"""XLSX: one sheet, cells as shown, nothing lost in silence, nothing dangerous unpacked."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest
import xlsxwriter

from tests.exchange.conftest import FIRMS
from tests.exchange.files import TITLES, refusal_of, repacked, rows_of, sheet, workbook

NAME = "登记.xlsx"


def test_cells_come_as_the_spreadsheet_shows_them() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet()
        page.write_row(0, 0, TITLES)
        formats = {
            "day": 'yyyy"年"m"月"d"日"',
            "time": "yyyy/m/d h:mm",
            "code": "000000",
            "money": '#,##0.00"元";[Red]-0',
        }
        made = {name: book.add_format({"num_format": code}) for name, code in formats.items()}
        page.write_row(1, 0, [FIRMS[0], "湘江"])
        page.write_datetime(1, 2, datetime(2024, 3, 5), made["day"])
        page.write_number(1, 3, 1234.5, made["money"])
        page.write_rich_string(1, 4, "存", book.add_format({"bold": True}), "续")
        page.write_number(1, 5, 1234, made["code"])
        page.write_row(2, 0, [FIRMS[1], " 湘水 "])
        page.write_datetime(2, 2, datetime(2024, 3, 5, 14, 30), made["time"])
        page.write_number(2, 3, 0.1 + 0.2)
        page.write_boolean(2, 4, True)

    frame, _ = rows_of(workbook(write), NAME)
    first, second = frame.drop("_fault").rows()
    assert first == (2, FIRMS[0], "湘江", "2024-03-05", "1234.5", "存续", "001234")
    assert second == (3, FIRMS[1], " 湘水 ", "2024-03-05 14:30:00", "0.3", "true", None)


def test_numbers_are_rewritten_as_text_without_float_noise() -> None:
    stored = {"100.0": "100", "1E-7": "0.0000001", "1.5E+3": "1500", "12345678.10": "12345678.1", "-0": "0"}
    data = sheet(TITLES, *([FIRMS[0], "湘江", None, 77777] for _ in stored))
    values = iter(stored)

    def change(name: str, content: bytes) -> bytes:
        if not name.endswith("sheet1.xml"):
            return content
        parts = content.split(b"<v>77777</v>")
        return parts[0] + b"".join(b"<v>" + next(values).encode() + b"</v>" + part for part in parts[1:])

    frame, _ = rows_of(repacked(data, change), NAME)
    assert frame.get_column("capital").to_list() == list(stored.values())


def test_days_before_march_1900_and_workbooks_counting_from_1904_are_told_right() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet()
        page.write_row(0, 0, TITLES)
        page.write_row(1, 0, [FIRMS[0], "湘江"])
        page.write_datetime(1, 2, datetime(2024, 3, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
        page.write_row(2, 0, [FIRMS[1], "湘水"])
        page.write_number(2, 2, 1.0, book.add_format({"num_format": "yyyy-mm-dd"}))

    assert rows_of(workbook(write), NAME)[0].get_column("founded").to_list() == ["2024-03-05", "1900-01-01"]
    since_1904 = rows_of(workbook(write, date_1904=True), NAME)[0].get_column("founded").to_list()
    assert since_1904 == ["2024-03-05", "1904-01-02"]


def test_codes_stored_as_numbers_are_told_and_those_that_lost_digits_refused() -> None:
    data = sheet(TITLES, [FIRMS[0], "湘江", None, 1, None, 430102], [914301000000000159, "湘水"])
    frame, notes = rows_of(data, NAME)
    assert frame.get_column("_fault").to_list() == [None, "row.precision"]
    assert any("第 2 行“行政区划”" in note for note in notes)
    assert not any("注册资本" in note for note in notes), "an amount may well be a number"


def test_formulas_give_their_saved_results_and_without_one_the_row_is_a_fault() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet()
        page.write_row(0, 0, TITLES)
        page.write_row(1, 0, [FIRMS[0], "湘江"])
        page.write_formula(1, 3, "=1+1", None, 2)
        page.write_row(2, 0, [FIRMS[1], "湘水"])
        page.write_formula(2, 4, "=NA()", None, "#N/A")
        page.write_formula(2, 3, '=IF(1=2,1,"")', None, "空文本")
        page.write_row(3, 0, [FIRMS[2], "湘岳"])
        page.write_formula(3, 3, "=2+2", None, 44444)

    def change(name: str, content: bytes) -> bytes:
        return content.replace(b"<v>44444</v>", b"").replace("<v>空文本</v>".encode(), b"<v></v>")

    data = repacked(workbook(write), change)
    frame, notes = rows_of(data, NAME)
    assert frame.get_column("capital").to_list()[0] == "2"
    assert frame.get_column("state").to_list()[1] == "#N/A", "kept as it is, for the rules to refuse"
    assert frame.get_column("_fault").to_list() == [None, None, "row.formula"]
    assert not frame.get_column("capital").to_list()[1], "an empty text is a result"
    assert any("公式" in note and "4 处" in note for note in notes)


def test_merged_titles_gaps_and_totals_keep_the_rows_numbers() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet()
        page.merge_range(0, 0, 0, 5, "企业登记信息表")
        page.write_row(2, 0, TITLES)
        page.write_row(3, 0, [FIRMS[0], "湘江"])
        page.write_row(6, 0, [FIRMS[1], "湘水"])
        page.merge_range(7, 1, 8, 1, "湘岳")
        page.write(7, 0, FIRMS[2])
        page.write(6, 9, "列外")
        page.write_row(9, 0, ["合计", "3户"])

    frame, notes = rows_of(workbook(write), NAME)
    assert frame.get_column("_line").to_list() == [4, 7, 8]
    assert [any(what in note for note in notes) for what in ("标题", "合并单元格", "列名之外", "合计行")] == [True] * 4


def two_sheets(*headings: list[str]) -> bytes:
    def write(book: xlsxwriter.Workbook) -> None:
        for number, row in enumerate(headings):
            page = book.add_worksheet(f"表{number}")
            page.write_row(0, 0, row)
            page.write_row(1, 0, [FIRMS[0], "湘江"])
        book.add_worksheet("空")

    return workbook(write)


def test_the_sheet_with_the_resources_headings_is_taken_and_the_others_are_told() -> None:
    frame, notes = rows_of(two_sheets(["填表", "说明"], TITLES), NAME)
    assert frame.height == 1
    assert any("表1" in note and "表0" in note for note in notes)


@pytest.mark.parametrize("headings", [(TITLES, TITLES), (["甲"], ["乙"])])
def test_several_sheets_of_which_none_is_the_one_are_refused_by_name(headings: tuple[list[str], list[str]]) -> None:
    refusal = refusal_of(two_sheets(*headings), NAME)
    assert refusal.rule == "file.sheets"
    assert "表0" in refusal.message and "表1" in refusal.message


def test_empty_workbooks_and_headings_alone_are_told_to_report_nothing() -> None:
    assert refusal_of(sheet(), NAME).rule == "file.empty"
    assert refusal_of(sheet(TITLES), NAME).rule == "file.empty"


def test_a_half_uploaded_or_broken_workbook_is_damaged() -> None:
    data = sheet(TITLES, *([FIRMS[0], f"湘江{n}"] for n in range(200)))
    assert refusal_of(data[: len(data) // 2], NAME).rule == "file.damaged"
    unclosed = repacked(data, lambda name, part: part[:-40] if "sheet1" in name else part)
    assert refusal_of(unclosed, NAME).rule == "file.damaged"
    lost = repacked(data, lambda name, part: part.replace(b"<v>3</v>", b"<v>99999</v>"))
    assert refusal_of(lost, NAME).rule == "file.damaged"


def test_a_zip_without_workbook_is_no_workbook() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("数据.csv", "a,b\n")
    assert refusal_of(buffer.getvalue(), NAME).rule == "file.format"


def test_a_zip_bomb_is_refused_before_anything_is_unpacked() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(100):
                part.write(bytes(1 << 20))
    refusal = refusal_of(buffer.getvalue(), NAME)
    assert (refusal.rule, "倍" in refusal.message) == ("file.bomb", True)
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(10_001):
            archive.writestr(str(number), "")
    assert refusal_of(many.getvalue(), NAME).rule == "file.bomb"


def test_two_cells_at_opposite_corners_cost_no_memory() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet()
        page.write_row(0, 0, TITLES)
        page.write_row(1, 0, [FIRMS[0], "湘江"])
        page.write(1_048_575, 16_383, "角")

    frame, notes = rows_of(workbook(write), NAME)
    assert frame.height == 1
    assert any("1048576" in note for note in notes)


@pytest.mark.parametrize("part", ["sheet1.xml", "sharedStrings.xml", "workbook.xml"])
def test_entities_inside_a_workbooks_parts_are_refused(part: str) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'

    def change(name: str, content: bytes) -> bytes:
        if not name.endswith(part):
            return content
        declaration, end, rest = content.partition(b"?>")
        return declaration + end + bomb + rest

    assert refusal_of(repacked(sheet(TITLES, [FIRMS[0], "湘江"]), change), NAME).rule == "file.doctype"


def test_cells_at_impossible_places_are_refused() -> None:
    data = sheet(TITLES, [FIRMS[0], "湘江"])
    for wrong in (b'r="ZZZZ2"', b'r="XFE2"'):
        broken = repacked(data, lambda name, part, wrong=wrong: part.replace(b'r="B2"', wrong))  # type: ignore[misc]  # bound now
        assert refusal_of(broken, NAME).rule == "file.damaged"


def test_a_workbook_of_many_shared_strings_is_read_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shuniu.exchange.reading.spreadsheet.BATCH", 7)
    monkeypatch.setattr("shuniu.exchange.reading.workbook._STRINGS", 5)
    frame, _ = rows_of(sheet(TITLES, *([f"N{n}", f"湘江{n}"] for n in range(50))), NAME)
    assert frame.select("_line", "uscc", "name").rows() == [(n + 2, f"N{n}", f"湘江{n}") for n in range(50)]
