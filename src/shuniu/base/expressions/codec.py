"""Expressions as JSON, the form in which declarations are stored. Reading checks everything; nothing is executed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
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
    kind_of,
)

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | bool
_MAX_DEPTH = 40


def to_json(node: Node) -> dict[str, Json]:
    """The expression as JSON objects, each with its node's name; decimals and dates as text, so nothing is lost."""
    match node:
        case Field(name=name, kind=kind):
            return {"node": "field", "name": name, "kind": str(kind)}
        case Value(kind=kind, raw=raw):
            return {"node": "value", "kind": str(kind), "value": _write(raw)}
        case Today():
            return {"node": "today"}
        case Shift(item=item, amount=amount, unit=unit):
            return {"node": "shift", "item": to_json(item), "amount": amount, "unit": unit}
        case Compare(op=op, left=left, right=right):
            return {"node": "compare", "op": op, "left": to_json(left), "right": to_json(right)}
        case And(items=items):
            return {"node": "and", "items": [to_json(item) for item in items]}
        case Or(items=items):
            return {"node": "or", "items": [to_json(item) for item in items]}
        case Not(item=item):
            return {"node": "not", "item": to_json(item)}
        case IsNull(item=item):
            return {"node": "is_null", "item": to_json(item)}
        case In(item=item, values=values):
            return {"node": "in", "item": to_json(item), "values": [_write(raw) for raw in values]}
        case Match(how=how, item=item, text=text):
            return {"node": "match", "how": how, "item": to_json(item), "text": text}
    assert_never(node)


def from_json(data: object) -> Node:
    """Read what `to_json` wrote. Raises ExpressionError that names the place in the JSON, such as `$.items[1].left`."""
    return _read(data, "$", 0)


def _read(data: object, path: str, depth: int) -> Node:
    if depth > _MAX_DEPTH:
        raise ExpressionError(f"{path}：表达式嵌套超过{_MAX_DEPTH}层，请拆分")
    if not isinstance(data, Mapping):
        raise ExpressionError(f"{path}：这里应是一个对象")
    name = data.get("node")
    if not isinstance(name, str) or name not in _READERS:
        raise ExpressionError(f"{path}：没有“{name}”这种节点，可用的有 {'、'.join(_READERS)}")
    keys, build = _READERS[name]
    if set(data) != {"node", *keys}:
        raise ExpressionError(
            f"{path}：“{name}”应恰好有 {'、'.join(('node', *keys))}，实际有 {'、'.join(map(str, data))}"
        )
    parts = {key: _part(key, data[key], f"{path}.{key}", depth) for key in keys}
    try:
        return build(parts)
    except ExpressionError as error:
        raise ExpressionError(f"{path}：{error}") from error
    except (TypeError, ValueError, InvalidOperation) as error:
        raise ExpressionError(f"{path}：内容不合要求，请检查类型和写法（{error}）") from error


def _part(key: str, data: object, path: str, depth: int) -> object:
    """One member of a node: another node, a list of them, or plain data that the node checks for itself."""
    if key in ("item", "left", "right"):
        return _read(data, path, depth + 1)
    if key in ("items", "values"):
        if not isinstance(data, list):
            raise ExpressionError(f"{path}：这里应是一个列表")
        return tuple(_read(one, f"{path}[{i}]", depth + 1) for i, one in enumerate(data)) if key == "items" else data
    wanted: type = {"amount": int, "value": object}.get(key, str)
    if not isinstance(data, wanted) or (wanted is int and isinstance(data, bool)):
        raise ExpressionError(f"{path}：这里应是{'整数' if wanted is int else '文字'}")
    return data


_READERS: dict[str, tuple[tuple[str, ...], Callable[[dict[str, Any]], Node]]] = {
    "field": (("name", "kind"), lambda p: Field(p["name"], Kind(p["kind"]))),
    "value": (("kind", "value"), lambda p: Value(Kind(p["kind"]), _parse(Kind(p["kind"]), p["value"]))),
    "today": ((), lambda p: Today()),
    "shift": (("item", "amount", "unit"), lambda p: Shift(p["item"], p["amount"], p["unit"])),
    "compare": (("op", "left", "right"), lambda p: Compare(p["op"], p["left"], p["right"])),
    "and": (("items",), lambda p: And(p["items"])),
    "or": (("items",), lambda p: Or(p["items"])),
    "not": (("item",), lambda p: Not(p["item"])),
    "is_null": (("item",), lambda p: IsNull(p["item"])),
    "in": (("item", "values"), lambda p: In(p["item"], tuple(_parse(kind_of(p["item"]), v) for v in p["values"]))),
    "match": (("how", "item", "text"), lambda p: Match(p["how"], p["item"], p["text"])),
}


def _write(raw: Raw) -> Json:
    match raw:
        case datetime() | date():
            return raw.isoformat()
        case Decimal():
            return str(raw)
    return raw


def _parse(kind: Kind, data: Any) -> Any:
    """The Python value of a JSON one; what has no such value is passed on for the node to refuse."""
    match kind:
        case Kind.DATE:
            return date.fromisoformat(data)
        case Kind.TIMESTAMPTZ:
            return datetime.fromisoformat(data)
        case Kind.NUMERIC:
            # A JSON number has gone through binary floating point; only text is exact.
            return Decimal(data) if isinstance(data, str) else data
    return data
