"""An answer is committed to field by field: any one can be shown to a third party later, and the others stay hidden.

Each field is a leaf, salted from a seed that goes with the answer: whoever has the answer and its seed can prove a field;
who sees the proof learns nothing of the rest, not even by guessing it, since every leaf has a salt of its own. The root is
signed with the answer and stands in the journal. Leaves and root are hashed as the journal's (RFC 9162). Pure.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shuniu.trust import proofs
from shuniu.trust.journal import Tree, leaf_hash

SEED = 16
"""Bytes of an answer's seed."""
WHOSE = "@of"
"""Of a row of an answer: by which identifier (`kind:value`) it was asked for. No item's name begins so."""
Row = Mapping[str, str | None]
_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class Field:
    """One field of an answer with what proves it: `row` counts from 0, `position` and `path` are its leaf's in the tree."""

    row: int
    item: str
    value: str | None
    salt: bytes
    position: int
    path: tuple[bytes, ...]


def commit(rows: Sequence[Row], seed: bytes) -> tuple[bytes, int]:
    """The root over an answer's fields, row by row, items in the order of their names; and how many fields there are."""
    tree = Tree()
    tree.extend(_leaves(rows, seed))
    return tree.root, tree.size


def _places(rows: Sequence[Row]) -> list[tuple[int, str, str | None]]:
    return [(number, item, row[item]) for number, row in enumerate(rows) for item in sorted(row)]


def _leaves(rows: Sequence[Row], seed: bytes) -> list[bytes]:
    return [_leaf(number, item, value, _salt(seed, number, item)) for number, item, value in _places(rows)]


def _salt(seed: bytes, row: int, item: str) -> bytes:
    return hmac.digest(seed, f"{row}/{item}".encode(), "sha256")[:SEED]


def _leaf(row: int, item: str, value: str | None, salt: bytes) -> bytes:
    return leaf_hash(_written([row, item, value, salt.hex()]).encode())


def prove(rows: Sequence[Row], seed: bytes, row: int, item: str) -> Field:
    """One field of an answer with its proof. Raises KeyError for one that the answer does not have."""
    places = _places(rows)
    at = next((at for at, place in enumerate(places) if place[:2] == (row, item)), None)
    if at is None:
        raise KeyError(f"{row}/{item}")
    leaves = _leaves(rows, seed)
    path = tuple(_root(leaves[start:end]) for start, end in proofs.inclusion(at, len(leaves)))
    return Field(row, item, places[at][2], _salt(seed, row, item), at, path)


def _root(leaves: Sequence[bytes]) -> bytes:
    tree = Tree()
    tree.extend(leaves)
    return tree.root


def shows(field: Field, root: bytes, fields: int) -> bool:
    """Whether a field was in the answer of that root, which had so many fields: both are signed together."""
    leaf = _leaf(field.row, field.item, field.value, field.salt)
    return proofs.included(leaf, field.position, fields, field.path, root)
