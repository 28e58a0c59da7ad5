"""The documents of cases on their way, their sealed addresses, and the window's list. Called by `api` alone."""

from __future__ import annotations

import json
from datetime import datetime

from django.db.models import QuerySet

from shuniu.cases.declare.postal import Addressee, HandoverState, Way
from shuniu.cases.declare.postal import HandoverEvent as EventView
from shuniu.cases.models import Handover, HandoverEvent
from shuniu.cases.store import successions
from shuniu.trust import api as trust
from shuniu.trust.declare import Actor, Refused

_KEY, _PURPOSE = "postal.key", b"shuniu.cases.postal"
COURIER = "寄递企业"


def seal(to: Addressee) -> bytes:
    """An address, encrypted: neither a dump nor a replica tells where somebody lives."""
    text = json.dumps([to.name, to.telephone, to.address], ensure_ascii=False)
    return trust.seal(_KEY, text.encode(), _PURPOSE)


def unseal(row: Handover) -> Addressee:
    """Raises Refused postal.no_address where there is none, or none any more."""
    if row.sealed is None:
        raise Refused("postal.no_address", "没有收件地址，或者已经送达并销毁。", "未送达的，请联系申请人选择邮寄。")
    return Addressee(*json.loads(trust.unseal(_KEY, row.sealed, _PURPOSE)))


def of_order(order: str) -> Handover:
    """Whose documents an order of ours carries, of this attempt or an earlier one; locked. Raises Refused postal.unknown_order."""
    case = order.rpartition("-P")[0]
    row = Handover.objects.select_for_update(of=("self",)).select_related("case").filter(case__number=case).first()
    if row is None or row.order is None:
        raise unknown(order)
    return row


def unknown(order: str) -> Refused:
    """The refusal of an order that is not there, or that its reader may not know of."""
    return Refused("postal.unknown_order", f"没有编号为“{order}”的交寄，或者您不能办理它。", "请核对订单号。")


def happened(row: Handover, move: str, actor: Actor, at: datetime, noted: datetime, **evidence: str) -> HandoverEvent:
    """Add one event to the evidence."""
    who = COURIER if actor.person == "system:courier" else actor.name
    return HandoverEvent.objects.create(
        handover=row, move=move, at=at, noted_at=noted, who=who, person=actor.person, **evidence
    )


def listed(agency: str) -> QuerySet[Handover]:
    """What an agency has to hand over, has handed over, or waits for: of the decided cases that it looks after."""
    rows = Handover.objects.filter(case__agency__in=successions.estate(agency), case__decision__isnull=False)
    return rows.select_related("case", "case__decision")


def on_the_way() -> list[str]:
    """The orders that a courier was given and that have not ended."""
    going = (HandoverState.WAITING, HandoverState.CONSIGNED, HandoverState.TRANSIT)
    rows = Handover.objects.filter(state__in=going, way=Way.MAIL, order__isnull=False).order_by("pk")
    return [order for order in rows.values_list("order", flat=True) if order]


def events(row: Handover) -> tuple[EventView, ...]:
    """All that happened, the oldest first."""
    return tuple(
        EventView(one.move, one.at, one.noted_at, one.who, one.said, one.signer, one.proof, one.order)
        for one in row.events.order_by("pk")
    )
