"""SQL of live interfaces. Called by `interfaces` and, on the way of a question, by `api`."""

from __future__ import annotations

from django.db import connection

from shuniu.exchange.gateway.declare import Declared, Interface
from shuniu.trust.api import fetch_prepared as fetch

_INTERFACE = b"""
with recursive chain (id, key_id) as (
    select k.id, k.key_id from exchange_live l join trust_certificate k on k.id = l.certificate where l.id = %s
    union all select k.id, k.key_id from chain c join trust_certificate k on k.replaces_id = c.id)
select l.id, l.resource, l.url, array(select key_id from chain order by id desc), l.wait_ms, l.most
from exchange_live l where l.id = %s
"""


def interface(number: int) -> Interface:
    """A provider's live interface by its number, with its certificate's key and those of the renewed ones, newest first."""
    found = fetch(_INTERFACE, (number, number))[0]
    return Interface(found[0], found[1], found[2], tuple(found[3]), found[4], found[5])


def declare(resource: str, url: str, certificate: int, wait_ms: int, most: int, person: str) -> int:
    """Have a resource answered live from now on; the interface before it ends."""
    end(resource, person)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into exchange_live (resource, url, certificate, wait_ms, most, made_by) values (%s, %s, %s, %s, %s, %s)"
            " returning id",
            [resource, url, certificate, wait_ms, most, person],
        )
        return int(cursor.fetchone()[0])


def end(resource: str, person: str) -> bool:
    """Have a resource answered from its stored rows again; whether it was live."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update exchange_live set ended_at = clock_timestamp(), ended_by = %s where resource = %s and ended_at is null",
            [person, resource],
        )
        return bool(cursor.rowcount)


_FAULTS = ["gateway.down", "gateway.slow", "gateway.lies", "gateway.open", "gateway.uncertified"]
"""The rules by which a call gets no answer that are the interface's doing."""
_DECLARED = """
select l.id, l.resource, l.url, l.made_by, l.made_at, l.wait_ms, l.most, c.calls, f.calls, f.last
from exchange_live l join trust_certificate k on k.id = l.certificate cross join lateral (
    select coalesce(sum(calls), 0)::bigint as calls from (
        select calls from exchange_hour
        where resource = l.resource and hour >= clock_timestamp() - make_interval(hours => %(hours)s)
        union all
        select calls from exchange_minute where resource = l.resource) counted
) c cross join lateral (
    select coalesce(sum(calls), 0)::bigint as calls, max(hour) as last from exchange_failure
    where resource = l.resource and rule = any(%(faults)s)
        and hour >= clock_timestamp() - make_interval(hours => %(hours)s)
) f
where l.ended_at is null and (%(own)s = '' or l.resource like %(own)s) order by l.resource
"""


def declared(agency: str, hours: int) -> list[Declared]:
    """The interfaces that stand, an agency's ('': all), with what was counted of their resources in the last hours."""
    with connection.cursor() as cursor:
        cursor.execute(_DECLARED, {"own": f"{agency}/%" if agency else "", "hours": hours, "faults": _FAULTS})
        return [Declared(*row) for row in cursor.fetchall()]
