"""Booking a time at a window (预约): what is offered, booked, cancelled; reminders; what a day's end closes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from shuniu.base.masking import mask_name
from shuniu.base.rules import RuleBook
from shuniu.cases.api import appointment_views as views
from shuniu.cases.api import items
from shuniu.cases.declare.appointment import BookingState, BookingView, NumberState, Offer, WindowView
from shuniu.cases.models import Booking, QueueNumber, ServiceWindow
from shuniu.cases.rules import appointments as rules
from shuniu.cases.store import appointments as store
from shuniu.notices import api as notices
from shuniu.notices.declare import EMAIL, INBOX, SMS, Letter, Recipient, Template, Words
from shuniu.procedures.api import oversight
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

MOST_LISTED = 100
_FIELDS = ("number", "item", "at", "place")
BOOKED, REMINDER, DROPPED = (
    notices.register(
        Template(f"cases.{key}", title, text, _FIELDS, (INBOX.key, EMAIL.key, SMS.key))
    ).key
    for key, title, text in (
        (
            "booked",
            Words("预约成功", "Your appointment"),
            Words("已为您预约{at}在{place}办理“{item}”，预约号 {number}。请按时到窗口报预约号取号；来不了请提前取消。",
                  "You are booked at {place}, {at}, for \u201c{item}\u201d; booking {number}. Name it at the window; "
                  "cancel if you cannot come."),
        ),
        (
            "booking_reminder",
            Words("预约提醒", "Reminder of your appointment"),
            Words("请于{at}到{place}办理“{item}”，预约号 {number}。来不了请在开始前取消。",
                  "Your appointment for \u201c{item}\u201d is {at} at {place}; booking {number}. Cancel before it begins "
                  "if you cannot come."),
        ),
        (
            "booking_dropped",
            Words("预约被窗口取消", "Your appointment was cancelled"),
            Words("{place}在{at}不再办理业务，您“{item}”的预约 {number} 已取消，不计未到。请另约时间。",
                  "{place} will not be open {at}: booking {number} for \u201c{item}\u201d is cancelled. Please book again."),
        ),
    )
)  # fmt: skip


def limits(on: date) -> rules.Limits:
    """The dated rules of booking as they are on a day. Raises NoRule."""
    book = RuleBook.load(settings.RULE_PACK)
    keys = ("ahead.days", "open.count", "missed.count", "missed.days", "blocked.days")
    return rules.Limits(*(book.resolve(f"appointments.{key}", on, settings.PROVINCE).integer() for key in keys))


def windows(item: str = "", agency: str = "") -> tuple[WindowView, ...]:
    """The windows, those that serve an item or are an agency's. Public: they are places to go to."""
    rows = ServiceWindow.objects.prefetch_related("schedules").order_by("agency", "pk")
    rows = rows.filter(items__contains=[item]) if item else rows
    return views.windows(rows.filter(agency=agency) if agency else rows)


def window(number: int) -> WindowView:
    """One window. Public. Raises Refused appointments.no_window."""
    return views.windows([store.found(number)])[0]


def offers(number: int, now: datetime | None = None) -> tuple[Offer, ...]:
    """The working days that a window can be booked on, with what is free in each slot. Public: nobody is in it.

    Raises Refused appointments.no_window.
    """
    row, now = store.found(number), now or timezone.now()
    return _offers(row, _days(row, now), now)


def _days(row: ServiceWindow, now: datetime) -> list[date]:
    today = timezone.localdate(now)
    return rules.days_ahead(oversight.calendar(row.region).is_working, today, limits(today).ahead)


def _offers(row: ServiceWindow, days: list[date], now: datetime) -> tuple[Offer, ...]:
    plans, taken, local = store.schedules(row), store.taken(row, days), timezone.localtime(now)
    return tuple(
        Offer(day, rules.slots(rules.in_force(plans, day), taken[day], local.time() if day == local.date() else None))
        for day in days
    )


@verb("cases.book", "预约办事时间")
def book(*, actor: Actor, window: int, item: str, day: date, start: time, now: datetime | None = None) -> BookingView:
    """Take a place in a slot for an item that the window serves. The counter sees a person's surname alone.

    Raises Refused: appointments.no_window, appointments.item (not served there by appointment), appointments.blocked,
    appointments.many, appointments.twice, appointments.day, appointments.slot, appointments.full.
    """
    require()
    now = now or timezone.now()
    store.hold_account(actor.person)
    row = store.found(window, lock=True)
    if item not in row.items or not items.published(item).item.appointment:
        raise Refused("appointments.item", f"{row.title}不受理这个事项的预约。", "请从该事项的办事指南选择窗口。")
    _check_account(actor, item, day, now)
    if day not in _days(row, now):
        raise Refused("appointments.day", f"{day} 不能预约。", "请选择列出的工作日；节假日不办公，也不接受更早的预约。")
    (offer,) = _offers(row, [day], now)
    slot = next((one for one in offer.slots if one.start == start), None)
    if slot is None:
        raise Refused("appointments.slot", f"{day} 没有 {start:%H:%M} 开始的时段，或者已经开始。", "请另选一个时段。")
    held = Booking.objects.filter(window=row, day=day, start=start, state__in=store.HELD)
    seat = rules.free_seat(slot.places, set(held.values_list("seat", flat=True)))
    if seat is None:
        raise Refused("appointments.full", f"{day} {start:%H:%M} 已约满。", "请另选一个时段。")
    made = Booking.objects.create(
        number=store.next_booking(), window=row, item=item, day=day, start=start, until=slot.until, seat=seat,
        places=slot.places, account=actor.person, subject=actor.subject, called=_called(actor), made_at=now,
    )  # fmt: skip
    tell([made], BOOKED)
    record(f"booking:{made.number}", subjects=_subjects(made), detail={"window": window, "item": item, "day": f"{day}"})
    return views.bookings([made], now)[0]


