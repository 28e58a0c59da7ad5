"""Heads and signatures as files between nodes: JSON, read strictly. Pure."""

from __future__ import annotations

from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from shuniu.trust.declare import Refused, SignedHead
from shuniu.trust.evidence.declare import Crossed, Presented
from shuniu.trust.evidence.file import of_head

T = TypeVar("T", SignedHead, Presented, Crossed)
MOST = 20_000
"""Bytes of such a file."""
_TITLES = {SignedHead: "签名头", Presented: "供交叉签名的签名头", Crossed: "交叉签名"}


def read(kind: type[T], data: bytes) -> T:
    """A file of this kind. Raises Refused evidence.unreadable."""
    try:
        if len(data) > MOST:
            raise ValueError("too long")
        found: T = TypeAdapter(kind).validate_json(data)
        head = found.head if isinstance(found, Presented) else found
        if isinstance(head, SignedHead):
            of_head(head)
        elif not head.at.tzinfo:
            raise ValueError("a moment without its zone")
        return found
    except (ValidationError, ValueError) as error:
        raise Refused("evidence.unreadable", f"文件不是{_TITLES[kind]}。", "请提供原文件的全部内容。") from error
