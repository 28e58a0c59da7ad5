"""Marks of classification stop a file before anything of it is kept; mentions do not."""

from __future__ import annotations

import json

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from shuniu.exchange.classified import STATE, WORK, scan
from shuniu.exchange.models import Submission
from shuniu.exchange.spool import folder
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.exchange.conftest import FIRMS, Deliver, firm, registration
from tests.exchange.files import spool, workbook


def rule_of(data: bytes | str, name: str = "登记.csv", block: int = 1 << 20) -> str | None:
    spooled = spool(data.encode() if isinstance(data, str) else data, block)
    try:
        return scan(spooled, name)
    finally:
        spooled.discard()


MARKED = [
    "秘密★1年",
    "机密 ★ 10年",
    "绝密★长期",
    "机　密☆",
    "密级：机密",
    "密级: 秘密级",
    "保密期限 绝密",
    "附件（秘密*）",
]
MENTIONED = [
    "涉嫌侵犯商业秘密", "泄露国家秘密罪", "违反保守国家秘密法", "个人秘密*", "机密性分级", "秘密", "获★★★★★评级",
    "五星★秘密花园餐厅", "密级", "内部资料室", "泄露工作秘密",
]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("text", MARKED)
def test_a_mark_in_any_cell_and_any_encoding_is_found(text: str, encoding: str) -> None:
    assert rule_of(registration(firm(0), firm(1, text)).encode(encoding)) == STATE


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("text", MENTIONED)
def test_a_mention_is_no_mark(text: str, encoding: str) -> None:
    assert rule_of(registration(firm(0), firm(1, text)).encode(encoding)) is None


@pytest.mark.parametrize("text", ["工作秘密★", "密级：工作秘密", "内部资料，注意保存", "此件不公开"])
def test_marks_of_work_secrets_are_refused_too_because_what_is_delivered_is_shared(text: str) -> None:
    assert rule_of(registration(firm(0, text))) == WORK


def test_a_title_above_the_headings_counts() -> None:
    assert rule_of("机密★5年\n" + registration(firm(0))) == STATE


def test_a_column_of_levels_with_a_level_in_it_counts_however_far_apart() -> None:
    filler = (firm(0) + "\n") * 30_000
    assert rule_of("密级,企业名称\n公开,湘江\n" + filler + "秘密,湘水\n") == STATE
    assert rule_of("密级,企业名称\n公开,湘江\n" + filler) is None


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([{"name": "秘密★1年"}]), json.dumps([{"密级": "机密"}]), json.dumps([{"密级": "机密"}], ensure_ascii=False),
        "<r><a><密级>机密</密级></a></r>", "<r><a>&#31192;&#23494;&#9733;</a></r>", "<r><a>&#x79D8;&#x5BC6;&#x2605;</a></r>",
    ],
)  # fmt: skip
def test_escapes_of_json_and_xml_hide_nothing(text: str) -> None:
    assert rule_of(text) == STATE


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("机密-人口数据.xlsx", STATE), ("秘密.csv", STATE),
        ("C:\\机密\\甲.csv", STATE), ("2026年秘密文件.csv", STATE), ("名单（绝密★）.csv", STATE),
        ("工作秘密.csv", WORK), ("侵犯商业秘密案件.csv", None), ("泄露国家秘密处罚.csv", None), ("登记.csv", None),
    ],
)  # fmt: skip
def test_the_files_name_counts(name: str, rule: str | None) -> None:
    assert rule_of(registration(firm(0)), name) == rule


def _rich(book: xlsxwriter.Workbook) -> None:
    bold = book.add_format({"bold": True, "font_name": "宋体", "font_size": 22})
    book.add_worksheet().write_rich_string(0, 0, "秘密", bold, "★", bold, "1年")


def _comment(book: xlsxwriter.Workbook) -> None:
    book.add_worksheet().write_comment(0, 0, "机密★3年")


def _footer(book: xlsxwriter.Workbook) -> None:
    book.add_worksheet().set_footer("&C绝密★")


def _box(book: xlsxwriter.Workbook) -> None:
    book.add_worksheet().insert_textbox(0, 0, "绝密★")


def _title(book: xlsxwriter.Workbook) -> None:
    book.set_properties({"title": "密级：秘密"})


def _column(book: xlsxwriter.Workbook) -> None:
    page = book.add_worksheet()
    page.write_row(0, 0, ["企业名称", "密级"])
    page.write_row(1, 0, ["湘江", "机密"])


def _apart(book: xlsxwriter.Workbook) -> None:
    book.add_worksheet().write_column(0, 0, ["泄露秘密", "*注", "★"])


@pytest.mark.parametrize(
    "write", [_rich, _comment, _footer, _box, _title, _column, lambda book: book.add_worksheet("机密★")]
)
def test_every_part_of_a_workbook_is_looked_through(write: object) -> None:
    assert rule_of(workbook(write), "登记.xlsx") == STATE  # type: ignore[arg-type]  # the writers above


def test_neighbouring_cells_of_a_workbook_do_not_make_a_mark_together() -> None:
    assert rule_of(workbook(_apart), "登记.xlsx") is None


def test_a_file_of_mixed_encodings_is_looked_through_in_each() -> None:
    for first, second in (("utf-8", "gb18030"), ("gb18030", "utf-8")):
        data = registration(firm(0)).encode(first) + f"{FIRMS[1]},秘密★1年\n".encode(second)
        assert rule_of(data) == STATE


@settings(max_examples=60, deadline=None)
@given(before=st.integers(0, 3000), block=st.integers(1, 999), text=st.sampled_from(MARKED))
def test_a_mark_is_found_wherever_blocks_are_cut(before: int, block: int, text: str) -> None:
    assert rule_of("企业名称\n" + "湘" * before + "\n" + text + "\n", block=block + 500) == STATE


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_marked_file_remains_not_even_its_name(deliver: Deliver) -> None:
    before = set(folder().iterdir())
    for content, name in (
        (registration(firm(0, "秘密★1年")), "名单甲.csv"),
        (registration(firm(0)), "机密-名单乙.csv"),
    ):
        with pytest.raises(Refused) as refusal:
            deliver(content, name=name)
        assert refusal.value.rule == STATE
        assert "未留存" in refusal.value.message and "不能替代保密审查" in refusal.value.remedy
        assert "名单" not in str(refusal.value)
    assert set(folder().iterdir()) == before
    assert Submission.objects.count() == 0
    journalled = [f"{entry.object} {entry.detail}" for entry in Entry.objects.all()]
    assert not any("名单" in said or ("digest" in said and "秘密★" in said) for said in journalled)
