"""The Merkle tree of the journal, against the definition of RFC 9162 and by property."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from shuniu.trust.journal import EMPTY_ROOT, Tree, leaf_hash, node_hash


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 9162 §2.1.1, word for word: split at the largest power of two smaller than n."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node_hash(by_definition(leaves[:split]), by_definition(leaves[split:]))


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_the_root_is_the_one_that_the_standard_defines(entries: list[bytes]) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    tree = Tree()
    tree.extend(leaves)
    assert (tree.size, tree.root) == (len(leaves), by_definition(leaves))


@given(st.lists(st.binary(max_size=8), max_size=70), st.integers(0, 70))
def test_a_tree_goes_on_from_its_peaks(entries: list[bytes], cut: int) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    first = Tree()
    first.extend(leaves[:cut])
    second = Tree(first.size, first.peaks)
    second.extend(leaves[cut:])
    assert second.root == by_definition(leaves)


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Tree().root == EMPTY_ROOT
