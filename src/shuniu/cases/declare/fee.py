"""Fees: lines of a dated table, each with its basis and the agency that it goes to. Amounts are fen."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from shuniu.base.expressions import Node
from shuniu.catalogue.declare import Frozen


class FeeLine(Frozen):
    """One charge of an item: `rule` is the key of the dated rule that gives the amount in fen."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    title: str
    rule: str
    basis: str
    agency: str = ""  # whose income it is; empty: the item's own agency
    per: str = ""  # question whose whole number multiplies the amount; empty: once
    show_if: Node | None = None
