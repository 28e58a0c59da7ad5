"""Cells as departments write them, from file to receipt: what is read, what is refused, under which rule and with what words."""

from __future__ import annotations

import polars as pl
import pytest

from shuniu.base.identifiers import resident_check_digit, uscc_check_digit
from shuniu.catalogue.declare import Code, CodeList, Item, ItemType, Resource
from shuniu.exchange import api as exchange
from shuniu.exchange.declare import State
from shuniu.exchange.reading.notes import of_moved_codes
from shuniu.registries.conform import Conformed, conform
from shuniu.registries.declare import Fault
from shuniu.registries.rules import explain
from tests.exchange.conftest import FIRMS, OFFICER, Deliver, firm, registration
from tests.exchange.files import TITLES, rows_of, sheet

BODY15, BODY17 = "439901671112002", "43990119671112002"
RESIDENT = BODY17 + resident_check_digit(BODY17)
CASE = Resource(
    key="43.market/case", title="案件", agency="43.market",
    items=(
        Item(name="number", title="编号", key=True, required=True),
        Item(name="day", title="日期", type=ItemType.DATE),
        Item(name="at", title="时间", type=ItemType.TIMESTAMP),
        Item(name="fine", title="罚款金额", type=ItemType.DECIMAL),
        Item(name="count", title="件数", type=ItemType.INTEGER),
        Item(name="closed", title="是否结案", type=ItemType.BOOLEAN),
        Item(name="state", title="状态", code_list="state"),
        Item(name="person", title="身份证号", check="resident_id", sensitivity=3),
        Item(name="firm", title="统一社会信用代码", check="uscc"),
        Item(name="tax", title="纳税人识别号", length=20),
        Item(name="region", title="行政区划", check="region"),
        Item(name="text", title="事由", length=10),
    ),
)  # fmt: skip
STATES = CodeList(key="state", title="状态", codes=(Code(code="1", label="在办"), Code(code="2", label="办结")))
CODES = {"state": {code.code: code.label for code in STATES.codes}}


def conformed(**cells: str) -> Conformed:
    """One row of a CSV file, read and conformed."""
    titles = [CASE.item(name).title for name in cells]
    text = ",".join(["编号", *titles]) + "\nN1," + ",".join(f'"{cell}"' for cell in cells.values()) + "\n"
    return conform(rows_of(text, resource=CASE)[0], CASE, CODES)


def value_of(name: str, cell: str) -> str | None:
    found = conformed(**{name: cell})
    assert found.faults.is_empty(), found.faults.rows()
    value: str | None = found.rows.item(0, name)
    return value


def rule_of(name: str, cell: str) -> str:
    (fault,) = conformed(**{name: cell}).faults.rows(named=True)
    assert (fault["_line"], fault["item"]) == (2, name)
    said = explain(Fault(2, name, fault["rule"], fault["value"]), CASE)
    assert "第 2 行" in said and CASE.item(name).title in said and "请" in said
    return str(fault["rule"])


@pytest.mark.parametrize(
    "cell",
    [
        "2024-03-05", "2024/3/5", "2024.3.5", "20240305", "2024年3月5日", "二〇二四年三月五日", "45356",
        "２０２４－０３－０５", " 2024-03-05 00:00:00 ",
    ],
)  # fmt: skip
def test_a_day_in_seven_styles_is_one_day(cell: str) -> None:
    assert value_of("day", cell) == "2024-03-05"


@pytest.mark.parametrize("cell", ["03/05/2024", "24-3-5", "2024-13-01", "2023-02-29", "昨天", "2024"])
def test_a_day_that_can_be_read_two_ways_or_none_is_refused(cell: str) -> None:
    assert rule_of("day", cell) == "cell.date"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1,234.50", "1234.5"), ("１２３４．５", "1234.5"), ("￥1234.50元", "1234.5"), ("1.5万元", "15000"), ("2亿元", "200000000"),
        ("人民币 100 元整", "100"), ("-3", "-3"),
    ],
)  # fmt: skip
def test_amounts_with_units_are_amounts_in_yuan(cell: str, value: str) -> None:
    assert value_of("fine", cell) == value


@pytest.mark.parametrize("cell", ["1,23", "约100", "100美元", "壹佰元", "#DIV/0!"])
def test_what_is_no_single_amount_is_refused(cell: str) -> None:
    assert rule_of("fine", cell) == "cell.decimal"


@pytest.mark.parametrize(("cell", "value"), [("在办", "1"), ("2", "2"), (" 办结 ", "2"), ("２", "2")])
def test_codes_are_taken_by_code_or_by_label(cell: str, value: str) -> None:
    assert value_of("state", cell) == value


def test_an_unknown_code_is_refused() -> None:
    assert rule_of("state", "9") == "cell.code"


def test_a_resident_number_of_fifteen_digits_becomes_its_form_of_eighteen() -> None:
    assert value_of("person", BODY15) == RESIDENT
    assert value_of("person", RESIDENT.lower()) == RESIDENT


@pytest.mark.parametrize("cell", [BODY15[:6] + "991301002", BODY17 + "0", "43990119671332002X", "1234"])
def test_a_wrong_resident_number_is_refused_and_not_repeated(cell: str) -> None:
    assert rule_of("person", cell) == "cell.resident_id"
    (fault,) = conformed(person=cell).faults.rows(named=True)
    assert cell not in explain(Fault(2, "person", fault["rule"], fault["value"]), CASE)


