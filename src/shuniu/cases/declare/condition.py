"""A condition in a declaration: kept as the expressions' own JSON, which names its nodes.

Left to itself the model would store the bare members of a node, and read an "or" back as an "and".
"""

from __future__ import annotations

from typing import Annotated, get_args

from pydantic import PlainSerializer, PlainValidator

from shuniu.base.expressions import Node, from_json, to_json


def _read(value: object) -> Node:
    return value if isinstance(value, get_args(Node)) else from_json(value)


Condition = Annotated[Node, PlainValidator(_read), PlainSerializer(to_json, return_type=dict)]
