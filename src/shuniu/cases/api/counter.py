"""The window's side of appointments: windows and their schedules, numbers taken, called and ended, the public board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone

from shuniu.cases.api import appointment_views as views
from shuniu.cases.api import appointments, items
from shuniu.cases.declare.appointment import (
    Board,
    BookingState,
    BookingView,
    NumberState,
    NumberView,
    Queue,
    WindowView,
)
from shuniu.cases.models import Booking, QueueNumber, ServiceWindow, WindowSchedule
from shuniu.cases.rules import appointments as rules
from shuniu.cases.store import appointments as store
from shuniu.directory import api as directory
from shuniu.trust.api import record, require, require_or, verb
from shuniu.trust.declare import Actor, Refused

SHOWN = 10
"""How many of those who wait the board shows."""


@verb("cases.keep_window", "设置办事窗口")
def keep_window(*, actor: Actor, title: str, place: str, items: Sequence[str], window: int | None = None) -> WindowView:
    """Set up a window of the actor's agency, or change where it is and what it serves.

    Raises Refused: appointments.no_window, appointments.window (no title or place, or the title is taken),
    appointments.items (not the agency's published items), appointments.booked (bookings for an item taken away), right.*.
    """
    require(agency=actor.agency)
    title, place, chosen = title.strip(), place.strip(), sorted(set(items))
    taken = ServiceWindow.objects.filter(agency=actor.agency, title=title).exclude(pk=window or 0)
    if not title or not place or taken.exists():
        raise Refused(
            "appointments.window", "没有写窗口名称或者地点，或者已有同名的窗口。", "请写明，例如“综合窗口 3 号”。"
        )
    _check_items(actor.agency, chosen)
    if window is None:
        row = ServiceWindow(agency=actor.agency, region=_region(actor.agency))
    else:
        row = _own(actor, window)
        left = Booking.objects.filter(window=row, state=BookingState.OPEN).exclude(item__in=chosen)
        if left.exists():
            raise Refused("appointments.booked", "有人预约了要去掉的事项。", "请等这些预约办完，或者保留该事项。")
    row.title, row.place, row.items = title, place, chosen
    row.save()
    record(f"window:{row.pk}", detail={"agency": row.agency, "items": list(chosen)})
    return views.windows([row])[0]


def _check_items(agency: str, chosen: list[str]) -> None:
    known = {one.item.key for one in items.published_all(agency) if one.item.appointment}
    if not chosen or not set(chosen) <= known:
        raise Refused("appointments.items", "没有选择事项，或者选了不接受预约的事项。", "请选择本单位接受预约的事项。")


def _region(agency: str) -> str:
    found = directory.agency(agency)
    return found.region if found else ""


def _own(actor: Actor, window: int) -> ServiceWindow:
    """A window of the actor's agency within reach, locked. Raises Refused: appointments.no_window, right.*."""
    row = store.found(window, lock=True)
    require(agency=row.agency, region=row.region)
    return row


@verb("cases.schedule_window", "安排窗口时间")
def schedule(
    *, actor: Actor, window: int, since: date, hours: str, minutes: int, places: int, now: datetime | None = None
) -> int:
    """Say how a window works from a later day on; bookings that no longer fit are dropped and their holders told: how many.

    Raises Refused: appointments.since (not after today, or a schedule begins that day), appointments.hours,
    appointments.minutes, appointments.places, appointments.no_window, right.*.
    """
    row = _own(actor, window)
    now = now or timezone.now()
    plan, known = rules.schedule(since, hours, minutes, places), store.schedules(row)
    first = not known
    if since in {one.since for one in known} or since < timezone.localdate(now) + timedelta(days=not first):
        raise Refused("appointments.since", f"{since} 不能作为开始日。", "请写明天以后、还没有安排开始的一天。")
    WindowSchedule.objects.create(window=row, since=since, hours=plan.hours, minutes=minutes, places=places)
    following = min((one.since for one in known if one.since > since), default=None)
    held = Booking.objects.filter(window=row, state=BookingState.OPEN, day__gte=since).select_related("window")
    held = held.filter(day__lt=following) if following else held
    fits = set(rules.times(plan))
    gone = [one for one in held.order_by("pk") if (one.start, one.until) not in fits]
    appointments.drop(gone, now)
    record(f"window:{window}", detail={"since": f"{since}", "hours": plan.hours, "dropped": len(gone)})
    return len(gone)


@verb("cases.read_queue", "查看窗口排队", reads=True)
def read_queue(*, actor: Actor, window: int, now: datetime | None = None) -> Queue:
    """A window's day: numbers as they will be called, who is expected, who did not come.

    Raises Refused: appointments.no_window, right.*.
    """
    row, now = store.found(window), now or timezone.now()
    require(agency=row.agency, region=row.region)
    today = timezone.localdate(now)
    all_numbers = QueueNumber.objects.filter(window=row, day=today).select_related("booking").order_by("-called_at")
    bookings = Booking.objects.filter(window=row, day=today).select_related("window").order_by("start", "pk")
    called = [one for one in all_numbers if one.state == NumberState.CALLED]
    ended = [one for one in all_numbers if one.ended_at]
    found = Queue(
        views.windows([row])[0], today, views.numbers([*called, *store.in_order(row, now)]), views.numbers(ended),
        views.bookings(bookings.filter(state=BookingState.OPEN), now),
        views.bookings(bookings.filter(state=BookingState.MISSED), now),
    )  # fmt: skip
    record(f"window:{window}", detail={"numbers": len(found.numbers), "expected": len(found.expected)})
    return found


def board(window: int, now: datetime | None = None) -> Board:
    """What hangs in the waiting room: who is called and who is next, by number only. Raises Refused appointments.no_window."""
    row, now = store.found(window), now or timezone.now()
    called = QueueNumber.objects.filter(window=row, day=timezone.localdate(now), state=NumberState.CALLED)
    waiting = store.in_order(row, now)
    return Board(
        views.windows([row])[0],
        tuple(store.code(one) for one in called.order_by("-called_at")),
        tuple(store.code(one) for one in waiting[:SHOWN]),
    )


@verb("cases.give_number", "取号")
def give_number(
    *, actor: Actor, window: int, booking: str = "", item: str = "", now: datetime | None = None
) -> NumberView:
    """Give a number to who stands at the counter: for a booking of today, or (walk-in) for an item of the window.

    Raises Refused: appointments.no_booking, appointments.ended, appointments.other_day, appointments.other_window,
    appointments.item, appointments.no_window, right.*.
    """
    row, now = _own(actor, window), now or timezone.now()
    held = _arrived(row, booking.strip(), now) if booking.strip() else None
    chosen = held.item if held else item
    if chosen not in row.items:
        raise Refused("appointments.item", f"{row.title}不办这个事项。", "请选择本窗口的事项。")
    made = QueueNumber.objects.create(
        window=row, day=timezone.localdate(now), number=store.next_number(row, timezone.localdate(now)), item=chosen,
        booking=held, taken_at=now,
    )  # fmt: skip
    record(
        f"window:{window}", subjects=[held.subject] if held and held.subject is not None else [],
        detail={"number": store.code(made), "booking": held.number if held else ""},
    )  # fmt: skip
    return views.numbers([made])[0]


def _arrived(window: ServiceWindow, number: str, now: datetime) -> Booking:
    row = Booking.objects.select_for_update().filter(number=number.upper()).first()
    if row is None:
        raise store.no_booking(number)
    if row.window_id != window.pk:
        place = store.found(row.window_id)
        raise Refused("appointments.other_window", f"预约 {number} 不在本窗口。", f"请到{place.place} {place.title}。")
    if row.day != timezone.localdate(now):
        raise Refused("appointments.other_day", f"预约 {number} 是 {row.day} 的。", "请当天来取号，或者按未预约取号。")
    if row.state != BookingState.OPEN:
        raise Refused("appointments.ended", f"预约 {number} {BookingState(row.state).title}。", "请按未预约取号。")
    row.state, row.ended_at = BookingState.ARRIVED, now
    row.save(update_fields=["state", "ended_at"])
    return row


@verb("cases.call_number", "叫号")
def call_next(*, actor: Actor, window: int, now: datetime | None = None) -> NumberView:
    """Call who is next. Two who call at once call two. Raises Refused: appointments.nobody, appointments.no_window, right.*."""
    row, now = _own(actor, window), now or timezone.now()
    waiting = store.in_order(row, now)
    if not waiting:
        raise Refused("appointments.nobody", "现在没有人等候。", "有人取号后再叫。")
    called = waiting[0]
    called.state, called.called_at, called.called_by = NumberState.CALLED, now, actor.person
    called.save(update_fields=["state", "called_at", "called_by"])
    record(f"window:{window}", detail={"called": store.code(called)})
    return views.numbers([called])[0]


@verb("cases.end_number", "办结叫号")
def end_number(*, actor: Actor, number: int, served: bool, now: datetime | None = None) -> NumberView:
    """Say that who was called was served, or did not come to the counter (过号).

    Raises Refused: appointments.no_number (none, another agency's, or not called), right.region.
    """
    unknown = Refused("appointments.no_number", "没有这个号，或者还没有叫、已经办完。", "请从今天的排队中选择。")
    at = QueueNumber.objects.filter(pk=number).values_list("window", flat=True).first()
    if at is None:
        raise unknown
    window = store.found(at, lock=True)
    require_or(unknown, agency=window.agency, region=window.region)
    row = QueueNumber.objects.select_related("booking").filter(pk=number, state=NumberState.CALLED).first()
    if row is None:
        raise unknown
    row.state, row.ended_at = NumberState.SERVED if served else NumberState.ABSENT, now or timezone.now()
    row.save(update_fields=["state", "ended_at"])
    record(f"window:{row.window_id}", detail={"number": store.code(row), "state": row.state})
    return views.numbers([row])[0]


@verb("cases.mark_missed", "登记预约未到")
def mark_missed(*, actor: Actor, booking: str, now: datetime | None = None) -> BookingView:
    """Say that who had booked did not come, once the slot is over; enough of them in a term shut booking for a while.

    Raises Refused: appointments.no_booking, appointments.ended, appointments.not_over, right.region.
    """
    row, now = store.booking(booking), now or timezone.now()
    require_or(store.no_booking(booking), agency=row.window.agency, region=row.window.region)
    if row.state != BookingState.OPEN:
        raise Refused("appointments.ended", f"预约 {booking} {BookingState(row.state).title}。", "不需要再登记。")
    if store.moment(row.day, row.until) > now:
        raise Refused("appointments.not_over", f"预约 {booking} 的时段还没有结束。", "请等时段结束再登记未到。")
    row.state, row.ended_at = BookingState.MISSED, now
    row.save(update_fields=["state", "ended_at"])
    record(f"booking:{booking}", subjects=[row.subject] if row.subject is not None else [], detail={"missed": True})
    return views.bookings([row], now)[0]
