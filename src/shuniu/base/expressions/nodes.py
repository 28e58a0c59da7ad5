"""The nodes of an expression. Each checks its parts when it is made, so that a node that exists can be compiled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal, TypeAlias, assert_never, get_args

Raw: TypeAlias = str | int | Decimal | date | datetime | bool
"""What a field or a constant can hold; an empty field holds None."""

CompareOp = Literal["=", "<>", "<", "<=", ">", ">="]
MatchHow = Literal["starts_with", "contains"]
ShiftUnit = Literal["day", "month", "year"]

# Declared names never start with "_" (the platform's own columns do); PostgreSQL cuts names off after 63 bytes.
_NAME = re.compile(r"[^\W_]\w*")
_NAME_BYTES = 63
_BIGINT = 2**63
_NUMERIC_DIGITS = 200
_SHIFT_DAYS = 400_000


class ExpressionError(ValueError):
    """An expression that cannot be built, read or evaluated; the message says where and how to mend it."""


class Kind(StrEnum):
    """The types of resource columns, by their PostgreSQL names."""

    TEXT = "text"
    BIGINT = "bigint"
    NUMERIC = "numeric"
    DATE = "date"
    TIMESTAMPTZ = "timestamptz"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class Field:
    """A data element of the row, by its declared name."""

    name: str
    kind: Kind

    def __post_init__(self) -> None:
        check_name(self.name)


@dataclass(frozen=True, slots=True)
class Value:
    """A constant of a kind."""

    kind: Kind
    raw: Raw

    def __post_init__(self) -> None:
        _check_constant(self.kind, self.raw)


@dataclass(frozen=True, slots=True)
class Today:
    """The day for which the expression is asked, given by the caller: never the clock of a server."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A date moved by days, months or years; back when the amount is negative. 31 January + 1 month is 28 February."""

    item: Node
    amount: int
    unit: ShiftUnit

    def __post_init__(self) -> None:
        _require(self.item, Kind.DATE, "日期推移")
        if self.unit not in get_args(ShiftUnit):
            raise ExpressionError(f"推移单位“{self.unit}”应为 day、month 或 year")
        days = self.amount * {"day": 1, "month": 31, "year": 366}[self.unit]
        if abs(days) > _SHIFT_DAYS:
            raise ExpressionError(f"日期推移 {self.amount}（{self.unit}）超出约一千年的上限，请改小")


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values of one kind compared; text in code point order, yes/no values only for equality."""

    op: CompareOp
    left: Node
    right: Node

    def __post_init__(self) -> None:
        if self.op not in get_args(CompareOp):
            raise ExpressionError(f"比较符“{self.op}”应为 {' '.join(get_args(CompareOp))} 之一")
        left, right = kind_of(self.left), kind_of(self.right)
        numbers = {Kind.BIGINT, Kind.NUMERIC}
        if left != right and not {left, right} <= numbers:
            raise ExpressionError(f"{left} 与 {right} 不能相互比较，请使两边类型一致")
        if left == Kind.BOOLEAN and self.op not in ("=", "<>"):
            raise ExpressionError("是否型只能比较等于或不等于")


@dataclass(frozen=True, slots=True)
class And:
    """All of the conditions."""

    items: tuple[Node, ...]

    def __post_init__(self) -> None:
        _require_conditions(self.items)


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the conditions."""

    items: tuple[Node, ...]

    def __post_init__(self) -> None:
        _require_conditions(self.items)


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary; the contrary of unknown is unknown."""

    item: Node

    def __post_init__(self) -> None:
        _require_conditions((self.item,))


@dataclass(frozen=True, slots=True)
class IsNull:
    """Whether there is no value; never unknown itself."""

    item: Node


@dataclass(frozen=True, slots=True)
class In:
    """Whether the value is one of a list; an empty list has nothing in it."""

    item: Node
    values: tuple[Raw, ...]

    def __post_init__(self) -> None:
        kind = kind_of(self.item)
        for raw in self.values:
            _check_constant(kind, raw)


@dataclass(frozen=True, slots=True)
class Match:
    """Whether a text starts with, or contains, a given text, letter for letter."""

    how: MatchHow
    item: Node
    text: str

    def __post_init__(self) -> None:
        if self.how not in get_args(MatchHow):
            raise ExpressionError(f"匹配方式“{self.how}”应为 starts_with 或 contains")
        _require(self.item, Kind.TEXT, "文字匹配")
        _check_constant(Kind.TEXT, self.text)


Condition: TypeAlias = Compare | And | Or | Not | IsNull | In | Match
Node: TypeAlias = Field | Value | Today | Shift | Condition


def value(raw: Raw) -> Value:
    """A constant whose kind follows from its Python type."""
    for kind in (Kind.BOOLEAN, Kind.BIGINT, Kind.NUMERIC, Kind.TIMESTAMPTZ, Kind.DATE, Kind.TEXT):
        if accepts(kind, raw):
            return Value(kind, raw)
    raise ExpressionError(f"表达式中不能使用 {type(raw).__name__} 类型的值“{raw}”")


def kind_of(node: Node) -> Kind:
    """The kind of value that a node yields; conditions yield yes or no."""
    match node:
        case Field(kind=kind) | Value(kind=kind):
            return kind
        case Today() | Shift():
            return Kind.DATE
        case Compare() | And() | Or() | Not() | IsNull() | In() | Match():
            return Kind.BOOLEAN
    assert_never(node)


def fields_of(node: Node) -> frozenset[Field]:
    """Every field that the expression reads, so that a declaration can be checked against its resource."""
    match node:
        case Field():
            return frozenset((node,))
        case Value() | Today():
            return frozenset()
        case Shift(item=item) | Not(item=item) | IsNull(item=item) | In(item=item) | Match(item=item):
            return fields_of(item)
        case Compare(left=left, right=right):
            return fields_of(left) | fields_of(right)
        case And(items=items) | Or(items=items):
            return frozenset[Field]().union(*map(fields_of, items))
    assert_never(node)


def accepts(kind: Kind, raw: object) -> bool:
    """Whether a Python value is of the kind; a bool is no number, a moment is no date, a float is nothing."""
    match kind:
        case Kind.TEXT:
            return isinstance(raw, str)
        case Kind.BIGINT:
            return isinstance(raw, int) and not isinstance(raw, bool)
        case Kind.NUMERIC:
            return isinstance(raw, Decimal)
        case Kind.DATE:
            return isinstance(raw, date) and not isinstance(raw, datetime)
        case Kind.TIMESTAMPTZ:
            return isinstance(raw, datetime) and raw.tzinfo is not None
        case Kind.BOOLEAN:
            return isinstance(raw, bool)
    assert_never(kind)


def check_name(name: str) -> None:
    """Refuse a name that is not a declared one. Raises ExpressionError."""
    if not _NAME.fullmatch(name) or len(name.encode()) > _NAME_BYTES:
        raise ExpressionError(f"字段名“{name}”应由字母、数字、汉字和下划线组成，不以下划线开头，不超过63字节")


def _check_constant(kind: Kind, raw: object) -> None:
    if not accepts(kind, raw):
        raise ExpressionError(f"值“{raw}”（{type(raw).__name__}）不是 {kind} 类型")
    if isinstance(raw, str) and ("\0" in raw or any("\ud800" <= char <= "\udfff" for char in raw)):
        raise ExpressionError("文字中含有数据库不能保存的字符，请删除")
    if isinstance(raw, int) and abs(raw) >= _BIGINT:
        raise ExpressionError(f"整数 {raw} 超出范围，请改用数值型")
    if isinstance(raw, Decimal) and not _is_plain(raw):
        raise ExpressionError(f"数值 {raw} 不是普通的有限小数（整数与小数各不超过{_NUMERIC_DIGITS}位）")


def _is_plain(raw: Decimal) -> bool:
    exponent = raw.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -_NUMERIC_DIGITS and raw.adjusted() <= _NUMERIC_DIGITS


def _require(node: Node, kind: Kind, where: str) -> None:
    if kind_of(node) != kind:
        raise ExpressionError(f"{where}需要 {kind} 类型，这里是 {kind_of(node)}")


def _require_conditions(items: tuple[Node, ...]) -> None:
    if not items:
        raise ExpressionError("“并且”“或者”至少需要一个条件")
    for item in items:
        _require(item, Kind.BOOLEAN, "条件组合")
