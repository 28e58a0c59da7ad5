"""A row over its versions: its key and digest, and whether it still stands."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from shuniu.catalogue.declare import Published
from shuniu.registries.store.tables import name_of


@dataclass(frozen=True)
class Version:
    """One stored version of a row: its number, the key that all versions share, what it held, and whose it is."""

    row: int
    key: UUID
    digest: UUID
    subject: int | None
    current: bool


def version(published: Published, row: int) -> Version | None:
    """The version of that row number; None when there is none."""
    return _one(published, "_row = %s", row)


def current(published: Published, key: UUID) -> Version | None:
    """The version of a key that stands now; None when the row was withdrawn."""
    return _one(published, "_key = %s and _until is null", key)


def _one(published: Published, where: str, value: int | UUID) -> Version | None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"select _row, _key, _digest, _subject, _until is null from {name_of(published.table)} where {where}",
            [value],
        )
        found = cursor.fetchone()
    return None if found is None else Version(*found)


def keys_of(published: Published, rows: list[int]) -> dict[int, UUID]:
    """The keys of these row numbers."""
    with connection.cursor() as cursor:
        cursor.execute(f"select _row, _key from {name_of(published.table)} where _row = any(%s)", [rows])
        return dict(cursor.fetchall())
