"""What a document must be, how its number is written, and how two versions stand side by side."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.cases.declare.document import DocumentNumber, Draft
from shuniu.cases.rules.documents import check, check_signed, compare, next_number, sentences
from shuniu.cases.rules.numbering import read
from tests.cases.documents import NOTICE, REQUEST
from tests.refusals import refused

KINDS = ("通知", "报告", "请示", "公告", "命令（令）")
UPWARD = ("请示", "报告")
REPORT = REQUEST.model_copy(update={"kind": "报告", "title": "关于登记信息的报告", "body": ("现将情况报告如下。",)})


def checked(draft: Draft, **changes: object) -> None:
    below = frozenset({"430102.market"})
    check(draft.model_copy(update=changes), kinds=KINDS, upward=UPWARD, open_kinds=("公告", "命令（令）"), below=below)


def test_what_keeps_the_rules_passes() -> None:
    for draft in (NOTICE, REQUEST, REPORT):
        checked(draft)
    checked(NOTICE, kind="公告", title="关于停机的公告", to=())
    checked(NOTICE, kind="命令（令）", title="湖南省人民政府令", to=())


@pytest.mark.parametrize(
    ("draft", "changes", "rule"),
    [
        (NOTICE, {"kind": "会议记录"}, "kind"),
        (NOTICE, {"title": "关于年报"}, "title"),
        (NOTICE, {"to": ()}, "to"),
        (REQUEST, {"to": ("43.office", "43.tax")}, "one_recipient"),
        (REQUEST, {"copies": ("430102.market",)}, "copy_below"),
        (REQUEST, {"body": ("妥否，请批示。", "另请增加编制，可否，请批复。")}, "one_matter"),
        (REPORT, {"body": ("情况如上。", "以上请示妥否，请批示。")}, "carries_request"),
    ],
)
def test_each_rule_of_the_regulation_is_named_when_it_is_broken(
    draft: Draft, changes: dict[str, object], rule: str
) -> None:
    with refused(f"documents.{rule}"):
        checked(draft, **changes)


def test_an_upward_document_carries_who_signed_it() -> None:
    check_signed("通知", UPWARD, [])
    check_signed("请示", UPWARD, ["罗毅"])
    with refused("documents.signer"):
        check_signed("请示", UPWARD, [])


@given(st.text("湘政办发市监", min_size=1, max_size=20), st.integers(1949, 2099), st.integers(1, 99999))
def test_a_number_is_read_as_it_was_written(code: str, year: int, serial: int) -> None:
    number = DocumentNumber(code, year, serial)
    assert read(str(number)) == number
    assert next_number(code, year, serial - 1) == number


@pytest.mark.parametrize(
    "text",
    ["湘政发[2026]1号", "湘政发（2026）1号", "湘政发〔2026〕第1号", "湘政发〔2026〕01号", "湘政发〔26〕1号", "〔2026〕1号",
     "湘政发〔2026〕1", "湘政发〔2026〕0号", "湘政发〔２０２６〕1号", "湘政发〔2026〕100000号"],
)  # fmt: skip
def test_a_number_that_is_written_otherwise_is_refused(text: str) -> None:
    with refused("documents.number"):
        read(text)


def test_a_full_series_gives_no_further_number() -> None:
    with refused("documents.number_full"):
        next_number("湘政发", 2026, 99999)


paragraphs = st.lists(st.text("甲乙丙。；！", min_size=1, max_size=12), min_size=1, max_size=6).map(tuple)


@given(paragraphs, paragraphs)
def test_down_each_side_of_a_comparison_stands_that_version_whole(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    ours, theirs = NOTICE.model_copy(update={"body": old}), NOTICE.model_copy(update={"body": new})
    rows = compare(ours, theirs)
    assert tuple(row.old for row in rows if row.change != "added") == sentences(ours)
    assert tuple(row.new for row in rows if row.change != "removed") == sentences(theirs)
    assert all((row.change == "same") == (row.old == row.new) for row in rows)
    assert {row.change for row in compare(ours, ours)} == {"same"}


def test_a_changed_a_removed_and_an_added_sentence_are_named() -> None:
    new = NOTICE.model_copy(
        update={"body": ("现就有关事项通知如下。", "一、提前公示。", "二、依法抽查。三、及时报告。")}
    )
    rows = [row for row in compare(NOTICE, new) if row.change != "same"]
    assert [(row.title, row.old, row.new) for row in rows] == [
        ("修改", "一、按时公示。", "一、提前公示。"),
        ("增加", "", "三、及时报告。"),
    ]
    assert [row.title for row in compare(new, NOTICE) if row.change != "same"] == ["修改", "删去"]
