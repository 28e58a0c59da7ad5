"""Set-based reading and writing of notices, and the one place that changes a delivery's state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from shuniu.notices.declare import DeliveryView, OccurrenceView, State
from shuniu.notices.models import Contact, Delivery, Notice, Occurrence
from shuniu.notices.rules import Retry
from shuniu.trust.declare import Actor

OF_AGENCY = "notices.read_agency"
WAITING = (State.QUEUED.value, State.FAILED.value)
_GONE = "（一次性内容，已不再保存）"


def insert_notices(notices: Sequence[Notice]) -> list[Notice]:
    """Write the notices; those whose `once` was used before are left out. Returns what was written, with numbers."""
    if not any(notice.once for notice in notices):
        return Notice.objects.bulk_create(notices)
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    numbers = dict(Notice.objects.filter(key__in=[one.key for one in notices]).values_list("key", "pk"))
    for notice in notices:
        notice.pk = numbers.get(notice.key)
    return [notice for notice in notices if notice.pk]


def addresses(notices: Iterable[Notice], channels: Sequence[str]) -> dict[tuple[str, str, str], bytes]:
    """The verified addresses, sealed, of those told, by person, agency and channel."""
    told = list(notices)
    people, agencies = {one.person for one in told} - {""}, {one.agency for one in told} - {""}
    if not channels or not (people or agencies):
        return {}
    found = Contact.objects.filter(Q(person__in=people) | Q(agency__in=agencies)).filter(
        channel__in=channels, verified_at__isnull=False
    )
    return {(one.person, one.agency, one.channel): bytes(one.address or b"") for one in found}


def next_due(channel: str, *, urgent_only: bool) -> int | None:
    """The delivery that is to go out next on a channel: urgent before others, then the longest due."""
    due = Delivery.objects.filter(channel=channel, state__in=WAITING, due_at__lte=timezone.now())
    due = due.filter(urgent=True) if urgent_only else due
    return due.order_by("-urgent", "due_at", "id").values_list("id", flat=True).first()


def happened(delivery: Delivery, what: str, said: str = "", by: str = "") -> None:
    """Add a line to a delivery's evidence."""
    Occurrence.objects.create(delivery=delivery, at=timezone.now(), what=what, said=said, by=by)


def move(delivery: Delivery, state: State, *, said: str, due_at: datetime | None) -> None:
    """Put a locked delivery into a state; one that ends loses what was said but once."""
    delivery.state, delivery.said, delivery.due_at = state.value, said, None if state.ended else due_at
    if state.ended and delivery.fleeting:
        delivery.text = _GONE
    delivery.save(update_fields=["state", "said", "due_at", "text", "attempts", "sent_at"])


def put_off(channel: str, said: str, retry: Retry, *, urgent_only: bool) -> list[int]:
    """The channel failed: an attempt is counted for all that is due on it, set-based, and the last one ends. Returns which.

    So a channel that stays broken costs one wait a run, and still nothing stays queued for ever.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with due as (
                select id from notices_delivery
                where channel = %(channel)s and state in ('queued', 'failed') and due_at <= %(now)s
                    and (urgent or not %(urgent_only)s)
                for update skip locked
            ), moved as (
                update notices_delivery delivery set
                    attempts = attempts + 1,
                    said = %(said)s,
                    state = case when attempts + 1 >= %(count)s then 'given_up' else 'failed' end,
                    due_at = case when attempts + 1 < %(count)s then %(now)s + make_interval(secs => %(first)s * 2 ^ attempts) end,
                    text = case when fleeting and attempts + 1 >= %(count)s then %(gone)s else text end
                from due where delivery.id = due.id
                returning delivery.id, delivery.state
            )
            insert into notices_occurrence (delivery_id, at, what, said, by)
            select id, %(now)s, case state when 'given_up' then 'given_up' else 'trouble' end, %(said)s, '' from moved
            returning delivery_id
            """,
            {
                "channel": channel, "now": timezone.now(), "urgent_only": urgent_only, "said": said,
                "count": retry.count, "first": retry.first.total_seconds(), "gone": _GONE,
            },
        )  # fmt: skip
        return [number for (number,) in cursor.fetchall()]


