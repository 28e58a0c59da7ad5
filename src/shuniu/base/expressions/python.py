"""An expression evaluated on one row in Python, with SQL's three-valued logic."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias, assert_never

from shuniu.base.expressions.nodes import (
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
    Today,
    Value,
    accepts,
    kind_of,
)
from shuniu.base.periods import add_months_to_ordinal

# Dates are day numbers while computing: 9999-12-31 (长期有效) plus a year must have an answer here as in PostgreSQL.
_Cell: TypeAlias = str | int | Decimal | datetime | bool | None

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def holds(node: Node, row: Mapping[str, Raw | None], today: date) -> bool:
    """Whether the condition is true of the row; unknown is not true. Raises ExpressionError for a row unlike it."""
    return truth(node, row, today) is True


def truth(node: Node, row: Mapping[str, Raw | None], today: date) -> bool | None:
    """True, False, or None for unknown. `row` must have every field of the expression, None where it is empty."""
    if kind_of(node) != Kind.BOOLEAN:
        raise ExpressionError(f"这里需要一个条件，而不是 {kind_of(node)} 类型的值")
    return _condition(node, row, today)


def _condition(node: Node, row: Mapping[str, Raw | None], today: date) -> bool | None:
    cell = _cell(node, row, today)
    return None if cell is None else cell is True


def _cell(node: Node, row: Mapping[str, Raw | None], today: date) -> _Cell:
    match node:
        case Field():
            return _comparable(_read(node, row))
        case Value(raw=raw):
            return _comparable(raw)
        case Today():
            return today.toordinal()
        case Shift(item=item):
            return _shift(node, _cell(item, row, today))
        case Compare(op=op, left=left, right=right):
            one, other = _cell(left, row, today), _cell(right, row, today)
            return None if one is None or other is None else _OPERATORS[op](one, other)
        case And(items=items):
            return _all(_condition(item, row, today) for item in items)
        case Or(items=items):
            return _not(_all(_not(_condition(item, row, today)) for item in items))
        case Not(item=item):
            return _not(_condition(item, row, today))
        case IsNull(item=item):
            return _cell(item, row, today) is None
        case In(item=item, values=values):
            cell = _cell(item, row, today)
            return None if cell is None and values else cell in map(_comparable, values)
        case Match(item=item):
            return _match(node, _cell(item, row, today))
    assert_never(node)


def _read(field: Field, row: Mapping[str, Raw | None]) -> Raw | None:
    if field.name not in row:
        raise ExpressionError(f"数据中没有字段“{field.name}”，为空时也请给出")
    raw = row[field.name]
    if raw is None or accepts(field.kind, raw):
        return raw
    raise ExpressionError(f"字段“{field.name}”应为 {field.kind} 类型，实际是 {type(raw).__name__}")


def _comparable(raw: Raw | None) -> _Cell:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw.toordinal()
    return raw


def _shift(node: Shift, ordinal: _Cell) -> _Cell:
    if not isinstance(ordinal, int):
        return None
    if node.unit == "day":
        return ordinal + node.amount
    return add_months_to_ordinal(ordinal, node.amount * (12 if node.unit == "year" else 1))


def _match(node: Match, text: _Cell) -> bool | None:
    if not isinstance(text, str):
        return None
    return text.startswith(node.text) if node.how == "starts_with" else node.text in text


def _all(truths: Iterable[bool | None]) -> bool | None:
    """SQL's AND: false as soon as one is false, else unknown as soon as one is unknown."""
    found = set(truths)
    return False if False in found else None if None in found else True


def _not(truth: bool | None) -> bool | None:
    return None if truth is None else not truth
