"""An expression as a Chinese sentence, so that the officer who answers for a rule can read what it does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import assert_never

from shuniu.base.expressions.nodes import (
    And,
    Compare,
    Condition,
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
    kind_of,
)

_QUANTITY = {"=": "等于", "<>": "不等于", "<": "小于", "<=": "不大于", ">": "大于", ">=": "不小于"}
_TIME = {"=": "等于", "<>": "不等于", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}
_TEXT = {"=": "为", "<>": "不为", "<": "排在其前：", "<=": "不排在其后：", ">": "排在其后：", ">=": "不排在其前："}
_YES_NO = {"=": "与其一致：", "<>": "与其不一致："}
_UNITS = {"day": "天", "month": "个月", "year": "年"}


def sentence(node: Node, titles: Mapping[str, str]) -> str:
    """What the expression says. `titles` gives fields' Chinese names; a field without one is called by its name."""
    match node:
        case Field(name=name):
            return f"“{titles.get(name, name)}”"
        case Value(raw=raw):
            return _constant(raw)
        case Today():
            return "当日"
        case Shift(item=item, amount=amount, unit=unit):
            return f"{sentence(item, titles)}{'之后' if amount >= 0 else '之前'}{abs(amount)}{_UNITS[unit]}"
    return _statement(node, titles)


def _statement(node: Condition, titles: Mapping[str, str]) -> str:
    match node:
        case Compare(op=op, left=left, right=right):
            return f"{_operand(left, titles)}{_verb(op, kind_of(left))}{_operand(right, titles)}"
        case And(items=items):
            return "，并且".join(_clause(item, titles) for item in items)
        case Or(items=items):
            return "，或者".join(_clause(item, titles) for item in items)
        case Not(item=IsNull(item=item)):
            return f"{_operand(item, titles)}不为空"
        case Not(item=item):
            return f"并非（{_condition(item, titles)}）"
        case IsNull(item=item):
            return f"{_operand(item, titles)}为空"
        case In(item=item, values=values):
            return f"{_operand(item, titles)}属于{'、'.join(map(_constant, values)) or '空清单'}之一"
        case Match(how=how, item=item, text=text):
            verb = "开头为" if how == "starts_with" else "含有"
            return f"{_operand(item, titles)}{verb}{_constant(text)}"
    assert_never(node)


def _verb(op: str, kind: Kind) -> str:
    match kind:
        case Kind.BIGINT | Kind.NUMERIC:
            return _QUANTITY[op]
        case Kind.DATE | Kind.TIMESTAMPTZ:
            return _TIME[op]
        case Kind.TEXT:
            return _TEXT[op]
        case Kind.BOOLEAN:
            return _YES_NO[op]
    assert_never(kind)


def _condition(node: Node, titles: Mapping[str, str]) -> str:
    """A yes/no field or constant, standing alone as a condition, needs its verb."""
    match node:
        case Field():
            return f"{sentence(node, titles)}为是"
        case Value(raw=raw):
            return "总是成立" if raw else "总不成立"
    return sentence(node, titles)


def _clause(node: Node, titles: Mapping[str, str]) -> str:
    text = _condition(node, titles)
    return f"（{text}）" if isinstance(node, And | Or) and len(node.items) > 1 else text


def _operand(node: Node, titles: Mapping[str, str]) -> str:
    """A condition used as a value is set apart by brackets."""
    text = sentence(node, titles)
    return text if isinstance(node, Field | Value | Today | Shift) else f"（{text}）"


def _constant(raw: Raw) -> str:
    match raw:
        case bool():
            return "是" if raw else "否"
        case datetime():
            return raw.isoformat(sep=" ")
        case date():
            return f"{raw.year}年{raw.month}月{raw.day}日"
        case Decimal():
            return f"{raw:f}"
        case int():
            return str(raw)
        case str():
            return f"“{raw}”"
