"""SQL of the gateway: what a question is decided by, what is kept of its answer, what is counted. Called by `api` alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from django.db import connection

from shuniu.exchange.gateway.declare import CALL, Connection, Interface
from shuniu.exchange.gateway.kept import Kept, unpacked
from shuniu.trust.api import Question
from shuniu.trust.api import fetch_prepared as fetch
from shuniu.trust.beside import NEXT_ENTRY, with_entry
from shuniu.trust.declare import Json

SLOT = 3600
"""Seconds of signing time that share a part of the table of nonces; four parts take turns."""
ONCE = b"""
select e.proof, o.asked, o.entry from exchange_once o join trust_entry e on e.id = o.entry where o.key = %s and o.token = %s
"""
_STATE = (
    b"""
select (select value from trust_certificate_stamp), (select value from catalogue_stamp), %b, exists (
    select from exchange_nonce where slot = %%s and key = %%s and created = %%s and nonce = %%s
), (select coalesce(sum(calls), 0) from exchange_minute where resource = %%s and agency = %%s and minute = %%s),
(select l.id from exchange_live l where l.resource = %%s and l.ended_at is null)
"""
    % NEXT_ENTRY
)
_CONDITION = b"""
select 1 from exchange_agreement a, trust_certificate_stamp s
where a.id = %s and a.version = %s and a.state = 'in_force' and s.value = %s
"""
_NONCE = b"insert into exchange_nonce (slot, key, created, nonce) select %s, %s, %s, %s from given"
_USE = b"""
insert into exchange_agreement_use (agreement_id, day, shard, calls, rows)
select %s, %s, pg_backend_pid() %% 32, 1, %s from given on conflict (agreement_id, day, shard) do update
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
KEEP = with_entry(_CONDITION, [_NONCE, _USE, _MINUTE.replace(b"{from}", b" from given")])
KEEP_ONCE = with_entry(_CONDITION, [_NONCE, _USE, _MINUTE.replace(b"{from}", b" from given"), _TOKEN])
"""An answer's entry with what proves it; the second with an idempotency key. Nothing is kept where the grant has ended."""


def state(key: int, created: int, nonce: int, resource: str, agency: str, minute: int) -> Question:
    """Both stamps, the entry's number, whether the nonce was seen, calls of this minute, the live interface or null."""
    return Question(_STATE, (slot(created), key, created, nonce, resource, agency, minute, resource))


def slot(created: int) -> int:
    return created // SLOT % 4


def take_nonce(key: int, created: int, nonce: int) -> None:
    """Note a nonce by itself, for an answer that is no second reading. Raises IntegrityError where it was seen."""
    fetch(
        b"insert into exchange_nonce (slot, key, created, nonce) values (%s, %s, %s, %s) returning 1",
        (slot(created), key, created, nonce),
    )


_FAILED = _MINUTE.replace(b"{from}", b"") + b"returning 1"


def count_failure(resource: str, agency: str, minute: int, calls: int = 1) -> None:
    """Count calls of a known agency that got no answer; of '' and '': those that there was no room for."""
    fetch(_FAILED, (resource, agency, minute, 0, calls, 0, 0, 0, 0))


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


def interface(number: int) -> Interface:
    """A provider's live interface by its number."""
    found = fetch(b"select id, resource, url, public, wait_ms, most from exchange_live where id = %s", (number,))[0]
    return Interface(found[0], found[1], found[2], bytes(found[3]), found[4], found[5])


def declare_interface(resource: str, url: str, public: bytes, wait_ms: int, most: int, person: str) -> int:
    """Have a resource answered live from now on; the interface before it ends."""
    end_interface(resource, person)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into exchange_live (resource, url, public, wait_ms, most, made_by) values (%s, %s, %s, %s, %s, %s)"
            " returning id",
            [resource, url, public, wait_ms, most, person],
        )
        return int(cursor.fetchone()[0])


def end_interface(resource: str, person: str) -> bool:
    """Have a resource answered from its stored rows again; whether it was live."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update exchange_live set ended_at = clock_timestamp(), ended_by = %s where resource = %s and ended_at is null",
            [person, resource],
        )
        return bool(cursor.rowcount)


def call(number: int) -> tuple[Kept, str, str, Mapping[str, Json]] | None:
    """What is kept of a call, by its number; then its entry's object, person and detail. None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select proof, object, person, detail from trust_entry where id = %s and verb = %s and proof is not null",
            [number, CALL],
        )
        if (found := cursor.fetchone()) is None:
            return None
        proof, target, person, detail = found
        return unpacked(bytes(proof)), target, person, json.loads(detail)


def signers(key: int, answered_by: int) -> tuple[str, str, str]:
    """Key id of the asking certificate; the authority asked, and key id of the platform's key that answered."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select k.key_id, x.authority, x.key from trust_certificate k, exchange_context x where k.id = %s and x.id = %s",
            [key, answered_by],
        )
        asking, authority, answering = cursor.fetchone()
        return asking, authority, answering


def parties(number: int) -> tuple[str, ...]:
    """The agency that asked and the one whose resource it was; nobody where there is no such call."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select agency, split_part(substr(object, 10), '/', 1) from trust_entry"
            " where id = %s and verb = %s and proof is not null",
            [number, CALL],
        )
        return tuple(str(one) for one in cursor.fetchone() or ())


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


_CONNECTIONS = """
select resource, agency, hour, sum(calls)::bigint, sum(failed)::bigint, sum(rows)::bigint, sum(size)::bigint, sum(ms)::bigint,
       max(slowest) from (
    select * from exchange_hour where hour >= clock_timestamp() - make_interval(hours => %(hours)s)
    union all
    select resource, agency, date_trunc('hour', to_timestamp(minute * 60::bigint)), calls, failed, rows, size, ms, slowest
    from exchange_minute
) c where (%(agency)s = '' or agency = %(agency)s or resource like %(own)s) and (%(resource)s = '' or resource = %(resource)s)
group by 1, 2, 3 order by 3 desc, 1, 2 limit %(limit)s
"""


def connections(agency: str, resource: str, hours: int, limit: int) -> list[Connection]:
    """Connections by the hour, newest first: those of an agency as consumer or provider ('': all)."""
    asked: dict[str, str | int] = {
        "agency": agency,
        "own": f"{agency}/%",
        "resource": resource,
        "hours": hours,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CONNECTIONS, asked)
        return [Connection(*row) for row in cursor.fetchall()]
