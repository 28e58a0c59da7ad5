"""Whether a resource is delivered in time: periods of the declared cycle, due days, grace. Pure.

A delivery speaks for the period in which it comes; the next is due by the end of the period after, and overdue when the
grace of the dated rule has passed too. 不定期 is never due.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from shuniu.base.calendar import Calendar
from shuniu.base.periods import Period, Term, add_months
from shuniu.base.titled import Titled
from shuniu.catalogue.declare import Cycle
from shuniu.exchange.quality import Punctual

_MONTHS = {Cycle.MONTHLY: 1, Cycle.QUARTERLY: 3, Cycle.HALF_YEARLY: 6, Cycle.YEARLY: 12}


class Freshness(Titled):
    """How a resource stands on a day."""

    FRESH = "fresh", "及时"
    DUE = "due", "即将到期"  # to be delivered within the days of `remind_before`
    GRACE = "grace", "宽限期内"
    OVERDUE = "overdue", "逾期"
    NEVER_DUE = "never_due", "不定期"


@dataclass(frozen=True)
class Timing:
    """Where a resource stands: when the next delivery is due, until when grace lasts, how many working days it is late.

    `provisional`: a day of a year whose holidays are not published yet was counted (see `base.calendar`).
    """

    state: Freshness
    last: date | None
    due: date | None = None
    until: date | None = None
    late: int = 0
    provisional: bool = False


def period_of(cycle: Cycle, day: date) -> Period | None:
    """The period of a cycle that a day lies in; None for 不定期."""
    if cycle is Cycle.ON_DEMAND:
        return None
    if cycle in (Cycle.REALTIME, Cycle.DAILY):
        return Period(day, day)
    if cycle is Cycle.WEEKLY:
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=6))
    months = _MONTHS[cycle]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Period(first, add_months(first, months) - timedelta(days=1))


def period_name(cycle: Cycle, day: date) -> str:
    """What the period is called on receipts: 2026-11-21, 2026-W47, 2026-11, 2026Q4, 2026H2, 2026; 不定期 goes by day."""
    names = {
        Cycle.WEEKLY: f"{day:%G-W%V}",
        Cycle.MONTHLY: f"{day:%Y-%m}",
        Cycle.QUARTERLY: f"{day.year}Q{(day.month + 2) // 3}",
        Cycle.HALF_YEARLY: f"{day.year}H{1 if day.month <= 6 else 2}",
        Cycle.YEARLY: f"{day.year}",
    }
    return names.get(cycle, day.isoformat())


def timing(
    cycle: Cycle,
    last: date | None,
    published: date,
    today: date,
    *,
    grace: Term | None,
    remind: Term,
    calendar: Calendar,
) -> Timing:
    """How a resource stands today.

    `last` is the day of its last delivery or 零报告 that stands (None: never; then `published` is the day from which it
    had to be delivered, and the first delivery is due by the end of that day's period).
    """
    current = period_of(cycle, last or published)
    if current is None or current.end is None or grace is None:
        return Timing(Freshness.NEVER_DUE, last)
    due = current.end
    if last is not None:
        following = period_of(cycle, current.end + timedelta(days=1))
        due = following.end if following and following.end else due
    end = calendar.due(due, grace)
    late = calendar.working_days_between(end.date, today) if today > end.date else 0
    return Timing(_state(today, due, end.date, remind, calendar), last, due, end.date, late, end.provisional)


def _state(today: date, due: date, until: date, remind: Term, calendar: Calendar) -> Freshness:
    if today > until:
        return Freshness.OVERDUE
    if today > due:
        return Freshness.GRACE
    return Freshness.DUE if calendar.due(today, remind).date >= due else Freshness.FRESH


def punctual(
    cycle: Cycle,
    delivered: Collection[date],
    published: date,
    first: date,
    last: date,
    grace: Term | None,
    calendar: Calendar,
) -> Punctual:
    """Of the periods whose grace ran out between two days, how many there were and how many had no delivery in time.

    Periods count from the one of publishing on; a delivery in it, or in the grace after it, keeps it.
    """
    back = timedelta(days=60 + 31 * _MONTHS.get(cycle, 1))  # earlier periods' grace ended long before `first`
    span = period_of(cycle, max(published, first - back))
    due = late = 0
    while span is not None and span.end is not None and grace is not None:
        until = calendar.due(span.end, grace).date
        if until > last:
            break
        if until >= first:
            due += 1
            late += not any(span.start <= day <= until for day in delivered)
        span = period_of(cycle, span.end + timedelta(days=1))
    return Punctual(due, late)
