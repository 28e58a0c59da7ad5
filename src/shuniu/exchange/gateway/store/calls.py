"""SQL of calls: what a question is decided by, what is kept of its answer, what is counted."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import lru_cache

from django.db import connection

from shuniu.exchange.gateway.declare import CALL, Connection, Connections
from shuniu.exchange.gateway.kept import CallEntry, unpacked
from shuniu.trust.api import Question
from shuniu.trust.api import fetch_prepared as fetch
from shuniu.trust.beside import NEXT_ENTRY, with_entry

SLOT = 3600
"""Seconds of signing time that share a part of the table of nonces; four parts take turns."""
ONCE = b"""
select e.proof, o.asked, o.entry from exchange_once o join trust_entry e on e.id = o.entry where o.key = %s and o.token = %s
"""
_STATE = (
    b"""
select (select value from trust_certificate_stamp), (select value from catalogue_stamp), %b,
(select coalesce(sum(calls), 0) from exchange_minute where resource = %%s and agency = %%s and minute = %%s),
(select l.id from exchange_live l where l.resource = %%s and l.ended_at is null)
"""
    % NEXT_ENTRY
)
_CONDITION = b"""
select 1 from exchange_agreement a, trust_certificate_stamp s
where a.id = %s and a.version = %s and a.state = 'in_force' and s.value = %s
"""
_NONCE = b"insert into exchange_nonce (slot, key, created, nonce) select %s, %s, %s, %s from given where %s"
_USE = b"""
insert into exchange_agreement_use (agreement_id, day, shard, calls, rows)
select %s, %s, pg_backend_pid() %% 32, 1, %s{from} on conflict (agreement_id, day, shard) do update
set calls = exchange_agreement_use.calls + 1, rows = exchange_agreement_use.rows + excluded.rows
"""
_MINUTE = b"""
insert into exchange_minute as m (resource, agency, minute, shard, calls, failed, rows, size, ms, slowest)
select %s, %s, %s, pg_backend_pid() %% 32, %s, %s, %s, %s, %s, %s{from}
on conflict (resource, agency, minute, shard) do update
set calls = m.calls + excluded.calls, failed = m.failed + excluded.failed, rows = m.rows + excluded.rows,
    size = m.size + excluded.size, ms = m.ms + excluded.ms, slowest = greatest(m.slowest, excluded.slowest)
"""
_TOKEN = b"insert into exchange_once (key, token, asked, entry) select %s, %s, %s, entry.id from entry"
_COUNTED = [one.replace(b"{from}", b" from given") for one in (_USE, _MINUTE)]
KEEP = with_entry(_CONDITION, [_NONCE, *_COUNTED])
KEEP_ONCE = with_entry(_CONDITION, [_NONCE, *_COUNTED, _TOKEN])
"""An answer's entry with what proves it; the second with an idempotency key. Nothing is kept where the grant has ended."""


def state(resource: str, agency: str, minute: int) -> Question:
    """Both stamps, the entry's number, calls of this minute, the live interface or null."""
    return Question(_STATE, (resource, agency, minute, resource))


def slot(created: int) -> int:
    return created // SLOT % 4


def take_nonce(key: int, created: int, nonce: int) -> None:
    """Note a nonce by itself: of an answer that is no second reading, and before a provider is asked.

    Raises IntegrityError where it was seen.
    """
    fetch(
        b"insert into exchange_nonce (slot, key, created, nonce) values (%s, %s, %s, %s) returning 1",
        (slot(created), key, created, nonce),
    )


_FAILED = _MINUTE.replace(b"{from}", b"") + b"returning 1"
_AGAIN = b"with used as (%b) %b" % (_USE.replace(b"{from}", b""), _FAILED)


def count_again(agreement: int, day: date, resource: str, agency: str, minute: int, rows: int, size: int) -> None:
    """Count a question that was answered once more: against rate and quota it weighs as much as the first."""
    fetch(_AGAIN, (agreement, day, rows, resource, agency, minute, 1, 0, rows, size, 0, 0))


_FAILURE = b"""
with why as (
    insert into exchange_failure as f (resource, agency, rule, hour, calls)
    select %%s, %%s, %%s, date_trunc('hour', to_timestamp(%%s * 60::bigint)), %%s
    on conflict (resource, agency, rule, hour) do update set calls = f.calls + excluded.calls
)
%b
""" % (_FAILED)


def count_failure(resource: str, agency: str, minute: int, rule: str, calls: int = 1) -> None:
    """Count calls of a known agency that got no answer, and why; of '' and '': those that there was no room for."""
    counted = (resource, agency, minute, 0, calls, 0, 0, 0, 0)
    fetch(_FAILURE, (resource, agency, rule, minute, calls, *counted))


@lru_cache(maxsize=64)
def context(authority: str, key: str) -> int:
    """The number of an authority and a platform key that answers are signed under: two bytes stand for both."""
    wanted = "select id from exchange_context where authority = %s and key = %s"
    with connection.cursor() as cursor:
        cursor.execute(wanted, [authority, key])
        if (found := cursor.fetchone()) is None:
            cursor.execute(
                "insert into exchange_context (authority, key) values (%s, %s) on conflict (authority, key) do nothing",
                [authority, key],
            )
            cursor.execute(wanted, [authority, key])
            found = cursor.fetchone()
        return int(found[0])


