"""One trip to the database for what would be several: an entry written with what proves it, and rows of the engine's own.

For readings that are asked a thousand times a second: each trip there and back costs about as much as the look-up itself.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from shuniu.trust.declare import Json
from shuniu.trust.door import _current
from shuniu.trust.prepared import array_of, fetch

NEXT_ENTRY = b"nextval(pg_get_serial_sequence('trust_entry', 'id'))"
"""Gives an entry its id before it is written: what is signed can then name it. One that is never written leaves a gap."""
_ENTRY = b"""
with given as materialized (%b),
entry as (
    insert into trust_entry (id, person, person_name, agency, agency_name, verb, outcome, object, detail, proof)
    overriding system value
    select %%s, %%s, %%s, %%s, %%s, %%s, 'done', %%s, %%s, %%s from given returning id
),
reading as (insert into trust_reading (entry, subject) select entry.id, unnest(%%s::bigint[]) from entry)%b
select id from entry
"""


def with_entry(condition: bytes, parts: Sequence[bytes]) -> bytes:
    """The statement for `record_with`: an entry, its readings and these inserts, if `condition` gives a row; else nothing.

    `condition` is a SELECT of at most one row; `parts` are CTEs without their names that insert from `given` or `entry`.
    """
    more = b"".join(b",\npart%d as (%b)" % (number, part) for number, part in enumerate(parts))
    return _ENTRY % (condition, more)


def record_with(
    statement: bytes,
    target: str,
    *,
    number: int,
    subjects: Sequence[int],
    detail: dict[str, Json],
    proof: bytes,
    before: Sequence[object],
    after: Sequence[object],
) -> bool:
    """As `record`, with rows of the engine's own in the same statement; False: its condition did not hold, nothing is written.

    `number` is the entry's id (`NEXT_ENTRY`), `proof` what proves the entry to an outsider, in the engine's own form;
    `before` are the values of the condition, `after` those of the parts.
    """
    act = _current()
    actor = act.actor
    said = json.dumps(detail, ensure_ascii=False)
    values = [
        *before, number, actor.person, actor.name, actor.agency, actor.agency_name, act.verb, target, said,
        proof, array_of(subjects), *after,
    ]  # fmt: skip
    written = bool(fetch(statement, values))
    act.recorded = written
    return written
