"""Tables of cases, a file for each part of the engine. Private to it."""

from __future__ import annotations

from shuniu.cases.models.cases import Case

__all__ = ["Case"]
