"""What rights were given by whom and when they were last used: read back from the journal for who accounts for rights."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import connection

from shuniu.trust.declare import Given, Used

LAST = """
select (
    select e.at from trust_entry e
    where e.person = a.it->>'person' and e.outcome = 'done'
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


def given(targets: Sequence[str], verb: str) -> list[Given]:
    """What was done by a verb to these objects, the oldest first: who, of which agency, when, and what of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select e.object, e.at, e.person, e.person_name, e.agency_name, e.detail from trust_entry e"
            " where e.object = any(%s) and e.verb = %s and e.outcome = 'done' order by e.id",
            [list(targets), verb],
        )
        return [
            Given(target, at, person, name, agency, json.loads(detail) if isinstance(detail, str) else detail)
            for target, at, person, name, agency, detail in cursor.fetchall()
        ]
