"""Old workbooks (.xls): read as new ones are, with the same limits, and never more than the file holds."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.exchange import classified
from shuniu.exchange.reading import biff
from shuniu.trust.declare import Refused
from tests.exchange.files import TITLES, refusal_of, rows_of, spool
from tests.exchange.old_files import at, compound, headings, label, old, record, text, workbook_stream

OLD = Path(__file__).with_name("old.xls").read_bytes()
"""Made with xlwt: a merged title, dates and zeros as number formats, rare characters, a formula, an error, a total."""
HEAD = headings(TITLES)


def one(*cells: bytes, shared: tuple[bytes, ...] = (), extra: bytes = b"") -> dict[str, str | None]:
    """The only row that a sheet gives whose headings are the resource's and whose second row has these cells."""
    frame, _ = rows_of(old(("数据", HEAD + b"".join(cells)), shared=shared, extra=extra), "登记.xls")
    (row,) = frame.drop("_line", "_fault").rows(named=True)
    return row


def test_a_workbook_as_departments_keep_them_is_read_as_it_is_shown() -> None:
    frame, notes = rows_of(OLD, "登记.xls")
    assert frame.drop("_fault").rows() == [
        (3, "91430100MA0000015K", "湘江机械有限公司", "2010-03-05", "1234.5", "存续", "430102"),
        (4, "92430102MA00000238", "䶮𠀀商行", "2024-02-29", None, "注销", "430102"),
        (5, "93430181MA0000031D", "浏阳合作社", "2015-01-01", "100000000", "存续", "#N/A"),
    ]
    assert notes == (
        "第 1 行在列名行之上，按标题跳过。", "第 4 行单元格是公式，取其保存的结果。", "第 6 行是合计行，已跳过。",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (at(1, 3, biff.NUMBER, struct.pack("<d", 0.1)), "0.1"),
        (at(1, 3, biff.NUMBER, struct.pack("<d", -1e-7)), "-0.0000001"),
        (at(1, 3, biff.RK, struct.pack("<I", (123 << 2) | 2)), "123"),
        (at(1, 3, biff.RK, struct.pack("<I", (12345 << 2) | 3)), "123.45"),
        (at(1, 3, biff.RK, struct.pack("<i", (-5 << 2) | 2)), "-5"),
        (at(1, 3, biff.RK, struct.pack("<d", 1.5)[4:]), "1.5"),
        (record(biff.MULTI_RK, struct.pack("<HHHIH", 1, 3, 0, (7 << 2) | 2, 3)), "7"),
        (at(1, 3, biff.BOOL_ERR, b"\x01\x00"), "true"),
        (at(1, 3, biff.BOOL_ERR, b"\x07\x01"), "#DIV/0!"),
        (at(1, 3, biff.RSTRING, text("分段的字") + b"\0\0"), "分段的字"),
        (at(1, 3, biff.FORMULA, struct.pack("<d", 2.5) + bytes(8)), "2.5"),
        (at(1, 3, biff.FORMULA, b"\2\0\x2a\0\0\0\xff\xff" + bytes(8)), "#N/A"),
        (at(1, 3, biff.FORMULA, b"\1\0\1\0\0\0\xff\xff" + bytes(8)), "true"),
        (at(1, 3, biff.FORMULA, b"\0\0\0\0\0\0\xff\xff" + bytes(8)) + record(biff.STRING, text("由公式得来")), "由公式得来"),
        (at(1, 3, biff.FORMULA, b"\3\0\0\0\0\0\xff\xff" + bytes(8)), None),
    ],
)  # fmt: skip
def test_every_kind_of_cell_gives_what_it_shows(cell: bytes, shown: str | None) -> None:
    assert one(label(1, 0, "91430100MA0000015K"), cell)["capital"] == shown


def test_number_formats_make_dates_and_leading_zeros_in_both_systems_of_days() -> None:
    xfs = b"".join(record(biff.XF, struct.pack("<HH16x", 0, number)) for number in (0, 14, 200))
    zeros = record(biff.FORMAT, struct.pack("<H", 200) + text("000000"))
    cells = (
        label(1, 0, "N"), at(1, 2, biff.NUMBER, struct.pack("<d", 45356.0), style=1),
        at(1, 5, biff.NUMBER, struct.pack("<d", 4301.0), style=2),
    )  # fmt: skip
    row = one(*cells, extra=zeros + xfs)
    assert (row["founded"], row["region"]) == ("2024-03-05", "004301")
    assert one(*cells, extra=record(biff.DATE_MODE, b"\1\0") + xfs)["founded"] == "2028-03-06"


@given(names=st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40), min_size=1, max_size=9),
       data=st.data())  # fmt: skip
