"""SQL of trust: the journal's entries, leaves and heads, and the subtrees that proofs are made of. Called by `api` alone."""

from __future__ import annotations

from shuniu.trust.store.ends import end
from shuniu.trust.store.entries import (
    COLUMNS,
    INSERT,
    INSERT_READING,
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
from shuniu.trust.store.uses import given, last_uses

__all__ = [
    "COLUMNS",
    "INSERT",
    "INSERT_READING",
    "beat",
    "end",
    "ensure_partitions",
    "given",
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
