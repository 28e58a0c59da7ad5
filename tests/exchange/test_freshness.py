"""When a resource is due, in grace, late: a pure function of cycle, last delivery and the working-day calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.base.calendar import Calendar
from shuniu.base.periods import Term, Unit
from shuniu.catalogue.declare import Cycle
from shuniu.exchange.freshness import Freshness, Timing, period_name, period_of, punctual, timing

CALENDAR = Calendar.load()
FIVE = Term(5, Unit.WORKING_DAY)
ONE = Term(1, Unit.WORKING_DAY)
DAYS = st.dates(date(2015, 1, 1), date(2025, 12, 31))
TIMED = [cycle for cycle in Cycle if cycle is not Cycle.ON_DEMAND]


def stands(cycle: Cycle, last: date | None, today: date, grace: Term = FIVE) -> Timing:
    return timing(cycle, last, date(2025, 1, 1), today, grace=grace, remind=ONE, calendar=CALENDAR)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2025, 4, 10), Freshness.FRESH),
        (date(2025, 4, 30), Freshness.DUE),
        (date(2025, 5, 6), Freshness.GRACE),
        (date(2025, 5, 12), Freshness.GRACE),  # the fifth working day after 30 April: 1–5 May are off
        (date(2025, 5, 13), Freshness.OVERDUE),
    ],
)
def test_a_monthly_resource_delivered_in_march_is_due_by_the_end_of_april(today: date, state: Freshness) -> None:
    found = stands(Cycle.MONTHLY, date(2025, 3, 20), today)
    assert (found.state, found.due, found.until) == (state, date(2025, 4, 30), date(2025, 5, 12))


def test_lateness_is_counted_in_working_days() -> None:
    assert stands(Cycle.MONTHLY, date(2025, 3, 20), date(2025, 5, 19)).late == 5


def test_never_delivered_is_due_by_the_end_of_the_period_of_publishing() -> None:
    assert stands(Cycle.QUARTERLY, None, date(2025, 2, 1)).due == date(2025, 3, 31)


def test_what_has_no_cycle_is_never_due() -> None:
    assert stands(Cycle.ON_DEMAND, None, date(2025, 12, 1)).state is Freshness.NEVER_DUE


@given(st.sampled_from(TIMED), DAYS)
def test_periods_hold_their_days_and_follow_each_other_without_a_gap(cycle: Cycle, day: date) -> None:
    span = period_of(cycle, day)
    assert span is not None and span.end is not None and day in span
    following = period_of(cycle, span.end + timedelta(days=1))
    assert following is not None and following.start == span.end + timedelta(days=1)
    assert period_name(cycle, span.start) == period_name(cycle, span.end) != period_name(cycle, following.start)


@given(st.sampled_from(TIMED), DAYS, st.integers(0, 400))
def test_a_later_delivery_never_makes_a_resource_later(cycle: Cycle, last: date, days: int) -> None:
    today = last + timedelta(days=days)
    one, other = stands(cycle, last, today), stands(cycle, today, today)
    assert one.until and other.until and other.until >= one.until
    assert other.state in (Freshness.FRESH, Freshness.DUE)


def test_over_a_quarter_each_period_counts_once_and_only_missed_ones_are_late() -> None:
    delivered = {date(2025, 1, 31), date(2025, 2, 10)}  # and nothing for March
    found = punctual(Cycle.MONTHLY, delivered, date(2024, 6, 1), date(2025, 2, 1), date(2025, 4, 30), FIVE, CALENDAR)
    assert (found.due, found.late) == (3, 1)


def test_a_delivery_within_the_grace_is_in_time() -> None:
    found = punctual(
        Cycle.MONTHLY, {date(2025, 4, 3)}, date(2025, 3, 1), date(2025, 4, 1), date(2025, 4, 30), FIVE, CALENDAR
    )
    assert (found.due, found.late) == (1, 0)
