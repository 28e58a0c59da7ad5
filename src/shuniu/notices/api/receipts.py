"""Receipts of what was sent: as the gateway calls, as it is asked, and the end when neither brings one."""

from __future__ import annotations

import hmac
import time
from datetime import timedelta

from django.utils import timezone
from pydantic import ValidationError

from shuniu.notices import channels, rules, store
from shuniu.notices.api.sending import RUN
from shuniu.notices.channels import sms
from shuniu.notices.declare import SMS, State
from shuniu.notices.models import Delivery
from shuniu.notices.sealing import unseal
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Json, Refused

SKEW = 300
"""How old a signed call may be, in seconds: a recorded one is worth nothing later."""

_NO_RECEIPT = "期限内没有回执"
_A_RUN = 100


@verb("notices.take_receipt", "接收短信回执")
def take_receipt(*, actor: Actor, body: bytes, stamp: str, signature: str) -> State:
    """Take a receipt that the gateway sent: its body and its two headers (`channels.sms`). Returns where the delivery stands.

    The first final word stands; a repeat changes nothing, and one that comes after the delivery was given up for want
    of a receipt is believed. Raises Refused: notices.receipt_forged, receipt_old, receipt_form, receipt_unknown.
    """
    require()
    if not channels.ready(SMS.key):
        raise Refused("notices.unready", "本实例未配置短信网关，不接收回执。", "请管理员先配置短信网关。")
    if not hmac.compare_digest(sms.signature(stamp, body).encode(), signature.encode()):
        raise Refused(
            "notices.receipt_forged", "回执的签名不对。", "请核对共享密钥，并对时间戳、换行和原文逐字节计算。"
        )
    if not stamp.isdigit() or abs(time.time() - int(stamp)) > SKEW:
        raise Refused("notices.receipt_old", f"回执的时间戳与本机相差超过 {SKEW} 秒。", "请校准时钟后重新签名发送。")
    try:
        receipt = sms.Receipt.model_validate_json(body)
    except ValidationError as error:
        raise Refused(
            "notices.receipt_form", "回执应为 JSON：reference、state、said。", "请对照接口说明改正。"
        ) from error
    delivery = Delivery.objects.select_for_update().filter(channel=SMS.key, reference=receipt.reference).first()
    if delivery is None:
        raise Refused("notices.receipt_unknown", "没有这个编号的短信。", "请按发送时的 reference 原样返回。")
    return _noted(delivery, receipt.state, receipt.said, "call")


@verb("notices.ask_receipt", "查询短信回执")
def ask(*, actor: Actor, number: int, found: sms.Said) -> State:
    """Note what the gateway answered when it was asked for a delivery's receipt."""
    require()
    delivery = Delivery.objects.select_for_update().get(pk=number)
    if found.state == "accepted" and delivery.state == State.SENT.value:
        delivery.due_at = timezone.now() + rules.receipt_look()
        delivery.save(update_fields=["due_at"])
    if found.state == "accepted":
        record(f"delivery:{number}", detail={"receipt": "none"})
        return State(delivery.state)
    return _noted(delivery, found.state, found.said, "asked")


@verb("notices.expire_receipts", "回执逾期")
def expire(*, actor: Actor) -> int:
    """End what was sent longer ago than receipts are waited for. Returns how many."""
    require()
    before = timezone.now() - timedelta(hours=rules.dated("notices.receipt.hours"))
    ended: list[Json] = [*store.expire(SMS.key, before, _NO_RECEIPT)]
    record("deliveries", detail={"channel": SMS.key, "deliveries": ended, "said": _NO_RECEIPT})
    return len(ended)


def look_for_receipts(*, actor: Actor) -> int:
    """Ask for the receipts that are due to be asked for, then end what waited too long. Returns how many were asked for.

    Not a verb: it is made of them, and between them waits for the gateway.
    """
    now = timezone.now()
    sent = Delivery.objects.filter(channel=SMS.key, state=State.SENT.value)
    due = list(sent.filter(due_at__lte=now).order_by("due_at").values_list("pk", "reference")[:_A_RUN])
    end = time.monotonic() + RUN
    for number, reference in due:
        if time.monotonic() > end:
            break
        found = sms.look(reference) if channels.ready(SMS.key) else None
        if found is None:
            store.ask_later(rules.receipt_look())
            break
        ask(actor=actor, number=number, found=found)
    hours = timedelta(hours=rules.dated("notices.receipt.hours"))
    if sent.filter(sent_at__lt=now - hours).exists():
        expire(actor=actor)
    return len(due)


def _noted(delivery: Delivery, state: str, said: str, by: str) -> State:
    said = rules.cleaned(said, unseal(delivery.address or b""))
    standing = State(delivery.state)
    told = bool(store.receipt(delivery))
    final = State.DELIVERED if state == "delivered" else State.GIVEN_UP
    if not told:
        store.move(delivery, final, said=said, due_at=None)
        store.happened(delivery, f"receipt_{state}", said, by)
    elif (standing is State.DELIVERED) != (final is State.DELIVERED):
        store.happened(delivery, f"contradicted_{state}", said, by)
    detail: dict[str, Json] = {"notice": delivery.notice_id, "receipt": state, "state": delivery.state, "said": said}
    record(f"delivery:{delivery.pk}", detail=detail | {"repeated": told, "by": by})
    return State(delivery.state)
