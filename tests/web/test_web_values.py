"""How values are written: days, times, numbers, shares, and nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.web import templates


def test_days_and_times_are_written_as_in_shanghai_to_the_minute() -> None:
    late = datetime(2024, 3, 4, 16, 5, 59, tzinfo=UTC)
    assert templates.write_date(date(2024, 3, 5)) == "2024-03-05"
    assert templates.write_date(late) == "2024-03-05"
    assert templates.write_datetime(late) == "2024-03-05 00:05"


def test_a_time_without_its_zone_is_refused_not_guessed() -> None:
    with pytest.raises(ValueError, match="naive"):
        templates.write_datetime(datetime(2024, 3, 5, 8, 0))


def test_numbers_are_grouped() -> None:
    assert templates.write_number(1234567) == "1,234,567"
    assert templates.write_number(Decimal("1234567.5"), 2) == "1,234,567.50"


def test_nothing_is_a_dash_everywhere() -> None:
    writers = (templates.write_date, templates.write_datetime, templates.write_number, templates.write_percent)
    assert {write(None) for write in writers} | {templates.write_value("")} == {"—"}
    assert templates.write_percent(0, 0) == "—"


def test_a_value_is_written_by_its_kind() -> None:
    assert templates.write_value(12345) == "12,345"
    assert templates.write_value(True) == "是"
    assert templates.write_value("91430000") == "91430000"


def test_a_share_comes_with_its_numbers() -> None:
    assert templates.write_percent(982, 1000) == "98.2%（982/1,000）"
    assert templates.write_percent(0.5) == "50.0%"


@given(whole=st.integers(1, 10**12), data=st.data())
def test_a_share_says_none_or_all_only_when_it_is(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    shown = templates.write_percent(part, whole).partition("%")[0]
    assert (shown == "0.0") == (part == 0)
    assert (shown == "100.0") == (part == whole)
    assert abs(Fraction(shown) - Fraction(100 * part, whole)) <= Fraction(1, 10)
