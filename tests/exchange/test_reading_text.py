"""Delimited files in any encoding: found from their content, read strictly, every row numbered as a spreadsheet shows it."""

from __future__ import annotations

import csv
import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuniu.catalogue.declare import Item, Resource
from shuniu.exchange.reading import delimited
from tests.exchange.conftest import FIRMS, firm, registration
from tests.exchange.files import refusal_of, rows_of

TWO = registration(firm(0), firm(1))


@pytest.mark.parametrize(
    ("encoding", "called"),
    [
        ("utf-8", None), ("utf-8-sig", None), ("gb18030", "GB18030"), ("gbk", "GB18030"), ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"),
    ],
)  # fmt: skip
def test_every_encoding_that_departments_use_gives_the_same_rows(encoding: str, called: str | None) -> None:
    frame, notes = rows_of(TWO.encode(encoding))
    assert frame.equals(rows_of(TWO)[0])
    assert frame.get_column("_line").to_list() == [2, 3]
    assert any(called in note for note in notes) if called else notes == ()


@pytest.mark.parametrize("first", ["utf-8", "gb18030"])
def test_a_file_of_two_encodings_is_refused_naming_the_first_line_that_breaks(first: str) -> None:
    second = "gb18030" if first == "utf-8" else "utf-8"
    mixed = TWO.encode(first) + (firm(2, "湖南星沙重型机械制造有限公司") + "\n").encode(second)
    refusal = refusal_of(mixed)
    assert refusal.rule == "file.encoding"
    assert "第 4 行" in refusal.message


def test_a_file_that_breaks_only_after_megabytes_is_still_refused_at_its_line() -> None:
    rows = TWO.encode() + (firm(2) + "\n").encode() * 60_000
    refusal = refusal_of(rows + (firm(3) + "\n").encode("gb18030"))
    assert (refusal.rule, "第 60004 行" in refusal.message) == ("file.encoding", True)


def test_gb18030_that_begins_after_megabytes_of_plain_ascii_is_found() -> None:
    ascii_rows = "uscc,name\n" + "91430100MA0000015K,ABC\n" * 120_000
    frame, notes = rows_of((ascii_rows + "92430102MA00000238,湘水餐饮店\n").encode("gb18030"))
    assert frame.item(-1, "name") == "湘水餐饮店"
    assert any("GB18030" in note for note in notes)


def test_null_bytes_are_refused_with_their_line() -> None:
    refusal = refusal_of(TWO.replace("湘江", "湘\0江", 1).encode())
    assert refusal.rule == "file.encoding"
    broken_later = TWO.encode() + b"x" * (1 << 20) + b"\n\0,"
    assert refusal_of(broken_later).rule == "file.encoding"


def test_a_gb18030_file_cut_inside_a_character_was_not_uploaded_whole() -> None:
    assert (
        refusal_of(TWO.encode("gb18030")[: TWO.encode("gb18030").rindex("存".encode("gbk")) + 1]).rule == "file.damaged"
    )


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_the_separator_is_found_from_the_headings(separator: str) -> None:
    frame, notes = rows_of(TWO.replace(",", separator))
    assert frame.get_column("uscc").to_list() == list(FIRMS[:2])
    assert (separator == ",") == (notes == ())


def test_quoted_separators_quotes_and_newlines_stay_inside_their_cell() -> None:
    text = registration(
        f'{FIRMS[0]},"湘江,机械",2010-03-05,,,430102', f'{FIRMS[1]},"湘""水""\n二店",,,,', f'{FIRMS[2]},6" 管,,,,'
    )
    frame, _ = rows_of(text)
    assert frame.get_column("name").to_list() == ["湘江,机械", '湘"水"\n二店', '6" 管']
    assert frame.get_column("_line").to_list() == [2, 3, 4], "a row is a row, however many lines it takes"
    assert "_fault" not in frame.columns or frame.get_column("_fault").null_count() == 3


