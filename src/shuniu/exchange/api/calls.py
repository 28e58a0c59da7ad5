"""Call by call: what the gateway answered of a resource, for the agency that asked and the one whose rows they were."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from shuniu.exchange.gateway.declare import CALL
from shuniu.exchange.gateway.kept import unpacked
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


@dataclass(frozen=True)
class Call:
    """One answered question without anything of its answer: `number` is its evidence's, `purpose` as it was stated."""

    number: int
    at: datetime
    agency: str
    agency_name: str
    resource: str
    purpose: str
    agreement: int
    version: int


@verb("exchange.list_calls", "查看逐次查询")
def calls(*, actor: Actor, resource: str, agency: str = "", before: int = 0, limit: int = 50) -> tuple[Call, ...]:
    """The answered calls for a resource, newest first: its owner's of every agency or of one, everybody else's the own.

    `before` is the number of the last one seen. Raises Refused right.agency for another agency's.
    """
    require()
    owner = resource.partition("/")[0]
    if actor.agency != owner and agency not in ("", actor.agency):
        raise Refused("right.agency", "逐次查询只给使用单位和提供单位看。", "请查看本单位的查询。")
    asking = agency if actor.agency == owner else actor.agency
    found = _answered(f"resource:{resource}", asking, before, limit)
    record(f"resource:{resource}", detail={"agency": asking, "calls": len(found)})
    return found


_ANSWERED = """
select id, at, agency, agency_name, object, detail, proof from trust_entry
where hashtextextended(object, 0) = hashtextextended(%(object)s, 0) and object = %(object)s and verb = %(verb)s
    and proof is not null and (%(agency)s = '' or agency = %(agency)s) and (%(before)s = 0 or id < %(before)s)
order by id desc limit %(limit)s
"""


def _answered(target: str, agency: str, before: int, limit: int) -> tuple[Call, ...]:
    values: dict[str, str | int] = {"object": target, "verb": CALL, "agency": agency, "before": before, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERED, values)
        return tuple(_call(row) for row in cursor.fetchall())


def _call(row: Sequence[Any]) -> Call:
    number, at, agency, name, target, detail, proof = row
    said, kept = json.loads(detail), unpacked(bytes(proof))
    return Call(number, at, agency, name, target.partition(":")[2], str(said["purpose"]), kept.agreement, kept.version)
