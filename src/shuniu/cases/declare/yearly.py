"""A year of one item's applications: what came, what was carried over, how it was answered, what was left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

NEW, CARRIED, OTHER, LEFT, ALL = "+new", "+carried", "+other", "+left", ""
"""Lines beside the item's results: received, carried over from the year before, ended without a result, carried over to the
next year. `ALL` is also the column of all applicants."""


@dataclass(frozen=True)
class Yearly:
    """A year up to a day. `cells`: how many by line (a result's key or one of those above) and column; 0 where absent.

    Of every column, `NEW` + `CARRIED` is what the results, `OTHER` and `LEFT` come to.
    """

    year: int
    until: date
    cells: Mapping[tuple[str, str], int]

    def count(self, line: str, column: str = ALL) -> int:
        """How many stand there."""
        return self.cells.get((line, column), 0)


@dataclass(frozen=True)
class YearlyRow:
    """One application behind a number: nothing of who asked or what for."""

    number: str
    column: str
    line: str  # a result's key, OTHER or LEFT
    filed: date
    ended: date | None
