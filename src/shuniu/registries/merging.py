"""Which subjects are one: components of the merges that stand. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable


def roots(subjects: Iterable[int], edges: Iterable[tuple[int, int]], known: Collection[int]) -> dict[int, int]:
    """Every subject's root: of its component the known subject with the lowest id, else the lowest id.

    The edges are unordered pairs. The result depends on which merges stand and not on the order in which they were made
    or undone, so any of them can be undone at any time.
    """
    parent = {subject: subject for subject in subjects}

    def top(subject: int) -> int:
        while parent[subject] != subject:
            parent[subject] = parent[parent[subject]]
            subject = parent[subject]
        return subject

    for one, other in edges:
        first, second = top(one), top(other)
        if first != second:
            better = (first not in known, first) <= (second not in known, second)
            parent[second if better else first] = first if better else second
    return {subject: top(subject) for subject in parent}