def test_shared_strings_are_whole_wherever_the_records_are_cut(names: list[str], data: st.DataObject) -> None:
    parts = [struct.pack("<II", len(names), len(names))]
    for name in names:
        raw = name.encode("utf-16-le")
        runs = data.draw(st.integers(0, 2))
        parts[-1] += struct.pack("<HB", len(raw) // 2, 1 | (8 if runs else 0)) + (
            struct.pack("<H", runs) if runs else b""
        )
        cut = 2 * data.draw(st.integers(0, len(raw) // 2))
        if 0 < cut < len(raw):  # the rest goes on in a record of its own, after a byte that tells its width
            parts[-1] += raw[:cut]
            parts.append(b"\1" + raw[cut:])
        else:
            parts[-1] += raw
        parts[-1] += b"\xaa" * (4 * runs)
    assert list(biff._shared_strings(parts)) == names


def test_a_text_of_the_shared_table_goes_on_in_another_width() -> None:
    table = (struct.pack("<IIHB", 1, 1, 6, 1) + "甲乙丙".encode("utf-16-le"), b"\0abc")
    cell = at(1, 1, biff.LABEL_SST, struct.pack("<I", 0))
    assert one(label(1, 0, "N"), cell, shared=table)["name"] == "甲乙丙abc"


def test_the_sheet_is_chosen_and_long_numbers_and_merged_cells_told_as_in_new_workbooks() -> None:
    wrong = at(1, 0, biff.NUMBER, struct.pack("<d", 914301000000001234.0))
    merged = record(biff.MERGED, struct.pack("<5H", 1, 2, 4, 1, 1))
    data = old(
        ("说明", label(0, 0, "填表说明")), ("数据", HEAD + wrong + label(1, 1, "甲") + label(1, 9, "多") + merged)
    )
    frame, notes = rows_of(data, "登记.xls")
    assert frame.get_column("_fault").to_list() == ["row.precision"]
    told = "".join(notes)
    assert "只读取工作表“数据”" in told and "合并单元格" in told and "最后一个列名之外" in told
    two = old(("一", HEAD + label(1, 0, "N")), ("二", HEAD + label(1, 0, "N")))
    assert refusal_of(two, "登记.xls").rule == "file.sheets"


@pytest.mark.parametrize(
    ("data", "rule", "said"),
    [
        (compound(("EncryptedPackage", b"")), "file.locked", "密码"),
        (old(("数据", HEAD), extra=record(biff.FILEPASS, b"\1\0")), "file.locked", "密码"),
        (compound(("WordDocument", b"")), "file.format", "Word"),
        (compound(("Book", b"")), "file.format", "Excel 95"),
        (compound(("Workbook", record(biff.BOF, struct.pack("<HH", 0x0500, 5)))), "file.format", "Excel 95"),
        (old(("数据", HEAD)), "file.empty", "没有数据行"),
        (old(("数据", HEAD + label(2, 0, "N") + label(1, 0, "M"))), "file.damaged", "位置无效"),
        (old(("数据", HEAD + label(1, 300, "N"))), "file.damaged", "位置无效"),
        (old(("数据", HEAD + at(1, 0, biff.LABEL_SST, struct.pack("<I", 5)))), "file.damaged", "共享字符串"),
        (old(("数据", HEAD), shared=(struct.pack("<II", 9, 9),)), "file.damaged", "字符串表"),
        (OLD[:3000], "file.damaged", "损坏"), (OLD[:40], "file.damaged", "损坏"),
    ],
)  # fmt: skip
def test_what_is_locked_of_another_kind_or_broken_is_refused_with_its_reason(data: bytes, rule: str, said: str) -> None:
    refusal = refusal_of(data, "登记.xls")
    assert refusal.rule == rule and said in refusal.message


@given(place=st.integers(0, len(OLD) - 1), value=st.integers(0, 255), length=st.integers(1, 4))
def test_a_file_with_any_bytes_broken_is_read_or_refused_and_nothing_else(place: int, value: int, length: int) -> None:
    broken = OLD[:place] + bytes([value]) * length + OLD[place + length :]
    try:
        rows_of(broken, "登记.xls")
    except Refused as refusal:
        assert refusal.rule.startswith("file.") and refusal.remedy


def scanned(data: bytes) -> str | None:
    spooled = spool(data)
    try:
        return classified.scan(spooled, "登记.xls")
    finally:
        spooled.discard()


def test_a_mark_is_found_wherever_an_old_workbook_has_its_text() -> None:
    plain = workbook_stream(("数据", HEAD + label(1, 1, "泄露国家秘密的处理")))
    assert scanned(OLD) is None and scanned(compound(("Workbook", plain))) is None
    cut = (struct.pack("<IIHB", 1, 1, 5, 1) + "机密".encode("utf-16-le"), b"\1" + "★长期".encode("utf-16-le"))
    marked = (
        old(("数据", HEAD + label(1, 1, "本件秘密★1年"))),
        old(("数据", HEAD + label(1, 1, "密级") + label(1, 2, "机密"))),
        old(("数据", HEAD), shared=cut),
        compound(("Workbook", plain), ("SummaryInformation", b"\x1e\0\0\0" + "绝密★启封\0".encode("gb18030"))),
        compound(("Workbook", plain + record(0x01B6, b"\0" + "批注：秘密★10年".encode("utf-16-le")))),
        old(("秘密★1年", HEAD)),
    )  # fmt: skip
    assert [scanned(data) for data in marked] == [classified.STATE] * len(marked)
