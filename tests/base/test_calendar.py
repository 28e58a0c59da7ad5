from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.base.calendar import Calendar, DayKind, Due, SpecialDay, parse_days
from shuniu.base.periods import Term, Unit

CALENDAR = Calendar.load()
ANY_DAY = st.dates(date(2004, 1, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2009-09-28", 20, "2009-11-02"),
        ("2010-02-10", 15, "2010-03-08"),
        ("2024-09-27", 10, "2024-10-16"),
        ("2025-12-30", 5, "2026-01-07"),
        ("2026-02-09", 20, "2026-03-13"),
        ("2026-09-24", 20, "2026-10-29"),
    ],
)
def test_working_days_follow_the_state_council_notices(start: str, days: int, end: str) -> None:
    due = CALENDAR.add_working_days(date.fromisoformat(start), days)
    assert due == Due(date.fromisoformat(end), provisional=False)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2005-12-31", True),  # a Saturday worked for the New Year of 2006
        ("2006-01-03", False),
        ("2015-09-03", False),  # the one-off holiday of the seventieth victory day
        ("2015-09-06", True),
        ("2026-10-10", True),
        ("2026-10-11", False),
        ("2026-11-20", True),
    ],
)
def test_single_days(day: str, working: bool) -> None:
    assert CALENDAR.is_working(date.fromisoformat(day)) is working


def test_every_year_from_2004_to_2026_is_published_and_no_other() -> None:
    assert CALENDAR.published == frozenset(range(2004, 2027))


def test_every_listed_work_day_is_a_weekend_day() -> None:
    worked = [day for day in CALENDAR.days.values() if day.kind == DayKind.WORK]
    assert len(worked) == 151
    assert all(day.date.weekday() >= 5 for day in worked)


def test_a_year_has_as_many_working_days_as_the_notices_leave() -> None:
    counts = {year: CALENDAR.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) for year in (2010, 2024)}
    assert counts == {2010: 250, 2024: 251}


def test_a_deadline_that_reaches_an_unpublished_year_is_provisional() -> None:
    assert CALENDAR.add_working_days(date(2026, 12, 30), 1) == Due(date(2026, 12, 31), provisional=False)
    assert CALENDAR.add_working_days(date(2026, 12, 30), 2) == Due(date(2027, 1, 1), provisional=True)


def test_it_stops_being_provisional_once_the_notice_is_imported() -> None:
    notice = [SpecialDay(date(2027, 1, 1), DayKind.HOLIDAY, "元旦")]
    published = Calendar.of([*CALENDAR.days.values(), *notice])
    assert published.add_working_days(date(2026, 12, 30), 2) == Due(date(2027, 1, 4), provisional=False)


def test_a_local_holiday_counts_where_it_is_local_and_publishes_no_year() -> None:
    founding_day = SpecialDay(date(2027, 9, 20), DayKind.HOLIDAY, "湘西州庆")
    local = Calendar.load([founding_day])
    assert not local.is_working(founding_day.date)
    assert CALENDAR.is_working(founding_day.date)
    assert local.published == CALENDAR.published
    assert not local.is_guessed(founding_day.date)
    assert local.add_working_days(date(2027, 9, 17), 1) == Due(date(2027, 9, 21), provisional=True)


def test_natural_days_months_and_years_count_every_day() -> None:
    start = date(2026, 9, 21)
    assert CALENDAR.add_natural_days(start, 10) == Due(date(2026, 10, 1), False)
    assert CALENDAR.add_natural_days(start, 10, to_working_day=True) == Due(date(2026, 10, 8), False)
    assert CALENDAR.due(start, Term(60, Unit.DAY)).date == date(2026, 11, 20)
    assert CALENDAR.due(start, Term(3, Unit.MONTH)).date == date(2026, 12, 21)
    assert CALENDAR.due(start, Term(5, Unit.YEAR)) == Due(date(2031, 9, 21), False)
    assert CALENDAR.due(start, Term(3, Unit.WORKING_DAY)).date == date(2026, 9, 24)


def test_moving_on_to_a_working_day_of_an_unpublished_year_is_provisional() -> None:
    due = CALENDAR.add_natural_days(date(2026, 12, 27), 6, to_working_day=True)
    assert due == Due(date(2027, 1, 4), provisional=True)


@given(ANY_DAY, st.integers(1, 60))
def test_counting_back_from_a_due_date_gives_the_number_of_days(start: date, n: int) -> None:
    due = CALENDAR.add_working_days(start, n)
    assert CALENDAR.is_working(due.date)
    assert CALENDAR.working_days_between(start, due.date) == n
    assert CALENDAR.working_days_between(due.date, start) == -n
    assert not due.provisional


@given(ANY_DAY, st.integers(0, 40), st.integers(0, 40))
def test_terms_can_be_counted_in_two_parts(start: date, first: int, second: int) -> None:
    middle = CALENDAR.add_working_days(start, first).date
    assert CALENDAR.add_working_days(middle, second) == CALENDAR.add_working_days(start, first + second)


@given(ANY_DAY, st.integers(0, 40))
def test_receiving_a_thing_later_never_makes_it_due_earlier(start: date, n: int) -> None:
    later = start + timedelta(days=1)
    assert CALENDAR.add_working_days(start, n).date <= CALENDAR.add_working_days(later, n).date


def test_negative_numbers_of_days_are_refused() -> None:
    with pytest.raises(ValueError, match="工作日数不能为负数"):
        CALENDAR.add_working_days(date(2026, 1, 1), -1)
    with pytest.raises(ValueError, match="自然日数不能为负数"):
        CALENDAR.add_natural_days(date(2026, 1, 1), -1)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("2027/1/1,holiday,元旦", "第2行：日期“2027/1/1”应写作"),
        ("2027-01-01,off,元旦", "第2行：类别“off”应为"),
        ("2027-01-01,holiday,元旦\n2027-01-01,work,元旦", "第3行：2027-01-01 已在前面出现"),
    ],
)
def test_a_bad_line_in_a_calendar_file_is_named(line: str, answer: str) -> None:
    with pytest.raises(ValueError, match=answer):
        parse_days(f"date,kind,name\n{line}".splitlines())
