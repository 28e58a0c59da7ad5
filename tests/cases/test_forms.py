"""Forms: declared in order, resolved against the catalogue, shown and checked on the server; for any form and answers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from shuniu.base.expressions import And, Compare, Field, IsNull, Kind, Node, Not, Or, Today, value
from shuniu.cases.declare.form import Form, Page, Question, ResolvedForm
from shuniu.cases.rules import forms
from shuniu.catalogue.declare import Element, ItemType
from shuniu.trust.declare import Refused

TODAY = date(2026, 11, 21)
ELEMENTS = {
    one.key: one
    for one in (
        Element(key="uscc", title="统一社会信用代码", check="uscc", length=18),
        Element(key="resident_id", title="公民身份号码", check="resident_id", length=18, sensitivity=4),
        Element(key="sex", title="性别", code_list="sex"),
        Element(key="opened", title="开业日期", type=ItemType.DATE),
    )
}
CODES = {"sex": {"1": "男", "2": "女", "9": "未说明"}}


def equal(name: str, text: str) -> Node:
    return Compare("=", Field(name, Kind.TEXT), value(text))


def resolved(*pages: Page) -> ResolvedForm:
    return forms.resolve(Form(pages=pages), ELEMENTS, CODES.__getitem__)


def page(key: str, *questions: Question, show_if: Node | None = None) -> Page:
    return Page(key=key, title=key, questions=questions, show_if=show_if)


SHOP = resolved(
    page("kind", Question(name="sells_food", title="是否经营食品", type=ItemType.BOOLEAN)),
    page(
        "food",
        Question(name="seats", title="座位数", type=ItemType.INTEGER),
        Question(
            name="kitchen",
            title="厨房面积",
            type=ItemType.DECIMAL,
            show_if=Compare(">", Field("seats", Kind.BIGINT), value(20)),
        ),
        show_if=Compare("=", Field("sells_food", Kind.BOOLEAN), value(True)),
    ),
    page("owner", Question(name="sex", element="sex"), Question(name="code", element="uscc", required=False)),
    page("when", Question(name="day", element="opened")),
)


def test_a_question_takes_type_check_length_codes_and_title_from_its_element() -> None:
    code = SHOP.form.page("owner").questions[1]
    assert (code.title, code.check, code.length) == ("统一社会信用代码", "uscc", 18)
    assert SHOP.form.page("when").questions[0].type is ItemType.DATE
    assert list(SHOP.codes["sex"].items()) == [("1", "男"), ("2", "女"), ("9", "未说明")]


def test_a_question_may_tighten_its_element_and_never_loosen_it() -> None:
    made = resolved(
        page(
            "p",
            Question(name="a", element="uscc", length=90, sensitivity=3),
            Question(name="b", element="uscc", length=9),
        )
    )
    assert [(one.length, one.sensitivity) for one in made.form.questions] == [(18, 3), (9, 1)]


def test_a_resolved_form_is_read_back_as_it_was_kept() -> None:
    assert ResolvedForm.model_validate_json(SHOP.model_dump_json()) == SHOP


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ((page("a", Question(name="x", title="x", show_if=equal("y", "1")), Question(name="y", title="y")),), "y"),
        ((page("a", Question(name="x", title="x", show_if=equal("x", "1"))),), "x"),
        ((page("a", Question(name="x", title="x"), show_if=equal("x", "1")),), "x"),
        ((page("a", Question(name="x", title="x")), page("b", Question(name="x", title="x"))), "问题代码重复"),
        ((page("a", Question(name="x", title="x")), page("a", Question(name="y", title="y"))), "页面代码重复"),
    ],
)
def test_a_condition_looks_only_at_earlier_questions_and_names_are_single(pages: tuple[Page, ...], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Form(pages=pages)


@pytest.mark.parametrize(
    ("pages", "rule"),
    [
        ((page("a", Question(name="x", element="nothing")),), "form.element"),
        ((page("a", Question(name="x")),), "form.title"),
        (
            (page("a", Question(name="x", element="opened"), Question(name="y", title="y", show_if=equal("x", "1"))),),
            "form.condition",
        ),
    ],
)
def test_a_form_that_the_catalogue_does_not_bear_is_refused(pages: tuple[Page, ...], rule: str) -> None:
    with pytest.raises(Refused) as refusal:
        resolved(*pages)
    assert refusal.value.rule == rule


def test_the_server_decides_what_is_shown_answer_by_answer() -> None:
    asked = [("sells_food",), ("sells_food", "seats"), ("sells_food", "seats", "kitchen")]
    given_answers: list[dict[str, str]] = [
        {"sells_food": "false"},
        {"sells_food": "true", "seats": "20"},
        {"sells_food": "true", "seats": "21"},
    ]
    for answers, names in zip(given_answers, asked, strict=True):
        assert forms.shown(SHOP.form, answers, TODAY) == (*names, "sex", "code", "day")


def test_answers_become_canonical_by_the_rules_of_the_road() -> None:
    typed = {
        "sells_food": "是",
        "seats": " ３２ ",
        "kitchen": "１,200.50",
        "sex": "女",
        "day": "2026年3月5日",
        "code": "",
    }
    found = forms.read(SHOP, typed)
    assert found.answers == {
        "sells_food": "true", "seats": "32", "kitchen": "1200.5", "sex": "2", "day": "2026-03-05",
    }  # fmt: skip
    assert found.faults == ()


def test_a_fault_names_question_rule_and_remedy_and_the_sound_answers_stay() -> None:
    found = forms.read(SHOP, {"day": "2024-13-05", "code": "91430000000000000X", "sex": "3", "seats": "12"})
    assert found.answers == {"seats": "12"}
    told = {one.rule: str(one) for one in found.faults}
    assert told == {
        "cell.date": "“开业日期”不是日期，或读法不止一种。请改为 YYYY-MM-DD。",
        "cell.uscc": "“统一社会信用代码”不是有效的统一社会信用代码（18 位，末位校验）。请核对营业执照后改正。",
        "cell.code": "“性别”不在可选的范围内。请从列出的各项中选择，或填写代码、名称全称。",
    }


def test_only_shown_questions_must_be_answered() -> None:
    assert [one.question for one in forms.check(SHOP, {"sells_food": "false", "sex": "1"}, TODAY)] == ["day"]
    assert [one.question for one in forms.check(SHOP, {"sells_food": "true", "sex": "1"}, TODAY)] == ["seats", "day"]


def test_what_never_went_through_the_reading_is_found_out_too() -> None:
    raw = {"sells_food": "true", "seats": "many", "sex": "男", "code": "9" * 19, "day": "2026/1/1"}
    assert [(one.question, one.rule) for one in forms.check(SHOP, raw, TODAY)] == [
        ("seats", "cell.integer"), ("sex", "cell.code"), ("code", "cell.length"), ("day", "cell.date"),
    ]  # fmt: skip


def test_the_answer_to_a_question_that_was_never_shown_is_ignored_and_named() -> None:
    taken = forms.take(SHOP, {"sells_food": "false"}, ["food"], {"seats": "30", "kitchen": "9"}, TODAY, fixed={})
    assert (taken.answers, taken.ignored, taken.faults) == ({"sells_food": "false"}, ("kitchen", "seats"), ())
    taken = forms.take(SHOP, {}, ["owner"], {"sex": "1", "day": "2026-01-01", "x": "1"}, TODAY, fixed={})
    assert (taken.answers, taken.ignored) == ({"sex": "1"}, ("day", "x"))


def test_an_answer_vanishes_with_its_question_and_that_is_no_fault_of_the_poster() -> None:
    held = {"sells_food": "true", "seats": "30", "kitchen": "9"}
    fewer = forms.take(SHOP, held, ["food"], {"seats": "10", "kitchen": "9"}, TODAY, fixed={})
    assert (fewer.answers, fewer.ignored) == ({"sells_food": "true", "seats": "10"}, ())
    closed = forms.take(SHOP, held, ["kind"], {"sells_food": "否"}, TODAY, fixed={})
    assert closed.answers == {"sells_food": "false"}


def test_what_was_typed_wrongly_replaces_the_older_answer_too() -> None:
    taken = forms.take(SHOP, {"day": "2026-01-01"}, ["when"], {"day": "昨天"}, TODAY, fixed={})
    assert taken.answers == {}
    assert [one.rule for one in taken.faults] == ["cell.date"]


def test_an_optional_answer_that_is_wrong_is_a_fault_of_its_page() -> None:
    taken = forms.take(SHOP, {}, ["owner"], {"sex": "1", "code": "no"}, TODAY, fixed={})
    assert [one.rule for one in taken.faults] == ["cell.uscc"]


def test_what_the_register_has_answered_cannot_be_posted_otherwise() -> None:
    fixed = {"sex": "2"}
    taken = forms.take(SHOP, {"sex": "2"}, ["owner"], {"sex": "1"}, TODAY, fixed=fixed)
    assert (taken.answers, taken.ignored) == ({"sex": "2"}, ("sex",))
    assert forms.take(SHOP, {}, ["owner"], {"sex": "2"}, TODAY, fixed=fixed).ignored == ()


# For any form and any answers ------------------------------------------------------------------------------------------

TYPES = st.sampled_from(ItemType)
TEXTS = st.one_of(
    st.sampled_from(
        ["是", "否", "1", "0", "12", "-3.50", "2026-03-05", "2026/3/5 8:05", "男", "2", "７", " ", "#N/A", "ab\x00c"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)


@st.composite
def conditions(draw: st.DrawFn, before: list[Question]) -> Node | None:
    if not before or draw(st.booleans()):
        return None
    one = draw(st.sampled_from(before))
    field = Field(one.name, Kind(one.type.sql))
    node: Node = Not(IsNull(field))
    if one.type is ItemType.TEXT:
        node = Compare("=", field, value(draw(st.sampled_from(["1", "男", "ab"]))))
    elif one.type is ItemType.BOOLEAN:
        node = Compare("=", field, value(draw(st.booleans())))
    elif one.type is ItemType.DATE:
        node = Compare("<", field, Today())
    other = draw(st.one_of(st.none(), conditions(before)))
    joined = And if draw(st.booleans()) else Or
    return node if other is None else joined((node, other))


@st.composite
def any_form(draw: st.DrawFn) -> ResolvedForm:
    before: list[Question] = []
    pages = []
    for number in range(draw(st.integers(1, 4))):
        show_page = draw(conditions(list(before)))
        questions = []
        for at in range(draw(st.integers(1, 3))):
            kind = draw(TYPES)
            listed = kind is ItemType.TEXT and draw(st.booleans())
            one = Question(
                name=f"q{number}_{at}",
                title=f"问题{number}.{at}",
                type=kind,
                code_list="sex" if listed else "",
                length=draw(st.sampled_from([None, 5])) if kind is ItemType.TEXT else None,
                required=draw(st.booleans()),
                show_if=draw(conditions(list(before))),
            )
            questions.append(one)
            before.append(one)
        pages.append(page(f"p{number}", *questions, show_if=show_page))
    return resolved(*pages)


@st.composite
def any_post(draw: st.DrawFn) -> tuple[ResolvedForm, dict[str, str]]:
    form = draw(any_form())
    names = [one.name for one in form.form.questions]
    return form, draw(st.dictionaries(st.sampled_from([*names, "elsewhere"]), TEXTS))


@settings(max_examples=30)
@given(any_post())
def test_hidden_answers_never_survive(made: tuple[ResolvedForm, dict[str, str]]) -> None:
    form, posted = made
    keys = [one.key for one in form.form.pages]
    taken = forms.take(form, {}, keys, posted, TODAY, fixed={})
    assert set(taken.answers) <= set(forms.shown(form.form, taken.answers, TODAY))
    assert "elsewhere" not in taken.answers


@settings(max_examples=30)
@given(any_post(), st.data())
def test_hidden_answers_never_survive_saving_page_after_page(
    made: tuple[ResolvedForm, dict[str, str]], data: st.DataObject
) -> None:
    form, posted = made
    answers: dict[str, str] = {}
    for key in data.draw(st.lists(st.sampled_from([one.key for one in form.form.pages]), max_size=6)):
        answers = dict(forms.take(form, answers, [key], posted, TODAY, fixed={}).answers)
        assert set(answers) <= set(forms.shown(form.form, answers, TODAY))


@settings(max_examples=30)
@given(any_post())
def test_canonical_of_canonical_is_itself(made: tuple[ResolvedForm, dict[str, str]]) -> None:
    form, posted = made
    once = forms.read(form, posted)
    again = forms.read(form, once.answers)
    assert (again.answers, again.faults) == (once.answers, ())


@settings(max_examples=30)
@given(any_post())
def test_saving_and_checking_again_change_nothing(made: tuple[ResolvedForm, dict[str, str]]) -> None:
    form, posted = made
    keys = [one.key for one in form.form.pages]
    once = forms.take(form, {}, keys, posted, TODAY, fixed={})
    again = forms.take(form, once.answers, keys, once.answers, TODAY, fixed={})
    assert again.answers == once.answers
    assert forms.settle(form.form, once.answers, TODAY) == once.answers
    assert forms.check(form, once.answers, TODAY) == forms.check(form, again.answers, TODAY)
    assert {one.rule for one in forms.check(form, once.answers, TODAY)} <= {"cell.required"}


@settings(max_examples=30)
@given(any_post())
def test_a_form_without_faults_has_an_answer_to_all_that_must_be_answered(
    made: tuple[ResolvedForm, dict[str, str]],
) -> None:
    form, posted = made
    taken = forms.take(form, {}, [one.key for one in form.form.pages], posted, TODAY, fixed={})
    names = forms.shown(form.form, taken.answers, TODAY)
    must = {one.name for one in form.form.questions if one.required and one.name in names}
    if not forms.check(form, taken.answers, TODAY):
        assert must <= taken.answers.keys()
