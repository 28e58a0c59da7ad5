"""Who received a subject's data: read back from the journal's readings, for the subject, and for who watches over readers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection

from shuniu.trust.declare import Json
from shuniu.trust.readings import Reader, Reading, Veil, Watched

LAST = 2**63 - 1
"""Beyond every entry: where a list begins."""


def readers(subjects: Sequence[int], target: str) -> list[Reader]:
    """Everybody whose readings of `target` (`resource:43.tax/penalty`) touched one of these subjects, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select e.person, e.agency, max(r.at) from trust_reading r join trust_entry e on e.id = r.entry"
            " where r.subject = any(%s) and e.object = %s and e.outcome = 'done' group by 1, 2 order by 3 desc",
            [list(subjects), target],
        )
        return [Reader(*row) for row in cursor.fetchall()]


_COLUMNS = "e.id, e.at, e.person, e.agency, e.agency_name, e.verb, e.object, e.detail"
OF_SUBJECTS = f"""
with found as materialized (
    select distinct r.entry from unnest(%(subjects)s::bigint[]) s(subject) cross join lateral (
        select r.entry from trust_reading r
        where r.subject = s.subject and r.at >= %(since)s and r.at < %(until)s and r.entry < %(before)s
        order by r.entry desc limit %(limit)s) r
    order by 1 desc limit %(limit)s)
select {_COLUMNS} from found join trust_entry e on e.id = found.entry order by e.id desc
"""
"""A page of subjects' readings: keys from one index of one month's partition, then as many entries by theirs."""
NARROWED = f"""
select {_COLUMNS} from trust_entry e where e.id in (
    select r.entry from unnest(%(subjects)s::bigint[]) s(subject) cross join lateral (
        select r.entry from trust_reading r join trust_entry e on e.id = r.entry
        where r.subject = s.subject and r.at >= %(since)s and r.at < %(until)s and r.entry < %(before)s
            and (%(agency)s = '' or e.agency = %(agency)s) and (%(object)s = '' or e.object = %(object)s)
            and e.person <> %(but)s
            and not exists (
                select from jsonb_to_recordset(%(veils)s::jsonb)
                    v(person text, agency text, since timestamptz, until timestamptz)
                where v.person = e.person and v.agency = e.agency and r.at >= v.since and r.at < v.until)
        order by r.entry desc limit %(limit)s) r)
order by e.id desc limit %(limit)s
"""


def readings(
    subjects: Sequence[int], since: datetime, until: datetime, *, agency: str = "", object: str = "",
    but: str = "", veils: Sequence[Veil] = (), before: int = 0, limit: int = 50,
) -> list[Reading]:  # fmt: skip
    """The readings of these subjects (all ids of one) from `since` until before `until`, newest first, each once.

    Of one agency and one object, where asked; without those of the person `but` and those under a veil.
    `before` is the last entry of the page before. A month that has its partition costs its index and, per reading, one entry.
    """
    values: dict[str, Any] = {
        "subjects": list(subjects), "since": since, "until": until, "before": before or LAST, "limit": limit,
    }  # fmt: skip
    plain = not (agency or object or but or veils)
    if not plain:
        values |= {"agency": agency, "object": object, "but": but, "veils": json.dumps([_said(veil) for veil in veils])}
    with connection.cursor() as cursor:
        cursor.execute(OF_SUBJECTS if plain else NARROWED, values)
        return [_reading(row) for row in cursor.fetchall()]


def _said(veil: Veil) -> dict[str, str]:
    since, until = (one.astimezone(UTC).isoformat() for one in (veil.since, veil.until))
    return {"person": veil.person, "agency": veil.agency, "since": since, "until": until}


def _reading(row: Sequence[Any]) -> Reading:
    entry, at, person, agency, agency_name, verb, target, said = row
    detail: Mapping[str, Json] = json.loads(said) if isinstance(said, str) else said
    return Reading(entry, at, person, agency, agency_name, verb, target, detail)


