"""An expression as PostgreSQL: text with `%s` placeholders for psycopg, and the values for them in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from shuniu.base.expressions.nodes import (
    And,
    Compare,
    Condition,
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
    check_name,
    kind_of,
)

Param = Raw | list[Raw]


@dataclass(frozen=True, slots=True)
class Sql:
    """A fragment and its parameters; ready to be put between others, whose parameters come in the same order."""

    text: str
    params: tuple[Param, ...]


def where(node: Node, today: date, *, alias: str = "") -> Sql:
    """The condition for a WHERE or FILTER clause, alone or joined by AND; there unknown already counts as not true.

    It carries no IS TRUE, which would keep PostgreSQL from using an index. Never negate it: negate the expression
    with `Not`, or use `is_true`. `alias` names the table when the query has several.
    """
    if kind_of(node) != Kind.BOOLEAN:
        raise ExpressionError(f"这里需要一个条件，而不是 {kind_of(node)} 类型的值")
    if alias:
        check_name(alias)
    params: list[Param] = []
    text = _Compiler(today, f'"{alias}".' if alias else "", params).text(node)
    return Sql(text, tuple(params))


def is_true(node: Node, today: date, *, alias: str = "") -> Sql:
    """The condition as a value that is never null, for SELECT, CASE or NOT."""
    condition = where(node, today, alias=alias)
    return Sql(f"({condition.text} IS TRUE)", condition.params)


@dataclass(frozen=True, slots=True)
class _Compiler:
    """Writes text from left to right and keeps the parameters in the same order."""

    today: date
    prefix: str
    params: list[Param]

    def text(self, node: Node) -> str:
        match node:
            case Field(name=name):
                return f'{self.prefix}"{name}"'
            case Value(kind=kind, raw=raw):
                return self._bound(raw, kind)
            case Today():
                return self._bound(self.today, "date")
            case Shift(item=item, amount=amount, unit="day"):
                return f"({self.text(item)} + {self._bound(amount, 'int')})"
            case Shift(item=item, amount=amount, unit=unit):
                return f"({self.text(item)} + make_interval({unit}s => {self._bound(amount, 'int')}))::date"
        return self._condition(node)

    def _condition(self, node: Condition) -> str:
        match node:
            case Compare(op=op, left=left, right=right):
                # Code point order, the same on every server; equality needs no collation and may use any index.
                collate = ' COLLATE "C"' if kind_of(left) == Kind.TEXT and op not in ("=", "<>") else ""
                return f"({self.text(left)} {op} {self.text(right)}{collate})"
            case And(items=items):
                return f"({' AND '.join(map(self.text, items))})"
            case Or(items=items):
                return f"({' OR '.join(map(self.text, items))})"
            case Not(item=item):
                return f"(NOT {self.text(item)})"
            case IsNull(item=item):
                return f"({self.text(item)} IS NULL)"
            case In(item=item, values=values):
                return f"({self.text(item)} = ANY({self._bound(list(values), f'{kind_of(item)}[]')}))"
            case Match(how="starts_with", item=item, text=text):
                return f"starts_with({self.text(item)}, {self._bound(text, 'text')})"
            case Match(item=item, text=text):
                return f"(strpos({self.text(item)}, {self._bound(text, 'text')}) > 0)"
        assert_never(node)

    def _bound(self, param: Param, kind: str) -> str:
        self.params.append(param)
        return f"%s::{kind}"
