"""The old name of `registries.api.marks`, until those who import it by this one have moved."""

from __future__ import annotations

from shuniu.registries.api.marks import Mark, Marked, RowKey, end, of_rows, put

__all__ = ["Mark", "Marked", "RowKey", "end", "of_rows", "put"]