@pytest.mark.parametrize("quoted", [False, True])
def test_rows_with_more_or_fewer_cells_than_headings_are_faults_and_not_shifted(quoted: bool) -> None:
    name = '"湘江,机械"' if quoted else "湘江机械"
    text = registration(
        firm(0), f"{FIRMS[1]},{name},2010-03-05", f"{FIRMS[2]},{name},,,,430102,多", f"{FIRMS[3]},a,,,,,,"
    )
    frame, _ = rows_of(text)
    assert frame.get_column("_fault").to_list() == [None, "row.cells", "row.cells", None]


def test_a_quote_that_never_ends_is_refused_with_its_line() -> None:
    refusal = refusal_of(registration(firm(0), f'{FIRMS[1]},"湘水,,,,', firm(2)))
    assert (refusal.rule, "第 3 行" in refusal.message) == ("file.quotes", True)


def test_carriage_returns_of_windows_and_of_old_macintoshes_end_rows() -> None:
    expected = rows_of(TWO)[0]
    assert rows_of(TWO.replace("\n", "\r\n"))[0].equals(expected)
    assert rows_of(TWO.replace("\n", "\r"))[0].equals(expected)


@pytest.mark.parametrize("data", [b"", b"  \r\n\n", b"\xef\xbb\xbf", TWO.splitlines()[0].encode(), "".encode("utf-16")])
def test_an_empty_file_and_one_of_headings_alone_are_told_to_report_nothing(data: bytes) -> None:
    refusal = refusal_of(data)
    assert refusal.rule == "file.empty"
    assert "零报告" in refusal.remedy


def test_the_name_is_only_compared_and_a_difference_told() -> None:
    frame, notes = rows_of(TWO, "登记.xls")
    assert frame.height == 2
    assert any(".xls" in note for note in notes)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7 ...", "PDF"), (b"Rar!\x1a\x07", "RAR"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"), (b"PK\x05\x06" + b"\0" * 18, "压缩包"),
    ],
)  # fmt: skip
def test_what_is_no_data_file_is_named_and_refused(data: bytes, what: str) -> None:
    refusal = refusal_of(data, "登记.xls")
    assert (refusal.rule, what in refusal.message) == ("file.format", True)


def test_portions_cut_inside_quotes_and_oversized_rows_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f'{FIRMS[n % 4]},"第 {n} 行\n""二""，{"长" * (n % 97)}",,,,' for n in range(4000)]
    data = registration(*rows)
    expected = rows_of(data)[0]
    monkeypatch.setattr(delimited, "PORTION", 20_000)
    monkeypatch.setattr(delimited, "HEAD", 1000)
    assert rows_of(data)[0].drop("_fault", strict=False).equals(expected.drop("_fault", strict=False))
    monkeypatch.setattr(delimited, "MAX_ROW", 100_000)
    refusal = refusal_of(registration(firm(0)) + '"' + "长" * 3_000_000)
    assert refusal.rule == "file.quotes"


_cell = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn"), include_characters='",;\n|'), max_size=12)
PLAIN = Resource(
    key="43.market/plain", title="任意", agency="43.market",
    items=(Item(name="id", title="编号", key=True), Item(name="a", title="甲"), Item(name="b", title="乙")),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_cell, _cell), min_size=1, max_size=30), st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_whatever_a_csv_writer_writes_comes_back_cell_by_cell(cells: list[tuple[str, str]], encoding: str) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [("编号", "甲", "乙"), *((f"N{n}", *row) for n, row in enumerate(cells))]
    )
    frame, _ = rows_of(text.getvalue().encode(encoding), resource=PLAIN)
    expected = [(f"N{n}", a or None, b or None) for n, (a, b) in enumerate(cells)]
    assert frame.select("id", "a", "b").rows() == expected
    assert frame.get_column("_line").to_list() == list(range(2, len(cells) + 2))
    assert "_fault" not in frame.columns or frame.select(pl.col("_fault").null_count()).item() == len(cells)
