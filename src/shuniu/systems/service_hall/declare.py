"""Service items with their real legal basis, read from one JSON file each (`items/<agency>/<name>.json`)."""

from __future__ import annotations

from importlib.resources import files

from shuniu.cases.declare import ServiceItem

_FOLDER = files(__package__) / "items"


def _read() -> tuple[ServiceItem, ...]:
    """Every item by key. Raises pydantic's ValidationError where a file is not what the model says."""
    found = (file for folder in _FOLDER.iterdir() if folder.is_dir() for file in folder.iterdir())
    items = (ServiceItem.model_validate_json(file.read_text(encoding="utf-8")) for file in found)
    return tuple(sorted(items, key=lambda item: item.key))


ITEMS = _read()
