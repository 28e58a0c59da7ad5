"""What a reader tells about a file beside its rows: what it skipped, what it took for what. Shown on the receipt."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from shuniu.catalogue.declare import Resource

SHOWN = 5
"""How many row numbers or headings a note names before it only counts."""


class Notes:
    """Gathers notes while a file is read. A note names rows and headings, never a cell's content."""

    def __init__(self) -> None:
        self._said: dict[str, None] = {}
        self._rows: dict[str, list[int]] = {}
        self._counts: dict[str, int] = {}

    def say(self, sentence: str) -> None:
        """Add a sentence of its own; the same one twice is said once."""
        self._said[sentence] = None

    def rows(self, what: str, lines: Iterable[int]) -> None:
        """Add rows to those of which `what` is said ("是合计行，已跳过")."""
        for line in lines:
            self._counts[what] = self._counts.get(what, 0) + 1
            named = self._rows.setdefault(what, [])
            if len(named) < SHOWN:
                named.append(line)

    def count(self, what: str, number: int, line: int) -> None:
        """Add `number` cells of which `what` is said, the first of them in row `line`."""
        self._counts[what] = self._counts.get(what, 0) + number
        self._rows.setdefault(what, [line])

    def __call__(self) -> tuple[str, ...]:
        """Every note as a sentence."""
        return (*self._said, *(self._counted(what, number) for what, number in self._counts.items()))

    def _counted(self, what: str, number: int) -> str:
        named = self._rows[what]
        if number == 1 or len(named) == number:
            return f"第 {'、'.join(map(str, named))} 行{what}。"
        return f"共 {number} 处（第 {'、'.join(map(str, named))} 行等）{what}。"


def named(headings: Iterable[str]) -> str:
    """Headings for a sentence: the first few, each cut short, and how many there are."""
    every = list(headings)
    shown = "、".join(f"“{heading[:40]}”" for heading in every[:SHOWN])
    return shown + (f"等 {len(every)} 列" if len(every) > SHOWN else "")


def of_moved_codes(found: Iterable[pl.DataFrame], resource: Resource) -> tuple[str, ...]:
    """Notes of abolished region codes that were taken for their followers; `found` as in `Conformed.moved`."""
    notes = Notes()
    for frame in found:
        for item, was, became, rows, line in frame.iter_rows():
            title = resource.item(item).title
            notes.count(f"“{title}”是已撤销的区划代码 {was}，已按现行代码 {became} 入库", rows, line)
    return notes()
