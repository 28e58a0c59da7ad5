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
from shuniu.trust.declare import Actor, Refused


def in_force(actor: Actor, resource: Resource, use: str) -> Agreement:
    """The agreement under which an officer may read now, for a purpose by its key. Raises Refused grant.*, share.none."""
    today = timezone.localdate()
    found = store.look_up(actor.agency, resource.key, use, today)
    refused = policy.refusal(found, resource, purpose_title(use, today))
    agreement = found.in_force
    if refused is None and agreement is not None:
        refused = policy.own_grant(agreement, actor.person)
    if refused is not None or agreement is None:
        raise refused or Refused("grant.never", "没有共享协议。", "请申请共享。")
    return agreement


def granted(agreement: Agreement, resource: Resource, found: Found) -> Found:
    """Of what was found the rows that lie in the granted regions; the call and these rows are counted."""
    places = [row.values.get(resource.by_region) or "" for row in found.rows]
    kept = [policy.region_granted(agreement, resource, place) for place in places]
    rows = tuple(compress(found.rows, kept))
    store.count_use(agreement.number, timezone.localdate(), calls=1, rows=len(rows))
    return replace(found, rows=rows, beside={name: tuple(compress(of, kept)) for name, of in found.beside.items()})
