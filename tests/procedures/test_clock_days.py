"""The clock as a pure function: known days, a naive walk day by day, and what may never happen whatever stops it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.base.calendar import Calendar, DayKind, SpecialDay
from shuniu.base.periods import Period, Term, Unit
from shuniu.procedures.clocks import Why, clock, days_of, explain, merged

CALENDAR = Calendar.load()
WORKING = Unit.WORKING_DAY
FIRST = date(2026, 1, 1)

days = st.integers(0, 500).map(lambda n: FIRST + timedelta(days=n))
terms = st.one_of(
    st.builds(Term, st.integers(0, 60), st.sampled_from([WORKING, Unit.DAY])),
    st.builds(Term, st.integers(0, 4), st.just(Unit.MONTH)),
    st.builds(Term, st.integers(0, 1), st.just(Unit.YEAR)),
)
working_terms = st.builds(Term, st.integers(0, 60), st.just(WORKING))
closed = st.builds(lambda day, n: Period(day, day + timedelta(days=n)), days, st.integers(0, 40))
stops = st.lists(st.one_of(closed, closed, st.builds(Period, days)), max_size=4)


def walked(start: date, term: Term, spans: list[Period], calendar: Calendar) -> date | None:
    """The due day as a clerk with a wall calendar finds it: one day after another, crossed off or counted."""
    left, day = days_of(start, term), start
    while left:
        day += timedelta(days=1)
        if any(span.end is None and day >= span.start for span in spans):
            return None
        if any(day in span for span in spans) or (term.unit is WORKING and not calendar.is_working(day)):
            continue
        left -= 1
    return day


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        (date(2009, 9, 28), 20, date(2009, 11, 2)),
        (date(2010, 2, 10), 15, date(2010, 3, 8)),
        (date(2024, 9, 27), 10, date(2024, 10, 16)),
        (date(2025, 12, 30), 5, date(2026, 1, 7)),
        (date(2026, 2, 9), 20, date(2026, 3, 13)),
        (date(2026, 9, 24), 20, date(2026, 10, 29)),
    ],
)
def test_known_terms_of_working_days_end_on_known_days(start: date, amount: int, due: date) -> None:
    found = clock(start, Term(amount, WORKING), [], CALENDAR)
    assert (found.due, found.provisional) == (due, False)
    assert explain(start, Term(amount, WORKING), [], CALENDAR)[-1].number == amount


def test_a_hearing_takes_out_its_first_day_its_last_and_those_between() -> None:
    start, term = date(2026, 3, 2), Term(5, WORKING)  # a Monday; due the Monday after
    assert clock(start, term, [], CALENDAR).due == date(2026, 3, 9)
    assert clock(start, term, [Period(date(2026, 3, 4), date(2026, 3, 4))], CALENDAR).due == date(2026, 3, 10)
    hearing = Period(date(2026, 3, 4), date(2026, 3, 11))
    found = clock(start, term, [hearing], CALENDAR)
    assert found.due == date(2026, 3, 17)
    assert [(one.running, one.counted) for one in found.intervals] == [(True, 1), (False, 0), (True, 4)]


def test_stops_that_overlap_count_once_and_one_after_the_last_day_changes_nothing() -> None:
    start, term = date(2026, 3, 2), Term(5, WORKING)
    one, other = Period(date(2026, 3, 4), date(2026, 3, 10)), Period(date(2026, 3, 6), date(2026, 3, 11))
    both = clock(start, term, [one, other], CALENDAR)
    assert both == clock(start, term, [Period(one.start, other.end)], CALENDAR)
    assert both.due is not None
    assert clock(start, term, [one, other, Period(both.due + timedelta(days=1))], CALENDAR) == both


def test_while_a_stop_is_open_nothing_is_due_and_what_is_left_is_said() -> None:
    found = clock(date(2026, 3, 2), Term(5, WORKING), [Period(date(2026, 3, 4))], CALENDAR, Term(10, WORKING))
    assert (found.due, found.left, found.provisional) == (None, 4, False)


def test_an_extension_runs_on_from_the_day_on_which_the_term_would_have_ended() -> None:
    start, term = date(2026, 9, 24), Term(20, WORKING)
    assert clock(start, term, [], CALENDAR, Term(10, WORKING)).due == clock(start, Term(30, WORKING), [], CALENDAR).due
    months = clock(date(2026, 1, 31), Term(1, Unit.MONTH), [], CALENDAR, Term(1, Unit.MONTH))
    assert months.due == date(2026, 3, 28)


def test_past_the_published_years_a_due_day_is_provisional_and_certain_once_they_are_published() -> None:
    start, term = date(2026, 12, 25), Term(10, WORKING)
    guessed = clock(start, term, [], CALENDAR)
    assert guessed.provisional
    new_year = SpecialDay(date(2027, 1, 1), DayKind.HOLIDAY, "元旦")
    published = Calendar({**CALENDAR.days, new_year.date: new_year}, CALENDAR.published | {2027})
    found = clock(start, term, [], published)
    assert not found.provisional
    assert found.due is not None and guessed.due is not None and found.due > guessed.due
    assert not clock(start, Term(10, Unit.DAY), [], CALENDAR).provisional, "natural days need no holiday table"


def test_each_day_says_why_it_counts_or_not() -> None:
    told = explain(date(2026, 9, 30), Term(3, WORKING), [Period(date(2026, 10, 9), date(2026, 10, 9))], CALENDAR)
    said = {one.day: (one.why, one.number) for one in told}
    assert said[date(2026, 9, 30)] == (Why.START, 0)
    assert said[date(2026, 10, 1)] == (Why.HOLIDAY, 0)
    assert said[date(2026, 10, 8)] == (Why.WORKING, 1)
    assert said[date(2026, 10, 9)] == (Why.STOPPED, 0)
    assert said[date(2026, 10, 10)] == (Why.MADE_UP, 2)
    assert said[date(2026, 10, 11)] == (Why.WEEKEND, 0)
    assert told[-1].number == 3
    open_stop = explain(
        date(2026, 9, 1), Term(3, WORKING), [Period(date(2026, 9, 2))], CALENDAR, until=date(2026, 9, 4)
    )
    assert [one.why for one in open_stop] == [Why.START, *[Why.STOPPED] * 3]


@given(days, terms, stops)
def test_it_is_the_day_that_a_naive_walk_finds(start: date, term: Term, spans: list[Period]) -> None:
    assert clock(start, term, spans, CALENDAR).due == walked(start, term, spans, CALENDAR)


@given(days, terms)
def test_without_stops_it_is_the_calendars_own_due_day(start: date, term: Term) -> None:
    due = CALENDAR.due(start, term)
    found = clock(start, term, [], CALENDAR)
    assert (found.due, found.provisional) == (due.date, due.provisional)


@given(days, terms, stops, st.one_of(st.none(), terms), st.one_of(closed, st.builds(Period, days)))
def test_one_more_stop_never_makes_it_due_earlier(
    start: date, term: Term, spans: list[Period], extension: Term | None, more: Period
) -> None:
    before = clock(start, term, spans, CALENDAR, extension).due
    after = clock(start, term, [*spans, more], CALENDAR, extension).due
    assert after is None or (before is not None and before <= after)


@given(days, working_terms, stops, st.sets(days, max_size=10))
def test_more_holidays_never_make_working_days_end_earlier(
    start: date, term: Term, spans: list[Period], off: set[date]
) -> None:
    holidays = {day: SpecialDay(day, DayKind.HOLIDAY, "加") for day in off}
    before = clock(start, term, spans, CALENDAR).due
    after = clock(start, term, spans, Calendar({**CALENDAR.days, **holidays}, CALENDAR.published)).due
    assert (before is None and after is None) or (before and (after is None or before <= after))


@given(days, st.integers(0, 40), st.integers(0, 40), st.sampled_from([WORKING, Unit.DAY]), stops)
def test_a_term_in_two_parts_ends_where_the_whole_does(
    start: date, one: int, other: int, unit: Unit, spans: list[Period]
) -> None:
    parts = clock(start, Term(one, unit), spans, CALENDAR, Term(other, unit))
    assert parts.due == clock(start, Term(one + other, unit), spans, CALENDAR).due


@given(days, terms, stops, st.one_of(st.none(), terms))
def test_the_explanation_counts_up_to_the_term_and_its_intervals_hold_every_day_once(
    start: date, term: Term, spans: list[Period], extension: Term | None
) -> None:
    found = clock(start, term, spans, CALENDAR, extension)
    told = explain(start, term, spans, CALENDAR, extension)
    counted = [one.number for one in told if one.number]
    assert counted == list(range(1, len(counted) + 1)), "numbered without a gap"
    assert sum(one.counted for one in found.intervals) == len(counted)
    assert [one.day for one in told] == [start + timedelta(days=n) for n in range(len(told))]
    if found.due is not None:
        assert told[-1].day == found.due
    elif not extension:
        assert found.left + len(counted) == days_of(start, term)


@given(stops)
def test_merged_stops_are_in_order_apart_and_hold_the_same_days(spans: list[Period]) -> None:
    found = merged(spans)
    for one, other in pairwise(found):
        assert one.end is not None and other.start > one.end + timedelta(days=1)
    for n in range(560):
        day = FIRST + timedelta(days=n)
        assert any(day in span for span in spans) == any(day in span for span in found)
