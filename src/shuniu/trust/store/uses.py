"""What was given by whom and when it was last used: read back from the journal for who accounts for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection

from shuniu.trust.declare import Given, Used
from shuniu.trust.store.entries import same

LAST = f"""
select (
    select e.at from trust_entry e
    where {same("person", "(a.it->>'person')")} and e.outcome = 'done'
        and (a.it->'verbs' = '[]' or jsonb_exists(a.it->'verbs', e.verb))
        and (a.it->>'ending' = '' or right(e.person_name, length(a.it->>'ending')) = a.it->>'ending')
        and (a.it->>'instead_of' = '' or jsonb_exists(e.detail->'instead_of', a.it->>'instead_of'))
    order by e.id desc limit 1)
from jsonb_array_elements(%s::jsonb) with ordinality a(it, place) order by a.place
"""
"""A walk back over each person's own entries until one fits: one index, one statement for all that is asked."""


def last_uses(asked: Sequence[Used]) -> tuple[datetime | None, ...]:
    """When each was last done, in the order asked; None where the journal knows of no time."""
    with connection.cursor() as cursor:
        cursor.execute(LAST, [json.dumps([asdict(one) for one in asked])])
        return tuple(row[0] for row in cursor.fetchall())


_WHAT = "select e.object, e.at, e.person, e.person_name, e.agency_name, e.detail, e.verb from trust_entry e"
GIVEN = f"""
{_WHAT} where hashtextextended(e.object, 0) = any(array(select hashtextextended(o, 0) from unnest(%s::text[]) o))
    and e.object = any(%s) and e.verb = %s and e.outcome = 'done' order by e.id
"""
GIVEN_BY = f"""
{_WHAT} where {same("person", "%s")} and e.verb = any(%s) and e.outcome = 'done' order by e.id desc limit %s
"""


def given(targets: Sequence[str], verb: str) -> list[Given]:
    """What was done by a verb to these objects, the oldest first: who, of which agency, when, and what of it."""
    return _given(GIVEN, [list(targets), list(targets), verb])


def given_by(person: str, verbs: Sequence[str], limit: int) -> list[Given]:
    """What a person did by these verbs, the newest first: a walk back over the person's own entries."""
    return _given(GIVEN_BY, [person, person, list(verbs), limit])


def _given(sql: str, values: Sequence[Any]) -> list[Given]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [
            Given(target, at, person, name, agency, json.loads(detail) if isinstance(detail, str) else detail, verb)
            for target, at, person, name, agency, detail, verb in cursor.fetchall()
        ]
