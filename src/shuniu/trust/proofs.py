"""Proofs that an outsider can check: an entry is in the journal, and the journal of today continues that of a year ago.

Audit paths and consistency proofs are those of RFC 9162 §2.1.3 and §2.1.4. What a path needs are hashes of ranges of
leaves; a range is cut into whole subtrees, whose hashes are kept from `journal.KEPT` upward, and leaves below. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from shuniu.trust.journal import node_hash

Range = tuple[int, int]
"""Leaves from the first up to, not with, the second."""
Block = tuple[int, int]
"""A whole subtree: its level (2 ** level leaves) and its place among those of its level, from 0."""


def inclusion(position: int, size: int) -> tuple[Range, ...]:
    """The ranges whose hashes prove that a leaf stands at a position of the first `size`. Raises ValueError outside them."""
    if not 0 <= position < size:
        raise ValueError(f"第 {position} 位不在长度 {size} 之内")
    path, low, high = [], 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if position < middle:
            path.append((middle, high))
            high = middle
        else:
            path.append((low, middle))
            low = middle
    return tuple(reversed(path))


def consistency(first: int, second: int) -> tuple[Range, ...]:
    """The ranges whose hashes prove that a tree of `first` leaves is the beginning of one of `second`. Raises ValueError."""
    if not 0 < first <= second:
        raise ValueError(f"长度 {first} 不是长度 {second} 的开头")
    path, low, high, whole = [], 0, second, True
    while first != high:
        middle = low + _split(high - low)
        if first <= middle:
            path.append((middle, high))
            high = middle
        else:
            path.append((low, middle))
            low, whole = middle, False
    return (*([] if whole else [(low, high)]), *reversed(path))


def _split(leaves: int) -> int:
    """The largest power of two below a number of leaves above 1."""
    return 1 << (leaves - 1).bit_length() - 1


def blocks(span: Range) -> Iterator[Block]:
    """The whole subtrees that a range of a path consists of, from the left: a range is as wide as its start is even."""
    start, end = span
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def hash_of(span: Range, known: Mapping[Block, bytes]) -> bytes:
    """The tree hash of a range from its blocks' hashes. Raises KeyError for one that is missing."""
    *rest, node = [known[block] for block in blocks(span)]
    for left in reversed(rest):
        node = node_hash(left, node)
    return node


def subtree(leaves: Sequence[bytes]) -> bytes:
    """The hash of a whole subtree of 2 ** n leaves."""
    nodes = [*leaves]
    while len(nodes) > 1:
        nodes = [node_hash(nodes[at], nodes[at + 1]) for at in range(0, len(nodes), 2)]
    return nodes[0]


def included(leaf: bytes, position: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a leaf's hash stands at a position of the tree of that size with that root (RFC 9162 §2.1.3.2)."""
    if not 0 <= position < size:
        return False
    place, last, node = position, size - 1, leaf
    for other in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(other, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = node_hash(node, other)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def continued(first: int, second: int, old: bytes, new: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree `second` with root `new` goes on from the tree `first` with root `old` (RFC 9162 §2.1.4.2)."""
    if first == second:
        return old == new and not path
    if not 0 < first < second or not path:
        return False
    steps = [old, *path] if first & (first - 1) == 0 else [*path]
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    left = right = steps[0]
    for other in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            left, right = node_hash(other, left), node_hash(other, right)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            right = node_hash(right, other)
        place, last = place >> 1, last >> 1
    return last == 0 and (left, right) == (old, new)
