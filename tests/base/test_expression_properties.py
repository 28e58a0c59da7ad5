"""Properties of expressions on random typed conditions and rows.

The meaning of an expression is SQL's: what PostgreSQL answers, Python must answer too.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import get_args

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from shuniu.base.expressions import (
    And,
    Compare,
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
    Today,
    Value,
    from_json,
    holds,
    is_true,
    sentence,
    to_json,
    truth,
    where,
)
from shuniu.base.expressions.nodes import CompareOp, MatchHow
from shuniu.base.periods import add_months

TODAY = date(2026, 11, 21)
Row = dict[str, Raw | None]

# Two fields of each kind: enough for comparisons between fields. Names as departments give them.
FIELDS = {kind: (Field(f"{kind}_1", kind), Field(f"元素{kind}", kind)) for kind in Kind}

_letters = st.sampled_from(["a", "B", "中", "·", "𠀀", "é", "%", "_", "\\", "'", '"', " ", "\n", "4", "３", "\uffff"])
_texts = (
    st.text("ab", max_size=3)
    | st.text(_letters, max_size=4)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
)
# Ends of months often, close enough together for the small steps below to land on one another.
_month_ends = st.sampled_from(
    [date(year, month, day) for year in (2023, 2024) for month in (1, 3) for day in (28, 29, 31)]
)
_dates = _month_ends | st.sampled_from([date.min, date(2023, 2, 28), date(2024, 2, 29), date.max]) | st.dates()
_zones = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-5))])
_CONSTANTS: dict[Kind, st.SearchStrategy[Raw]] = {
    Kind.TEXT: _texts,
    Kind.BIGINT: st.integers(-3, 3) | st.integers(1 - 2**63, 2**63 - 1),
    Kind.NUMERIC: st.integers(-3, 3).map(Decimal)
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6),
    Kind.DATE: _dates,
    Kind.TIMESTAMPTZ: st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=_zones),
    Kind.BOOLEAN: st.booleans(),
}


def constants(kind: Kind) -> st.SearchStrategy[Raw]:
    """Values of a kind, the awkward ones often."""
    return _CONSTANTS[kind]


def rows() -> st.SearchStrategy[Row]:
    """A value or nothing for every field."""
    columns = {f.name: st.none() | constants(kind) for kind, fields in FIELDS.items() for f in fields}
    return st.fixed_dictionaries(columns)


def _operands(kind: Kind) -> st.SearchStrategy[Node]:
    plain: st.SearchStrategy[Node] = st.sampled_from(FIELDS[kind]) | st.builds(Value, st.just(kind), constants(kind))
    if kind != Kind.DATE:
        return plain
    days = plain | st.builds(Today)
    steps = st.one_of(
        st.tuples(st.integers(-2, 2), st.sampled_from(["month", "year"])),
        st.tuples(st.integers(-400_000, 400_000), st.just("day")),
        st.tuples(st.integers(-12_000, 12_000), st.just("month")),
        st.tuples(st.integers(-1_000, 1_000), st.just("year")),
    )
    shifted: st.SearchStrategy[Node] = st.builds(lambda item, step: Shift(item, *step), days, steps)
    return days | shifted | st.builds(Shift, shifted, st.integers(-50, 50), st.just("month"))


def _comparisons(kind: Kind) -> st.SearchStrategy[Node]:
    ops = st.sampled_from(["=", "<>"] if kind == Kind.BOOLEAN else get_args(CompareOp))
    others = _operands(kind)
    if kind in (Kind.BIGINT, Kind.NUMERIC):
        others = _operands(Kind.BIGINT) | _operands(Kind.NUMERIC)
    lists = st.lists(constants(kind), max_size=3).map(tuple)
    return (
        st.builds(Compare, ops, _operands(kind), others)
        | st.builds(In, _operands(kind), lists)
        | st.builds(IsNull, _operands(kind))
    )


def conditions() -> st.SearchStrategy[Node]:
    """Conditions of every node kind, nested."""
    leaves = st.one_of(
        *map(_comparisons, Kind),
        st.builds(Match, st.sampled_from(get_args(MatchHow)), _operands(Kind.TEXT), _texts),
        _operands(Kind.BOOLEAN),
    )
    return st.recursive(
        leaves,
        lambda inner: (
            st.builds(And, st.lists(inner, min_size=1, max_size=3).map(tuple))
            | st.builds(Or, st.lists(inner, min_size=1, max_size=3).map(tuple))
            | st.builds(Not, inner)
            | st.builds(IsNull, inner)
            | st.builds(Compare, st.sampled_from(["=", "<>"]), inner, inner)
        ),
        max_leaves=6,
    )


COLUMNS = [field for fields in FIELDS.values() for field in fields]


@given(conditions())
def test_json_keeps_the_expression_whole(node: Node) -> None:
    assert from_json(json.loads(json.dumps(to_json(node)))) == node


@given(conditions())
def test_every_placeholder_has_its_parameter_and_every_expression_a_sentence(node: Node) -> None:
    sql = where(node, TODAY)
    assert sql.text.count("%s") == sql.text.count("%") == len(sql.params)
    assert sentence(node, {})


def table(several: list[Row]) -> tuple[str, list[Raw | None]]:
    """The rows as a typed table expression `r`, with a number for each."""
    cells = ", ".join(f"%s::{field.kind}" for field in COLUMNS)
    lines = ", ".join(f"({number}, {cells})" for number in range(len(several)))
    names = ", ".join(f'"{field.name}"' for field in COLUMNS)
    return f'(VALUES {lines}) AS "r"("_n", {names})', [row[field.name] for row in several for field in COLUMNS]


@pytest.mark.django_db
@settings(max_examples=300, deadline=None)
@given(conditions(), st.lists(rows(), min_size=1, max_size=4), constants(Kind.DATE))
def test_postgresql_and_python_agree_on_every_row(node: Node, several: list[Row], today: Raw) -> None:
    assert isinstance(today, date)
    source, cells = table(several)
    condition, final = where(node, today, alias="r"), is_true(node, today)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {condition.text}, {final.text} FROM {source}", [*condition.params, *final.params, *cells]
        )
        answered = cursor.fetchall()
        cursor.execute(f'SELECT "_n" FROM {source} WHERE {condition.text} ORDER BY 1', [*cells, *condition.params])
        kept = [number for (number,) in cursor.fetchall()]
    assert answered == [(truth(node, row, today), holds(node, row, today)) for row in several]
    assert kept == [number for number, row in enumerate(several) if holds(node, row, today)]


@pytest.mark.django_db
def test_months_end_on_the_same_day_in_postgresql_and_python() -> None:
    days = [date(2023, 12, 25) + timedelta(days=n) for n in range(100)]
    moved = Field("moved", Kind.DATE)
    with connection.cursor() as cursor:
        for months in range(-14, 15):
            same = is_true(Compare("=", Shift(Field("day", Kind.DATE), months, "month"), moved), TODAY)
            expected = [add_months(day, months) for day in days]
            source = "unnest(%s::date[], %s::date[]) AS r(day, moved)"
            cursor.execute(f"SELECT count(*) FILTER (WHERE {same.text}) FROM {source}", [*same.params, days, expected])
            assert cursor.fetchone() == (len(days),), months


@pytest.mark.django_db
def test_a_prefix_condition_uses_an_index() -> None:
    found = where(Match("starts_with", Field("code", Kind.TEXT), "91430"), date(2026, 11, 21))
    with connection.cursor() as cursor:
        cursor.execute(
            'CREATE TEMPORARY TABLE firm AS SELECT n::text COLLATE "C" AS code FROM generate_series(1, 99999) n'
        )
        cursor.execute("CREATE INDEX ON firm (code)")
        cursor.execute("ANALYZE firm")
        cursor.execute(f"EXPLAIN SELECT * FROM firm WHERE {found.text}", found.params)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Cond" in plan
