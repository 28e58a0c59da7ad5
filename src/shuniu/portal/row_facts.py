"""One row as a summary list: each item's title and its value, a code with what it means beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Item
from shuniu.web.declare import Value


def row_facts(items: Iterable[Item], values: Mapping[str, str | None]) -> list[tuple[str, Value]]:
    """The items' titles with what the row holds."""
    return [(item.title, _said(item, values[item.name])) for item in items]


def _said(item: Item, value: str | None) -> str | None:
    named = catalogue.code_lists().get(item.code_list) if value else None
    label = next((code.label for code in named.codes if code.code == value), "") if named else ""
    return f"{label}（{value}）" if label else value
