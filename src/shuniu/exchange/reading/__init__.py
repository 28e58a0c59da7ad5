"""From a delivered file to raw rows: one reader per format behind one function.

A reader yields frames of `_line` (the row's number as a spreadsheet shows it, 1-based) and one text column per item of
the resource, null where the cell is empty. It never guesses silently: what cannot be read one way only is refused.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from shuniu.catalogue.declare import Resource
from shuniu.exchange.reading import delimited
from shuniu.exchange.spool import Spooled

__all__ = ["frames"]


def frames(spooled: Spooled, name: str, resource: Resource) -> Iterator[pl.DataFrame]:
    """Raw rows of a delivered file in portions. Raises `Refused` (rules file.*) when the file as a whole cannot be read."""
    return delimited.frames(spooled, resource)