def _called(actor: Actor) -> str:
    return actor.name if actor.person.startswith("firm:") else mask_name(actor.name)


def _subjects(row: Booking) -> list[int]:
    return [row.subject] if row.subject is not None else []


def _check_account(actor: Actor, item: str, day: date, now: datetime) -> None:
    """What the account has booked and missed. Raises Refused: appointments.blocked, appointments.many, appointments.twice."""
    today = timezone.localdate(now)
    rule, own = limits(today), Booking.objects.filter(account=actor.person)
    since = today - timedelta(days=rule.within + rule.blocked)
    missed = own.filter(state=BookingState.MISSED, day__gte=since).values_list("day", flat=True)
    until = rules.blocked_until(list(missed), rule)
    if until is not None and until >= today:
        raise Refused(
            "appointments.blocked", f"您在 {rule.within} 日内有 {rule.missed} 次预约未到，{until} 以前不能预约。",
            "可以直接到窗口取号；以后来不了请提前取消。",
        )  # fmt: skip
    if own.filter(state=BookingState.OPEN).count() >= rule.open:
        raise Refused("appointments.many", f"您已有 {rule.open} 个未办的预约。", "请先取消一个，或者办完再约。")
    if own.filter(item=item, day=day, state__in=store.HELD).exists():
        raise Refused(
            "appointments.twice", f"您在 {day} 已经预约过这个事项。", "请按原来的预约到窗口，或者改约另一天。"
        )


@verb("cases.cancel_booking", "取消预约")
def cancel(*, actor: Actor, number: str, now: datetime | None = None) -> BookingView:
    """Give up one's own booking before it begins; the place is free again.

    Raises Refused: appointments.no_booking (another's too), appointments.begun, appointments.ended.
    """
    require()
    now = now or timezone.now()
    row = store.booking(number)
    if row.account != actor.person:
        raise store.no_booking(number)
    if row.state != BookingState.OPEN:
        raise Refused(
            "appointments.ended", f"预约 {number} {BookingState(row.state).title}，不能取消。", "请另行预约。"
        )
    if store.moment(row.day, row.start) <= now:
        raise Refused("appointments.begun", f"预约 {number} 的时段已经开始。", "请尽快到窗口，当天都可以取号。")
    row.state, row.ended_at = BookingState.CANCELLED, now
    row.save(update_fields=["state", "ended_at"])
    record(f"booking:{number}", subjects=_subjects(row), detail={"cancelled": True})
    return views.bookings([row], now)[0]


@verb("cases.list_bookings", "查看我的预约", reads=True)
def own(*, actor: Actor, now: datetime | None = None) -> tuple[BookingView, ...]:
    """The actor's own bookings, the newest first."""
    require()
    rows = Booking.objects.filter(account=actor.person).select_related("window").order_by("-id")[:MOST_LISTED]
    listed = views.bookings(rows, now or timezone.now())
    record(f"account:{actor.person}", detail={"bookings": len(listed)})
    return listed


def tell(rows: list[Booking], template: str) -> None:
    """Tell who booked, inside the open verb."""
    titles = {one.item.key: one.item.title for one in items.published_all()}
    letters = [
        Letter(
            Recipient(person=row.account),
            f"booking:{row.number}",
            {
                "number": row.number,
                "item": titles.get(row.item, row.item),
                "at": f"{row.day} {row.start:%H:%M}",
                "place": f"{row.window.place} {row.window.title}",
            },
            f"{template}:{row.number}",
        )
        for row in rows
    ]
    notices.tell_many(template=template, letters=letters)


@verb("cases.remind_bookings", "提醒预约")
def remind(*, actor: Actor, now: datetime | None = None) -> int:
    """The day before: remind who booked; a booking on what has become a holiday is dropped. How many were told.

    Run again, it tells nobody twice.
    """
    require()
    now = now or timezone.now()
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    due = Booking.objects.filter(day=tomorrow, state=BookingState.OPEN, reminded_at=None).select_related("window")
    rows = list(due.select_for_update(of=("self",)).order_by("pk"))
    working = {region: oversight.calendar(region).is_working(tomorrow) for region in {r.window.region for r in rows}}
    held = [row for row in rows if working[row.window.region]]
    off = [row for row in rows if not working[row.window.region]]
    Booking.objects.filter(pk__in=[row.pk for row in held]).update(reminded_at=now)
    drop(off, now)
    tell(held, REMINDER)
    record("bookings", detail={"reminded": len(held), "dropped": len(off)})
    return len(rows)


def drop(rows: list[Booking], now: datetime) -> None:
    """Cancel bookings that their window cannot keep, and tell who made them; inside the open verb."""
    Booking.objects.filter(pk__in=[row.pk for row in rows]).update(state=BookingState.DROPPED, ended_at=now)
    tell(rows, DROPPED)


@verb("cases.close_days", "预约日终")
def close_days(*, actor: Actor, now: datetime | None = None) -> int:
    """After the day: who booked and did not come is marked so, and what still waits is ended. How many bookings."""
    require()
    now = now or timezone.now()
    today = timezone.localdate(now)
    missed = Booking.objects.filter(day__lt=today, state=BookingState.OPEN)
    marked = missed.update(state=BookingState.MISSED, ended_at=now)
    left = QueueNumber.objects.filter(day__lt=today)
    absent = left.filter(state=NumberState.WAITING).update(state=NumberState.ABSENT, ended_at=now)
    served = left.filter(state=NumberState.CALLED).update(state=NumberState.SERVED, ended_at=now)
    record("bookings", detail={"missed": marked, "absent": absent, "served": served})
    return marked