def expire(channel: str, before: datetime, said: str) -> list[int]:
    """End what was sent before that moment and never answered for. Returns which."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with moved as (
                update notices_delivery set state = 'given_up', due_at = null, said = %(said)s,
                    text = case when fleeting then %(gone)s else text end
                where channel = %(channel)s and state = 'sent' and sent_at < %(before)s
                returning id
            )
            insert into notices_occurrence (delivery_id, at, what, said, by)
            select id, %(now)s, 'given_up', %(said)s, '' from moved returning delivery_id
            """,
            {"channel": channel, "before": before, "said": said, "gone": _GONE, "now": timezone.now()},
        )
        return [number for (number,) in cursor.fetchall()]


def ask_later(wait: timedelta) -> None:
    """No receipt could be asked for: all that were to be asked for now are asked for later."""
    now = timezone.now()
    Delivery.objects.filter(state=State.SENT.value, due_at__lte=now).update(due_at=now + wait)


def inbox(actor: Actor) -> QuerySet[Notice]:
    """What the actor was told himself, what those of his capabilities are told, and, for whom that is work, his agency."""
    mine = Q(person=actor.person)
    if actor.agency and actor.may(OF_AGENCY):
        mine |= Q(agency=actor.agency)
    held = actor.capabilities
    if held:
        mine |= Q(capability__in=sorted(held))
    return Notice.objects.filter(mine, in_inbox=True)


def recipient(notice: Notice) -> str:
    """Whom a notice went to, as an opaque id: a person's, an agency's, a capability."""
    return notice.person or notice.agency or notice.capability


def view(delivery: Delivery) -> DeliveryView:
    notice = delivery.notice
    return DeliveryView(
        delivery.pk, notice.pk, notice.title, notice.object, recipient(notice), delivery.channel, delivery.masked,
        State(delivery.state), delivery.attempts, delivery.said, delivery.at, delivery.due_at, notice.owner,
    )  # fmt: skip


def occurrences(deliveries: Sequence[Delivery]) -> dict[int, tuple[OccurrenceView, ...]]:
    """All that happened to these deliveries, in order, by delivery."""
    found: dict[int, list[OccurrenceView]] = {one.pk: [] for one in deliveries}
    for one in Occurrence.objects.filter(delivery__in=deliveries).order_by("id"):
        found[one.delivery_id].append(OccurrenceView(one.at, one.what, one.said, one.by))
    return {number: tuple(rows) for number, rows in found.items()}


def give_up_for(person: str, agency: str, channel: str, said: str, by: str) -> int:
    """End what still waits to go to an address that its owner took back. Returns how many."""
    waiting = Delivery.objects.select_for_update().filter(
        notice__person=person, notice__agency=agency, channel=channel, state__in=WAITING
    )
    count = 0
    for delivery in waiting.order_by("id"):
        move(delivery, State.GIVEN_UP, said=said, due_at=None)
        happened(delivery, "given_up", said, by)
        count += 1
    return count


def reference_of(notice: Notice, channel: str) -> str:
    """What a receiver knows this delivery and its repeats by."""
    return f"{notice.key.hex}.{channel}"


def receipt(delivery: Delivery) -> str:
    """What a receipt has said of a delivery since it was last begun anew: delivered, failed; empty without one."""
    last = (
        delivery.occurrences.filter(what__in=["receipt_delivered", "receipt_failed", "retried"]).order_by("-id").first()
    )
    return last.what.removeprefix("receipt_") if last and last.what != "retried" else ""


def renew_reference(delivery: Delivery) -> None:
    """A reference that the receiver has declared dead is not used again."""
    head, _, round_ = delivery.reference.partition("~")
    delivery.reference = f"{head}~{int(round_ or 1) + 1}"