def call(number: int) -> CallEntry | None:
    """A call's entry, by its number; None where there is none."""
    found = fetch(
        b"select at, agency, person, person_name, object, detail::text, proof from trust_entry"
        b" where id = %s and verb = %s and proof is not null",
        (number, CALL),
    )
    if not found:
        return None
    at, agency, person, name, target, detail, proof = found[0]
    resource = target.removeprefix("resource:")
    return CallEntry(number, at, agency, person, name, resource, json.loads(detail), unpacked(bytes(proof)))


def subjects(number: int, at: datetime) -> tuple[int, ...]:
    """Whose data a call touched."""
    found = fetch(
        b"select distinct subject from trust_reading where entry = %s"
        b" and at between %s::timestamptz - interval '1 minute' and %s::timestamptz + interval '1 minute' order by 1",
        (number, at, at),
    )
    return tuple(int(row[0]) for row in found)


def signers(key: int, answered_by: int) -> tuple[str, str, str]:
    """Key id of the asking certificate; the authority asked, and key id of the platform's key that answered."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select k.key_id, x.authority, x.key from trust_certificate k, exchange_context x where k.id = %s and x.id = %s",
            [key, answered_by],
        )
        asking, authority, answering = cursor.fetchone()
        return asking, authority, answering


def forget(created: int, hours: int) -> None:
    """Empty the part of nonces that no request of this time can meet any more, and forget old idempotency keys."""
    with connection.cursor() as cursor:
        cursor.execute(f"truncate exchange_nonce_{(slot(created) + 2) % 4:d}")
        cursor.execute("delete from exchange_once where at < clock_timestamp() - make_interval(hours => %s)", [hours])


_ROLL = """
with moved as (delete from exchange_minute where minute < %s returning *)
insert into exchange_hour as h (resource, agency, hour, calls, failed, rows, size, ms, slowest)
select resource, agency, date_trunc('hour', to_timestamp(minute * 60::bigint)), sum(calls), sum(failed), sum(rows), sum(size),
       sum(ms), max(slowest) from moved group by 1, 2, 3
on conflict (resource, agency, hour) do update
set calls = h.calls + excluded.calls, failed = h.failed + excluded.failed, rows = h.rows + excluded.rows,
    size = h.size + excluded.size, ms = h.ms + excluded.ms, slowest = greatest(h.slowest, excluded.slowest)
"""


def roll(before: int) -> int:
    """Move minutes (Unix minutes) before one into their hours. Returns how many hours of connections were touched."""
    with connection.cursor() as cursor:
        cursor.execute(_ROLL, [before])
        return int(cursor.rowcount)


_WANTED = """
(%(agency)s = '' or agency = %(agency)s or resource like %(own)s) and (%(resource)s = '' or resource = %(resource)s)
"""
_SUMS = (
    """
sum(calls)::bigint, sum(failed)::bigint, sum(rows)::bigint, sum(size)::bigint, sum(ms)::bigint, max(slowest) from (
    select * from exchange_hour where hour >= clock_timestamp() - make_interval(hours => %(hours)s)
    union all
    select resource, agency, date_trunc('hour', to_timestamp(minute * 60::bigint)), calls, failed, rows, size, ms, slowest
    from exchange_minute
) c where"""
    + _WANTED
)
_HOURS = f"select resource, agency, hour, {_SUMS} group by 1, 2, 3 order by 3 desc, 1, 2 limit %(limit)s"
_TOTALS = f"select resource, agency, max(hour), {_SUMS} group by 1, 2 order by 4 desc, 5 desc, 1, 2 limit %(limit)s"
_FAILURES = f"""
select rule, sum(calls)::bigint from exchange_failure
where hour >= date_trunc('hour', clock_timestamp() - make_interval(hours => %(hours)s)) and {_WANTED}
group by 1 order by 2 desc, 1
"""


def connections(agency: str, resource: str, hours: int, limit: int) -> Connections:
    """How those of an agency do, as consumer or provider ('': all): by the hour, as a whole, and why calls got no answer."""
    asked: dict[str, str | int] = {
        "agency": agency, "own": f"{agency}/%", "resource": resource, "hours": hours, "limit": limit,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_HOURS, asked)
        by_hour = tuple(Connection(*row) for row in cursor.fetchall())
        cursor.execute(_TOTALS, asked)
        totals = tuple(Connection(*row) for row in cursor.fetchall())
        cursor.execute(_FAILURES, asked)
        return Connections(by_hour, totals, tuple((str(rule), int(calls)) for rule, calls in cursor.fetchall()))


_REFUSED = """
select agency, sum(calls)::bigint from exchange_failure
where rule = %(rule)s and agency <> '' and (%(agency)s = '' or agency = %(agency)s)
    and hour >= date_trunc('hour', clock_timestamp() - make_interval(hours => %(hours)s))
group by 1 order by 2 desc, 1
"""


def refused(rule: str, agency: str, hours: int) -> dict[str, int]:
    """How many calls of each agency, or of one, a rule refused of late: the most first."""
    with connection.cursor() as cursor:
        cursor.execute(_REFUSED, {"rule": rule, "agency": agency, "hours": hours})
        return {str(key): int(calls) for key, calls in cursor.fetchall()}
