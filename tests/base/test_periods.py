from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.base.periods import Period, Term, Unit, add_months, add_months_to_ordinal

DAYS = st.dates(date(1900, 1, 1), date(2200, 1, 1))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2022-06-01", 12, "2023-06-01"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2000-12-31", 1, "2001-01-31"),
        ("0001-01-31", 1, "0001-02-28"),
        ("9999-11-30", 1, "9999-12-30"),
    ],
)
def test_months_keep_the_day_or_take_the_last_one(start: str, months: int, end: str) -> None:
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


def test_a_date_past_the_last_year_is_refused_but_its_day_number_exists() -> None:
    with pytest.raises(ValueError, match="out of range"):
        add_months(date(9999, 12, 31), 1)
    assert add_months_to_ordinal(date.max.toordinal(), 1) == date.max.toordinal() + 31


@given(DAYS, st.integers(-1200, 1200), st.integers(-10, 10))
def test_moving_by_whole_gregorian_cycles_moves_by_whole_cycles(day: date, months: int, cycles: int) -> None:
    moved = add_months_to_ordinal(day.toordinal(), months)
    assert add_months_to_ordinal(day.toordinal(), months + cycles * 4800) == moved + cycles * 146_097


@given(DAYS, st.integers(-1200, 1200))
def test_going_and_coming_back_loses_only_days_that_the_shorter_month_lacks(day: date, months: int) -> None:
    back = add_months(add_months(day, months), -months)
    assert back <= day
    assert (day - back).days <= 3
    assert back == day or day.day > 28


@given(DAYS, DAYS, DAYS, DAYS)
def test_two_periods_overlap_exactly_when_they_share_a_day(a: date, b: date, c: date, d: date) -> None:
    one, other = Period(min(a, b), max(a, b)), Period(min(c, d), max(c, d))
    shared = max(one.start, other.start) in one and max(one.start, other.start) in other
    assert one.overlaps(other) is other.overlaps(one) is shared


def test_a_period_without_end_is_still_running() -> None:
    assert date(2999, 1, 1) in Period(date(2020, 1, 1))
    assert Period(date(2020, 1, 1)).overlaps(Period(date(2021, 1, 1)))
    assert not Period(date(2020, 1, 1)).overlaps(Period(date(2019, 1, 1), date(2019, 12, 31)))


def test_impossible_terms_and_periods_are_refused() -> None:
    with pytest.raises(ValueError, match="早于开始日期"):
        Period(date(2020, 1, 2), date(2020, 1, 1))
    with pytest.raises(ValueError, match="期限不能为负数"):
        Term(-1, Unit.DAY)


def test_a_term_reads_as_the_law_writes_it() -> None:
    assert [str(Term(3, unit)) for unit in Unit] == ["3个工作日", "3日", "3个月", "3年"]
