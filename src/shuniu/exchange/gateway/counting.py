"""How connections do: read by provider and consumer, and by the office for all; kept small by a job."""

from __future__ import annotations

import time

from django.utils import timezone

from shuniu.exchange.gateway import files, interfaces, uploads
from shuniu.exchange.gateway.declare import EPOCH, Connections
from shuniu.exchange.gateway.rules import limits
from shuniu.exchange.gateway.store import calls as store
from shuniu.trust.api import OVERSEE, record, require, verb
from shuniu.trust.declare import Actor

HOURS, MOST = 24, 500
KEPT = 120
"""Minutes that stand by themselves before they are added up into hours."""


@verb("exchange.read_connections", "查看接口运行情况")
def connections(*, actor: Actor, agency: str = "", resource: str = "", hours: int = HOURS) -> Connections:
    """How the connections do where the agency asks or is asked; the office's '' are all. At most `MOST` lines of each kind.

    Raises Refused right.agency for another agency's.
    """
    wanted = agency or ("" if actor.may(OVERSEE) else actor.agency)
    require(agency=wanted or actor.agency)
    found = store.connections(wanted, resource, max(1, min(hours, 24 * 90)), MOST)
    record("connections", detail={"agency": wanted, "resource": resource, "rows": len(found.hours)})
    return found


@verb("exchange.tidy_calls", "整理接口记录")
def tidy(*, actor: Actor) -> int:
    """Add old minutes up into hours; forget nonces and idempotency keys that no request can meet any more, ended files and uploads.

    Tell of live interfaces that are not asked any more. Returns how many hours were touched.
    """
    require()
    now = int(time.time())
    touched = store.roll(now // 60 - KEPT)
    store.forget(now - EPOCH, limits(timezone.localdate()).once)
    interfaces.warn()
    record("connections", detail={"hours": touched, "files": uploads.drop_ended() + files.drop_ended()})
    return touched
