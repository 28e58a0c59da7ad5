"""How windows, bookings and numbers look to their readers, whom the verb that calls has found to have the right."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from shuniu.cases.api import items
from shuniu.cases.declare.appointment import BookingState, BookingView, NumberState, NumberView, WindowView
from shuniu.cases.models import Booking, QueueNumber, ServiceWindow
from shuniu.cases.rules import appointments as rules
from shuniu.cases.store import appointments as store
from shuniu.directory import api as directory


def windows(rows: Iterable[ServiceWindow]) -> tuple[WindowView, ...]:
    """Windows as they are shown; the items that are no longer published are left out."""
    names = directory.agency_names()
    published = {one.item.key: one.item.title for one in items.published_all()}
    return tuple(
        WindowView(
            row.pk, row.agency, names.get(row.agency, row.agency), row.title, row.place,
            tuple((key, published[key]) for key in row.items if key in published), store.schedules(row),
        )
        for row in rows
    )  # fmt: skip


def bookings(rows: Iterable[Booking], now: datetime) -> tuple[BookingView, ...]:
    """Bookings as they are shown."""
    rows = list(rows)
    names = directory.agency_names()
    titles = {one.item.key: one.item.title for one in items.published_all()}
    held = {row.booking_id: row.number for row in QueueNumber.objects.filter(booking__in=rows)}
    return tuple(
        BookingView(
            row.number, row.item, titles.get(row.item, row.item), row.window_id, row.window.title, row.window.place,
            names.get(row.window.agency, row.window.agency), row.day, row.start, row.until, row.called,
            BookingState(row.state), rules.code(held[row.pk], booked=True) if row.pk in held else "",
            row.state == BookingState.OPEN and store.moment(row.day, row.start) > now,
        )
        for row in rows
    )  # fmt: skip


def numbers(rows: Iterable[QueueNumber]) -> tuple[NumberView, ...]:
    """Queue numbers as the counter sees them."""
    titles = {one.item.key: one.item.title for one in items.published_all()}
    return tuple(
        NumberView(
            row.pk, store.code(row), titles.get(row.item, row.item), NumberState(row.state), row.taken_at,
            (row.booking.start, row.booking.until) if row.booking else None, row.booking.called if row.booking else "",
        )
        for row in rows
    )  # fmt: skip
