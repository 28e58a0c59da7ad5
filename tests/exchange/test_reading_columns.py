"""Which column is which item, and which rows are no data: titles above, totals and signatures below, blanks between."""

from __future__ import annotations

import pytest

from tests.exchange.conftest import FIRMS, firm, registration
from tests.exchange.files import TITLES, refusal_of, rows_of


def test_columns_are_found_in_any_order_by_title_or_field_name_or_alias() -> None:
    text = f"名 称,UserCode,＊统一社会信用代码(必填)：,capital,Region\n湘江,x,{FIRMS[0]},7,430102\n"
    frame, notes = rows_of(text, aliases={"name": ("名称",)})
    assert frame.row(0, named=True) | {"_line": 0} == {
        "_line": 0, "uscc": FIRMS[0], "name": "湘江", "founded": None, "capital": "7", "state": None, "region": "430102",
    }  # fmt: skip
    assert any("UserCode" in note and "未采用" in note for note in notes)
    assert any("成立日期" in note and "按空处理" in note for note in notes)


def test_a_missing_required_column_is_named() -> None:
    refusal = refusal_of(f"统一社会信用代码,注册资本\n{FIRMS[0]},7\n")
    assert (refusal.rule, "企业名称" in refusal.message, "成立日期" in refusal.message) == ("file.columns", True, False)


def test_a_file_without_any_known_heading_says_what_is_expected() -> None:
    refusal = refusal_of(f"甲,乙\n{FIRMS[0]},湘江\n")
    assert refusal.rule == "file.columns"
    assert "统一社会信用代码" in refusal.message


def test_a_doubled_column_is_refused_with_both_places() -> None:
    refusal = refusal_of(f"统一社会信用代码,企业名称,uscc\n{FIRMS[0]},湘江,{FIRMS[0]}\n")
    assert refusal.rule == "file.columns"
    assert "第 1 列" in refusal.message and "第 3 列" in refusal.message


def test_titles_above_the_headings_are_skipped_and_told() -> None:
    text = "湖南省企业登记信息表,,,,,\n填报单位：省市场监管局,,,,,\n\n" + registration(firm(0))
    frame, notes = rows_of(text)
    assert frame.get_column("_line").to_list() == [5]
    assert any("第 1、2 行" in note for note in notes)


def test_headings_further_down_than_twenty_rows_are_not_looked_for() -> None:
    assert refusal_of("标题\n" * 20 + registration(firm(0))).rule == "file.columns"


@pytest.mark.parametrize(
    "row",
    [
        "合计,,,300,,", "合 计：,,,300,,", "总计,,,300,,", ",小计,,300,,", "本页合计,2户,,300,,", "合计2条,,,,,",
        "制表人：张三,,审核人：李四,,,", ",,,,填报日期：2026年3月5日,", "备注：以上数据截至三月底,,,,,", "审核人,王五,,,,",
    ],
)  # fmt: skip
def test_totals_and_signatures_below_the_data_are_skipped_and_told(row: str) -> None:
    frame, notes = rows_of(registration(firm(0), firm(1), row))
    assert frame.get_column("_line").to_list() == [2, 3]
    assert any("第 4 行" in note and "已跳过" in note for note in notes)


def test_a_firm_whose_name_begins_like_a_total_is_no_total() -> None:
    rows = [
        f"{FIRMS[0]},合计管理咨询有限公司,,,,",
        f"{FIRMS[1]},合计,,,,",
        ",合计管理咨询有限公司,,,,",
        "总部,湘江,,,,",
    ]
    frame, notes = rows_of(registration(*rows))
    assert (frame.height, notes) == (4, ())


def test_blank_rows_and_repeated_headings_are_skipped_and_counted() -> None:
    blanks = [",,,,,", "", " ,　,,,,"] * 3
    frame, notes = rows_of(registration(firm(0), *blanks, ",".join(TITLES), firm(1)))
    assert frame.get_column("_line").to_list() == [2, 13]
    assert any("共 9 处" in note and "空行" in note for note in notes)
    assert any("第 12 行" in note and "列名" in note for note in notes)


def test_a_unit_in_a_heading_of_money_counts() -> None:
    frame, notes = rows_of(f"统一社会信用代码,企业名称,注册资本（万元）\n{FIRMS[0]},湘江,100\n{FIRMS[1]},湘水,5元\n")
    assert frame.get_column("capital").to_list() == ["100万元", "5元"]
    assert any("万元" in note for note in notes)


def test_the_columns_that_we_add_to_rejected_rows_come_back_unmentioned() -> None:
    frame, notes = rows_of(",".join([*TITLES, "原行号", "退回理由"]) + f"\n{firm(0)},7,第 7 行有误\n")
    assert (frame.height, notes) == (1, ())


def test_notes_name_rows_and_headings_and_never_a_cell() -> None:
    _, notes = rows_of("涉企标题\n" + registration(firm(0), "合计,,,98765,,"))
    assert not any("98765" in note or FIRMS[0] in note or "涉企标题" in note for note in notes)
