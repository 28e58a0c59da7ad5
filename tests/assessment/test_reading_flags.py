"""Anomalies in officers' readings: what was planted is found within a scan, ordinary days are not, twice is once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from shuniu.assessment import tasks
from shuniu.assessment.looked import api
from shuniu.assessment.looked.declare import Facts, FlagState, Kind, Limits
from shuniu.assessment.looked.models import ReadingFlag, ReadingScan, ReadingTally
from shuniu.assessment.looked.rules import family_name, judge
from shuniu.directory import api as directory
from shuniu.notices.models import Notice
from shuniu.procedures.api import oversight
from shuniu.registries.models import Subject
from shuniu.trust.declare import Actor, Refused
from tests.assessment.looking import guard, holding, placed, read
from tests.cast import Cast, cast

__all__ = ["cast"]
WORKER = directory.system("worker")
LIMITS = Limits(30, 300, 5, 5, 3, 30, 5, 20, tuple((kind, f"test.{kind}") for kind in Kind))


def working_day(back: int = 0) -> date:
    """A working day in this month or before, the given number of working days back."""
    day, calendar = timezone.localdate(), oversight.calendar("")
    while True:
        if calendar.is_working(day):
            if back == 0:
                return day
            back -= 1
        day -= timedelta(days=1)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour, minute))


def scanned() -> list[tuple[str, str]]:
    """All flags after a scan, as kind and person."""
    placed()
    while api.flag_readings(actor=WORKER)[0]:
        continue
    return list(ReadingFlag.objects.order_by("pk").values_list("kind", "person"))


def persons(count: int, family: str = "周", first: int = 8_000_000) -> list[int]:
    made = [
        Subject(pk=first + at, kind="natural", name=f"{family}某{at}", known=True, root=first + at)
        for at in range(count)
    ]
    Subject.objects.bulk_create(made)
    return [one.pk for one in made]


def ordinary(who: Actor, days: int = 8) -> None:
    """Working days of an officer like any other: ten readings each, each for its case, in working hours."""
    for back in range(days):
        for hour in range(8, 18):
            read(who, [9_000_000 + back * 100 + hour], at(working_day(back), hour, 30), case=f"2026-{back}-{hour}")


@pytest.mark.django_db
def test_ordinary_days_are_not_flagged(cast: Cast) -> None:
    ordinary(cast.tax_officer)
    for family, first in (("周", 8_100_000), ("吴", 8_200_000)):
        for subject in persons(2, family, first):
            read(cast.tax_officer, [subject], at(working_day(), 9))
    assert scanned() == []
    assert sum(ReadingTally.objects.values_list("readings", flat=True)) == 84


@pytest.mark.django_db
def test_far_more_than_one_usually_reads_is_flagged_against_the_own_past_alone(cast: Cast) -> None:
    ordinary(cast.tax_officer)
    for minute in range(50):
        for who in (cast.tax_officer, cast.market_officer):
            read(who, [7_500_000 + minute], at(working_day(), 9, minute), case="2026-1")
    assert scanned() == [("volume", cast.tax_officer.person)]
    assert "当日查阅60次" in ReadingFlag.objects.get().said


@pytest.mark.django_db
def test_hours_off_duty_are_flagged(cast: Cast) -> None:
    for minute in range(5):
        read(cast.tax_officer, [7_500_000 + minute], at(working_day(), 3, minute), case="2026-1")
    for minute in range(4):
        read(cast.market_officer, [7_600_000 + minute], at(working_day(), 3, minute), case="2026-1")
    assert scanned() == [("off_duty", cast.tax_officer.person)]


@pytest.mark.django_db
def test_the_own_family_name_is_flagged_where_no_case_is_named(cast: Cast) -> None:
    for hour, subject in enumerate(persons(3), 9):
        read(cast.tax_officer, [subject], at(working_day(), hour))
        read(cast.tax_second, [subject], at(working_day(), hour))  # 吴芳, another name
    assert scanned() == [("family", cast.tax_officer.person)]


@pytest.mark.django_db
def test_the_same_subject_again_and_again_is_flagged_over_days(cast: Cast) -> None:
    for back in range(3):
        read(cast.tax_officer, [7_500_000], at(timezone.localdate() - timedelta(days=back), 12))
    assert scanned() == []
    for minute in range(2):
        read(cast.tax_officer, [7_500_000], at(timezone.localdate(), 12, minute + 1))
    assert scanned() == [("again", cast.tax_officer.person)]
    assert ReadingFlag.objects.get().subject == 7_500_000


@pytest.mark.django_db
def test_many_readings_without_a_case_are_flagged_and_those_with_one_are_not(cast: Cast) -> None:
    for minute in range(20):
        read(cast.tax_officer, [7_500_000 + minute], at(working_day(), 9, minute), purpose="核查")
        read(
            cast.tax_second,
            [7_500_000 + minute],
            at(working_day(), 9, minute),
            verb="exchange.query",
            purpose="x/case:1",
        )
    assert scanned() == [("no_case", cast.tax_officer.person)]


@pytest.mark.django_db
def test_a_scan_run_twice_counts_and_flags_once_and_goes_on_where_it_ended(cast: Cast) -> None:
    for minute in range(20):
        read(cast.tax_officer, [7_500_000 + minute], at(working_day(), 9, minute))
    once = scanned()
    tallies = list(ReadingTally.objects.values_list("person", "readings"))
    assert scanned() == once and len(once) == 1
    assert list(ReadingTally.objects.values_list("person", "readings")) == tallies == [(cast.tax_officer.person, 20)]
    position = ReadingScan.objects.get().position
    read(cast.tax_officer, [7_500_001], at(working_day(), 9))
    assert scanned() == once and ReadingScan.objects.get().position > position
    assert ReadingTally.objects.get().readings == 21
    ReadingScan.objects.update(position=0)
    tasks.flag_readings(timestamp=0)
    assert ReadingFlag.objects.count() == 1, "whatever is looked at again, a flag stands once"
    assert Notice.objects.filter(object__startswith="flag:").count() == 1


@pytest.mark.django_db
def test_what_has_no_position_yet_is_met_later(cast: Cast) -> None:
    placed()
    for minute in range(20):
        read(cast.tax_officer, [7_500_000 + minute], at(working_day(), 9, minute))
    while api.flag_readings(actor=WORKER)[0]:
        continue
    assert not ReadingFlag.objects.exists()
    assert len(scanned()) == 1


@pytest.mark.django_db
def test_its_officer_explains_another_closes_it_and_it_costs_nobody_a_point(cast: Cast) -> None:
    for minute in range(20):
        read(cast.tax_officer, [7_500_000 + minute], at(working_day(), 9, minute))
    scanned()
    (own,) = api.list_flags(actor=cast.tax_officer)
    assert own.own and own.due > timezone.localdate() and len(own.entries) == 20
    officer, other = guard(cast), holding(cast.market_officer, "data_protection_officer", "linan", "林楠")
    assert [one.number for one in api.list_flags(actor=officer)] == [own.number]
    for stranger in (other, cast.tax_second, cast.office):
        assert api.list_flags(actor=stranger) == ()
        with pytest.raises(Refused, match="您没有第"):
            api.list_flags(actor=stranger, number=own.number)
    with pytest.raises(Refused, match="不是您"):
        api.explain_flag(actor=officer, number=own.number, text="代为说明")
    api.explain_flag(actor=cast.tax_officer, number=own.number, text="专项核查，任务书在案。")
    with pytest.raises(Refused, match="没有写"):
        api.close_flag(actor=officer, number=own.number, reason=" ")
    closed = api.close_flag(actor=officer, number=own.number, reason="与任务书相符。")
    assert (closed.state, closed.closed_name) == (FlagState.CLOSED, "方正")
    with pytest.raises(Refused, match="已经了结"):
        api.close_flag(actor=officer, number=own.number, reason="再结")
    with pytest.raises(Refused, match="已了结"):
        api.explain_flag(actor=cast.tax_officer, number=own.number, text="再说")


@pytest.mark.django_db
def test_nobody_closes_the_own_flag(cast: Cast) -> None:
    officer = guard(cast)
    for minute in range(20):
        read(officer, [7_500_000 + minute], at(working_day(), 9, minute))
    scanned()
    (own,) = api.list_flags(actor=officer)
    with pytest.raises(Refused, match="不能自己了结"):
        api.close_flag(actor=officer, number=own.number, reason="无事")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadingFlag.objects.update(
            state="closed", closed_by=officer.person, closed_name="方正", reason="无事", closed_at=timezone.now()
        )


@pytest.mark.django_db
def test_the_province_sees_numbers_without_names_and_a_department_its_own_readings(cast: Cast) -> None:
    for minute in range(20):
        read(cast.tax_officer, [7_500_000 + minute], at(working_day(), 9, minute), purpose="核查")
    scanned()
    figures = api.flag_figures(actor=cast.office, month=working_day())
    assert [(one.agency, one.kind, one.flags, one.late) for one in figures] == [("43.tax", Kind.NO_CASE, 1, 0)]
    assert "周杰" not in repr(figures)
    watch = api.watch_readings(
        actor=guard(cast), since=working_day(), until=working_day(), person=cast.tax_officer.person
    )
    assert [(one.hour, one.purpose, one.readings, one.caseless) for one in watch.tallies] == [(9, "核查", 20, 20)]
    assert len(watch.lines) == 20 and "7500000" not in repr(watch)
    other = holding(cast.market_officer, "data_protection_officer", "linan", "林楠")
    watch = api.watch_readings(actor=other, since=working_day(), until=working_day(), person=cast.tax_officer.person)
    assert watch.tallies == () and watch.lines == ()
    with pytest.raises(Refused, match="权限"):
        api.watch_readings(actor=cast.tax_officer, since=working_day(), until=working_day())


def test_family_names_of_one_and_of_two_characters() -> None:
    assert [family_name(name) for name in ("周杰", "欧阳修", " 司马光", "")] == ["周", "欧阳", "司马", ""]


@given(
    st.builds(
        Facts, st.integers(0, 29), st.floats(0, 100), st.integers(0, 30), st.integers(0, 4), st.integers(0, 19),
        st.integers(0, 2), st.integers(0, 50), st.just(()),
    )
)  # fmt: skip
def test_a_day_below_every_limit_is_never_flagged(facts: Facts) -> None:
    assert list(judge(facts, LIMITS)) == []


@given(st.integers(30, 500), st.floats(0, 100), st.integers(5, 30))
def test_volume_is_flagged_exactly_above_the_own_usual(readings: int, usual: float, days: int) -> None:
    found = [one.kind for one in judge(Facts(readings, usual, days, 0, 0, 0, 0, ()), LIMITS)]
    assert (found == [Kind.VOLUME]) == (readings > 3 * usual)