def test_a_wrong_check_digit_of_a_firms_code_is_refused() -> None:
    assert value_of("firm", FIRMS[0].lower()) == FIRMS[0]
    wrong = FIRMS[0][:-1] + ("0" if uscc_check_digit(FIRMS[0][:17]) != "0" else "1")
    assert rule_of("firm", wrong) == "cell.uscc"


@pytest.mark.parametrize("cell", ["430102750612345", "0430102750612345", BODY15, "43010219750612345600"])
def test_old_tax_numbers_stay_as_they_are(cell: str) -> None:
    assert value_of("tax", cell) == cell


@pytest.mark.parametrize("cell", ["430122", "430102", "430000", "43", "430102001"])
def test_region_codes_are_checked_by_their_form_where_the_issued_ones_are_not_known(cell: str) -> None:
    assert value_of("region", cell) == cell
    assert rule_of("region", "望城县") == "cell.region"


def test_region_codes_that_moved_are_told_with_the_first_row_and_how_many() -> None:
    schema = {"item": pl.String, "was": pl.String, "became": pl.String, "rows": pl.UInt32, "line": pl.Int64}
    chunks = [
        pl.DataFrame([("region", "430124", "430182", 3, 5)], schema=schema, orient="row"),
        pl.DataFrame(
            [("region", "430124", "430182", 2, 90), ("region", "430122", "430112", 1, 91)], schema=schema, orient="row"
        ),
    ]
    assert of_moved_codes(chunks, CASE) == (
        "共 5 处（第 5 行等）“行政区划”是已撤销的区划代码 430124，已按现行代码 430182 入库。",
        "第 91 行“行政区划”是已撤销的区划代码 430122，已按现行代码 430112 入库。",
    )


@pytest.mark.parametrize("cell", ["张\ue001", "张\ufffd", "张\U000f0001", "张\U00100001"])
def test_private_use_and_broken_characters_are_refused(cell: str) -> None:
    assert rule_of("text", cell) == "cell.private_use"


def test_rare_but_standard_characters_are_text_like_any_other() -> None:
    assert value_of("text", "䶮𠀀㛃") == "䶮𠀀㛃"


@pytest.mark.parametrize("cell", ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"])
def test_error_values_of_spreadsheets_are_no_text(cell: str) -> None:
    assert rule_of("text", cell) == "cell.error"


def test_cells_over_their_length_are_refused_counted_in_characters() -> None:
    assert value_of("text", "长" * 10) == "长" * 10
    assert rule_of("text", "长" * 11) == "cell.length"


def test_a_row_that_is_no_row_is_refused_for_that_alone_and_its_key_counts_as_unread() -> None:
    frame, _ = rows_of("编号,日期,事由\nN1,昨天\nN2,2024-03-05,x\n", resource=CASE)
    found = conform(frame, CASE, CODES)
    assert found.faults.rows(named=True) == [{"_line": 2, "item": "", "rule": "row.cells", "value": ""}]
    assert (found.rows.get_column("number").to_list(), found.unreadable_keys) == (["N2"], 1)
    assert "_fault" not in found.rows.columns
    assert explain(Fault(2, "", "row.cells", ""), CASE).startswith("第 2 行：单元格数与列名数不一致")


def many_firms(count: int) -> list[str]:
    bodies = [f"91430100MA{number:06d}0" for number in range(800_000, 800_000 + count)]
    return [f"{body}{uscc_check_digit(body)},湘江机械有限公司,2010-03-05,100,存续,430102" for body in bodies]


@pytest.mark.django_db(transaction=True)
def test_a_ragged_row_comes_back_with_its_line_and_the_rest_is_stored(deliver: Deliver) -> None:
    receipt = deliver(registration(*many_firms(40), f"{FIRMS[0]},湘江"))
    assert (receipt.state, receipt.counts.new, receipt.counts.rejected) == (State.STORED, 40, 1)
    (reject,) = exchange.rejects(actor=OFFICER, number=receipt.number)
    assert reject.line == 42
    assert reject.cells["name"] == "湘江" and "_fault" not in reject.cells
    assert reject.reasons[0].startswith("第 42 行：单元格数")


@pytest.mark.django_db(transaction=True)
def test_a_workbook_goes_the_whole_road(deliver: Deliver) -> None:
    receipt = deliver(
        sheet(["企业登记表"], TITLES, *(row.split(",") for row in many_firms(5)), ["合计", "5户"]), name="登记.xlsx"
    )
    assert (receipt.state, receipt.counts.received, receipt.counts.new) == (State.STORED, 5, 5)


@pytest.mark.django_db(transaction=True)
def test_an_unreadable_file_gets_a_receipt_that_says_why(deliver: Deliver) -> None:
    receipt = deliver(registration(firm(0)).encode() + (firm(1) + "\n").encode("gb18030"))
    assert receipt.state is State.REFUSED
    assert "第 3 行" in receipt.reason and "UTF-8" in receipt.remedy


@pytest.mark.django_db(transaction=True)
def test_formulas_are_stored_as_text_and_neutralised_when_they_leave(deliver: Deliver) -> None:
    link = '=HYPERLINK(""http://127.0.0.1"")'
    receipt = deliver(registration(*many_firms(40), f'9143,"{link}",,,,'))
    written = exchange.export_rejects(actor=OFFICER, number=receipt.number)
    assert "\"'=HYPERLINK" in written.data.decode()
