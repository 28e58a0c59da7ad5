"""Sending what is due: each attempt is noted before it is made and after, in transactions of their own.

A process that dies in between leaves a delivery that is due again later, with one attempt counted: it is sent at least
once, and the receiver knows a repeat by its reference (`channels`). What kills its worker every time ends all the same.
"""

from __future__ import annotations

import time

from django.utils import timezone

from shuniu.notices import channels, jobs, rules, store
from shuniu.notices.channels.outcome import Answer, Outcome, Outgoing
from shuniu.notices.declare import CHANNELS, State
from shuniu.notices.models import Delivery
from shuniu.notices.sealing import unseal
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Json, Refused

RUN = 20.0
"""How long one run goes on sending before other jobs have their turn: seconds."""

_UNSET = "本实例未配置这一渠道"
_UNANSWERED = "最后一次发送没有结果"


def send_due(*, actor: Actor, channel: str) -> int:
    """Send what is due on a channel, until nothing is, the channel fails or the run's time is over. Returns how many.

    Not a verb: it is made of them, and between them waits for servers outside.
    """
    way, sent, end = CHANNELS[channel], 0, time.monotonic() + RUN
    with channels.opened(channel) as send:
        while True:
            urgent_only = rules.keeps_quiet(way, timezone.now())
            number = store.next_due(channel, urgent_only=urgent_only)
            if number is None:
                return sent
            if time.monotonic() > end:
                jobs.enqueue(channel)
                return sent
            outgoing = begin(actor=actor, number=number)
            if outgoing is None:
                continue
            outcome = send(outgoing) if channels.ready(channel) else Outcome(Answer.TROUBLE, _UNSET)
            note(actor=actor, number=number, outcome=outcome)
            sent += outcome.answer is Answer.ACCEPTED
            if outcome.answer is Answer.TROUBLE:
                put_off(actor=actor, channel=channel, said=rules.cleaned(outcome.said, outgoing.address))
                return sent


@verb("notices.begin_delivery", "开始发送通知")
def begin(*, actor: Actor, number: int) -> Outgoing | None:
    """Count an attempt and hand out what is to be sent; None when all attempts are used up, and the delivery has ended.

    Raises Refused (notices.not_due) when another process was first.
    """
    require()
    delivery = Delivery.objects.select_for_update().select_related("notice").get(pk=number)
    now, retry = timezone.now(), rules.retry()
    if delivery.state not in store.WAITING or delivery.due_at is None or delivery.due_at > now or not delivery.address:
        raise Refused("notices.not_due", f"第 {number} 号发送已由另一进程办理。")
    if delivery.attempts >= retry.count:
        _end(delivery, _UNANSWERED)
        return None
    delivery.attempts += 1
    store.move(delivery, State(delivery.state), said=delivery.said, due_at=now + retry.wait(delivery.attempts))
    store.happened(delivery, "begun")
    record(f"delivery:{number}", outcome="begun", detail=_detail(delivery))
    return Outgoing(
        number, delivery.reference, unseal(delivery.address), delivery.title, delivery.text, delivery.notice.at
    )


@verb("notices.note_delivery", "记录发送结果")
def note(*, actor: Actor, number: int, outcome: Outcome) -> State:
    """Note what came of an attempt. A receipt that overtook the answer stands. Returns the state."""
    require()
    delivery = Delivery.objects.select_for_update().get(pk=number)
    said = rules.cleaned(outcome.said, unseal(delivery.address or b""))
    if State(delivery.state).ended:
        store.happened(delivery, outcome.answer.value, said)
        record(f"delivery:{number}", outcome="ended", detail=_detail(delivery))
        return State(delivery.state)
    now, due_at = timezone.now(), delivery.due_at
    if outcome.answer is Answer.ACCEPTED:
        state = State.SENT if CHANNELS[delivery.channel].receipts else State.DELIVERED
        delivery.sent_at, due_at = now, now + rules.receipt_look()
    elif outcome.answer is Answer.REFUSED or delivery.attempts >= rules.retry().count:
        state = State.GIVEN_UP
    else:
        state = State.FAILED
    store.move(delivery, state, said=said, due_at=due_at)
    store.happened(delivery, outcome.answer.value, said)
    if state is State.GIVEN_UP:
        store.happened(delivery, "given_up")
    record(f"delivery:{number}", outcome="ended", detail=_detail(delivery))
    return state


@verb("notices.put_off", "渠道故障，推迟发送")
def put_off(*, actor: Actor, channel: str, said: str) -> int:
    """Count an attempt for everything else that is due on a channel that fails. Returns for how many."""
    require()
    urgent_only = rules.keeps_quiet(CHANNELS[channel], timezone.now())
    moved = store.put_off(channel, said, rules.retry(), urgent_only=urgent_only)
    numbers: list[Json] = [*moved]
    record("deliveries", detail={"channel": channel, "deliveries": numbers, "said": said})
    return len(moved)


def _end(delivery: Delivery, said: str) -> None:
    store.move(delivery, State.GIVEN_UP, said=said, due_at=None)
    store.happened(delivery, "given_up", said)
    record(f"delivery:{delivery.pk}", outcome="ended", detail=_detail(delivery))


def _detail(delivery: Delivery) -> dict[str, Json]:
    return {
        "notice": delivery.notice_id,
        "channel": delivery.channel,
        "state": delivery.state,
        "attempt": delivery.attempts,
        "reference": delivery.reference,
        "said": delivery.said,
    }
