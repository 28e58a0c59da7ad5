"""SQL of trust: the journal's entries, leaves and heads, and the subtrees that proofs are made of. Called by `api` alone."""

from __future__ import annotations

from shuniu.trust.store.ends import end
from shuniu.trust.store.entries import (
    COLUMNS,
    INSERT,
    beat,
    ensure_partitions,
    head_at,
    heads,
    insert,
    last_seen,
    latest_head,
    placed,
    rows_in_order,
    search,
    sequence,
    unplaced,
    waiting,
)
from shuniu.trust.store.nodes import lay_nodes, nodes, path
from shuniu.trust.store.uses import given, given_by, last_uses

__all__ = [
    "COLUMNS",
    "INSERT",
    "beat",
    "end",
    "ensure_partitions",
    "given",
    "given_by",
    "head_at",
    "heads",
    "insert",
    "last_seen",
    "last_uses",
    "latest_head",
    "lay_nodes",
    "nodes",
    "path",
    "placed",
    "rows_in_order",
    "search",
    "sequence",
    "unplaced",
    "waiting",
]
