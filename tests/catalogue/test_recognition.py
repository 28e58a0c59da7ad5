"""Recognising elements: what is certain, what is only likely, measured on a real city's dictionary labelled by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.catalogue import importing, names
from shuniu.catalogue.declare import Element, ItemType
from shuniu.catalogue.dictionary import Row, Table
from shuniu.catalogue.importing import ImportPlan
from shuniu.catalogue.pinyin import initials
from shuniu.catalogue.recognition import Index, convertible
from shuniu.project import province

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "src/shuniu/project/provinces/43"
ELEMENTS = {element.key: element for element in province.elements(FOLDER)}
TRUTH = Path(__file__).with_name("truth.csv")
"""Titles, columns and types of the published data dictionary of Ningbo's public credit resources (28 resources, 405
items), each with the element that a reader took it for ("" for none), labelled before the rules were tuned."""


def truth() -> list[dict[str, str]]:
    with TRUTH.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def plan() -> ImportPlan:
    columns = ("资源代码", "资源名称", "信息项名称", "字段名", "数据类型")
    rows = tuple(
        Row(number, dict(zip(columns, (r["resource"], r["resource"], r["title"], r["field"], r["type"]), strict=True)))
        for number, r in enumerate(truth())
    )
    return importing.plan(Table(columns, (), rows), "宁波", "33.city", Index(ELEMENTS))


def test_three_in_five_items_of_the_real_dictionary_get_the_right_element(plan: ImportPlan) -> None:
    wanted = truth()
    items = [item for one in plan.resources for item in one.items]
    right = sum(item.proposal.element == wanted[item.row]["element"] != "" for item in items)
    assert len(items) == len(wanted) == 405
    assert right / len(items) >= 0.60


def test_what_is_accepted_by_itself_is_right_in_98_of_100(plan: ImportPlan) -> None:
    wanted = truth()
    sure = [item for one in plan.resources for item in one.items if item.proposal.confidence == "certain"]
    wrong = [item.item.title for item in sure if item.proposal.element != wanted[item.row]["element"]]
    assert len(sure) >= 0.4 * len(wanted)
    assert 1 - len(wrong) / len(sure) >= 0.98, wrong


def test_the_labels_name_elements_that_there_are() -> None:
    assert {row["element"] for row in truth()} - {""} <= set(ELEMENTS)


INDEX = Index(
    {
        element.key: element
        for element in (
            Element(key="uscc", title="统一社会信用代码", aliases=("信用代码", "XK_XDR_SHXYM")),
            Element(key="person_name", title="姓名"),
            Element(key="phone", title="联系电话", aliases=("举报电话",)),
            Element(key="issue_date", title="发证日期", type=ItemType.DATE, aliases=("颁发日期",)),
            Element(key="capital", title="注册资本", type=ItemType.DECIMAL),
            Element(key="site", title="网址"),
            Element(key="link", title="链接", aliases=("网址",)),
        )
    }
)


@pytest.mark.parametrize(
    ("title", "name", "kind", "element", "confidence"),
    [
        ("统一社会信用代码", "a1", ItemType.TEXT, "uscc", "certain"),
        ("统一社会　信用代码", "a1", ItemType.TEXT, "uscc", "certain"),
        ("信用代码", "a1", ItemType.TEXT, "uscc", "certain"),
        ("举报电话", "a1", ItemType.TEXT, "phone", "likely"),
        ("举报电话", "phone", ItemType.TEXT, "phone", "certain"),
        ("发证时间", "a1", ItemType.TIMESTAMP, "issue_date", "likely"),
        ("发证日期", "fzrq", ItemType.DATE, "issue_date", "certain"),
        ("注册资本(资金数额)", "a1", ItemType.DECIMAL, "capital", "likely"),
        ("执法人员姓名", "a1", ItemType.TEXT, "person_name", "none"),
        ("备用", "XK_XDR_SHXYM", ItemType.TEXT, "uscc", "likely"),
        ("备用", "fzrq", ItemType.TEXT, "issue_date", "likely"),
        ("发证日期", "XK_XDR_SHXYM", ItemType.TEXT, "issue_date", "likely"),
        ("网址", "a1", ItemType.TEXT, "site", "likely"),
        ("发证日期", "a1", ItemType.DECIMAL, "", "none"),
        ("备用", "a1", ItemType.TEXT, "", "none"),
    ],
)
def test_only_a_whole_title_is_certain(title: str, name: str, kind: ItemType, element: str, confidence: str) -> None:
    proposal = INDEX.propose(title, name, kind)
    assert proposal.confidence == confidence
    assert proposal.element == (element if confidence != "none" else "")
    assert proposal.why


def test_what_the_dictionary_says_itself_is_believed_when_it_exists() -> None:
    assert INDEX.propose("备用", "a1", ItemType.TEXT, given="site").confidence == "certain"
    assert INDEX.propose("网址", "a1", ItemType.TEXT, given="nothing").confidence == "none"


@given(st.sampled_from(ItemType), st.sampled_from(ItemType))
def test_text_can_become_anything_and_nothing_but_text_loses_its_kind(source: ItemType, target: ItemType) -> None:
    if source in (target, ItemType.TEXT):
        assert convertible(source, target)
    if source is ItemType.DECIMAL and target is not ItemType.DECIMAL:
        assert not convertible(source, target)


@pytest.mark.parametrize(
    ("title", "letters"),
    [
        ("统一社会信用代码", "tyshxydm"),
        ("发证日期", "fzrq"),
        ("QQ号", "qqh"),
        ("䶮", ""),
        ("入库日期", "rkrq"),
        ("", ""),
    ],
)
def test_initials_of_pinyin_come_from_the_order_of_gb_2312(title: str, letters: str) -> None:
    assert initials(title) == letters


@given(st.text(max_size=30))
def test_a_normal_title_is_normal_already(title: str) -> None:
    once = names.normal(title)
    assert names.normal(once) == once


@pytest.mark.parametrize(
    ("written", "column"),
    [("tax nm", "tax_nm"), ("2020年", "c2020"), (" ａｂｃ ", "abc"), ("中文", ""), ("a-b", "a_b")],
)
def test_a_column_name_is_made_of_what_it_may_hold(written: str, column: str) -> None:
    assert names.column(written) == column
