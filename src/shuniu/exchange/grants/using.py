"""Reading under an agreement on the desk: the one in force, the rows that it grants, what was used."""

from __future__ import annotations

from dataclasses import replace
from itertools import compress

from django.utils import timezone

from shuniu.catalogue.declare import Resource
from shuniu.exchange.grants import policy, store
from shuniu.exchange.grants.declare import Agreement
from shuniu.exchange.grants.purposes import purpose_title
from shuniu.registries.declare import Found
from shuniu.trust.declare import Actor


def in_force(actor: Actor, resource: Resource, use: str) -> Agreement:
    """The agreement under which an officer may read now, for a purpose by its key. Raises Refused grant.*, share.none."""
    today = timezone.localdate()
    found = store.look_up(actor.agency, resource.key, use, today)
    return policy.usable(found, resource, purpose=purpose_title(use, today), person=actor.person)


def granted(agreement: Agreement, resource: Resource, found: Found) -> Found:
    """Of what was found the rows that lie in the granted regions; the call and these rows are counted."""
    places = [row.values.get(resource.by_region) or "" for row in found.rows]
    kept = [policy.region_granted(agreement, resource, place) for place in places]
    rows = tuple(compress(found.rows, kept))
    store.count_use(agreement.number, timezone.localdate(), calls=1, rows=len(rows))
    return replace(found, rows=rows, beside={name: tuple(compress(of, kept)) for name, of in found.beside.items()})
