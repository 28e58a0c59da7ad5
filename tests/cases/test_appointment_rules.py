"""Slots, limits and the order of calling, purely: whatever the hours, no slot overlaps; whoever waits is called once."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.base.calendar import Calendar
from shuniu.cases.declare.appointment import Schedule, Shift
from shuniu.cases.rules import appointments as rules
from shuniu.cases.rules.appointments import Limits, Waiting
from tests.cases.booking import FRIDAY, MONDAY, NINE, SATURDAY
from tests.refusals import refused

LIMITS = Limits(ahead=10, open=3, missed=3, within=90, blocked=30)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None, fold=0))


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    ends = sorted(set(draw(st.lists(TIMES, min_size=2, max_size=8))))
    shifts = [Shift(since, until) for since, until in zip(ends[::2], ends[1::2], strict=False)]
    return Schedule(MONDAY, tuple(shifts), draw(st.integers(5, 240)), draw(st.integers(1, 5)))


@given(schedules())
def test_slots_lie_within_the_shifts_in_order_and_never_overlap(plan: Schedule) -> None:
    found = rules.times(plan)
    assert all(one.since <= start < until <= one.until for start, until in found for one in [_shift(plan, start)])
    assert all(before[1] <= after[0] for before, after in pairwise(found))
    assert rules.shifts(plan.hours) == plan.shifts, "written down and read again"


def _shift(plan: Schedule, at: time) -> Shift:
    return next(one for one in plan.shifts if one.since <= at < one.until)


@given(schedules(), st.data())
def test_places_are_given_out_one_by_one_until_a_slot_is_full(plan: Schedule, data: st.DataObject) -> None:
    starts = [start for start, _ in rules.times(plan)]
    taken = data.draw(st.lists(st.sampled_from(starts))) if starts else []
    for slot in rules.slots(plan, taken):
        assert slot.free == max(plan.places - taken.count(slot.start), 0)
    held: set[int] = set()
    for _ in range(plan.places):
        seat = rules.free_seat(plan.places, held)
        assert seat is not None and seat not in held and 1 <= seat <= plan.places
        held.add(seat)
    assert rules.free_seat(plan.places, held) is None


@given(
    st.lists(st.tuples(st.integers(1, 500), st.none() | TIMES), unique_by=lambda one: one[0]).map(
        lambda rows: [Waiting(*row) for row in rows]
    ),
    TIMES,
)
def test_everybody_who_waits_is_called_once_and_who_booked_for_now_before_who_walked_in(
    waiting: list[Waiting], now: time
) -> None:
    order = rules.call_order(waiting, now)
    assert sorted(one.number for one in order) == sorted(one.number for one in waiting)
    due = [one for one in order if one.booked is not None and one.booked <= now]
    assert order[: len(due)] == due and due == sorted(due, key=lambda one: (one.booked, one.number))
    walked = [one.number for one in order if one.booked is None]
    assert walked == sorted(walked)


@given(st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=12), st.integers(0, 30))
def test_booking_is_shut_by_so_many_missed_within_the_term_and_not_by_fewer(days: list[date], more: int) -> None:
    until = rules.blocked_until(days, LIMITS)
    close = [
        last
        for first, last in zip(sorted(days), sorted(days)[LIMITS.missed - 1 :], strict=False)
        if (last - first).days < LIMITS.within
    ]
    assert until == (max(close) + timedelta(days=LIMITS.blocked) if close else None)
    assert rules.blocked_until([FRIDAY, FRIDAY - timedelta(days=more)], LIMITS) is None, "two are not three"


@given(st.dates(date(2026, 1, 1), date(2026, 11, 30)), st.integers(0, 20))
def test_so_many_working_days_ahead_are_offered_and_no_holiday(today: date, ahead: int) -> None:
    works = Calendar.load().is_working
    days = rules.days_ahead(works, today, ahead)
    assert all(works(day) for day in days) and days == sorted(set(days))
    assert len([day for day in days if day > today]) == ahead
    assert (today in days) == works(today)


def test_a_weekend_is_passed_over() -> None:
    assert rules.days_ahead(Calendar.load().is_working, FRIDAY, 1) == [FRIDAY, MONDAY]
    assert rules.days_ahead(Calendar.load().is_working, SATURDAY, 1) == [MONDAY]


def test_the_schedule_of_a_day_is_the_newest_that_has_begun() -> None:
    first, second = Schedule(FRIDAY, (), 30, 1), Schedule(MONDAY, (Shift(NINE, time(10)),), 30, 1)
    assert rules.in_force([second, first], SATURDAY) == first
    assert rules.in_force([second, first], MONDAY) == second
    assert rules.in_force([second, first], FRIDAY - timedelta(days=1)) is None
    assert rules.slots(None, []) == () and rules.slots(first, []) == ()
    assert [one.start for one in rules.slots(second, [], NINE)] == [time(9, 30)], "what has begun is not offered"


@pytest.mark.parametrize("hours", ["9点到12点", "09:00-08:00", "09:00-12:00 11:00-13:00", "25:00-26:00", "09:00"])
def test_hours_that_make_no_sense_are_refused(hours: str) -> None:
    with refused("appointments.hours"):
        rules.shifts(hours)


def test_hours_are_read_as_people_write_them() -> None:
    assert rules.schedule(MONDAY, "13：30至17:00，9:00-12:00", 30, 2).hours == "09:00-12:00 13:30-17:00"
    assert rules.schedule(MONDAY, " ", 30, 2).shifts == ()
    for minutes, places, rule in ((4, 1, "minutes"), (60, 0, "places"), (60, 201, "places"), (240, 1, "minutes")):
        with refused(f"appointments.{rule}"):
            rules.schedule(MONDAY, "09:00-12:00", minutes, places)


def test_a_number_says_who_had_booked() -> None:
    assert (rules.code(7, booked=True), rules.code(1234, booked=False)) == ("A007", "B1234")
