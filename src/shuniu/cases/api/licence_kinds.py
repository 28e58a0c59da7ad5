"""The licence types that systems registered."""

from __future__ import annotations

from shuniu.cases.declare.licence import LicenceType

KINDS: dict[str, LicenceType] = {}
"""The licence types by key."""


def register(kind: LicenceType) -> LicenceType:
    """Make a declared licence type known. Raises ValueError for another declaration under the same key."""
    if KINDS.setdefault(kind.key, kind) != kind:
        raise ValueError(f"证照类型“{kind.key}”登记了两种内容")
    return kind
