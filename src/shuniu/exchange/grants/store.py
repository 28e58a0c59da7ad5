"""SQL of grants: the look-up that every reading under an agreement asks, and counting what was used. Called by api."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from shuniu.exchange.grants.declare import Agreement, Basis, Found, Standing, State, Terms
from shuniu.trust.api import fetch_prepared

LOOK_UP = b"""
with asked as (select %s::text as consumer, %s::text as resource, %s::text as purpose, %s::date as today)
select case
         when a.id is null or (not p.live and a.state in ('in_force', 'suspended')) then
           case when exists (
             select from exchange_agreement o join exchange_agreement_version w
               on w.agreement_id = o.id and w.number = o.version
             where o.consumer = asked.consumer and o.resource = asked.resource and o.state = 'in_force'
               and asked.today between w.valid_from and w.valid_until
           ) then 'other_purpose' else 'never' end
         when a.state <> 'in_force' then a.state
         when asked.today < v.valid_from then 'not_yet'
         when asked.today > v.valid_until then 'expired'
         when used.calls >= v.quota_calls then 'quota_calls'
         when used.rows >= v.quota_rows then 'quota_rows'
         else 'in_force'
       end,
       a.id, a.version, a.consumer, a.resource, a.owner, a.state, v.granted_by, v.items, v.masked, v.purposes,
       v.laws, v.articles, v.regions, v.rate, v.quota_calls, v.quota_rows, v.valid_from, v.valid_until,
       used.calls, used.rows
from asked
left join lateral (
  select u.agreement_id, u.live from exchange_agreement_purpose u
  where u.consumer = asked.consumer and u.resource = asked.resource and u.purpose = asked.purpose
  order by u.live desc, u.agreement_id desc limit 1
) p on true
left join exchange_agreement a on a.id = p.agreement_id
left join exchange_agreement_version v on v.agreement_id = a.id and v.number = a.version
left join lateral (
  select coalesce(sum(s.calls), 0)::bigint as calls, coalesce(sum(s.rows), 0)::bigint as rows
  from exchange_agreement_use s where s.agreement_id = a.id and s.day = asked.today
) used on true
"""
"""One row always. Values: consumer agency, resource key, purpose key, the day. Columns: `found_of` reads them.

Nothing of it is kept between two askings: a suspension counts from its commit on.
"""

COUNT = b"""
insert into exchange_agreement_use (agreement_id, day, shard, calls, rows)
values (%s, %s, pg_backend_pid() %% 32, %s, %s)
on conflict (agreement_id, day, shard) do update
set calls = exchange_agreement_use.calls + excluded.calls, rows = exchange_agreement_use.rows + excluded.rows
returning 1
"""
"""Add to what was used. Values: agreement number, the day, calls, rows."""


def look_up(consumer: str, resource: str, purpose: str, today: date) -> Found:
    """How an agency stands to a resource for a purpose on a day: the agreement in force, or why there is none."""
    return found_of(fetch_prepared(LOOK_UP, (consumer, resource, purpose, today))[0])


def count_use(agreement: int, today: date, *, calls: int, rows: int) -> None:
    """Add calls and rows to what was used of an agreement on a day."""
    fetch_prepared(COUNT, (agreement, today, calls, rows))


def found_of(row: Sequence[object]) -> Found:
    """The look-up's row as a noun."""
    standing = Standing(str(row[0]))
    if row[1] is None:
        return Found(standing)
    return Found(standing, agreement_of(row[1:19]), _int(row[19]), _int(row[20]))


def agreement_of(row: Sequence[object]) -> Agreement:
    """An agreement from the eighteen columns that the look-up gives of it."""
    number, version, consumer, resource, owner, state, granted_by, items, masked, *terms = row
    purposes, laws, articles, regions, rate, calls, rows, start, end = terms
    return Agreement(
        number=_int(number),
        version=_int(version),
        consumer=str(consumer),
        resource=str(resource),
        owner=str(owner),
        terms=Terms(
            items=_texts(items),
            purposes=_texts(purposes),
            bases=tuple(Basis(law, article) for law, article in zip(_texts(laws), _texts(articles), strict=True)),
            regions=_texts(regions),
            rate=_int(rate),
            quota_calls=_int(calls),
            quota_rows=_int(rows),
            valid_from=_day(start),
            valid_until=_day(end),
        ),
        masked=frozenset(_texts(masked)),
        granted_by=str(granted_by),
        state=State(str(state)),
    )


def _int(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"not a number: {value!r}")
    return value


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(f"not a day: {value!r}")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"not a list: {value!r}")
    return tuple(value)
