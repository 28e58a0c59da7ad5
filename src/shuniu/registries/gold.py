"""Choosing a golden attribute: the authoritative source first, then the next, within a source the newest. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from shuniu.registries.declare import Attribute, GoldenValue, Said


def choose(attribute: Attribute, said: Sequence[Said]) -> GoldenValue:
    """The winner among what was said of an attribute, every other value that differs from it, and why it won."""
    order = sorted(said, key=lambda one: (one.rank, -one.at.timestamp(), -one.batch, -one.line, one.resource))
    if not order:
        return GoldenValue(attribute, None, (), "各来源均无此项")
    winner = order[0]
    seen = {winner.value}
    conflicts = []
    for one in order[1:]:
        if one.value not in seen:
            seen.add(one.value)
            conflicts.append(one)
    return GoldenValue(attribute, winner, tuple(conflicts), _why(winner, order))


def _why(winner: Said, order: Sequence[Said]) -> str:
    same = [one for one in order[1:] if one.rank == winner.rank and one.value != winner.value]
    newest = "，同一来源中取最新一批" if same else ""
    if winner.rank == 0:
        return f"取自该项的权威来源{newest}"
    return f"权威来源无此项，取自第 {winner.rank + 1} 顺位来源{newest}"
