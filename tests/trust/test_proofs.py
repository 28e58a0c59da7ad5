"""Inclusion and consistency proofs over trees of every shape: they hold for what is so, and for nothing else."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.trust import proofs
from shuniu.trust.journal import Tree, leaf_hash
from shuniu.trust.proofs import Block, Range

LEAVES = [leaf_hash(str(number).encode()) for number in range(600)]


def root(size: int) -> bytes:
    tree = Tree()
    tree.extend(LEAVES[:size])
    return tree.root


def path(ranges: tuple[Range, ...]) -> list[bytes]:
    known: dict[Block, bytes] = {}
    for span in ranges:
        for level, place in proofs.blocks(span):
            known[level, place] = proofs.subtree(LEAVES[place << level : (place + 1) << level])
    return [proofs.hash_of(span, known) for span in ranges]


def test_the_examples_of_the_standard_come_out() -> None:
    # RFC 9162 §2.1.5: a tree of seven leaves
    assert proofs.inclusion(0, 7) == ((1, 2), (2, 4), (4, 7))
    assert proofs.inclusion(3, 7) == ((2, 3), (0, 2), (4, 7))
    assert proofs.inclusion(4, 7) == ((5, 6), (6, 7), (0, 4))
    assert proofs.inclusion(6, 7) == ((4, 6), (0, 4))
    assert proofs.consistency(3, 7) == ((2, 3), (3, 4), (0, 2), (4, 7))
    assert proofs.consistency(4, 7) == ((4, 7),)
    assert proofs.consistency(6, 7) == ((4, 6), (6, 7), (0, 4))


def test_every_leaf_of_every_small_tree_is_proven_and_no_other_is() -> None:
    for size in range(1, 40):
        for position in range(size):
            found = path(proofs.inclusion(position, size))
            assert proofs.included(LEAVES[position], position, size, found, root(size))
            assert not proofs.included(LEAVES[position + 1], position, size, found, root(size))
            assert not proofs.included(LEAVES[position], position, size, found, root(size + 1))
            wrong = {
                other for other in range(size) if proofs.included(LEAVES[position], other, size, found, root(size))
            }
            assert wrong == {position}


def test_every_small_tree_continues_every_smaller_one_and_no_other_does() -> None:
    for second in range(1, 40):
        for first in range(1, second + 1):
            found = path(proofs.consistency(first, second))
            assert proofs.continued(first, second, root(first), root(second), found)
            assert not proofs.continued(first, second, hashlib.sha256(b"").digest(), root(second), found)
            if first < second:
                assert not proofs.continued(first, second, root(first), root(second - 1), found)
                assert not proofs.continued(first, second, root(first), root(second), found[:-1])
                assert not proofs.continued(first, second, root(first), root(second), [*found, LEAVES[0]])


@given(st.data())
def test_larger_trees_too_and_a_changed_hash_is_found(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 600))
    position = data.draw(st.integers(0, size - 1))
    found = path(proofs.inclusion(position, size))
    assert proofs.included(LEAVES[position], position, size, found, root(size))
    at, bit = data.draw(st.integers(0, len(found) - 1)), data.draw(st.integers(0, 255))
    changed = [*found]
    changed[at] = (int.from_bytes(found[at], "big") ^ 1 << bit).to_bytes(32, "big")
    assert not proofs.included(LEAVES[position], position, size, changed, root(size))
    first = data.draw(st.integers(1, size))
    steps = path(proofs.consistency(first, size))
    assert proofs.continued(first, size, root(first), root(size), steps)
    for place, step in enumerate(steps):
        forged = [*steps]
        forged[place] = (int.from_bytes(step, "big") ^ 1 << bit).to_bytes(32, "big")
        assert not proofs.continued(first, size, root(first), root(size), forged)


def test_what_no_tree_has_is_not_proven() -> None:
    for position, size in ((-1, 3), (3, 3), (0, 0)):
        with pytest.raises(ValueError, match="不在长度"):
            proofs.inclusion(position, size)
        assert not proofs.included(LEAVES[0], position, size, [], root(1))
    for first, second in ((0, 3), (4, 3)):
        with pytest.raises(ValueError, match="不是长度"):
            proofs.consistency(first, second)
        assert not proofs.continued(first, second, root(1), root(3), [LEAVES[0]])
