from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from shuniu.base.expressions import (
    And,
    Compare,
    ExpressionError,
    Field,
    In,
    IsNull,
    Kind,
    Match,
    Node,
    Not,
    Or,
    Raw,
    Shift,
    Sql,
    Today,
    Value,
    fields_of,
    from_json,
    holds,
    is_true,
    sentence,
    truth,
    value,
    where,
)

TODAY = date(2026, 11, 21)
DECIDED = Field("CF_JDRQ", Kind.DATE)
REGION = Field("区划", Kind.TEXT)
FINE = Field("罚款", Kind.NUMERIC)
DISPUTED = Field("异议中", Kind.BOOLEAN)
FLOAT: Any = 1.5
TITLES = {"CF_JDRQ": "处罚决定日期", "区划": "所在区划", "罚款": "罚款金额"}
RECENT = Compare("<=", Today(), Shift(DECIDED, 12, "month"))


def test_a_disclosure_rule_reads_compiles_and_decides_alike() -> None:
    rule = And((RECENT, Not(DISPUTED), Match("starts_with", REGION, "43")))
    assert sentence(rule, TITLES) == (
        "当日不晚于“处罚决定日期”之后12个月，并且并非（“异议中”为是），并且“所在区划”开头为“43”"
    )
    assert where(rule, TODAY, alias="r") == Sql(
        '((%s::date <= (r_d + make_interval(months => %s::int))::date) AND (NOT "r"."异议中") '
        'AND starts_with("r"."区划", %s::text))'.replace("r_d", '"r"."CF_JDRQ"'),
        (TODAY, 12, "43"),
    )
    row: dict[str, Raw | None] = {"CF_JDRQ": date(2025, 11, 21), "区划": "430100", "异议中": False}
    assert holds(rule, row, TODAY)
    assert not holds(rule, row | {"CF_JDRQ": date(2025, 11, 20)}, TODAY)


def test_unknown_is_not_true_and_neither_is_its_contrary() -> None:
    row = {"罚款": None}
    cheap = Compare("<", FINE, value(Decimal(10)))
    assert truth(cheap, row, TODAY) is None
    assert truth(Not(cheap), row, TODAY) is None
    assert not holds(cheap, row, TODAY)
    assert not holds(Not(cheap), row, TODAY)
    assert truth(Or((cheap, IsNull(FINE))), row, TODAY) is True
    assert truth(And((cheap, Not(IsNull(FINE)))), row, TODAY) is False
    assert truth(In(FINE, ()), row, TODAY) is False


def test_long_term_validity_can_be_moved_past_the_last_date_of_python() -> None:
    for unit in ("day", "month", "year"):
        later = Compare(">", Shift(DECIDED, 1, unit), DECIDED)
        assert holds(later, {"CF_JDRQ": date(9999, 12, 31)}, TODAY)


def test_where_leaves_the_index_usable_and_is_true_is_never_null() -> None:
    known = Compare("=", REGION, value("43"))
    assert where(known, TODAY).text == '("区划" = %s::text)'
    assert is_true(known, TODAY) == Sql('(("区划" = %s::text) IS TRUE)', ("43",))


def test_text_is_ordered_by_code_point_everywhere() -> None:
    before = Compare("<", REGION, value("湘"))
    assert where(before, TODAY).text == '("区划" < %s::text COLLATE "C")'


def test_fields_are_listed_for_checking_against_a_resource() -> None:
    rule = Or((RECENT, In(REGION, ("43",)), Compare(">", FINE, FINE), Value(Kind.BOOLEAN, True)))
    assert fields_of(rule) == {DECIDED, REGION, FINE}


@pytest.mark.parametrize(
    ("node", "said"),
    [
        (Compare(">=", FINE, value(Decimal("1E+3"))), "“罚款金额”不小于1000"),
        (Compare("=", REGION, value("43")), "“所在区划”为“43”"),
        (Compare("<", DECIDED, Shift(Today(), -3, "year")), "“处罚决定日期”早于当日之前3年"),
        (Compare("=", DECIDED, value(date(2022, 6, 1))), "“处罚决定日期”等于2022年6月1日"),
        (Compare("<>", DISPUTED, value(True)), "“异议中”与其不一致：是"),
        (
            And((DISPUTED, Or((IsNull(FINE), RECENT)))),
            "“异议中”为是，并且（“罚款金额”为空，或者当日不晚于“处罚决定日期”之后12个月）",
        ),
        (Not(IsNull(FINE)), "“罚款金额”不为空"),
        (In(REGION, ("43", "37")), "“所在区划”属于“43”、“37”之一"),
        (Match("contains", REGION, "长沙"), "“所在区划”含有“长沙”"),
        (Or((Value(Kind.BOOLEAN, False), IsNull(RECENT))), "总不成立，或者（当日不晚于“处罚决定日期”之后12个月）为空"),
    ],
)
def test_sentences(node: Node, said: str) -> None:
    assert sentence(node, TITLES) == said