def reading(entry: int, subjects: Sequence[int], veils: Sequence[Veil] = ()) -> Reading | None:
    """One reading of these subjects by its entry; None where it is none of theirs, or under a veil."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {_COLUMNS} from trust_entry e where e.id = %s"
            " and exists (select from trust_reading r where r.subject = any(%s) and r.entry = e.id)",
            [entry, list(subjects)],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    found = _reading(row)
    hidden = any(
        (one.person, one.agency) == (found.person, found.agency) and one.since <= found.at < one.until for one in veils
    )
    return None if hidden else found


def first_entry_at() -> datetime | None:
    """When the first entry was written: before it there are no readings; None: nothing was written yet."""
    with connection.cursor() as cursor:
        cursor.execute("select at from trust_entry order by id limit 1")
        row = cursor.fetchone()
    return row[0] if row else None


CASED = """(e.object not like 'resource:%%' and e.object not like 'register:%%' and e.object not like 'report:%%'
    or e.detail ?| array['case', 'task'] or e.verb = 'exchange.query' and e.detail ->> 'purpose' like '%%/%%')"""
"""SQL: whether an entry is about a matter that was brought to the agency, or names one that it was needed for."""
_SPAN = """
select min(e.id), max(e.id), min(e.at) - interval '1 hour' from trust_leaf l join trust_entry e on e.id = l.entry_id
where l.position >= %(first)s and l.position < %(last)s
"""
_WATCHED = f"""
with fresh as materialized (
    select e.id, e.at at time zone %(zone)s as at, e.person, e.person_name, e.agency, e.object,
        case when e.verb = 'exchange.query' then split_part(e.detail ->> 'purpose', '/', 1)
            else coalesce(e.detail ->> 'purpose', '') end as purpose, {CASED} as cased
    from trust_leaf l join trust_entry e on e.id = l.entry_id
    where l.position >= %(first)s and l.position < %(last)s and e.outcome in ('done', 'begun')
        and (e.person like 'officer:%%' or e.person like 'agency:%%')
), touched as (
    select r.entry, (array_agg(distinct r.subject))[1:20] as subjects, count(distinct r.subject)::int as count
    from trust_reading r
    where r.entry between %(low)s and %(high)s and r.at >= %(since)s group by r.entry
)
select f.id, f.person, f.person_name, f.agency, f.at::date, extract(hour from f.at)::int, f.object, f.purpose, f.cased,
    t.subjects, t.count
from fresh f join touched t on t.entry = f.id order by f.id
"""


def placed_until() -> int:
    """How many entries have their position in the journal."""
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(max(position) + 1, 0) from trust_leaf")
        return int(cursor.fetchone()[0])


def watched(first: int, last: int) -> list[Watched]:
    """What officers and departments' machines read, of the entries at the positions from `first` until before `last`, by entry.

    By positions, so that an entry which commits late is met by a later call and never passed over.
    """
    values: dict[str, Any] = {"first": first, "last": last, "zone": settings.TIME_ZONE}
    with connection.cursor() as cursor:
        cursor.execute(_SPAN, values)
        low, high, since = cursor.fetchone()
        if low is None:
            return []
        cursor.execute(_WATCHED, {**values, "low": low, "high": high, "since": since})
        return [_watched(row) for row in cursor.fetchall()]


def _watched(row: Sequence[Any]) -> Watched:
    entry, person, name, agency, day, hour, target, purpose, cased, subjects, touched = row
    return Watched(entry, person, name, agency, day, hour, target, purpose, cased, tuple(subjects), touched)


_PERSONS = """hashtextextended(e.person, 0) = any(array(select hashtextextended(p, 0) from unnest(%(persons)s::text[]) p))
and e.person = any(%(persons)s)"""
_AGAIN = f"""
select p.person, p.subject, count(distinct e.id), max(e.id)
from unnest(%(persons)s::text[], %(subjects)s::bigint[]) p(person, subject)
join trust_reading r on r.subject = p.subject and r.at >= %(since)s
join trust_entry e on e.id = r.entry and e.person = p.person and e.outcome in ('done', 'begun') and not {CASED}
group by 1, 2 having count(distinct e.id) >= %(least)s
"""


def again(pairs: Sequence[tuple[str, int]], since: datetime, least: int) -> dict[tuple[str, int], tuple[int, int]]:
    """Of these persons and subjects, those whose person read of the subject so often since then without naming a case.

    How often, and the last entry.
    """
    if not pairs:
        return {}
    persons, subjects = zip(*pairs, strict=True)
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"persons": list(persons), "subjects": list(subjects), "since": since, "least": least}
        cursor.execute(_AGAIN, values)
        return {(str(who), int(whom)): (int(often), int(last)) for who, whom, often, last in cursor.fetchall()}


def readings_by(
    persons: Sequence[str], agency: str, *, object: str = "", before: int = 0, limit: int = 50
) -> list[Reading]:
    """What officers of an agency, or its machine, read, newest first: entries that touched somebody's data."""
    values: dict[str, Any] = {
        "persons": list(persons), "agency": agency, "object": object, "before": before or LAST, "limit": limit,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {_COLUMNS} from trust_entry e where {_PERSONS} and e.agency = %(agency)s"
            " and e.id < %(before)s and e.outcome in ('done', 'begun') and (%(object)s = '' or e.object = %(object)s)"
            " and exists (select from trust_reading r where r.entry = e.id and r.at >= e.at - interval '1 minute'"
            " and r.at < e.at + interval '1 minute') order by e.id desc limit %(limit)s",
            values,
        )
        return [_reading(row) for row in cursor.fetchall()]
