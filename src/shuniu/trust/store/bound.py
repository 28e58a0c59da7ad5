"""Whose data an entry touched, bound to it: the entry's leaf covers a keyed digest of its readings.

The sequencer takes the digest when it places the entry; nothing more is stored. Keyed, since an entry's bytes leave the
platform with its proof, and subjects' numbers could be guessed from a plain one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from shuniu.trust.journal import EntryRow
from shuniu.trust.keys import keyed

NEAR = timedelta(hours=1)
"""A reading is written with its entry: one so far from it in time is none of its own. Keeps the look-up to one month's part."""
_GAP = 256
"""Entries' numbers that lie closer are looked up as one range."""
_DIGESTS = """
select r.entry, sha256(string_agg(int8send(r.subject) || int8send((extract(epoch from r.at) * 1000000)::bigint), ''::bytea
    order by r.subject, r.at))
from unnest(%(lows)s::bigint[], %(highs)s::bigint[]) w(low, high) cross join lateral (
    select entry, subject, at from trust_reading
    where entry between w.low and w.high and at >= %(since)s and at < %(until)s) r
group by r.entry
"""


def bound(entries: Iterable[tuple[int, datetime]]) -> dict[int, str]:
    """What binds the readings of these entries (id and time), by id; nothing of those that have none."""
    known = dict(entries)
    if not known:
        return {}
    spans = list(_spans(sorted(known)))
    values: dict[str, Any] = {
        "lows": [low for low, _ in spans], "highs": [high for _, high in spans],
        "since": min(known.values()) - NEAR, "until": max(known.values()) + NEAR,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_DIGESTS, values)
        found = [(int(entry), bytes(digest)) for entry, digest in cursor.fetchall()]
    return {entry: keyed(f"readings:{entry}:{digest.hex()}") for entry, digest in found if entry in known}


def _spans(ids: list[int]) -> Iterator[tuple[int, int]]:
    low = high = ids[0]
    for one in ids[1:]:
        if one - high > _GAP:
            yield low, high
            low = one
        high = one
    yield low, high


def of_placed(placed: Iterable[tuple[int, EntryRow]]) -> dict[int, str]:
    """As `bound`, of entries with their positions: as their leaves have it."""
    first = since()
    return bound((row[0], row[1]) for position, row in placed if position >= first)


def since() -> int:
    """The position from which leaves cover readings; those before were placed by an earlier release."""
    with connection.cursor() as cursor:
        cursor.execute("select position from trust_bound")
        return int(cursor.fetchone()[0])


_STRAY = """
select r.entry from trust_reading r left join trust_entry e on e.id = r.entry
where e.id is null or r.at < e.at - %(near)s::interval or r.at >= e.at + %(near)s::interval
group by 1 order by 1 limit %(limit)s
"""


def strays(limit: int) -> list[int]:
    """The entries that readings name which are none of theirs: there is no such entry, or it was at another time."""
    with connection.cursor() as cursor:
        cursor.execute(_STRAY, {"near": f"{NEAR.total_seconds()} seconds", "limit": limit})
        return [int(entry) for (entry,) in cursor.fetchall()]