@pytest.mark.parametrize("name", ["", "_since", 'a"b', "a b", "a%s", "a;--", "a.b", "汉" * 22, "a'"])
def test_names_that_are_not_declared_ones_never_reach_sql(name: str) -> None:
    with pytest.raises(ExpressionError, match="字段名"):
        Field(name, Kind.TEXT)
    if name:
        with pytest.raises(ExpressionError, match="字段名"):
            where(RECENT, TODAY, alias=name)


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Kind.BIGINT, True),
        (Kind.BIGINT, 2**63),
        (Kind.NUMERIC, Decimal("NaN")),
        (Kind.NUMERIC, Decimal("1E+9999")),
        (Kind.NUMERIC, 1),
        (Kind.DATE, datetime(2026, 1, 1, tzinfo=UTC)),
        (Kind.TIMESTAMPTZ, datetime(2026, 1, 1)),
        (Kind.TEXT, "a\0b"),
        (Kind.TEXT, "\ud800"),
        (Kind.BOOLEAN, 1),
    ],
)
def test_constants_that_python_and_postgresql_would_read_differently_are_refused(kind: Kind, raw: Raw) -> None:
    with pytest.raises(ExpressionError):
        Value(kind, raw)


@pytest.mark.parametrize(
    "build",
    [
        lambda: Compare("=", DECIDED, value("2022-06-01")),
        lambda: Compare("<", DISPUTED, DISPUTED),
        lambda: Shift(REGION, 1, "day"),
        lambda: Shift(DECIDED, 100_000, "year"),
        lambda: And(()),
        lambda: Not(FINE),
        lambda: In(REGION, (1,)),
        lambda: Match("contains", FINE, "1"),
        lambda: value(FLOAT),
    ],
)
def test_an_ill_typed_node_cannot_be_made(build: Any) -> None:
    with pytest.raises(ExpressionError):
        build()


def test_a_row_unlike_the_expression_is_an_error_not_a_guess() -> None:
    with pytest.raises(ExpressionError, match="没有字段“CF_JDRQ”"):
        holds(RECENT, {}, TODAY)
    with pytest.raises(ExpressionError, match="应为 date 类型，实际是 str"):
        holds(RECENT, {"CF_JDRQ": "2022-06-01"}, TODAY)
    for ask in (where, is_true):
        with pytest.raises(ExpressionError, match="需要一个条件"):
            ask(FINE, TODAY)
    with pytest.raises(ExpressionError, match="需要一个条件"):
        truth(FINE, {"罚款": None}, TODAY)


FIELD = {"node": "field", "name": "a", "kind": "text"}


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        ([], r"\$：这里应是一个对象"),
        ({"node": "eval", "code": "1"}, r"\$：没有“eval”这种节点"),
        ({"node": []}, "没有"),
        ({"node": "today", "more": 1}, r"\$：“today”应恰好有 node，实际有 node、more"),
        ({"node": "not", "item": {"node": "field", "name": "_a", "kind": "boolean"}}, r"\$\.item：字段名“_a”"),
        ({"node": "and", "items": [FIELD]}, r"\$：条件组合需要 boolean"),
        ({"node": "and", "items": {}}, r"\$\.items：这里应是一个列表"),
        ({"node": "or", "items": [{"node": "today"}, 3]}, r"\$\.items\[1\]：这里应是一个对象"),
        ({"node": "value", "kind": "date", "value": "昨天"}, r"\$：内容不合要求"),
        ({"node": "value", "kind": "date", "value": 3}, r"\$：内容不合要求"),
        ({"node": "value", "kind": "numeric", "value": 1.5}, "不是 numeric 类型"),
        ({"node": "value", "kind": "numeric", "value": "x"}, r"\$：内容不合要求"),
        ({"node": "value", "kind": "text", "value": None}, "不是 text 类型"),
        ({"node": "value", "kind": "blob", "value": 1}, r"\$：内容不合要求"),
        ({"node": "shift", "item": {"node": "today"}, "amount": True, "unit": "day"}, r"\$\.amount：这里应是整数"),
        ({"node": "shift", "item": {"node": "today"}, "amount": 1, "unit": "week"}, "推移单位“week”"),
        ({"node": "compare", "op": "; drop", "left": FIELD, "right": FIELD}, "比较符“; drop”"),
        ({"node": "match", "how": "like", "item": FIELD, "text": "%"}, "匹配方式“like”"),
        ({"node": "match", "how": "contains", "item": FIELD, "text": 1}, r"\$\.text：这里应是文字"),
    ],
)
def test_bad_json_is_refused_with_its_place(data: object, answer: str) -> None:
    with pytest.raises(ExpressionError, match=answer):
        from_json(data)


def test_json_nested_without_end_is_refused() -> None:
    data: dict[str, object] = {"node": "is_null", "item": FIELD}
    for _ in range(100):
        data = {"node": "not", "item": data}
    with pytest.raises(ExpressionError, match="嵌套超过40层"):
        from_json(data)
