"""SQL of what others say of the journal's heads, and of the heads of others that we signed. Called by `api` alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from shuniu.trust.evidence.declare import Crossed, Stamped, Stamping
from shuniu.trust.store import entries

_CROSS = "size, node, key, public_key, at, signature"


def add_cross(one: Crossed) -> bool:
    """Keep another node's signature; whether it is new."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into trust_cross ({_CROSS}) values (%s, %s, %s, %s, %s, %s) on conflict do nothing returning id",
            [one.size, one.node, one.key, bytes.fromhex(one.public_key), one.at, bytes.fromhex(one.signature)],
        )
        return cursor.fetchone() is not None


def crosses(sizes: Sequence[int] | None = None, limit: int | None = None) -> list[Crossed]:
    """Other nodes' signatures on the heads of these sizes (None: on all), newest first."""
    where = "" if sizes is None else "where size = any(%(sizes)s) "
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {_CROSS} from trust_cross {where}order by size desc, id limit %(limit)s",
            {"sizes": list(sizes or ()), "limit": limit},
        )
        return [
            Crossed(int(size), node, key, bytes(public).hex(), at, bytes(signature).hex())
            for size, node, key, public, at, signature in cursor.fetchall()
        ]


def crossed_at(least: int) -> int | None:
    """The smallest size of at least that, whose head another node signed."""
    return _smallest("trust_cross", least)


def stamped_at(least: int) -> int | None:
    """The smallest size of at least that, whose head was stamped."""
    return _smallest("trust_stamp", least)


def _smallest(table: str, least: int) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(f"select min(size) from {table} where size >= %s", [least])
        (found,) = cursor.fetchone()
    return None if found is None else int(found)


def add_stamp(one: Stamped) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into trust_stamp (size, authority, at, token) values (%s, %s, %s, %s) on conflict do nothing",
            [one.size, one.authority, one.at, one.token],
        )


def stamps(sizes: Sequence[int] | None = None, limit: int | None = None) -> list[Stamped]:
    """Stamps on the heads of these sizes (None: on all), newest first."""
    where = "" if sizes is None else "where size = any(%(sizes)s) "
    with connection.cursor() as cursor:
        cursor.execute(
            f"select size, authority, at, token from trust_stamp {where}order by size desc, id limit %(limit)s",
            {"sizes": list(sizes or ()), "limit": limit},
        )
        return [Stamped(int(size), name, at, bytes(token)) for size, name, at, token in cursor.fetchall()]


def note_stamping(reason: str, at: datetime) -> bool:
    """Note how the last asking for a stamp went (no reason: well); whether that is a change."""
    with connection.cursor() as cursor:
        cursor.execute("select failing_since is not null from trust_stamping for update")
        before = cursor.fetchone()
        cursor.execute(
            "insert into trust_stamping (asked_at, failing_since, reason)"
            " values (%(at)s, case when %(reason)s <> '' then %(at)s::timestamptz end, %(reason)s)"
            " on conflict (only_one) do update set asked_at = excluded.asked_at, reason = excluded.reason, failing_since ="
            " case when excluded.reason <> '' then coalesce(trust_stamping.failing_since, excluded.asked_at) end",
            {"at": at, "reason": reason},
        )
    return bool(reason) != bool(before and before[0])


def stamping() -> Stamping:
    """How stamping stands; `behind` counts the entries that no stamp covers yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select (select max(size) from trust_stamp), (select coalesce(max(size), 0) from trust_head),"
            " asked_at, failing_since, coalesce(reason, '')"
            " from (select 1) one left join trust_stamping on true"
        )
        stamped, size, asked, failing, reason = cursor.fetchone()
    return Stamping(asked, failing, reason, int(size) - int(stamped or 0), stamped is not None)


def last_witnessed(key: str) -> tuple[int, bytes] | None:
    """The longest head of that key which we signed: its size and root."""
    with connection.cursor() as cursor:
        cursor.execute("select size, root from trust_witnessed where key = %s order by size desc limit 1", [key])
        row: Any = cursor.fetchone()
    return None if row is None else (int(row[0]), bytes(row[1]))


def add_witnessed(key: str, size: int, root: bytes, node: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into trust_witnessed (key, size, root, node) values (%s, %s, %s, %s) on conflict do nothing",
            [key, size, root, node],
        )


def lock_witnessed() -> None:
    """One head of others at a time, so that two signed at once do not both follow the same earlier one."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [entries.SEQUENCER_LOCK + 1])


def head_of(size: int) -> tuple[str, datetime, str, str] | None:
    """The head of exactly that size: root, time, key id, signature (hex)."""
    with connection.cursor() as cursor:
        cursor.execute("select root, at, key, signature from trust_head where size = %s", [size])
        row = cursor.fetchone()
    return None if row is None else (bytes(row[0]).hex(), row[1], str(row[2]), bytes(row[3]).hex())


def placed(ids: Sequence[int]) -> list[tuple[int, int]]:
    """Position and id of those of these entries that have a position, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select position, entry_id from trust_leaf where entry_id = any(%s) order by position", [list(ids)]
        )
        return [(int(position), int(entry)) for position, entry in cursor.fetchall()]


def rows(ids: Sequence[int]) -> dict[int, Any]:
    """The entries' rows (`journal.EntryRow`) by id."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {entries.COLUMNS} from trust_entry e where e.id = any(%s)", [list(ids)])
        return {int(row[0]): entries._decoded(tuple(row)) for row in cursor.fetchall()}
