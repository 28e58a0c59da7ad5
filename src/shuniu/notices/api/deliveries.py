"""Deliveries as those see them who answer for them: lists, trying again, giving up, and the evidence of one notice."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from shuniu.notices import channels, jobs, rules, store
from shuniu.notices.declare import CHANNELS, INBOX, DeliveryView, Evidence, Proof, State, Way
from shuniu.notices.models import Delivery, Notice
from shuniu.trust.api import OVERSEE, record, require, verb
from shuniu.trust.declare import Actor, Refused


def ways() -> tuple[Way, ...]:
    """Every channel: whether it is set up here, and its quiet hours. Without any set up, the inbox alone works."""
    hours = str(rules.quiet())
    return tuple(Way(one, channels.ready(one.key), hours if one.quiet else "") for one in CHANNELS.values())


@verb("notices.list_deliveries", "查看发送记录", reads=True)
def deliveries(
    *, actor: Actor, state: str = "", channel: str = "", limit: int = 50, before: int = 0
) -> tuple[DeliveryView, ...]:
    """The outgoing deliveries that the actor's agency answers for, newest first; oversight sees all. No text is shown.

    `state` one of `State`, or `trouble` for what failed or was given up. Raises Refused notices.state, notices.channel.
    """
    require()
    found = _mine(actor).exclude(channel=INBOX.key).select_related("notice").order_by("-id")
    if state:
        found = found.filter(state__in=_states(state))
    if channel:
        found = found.filter(channel=rules.channel(channel).key)
    if before:
        found = found.filter(pk__lt=before)
    listed = tuple(store.view(one) for one in found[:limit])
    record("deliveries", detail={"deliveries": len(listed)})
    return listed


@verb("notices.read_evidence", "查看送达凭据", reads=True)
def evidence(*, actor: Actor, notice: int) -> Evidence:
    """What was told to whom and all that came of it, with the text. Raises Refused (notice.unknown) for another agency's."""
    require()
    found = Notice.objects.filter(pk=notice).first()
    if found is None or not (actor.may(OVERSEE) or (found.owner and found.owner == actor.agency)):
        raise Refused("notice.unknown", f"没有第 {notice} 号通知，或者不由您的单位负责。", "请从发送记录进入。")
    rows = list(found.deliveries.select_related("notice").order_by("id"))
    happened = store.occurrences(rows)
    record(f"notice:{notice}")
    return Evidence(
        found.pk, found.title, found.text, found.object, store.recipient(found), found.at, found.read_at, found.read_by,
        tuple(Proof(store.view(one), one.text, happened[one.pk]) for one in rows),
    )  # fmt: skip


@verb("notices.retry", "重新发送")
def retry(*, actor: Actor, number: int) -> DeliveryView:
    """Begin the attempts of a delivery anew, now. One that its receiver reported dead goes out under a new reference.

    Raises Refused: notices.delivery_unknown; notices.not_failed for what has arrived or still awaits its receipt;
    notices.fleeting for a one-time code, whose text is gone.
    """
    require()
    delivery = _locked(actor, number)
    if delivery.state not in (State.FAILED.value, State.GIVEN_UP.value):
        raise Refused(
            "notices.not_failed", f"第 {number} 号发送{State(delivery.state).title}。", "只有未送达的可以重新发送。"
        )
    if delivery.fleeting:
        raise Refused("notices.fleeting", "一次性内容不能重发。", "请收件人重新获取。")
    if store.receipt(delivery) == "failed":
        store.renew_reference(delivery)
        delivery.save(update_fields=["reference"])
    delivery.attempts = 0
    store.move(delivery, State.QUEUED, said=delivery.said, due_at=timezone.now())
    store.happened(delivery, "retried", by=actor.person)
    jobs.enqueue(delivery.channel)
    record(f"delivery:{number}", detail={"state": delivery.state, "reference": delivery.reference})
    return store.view(delivery)


@verb("notices.give_up", "停止发送")
def give_up(*, actor: Actor, number: int, reason: str) -> DeliveryView:
    """End a delivery that has not arrived; the reason stays with its evidence.

    Raises Refused: notices.delivery_unknown, notices.ended, notices.reason.
    """
    require()
    delivery = _locked(actor, number)
    if State(delivery.state).ended:
        raise Refused("notices.ended", f"第 {number} 号发送{State(delivery.state).title}。", "不必再停止。")
    if not reason.strip():
        raise Refused("notices.reason", "停止发送须说明原因。", "请填写原因。")
    store.move(delivery, State.GIVEN_UP, said=delivery.said, due_at=None)
    store.happened(delivery, "given_up", reason.strip(), actor.person)
    record(f"delivery:{number}", detail={"state": delivery.state})
    return store.view(delivery)


def _mine(actor: Actor) -> QuerySet[Delivery]:
    return Delivery.objects.all() if actor.may(OVERSEE) else Delivery.objects.filter(notice__owner=actor.agency or "-")


def _locked(actor: Actor, number: int) -> Delivery:
    found = _mine(actor).exclude(channel=INBOX.key).select_related("notice").select_for_update(of=("self",))
    delivery = found.filter(pk=number).first()
    if delivery is None:
        raise Refused(
            "notices.delivery_unknown", f"没有第 {number} 号发送，或者不由您的单位负责。", "请从发送记录进入。"
        )
    return delivery


def _states(state: str) -> list[str]:
    if state == "trouble":
        return [State.FAILED.value, State.GIVEN_UP.value]
    if state not in {one.value for one in State}:
        raise Refused("notices.state", f"没有“{state}”这种状态。", f"可用的状态：{'、'.join(State)}、trouble。")
    return [state]
