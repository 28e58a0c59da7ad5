"""Under which agreement the gateway answered, and what it showed: for who is told of a reading afterwards."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Called:
    """The agreement of one answer, its version, and the items that it granted."""

    agreement: int
    version: int
    items: tuple[str, ...]


def called(entries: Collection[int]) -> dict[int, Called]:
    """Of those journal entries that are answers of the gateway: under which agreement, in one statement."""
    if not entries:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.entry, c.agreement, c.version, v.items from exchange_call c join exchange_agreement_version v"
            " on v.agreement_id = c.agreement and v.number = c.version where c.entry = any(%s)",
            [list(entries)],
        )
        return {
            int(entry): Called(number, version, tuple(items)) for entry, number, version, items in cursor.fetchall()
        }
