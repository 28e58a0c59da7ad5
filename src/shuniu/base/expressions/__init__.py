"""The one expression type: disclosure, show-if, row filters, comparisons and indicators are all written in it.

An expression is built from frozen, typed nodes; it compiles to SQL (`where`, `is_true`), is evaluated on a mapping
(`holds`, `truth`), reads as a Chinese sentence (`sentence`) and is stored as JSON (`to_json`, `from_json`). SQL's
three-valued logic is the meaning everywhere: an empty field makes a comparison unknown, and unknown is not true.
"""

from __future__ import annotations

from shuniu.base.expressions.codec import from_json, to_json
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
    fields_of,
    value,
)
from shuniu.base.expressions.python import holds, truth
from shuniu.base.expressions.sentence import sentence
from shuniu.base.expressions.sql import Sql, is_true, where

__all__ = [
    "And",
    "Compare",
    "ExpressionError",
    "Field",
    "In",
    "IsNull",
    "Kind",
    "Match",
    "Node",
    "Not",
    "Or",
    "Raw",
    "Shift",
    "Sql",
    "Today",
    "Value",
    "fields_of",
    "from_json",
    "holds",
    "is_true",
    "sentence",
    "to_json",
    "truth",
    "value",
    "where",
]
