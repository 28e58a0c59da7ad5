"""Under which agreement the gateway answered or gave a file, and what it showed: for who is told of it afterwards."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from shuniu.exchange.gateway.declare import CALL
from shuniu.exchange.gateway.kept import unpacked


@dataclass(frozen=True)
class Called:
    """The agreement of one answer, its version, and the items that it granted."""

    agreement: int
    version: int
    items: tuple[str, ...]


@dataclass(frozen=True)
class Handed:
    """Data of a resource that went to another agency as a whole file: nobody's rows are told apart in it."""

    resource: str
    consumer: str
    agreement: int
    at: datetime


def handed(since: datetime, until: datetime, most: int = 100) -> tuple[Handed, ...]:
    """The files that were fetched to their end in a time, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select a.resource, a.consumer, a.id, f.fetched_at from exchange_file f join exchange_agreement a"
            " on a.id = f.agreement where f.fetched_at >= %s and f.fetched_at < %s order by f.fetched_at desc limit %s",
            [since, until, most],
        )
        return tuple(Handed(*row) for row in cursor.fetchall())


def called(entries: Collection[int]) -> dict[int, Called]:
    """Of those journal entries that are answers of the gateway: under which agreement, in two statements."""
    if not entries:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, proof from trust_entry where id = any(%s) and verb = %s and proof is not null",
            [list(entries), CALL],
        )
        kept = {int(entry): unpacked(bytes(proof)) for entry, proof in cursor.fetchall()}
        cursor.execute(
            "select v.agreement_id, v.number, v.items from unnest(%s::int[], %s::int[]) k(agreement, version)"
            " join exchange_agreement_version v on v.agreement_id = k.agreement and v.number = k.version",
            [[one.agreement for one in kept.values()], [one.version for one in kept.values()]],
        )
        items = {(number, version): tuple(names) for number, version, names in cursor.fetchall()}
        return {
            entry: Called(one.agreement, one.version, items[one.agreement, one.version]) for entry, one in kept.items()
        }
