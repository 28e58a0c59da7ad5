"""A stage's share of what was promised for the whole: when it is due, never after the whole, whatever a recount moves."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from shuniu.base.calendar import Calendar, Due
from shuniu.base.periods import Term, Unit
from shuniu.procedures import api, terms
from shuniu.procedures.api import PROCEDURES
from shuniu.procedures.calendars import api as calendars
from shuniu.procedures.calendars.declare import Kind, Start
from shuniu.procedures.calendars.models import Clock
from shuniu.procedures.calendars.store import recounting, tables
from shuniu.procedures.declare import Opening, Procedure, Seat, Stage
from shuniu.procedures.models import Case, Task
from tests.procedures.hall import CITIZEN, FIRST, agree, do

SHARED = Procedure(
    key="test.shared",
    version=1,
    title="按份计时",
    stages=(
        Stage(key="check", title="审查", lane="test.check", share=70),
        Stage(key="decide", title="决定", lane="test.decide", needs=("check",), share=30),
    ),
)
TEN = Term(10, Unit.WORKING_DAY)
DAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PROCEDURES, SHARED.key, SHARED)


def opened(term: Term | None = TEN) -> int:
    opening = Opening("item:1", "43.market", "43", term=term)
    return do(api.open_cases, CITIZEN, procedure=SHARED.key, openings=[opening])[0]


def ends(days: int) -> date:
    return Calendar.load().add_working_days(timezone.localdate(), days).date


def begun(case: int, days: int) -> None:
    calendars.begin({case: [Start(Kind.PROMISED, timezone.localdate(), Term(days, Unit.WORKING_DAY))]})


def due_of(case: int) -> date | None:
    """The day of the one task, as lists have it; the same that its clocks come to when all is written anew."""
    due = Task.objects.get(case=case).due
    recounting.project([case])
    assert Task.objects.get(case=case).due == due
    return due


@pytest.mark.django_db
def test_each_stage_has_its_share_of_the_whole_from_the_day_on_which_it_is_handed_out() -> None:
    case = opened()
    begun(case, 10)
    assert due_of(case) == ends(7) and api.case_view(case).dues["check"].date == ends(7)
    agree(FIRST, case)
    assert due_of(case) == ends(3)
    (clock,) = Clock.objects.filter(case=case, stage="decide")
    assert (clock.amount, clock.unit, clock.rule) == (3, "working_day", "")
    told = calendars.explained(clock.pk)
    assert (told.share, told.share_of) == (30, TEN)


@pytest.mark.django_db
@pytest.mark.parametrize("term", [None, Term(0, Unit.WORKING_DAY)])
def test_where_nothing_is_promised_or_all_on_the_spot_a_stage_has_no_term_of_its_own(term: Term | None) -> None:
    case = opened(term)
    assert api.case_view(case).dues == {} and not Clock.objects.filter(case=case).exists()
    begun(case, 1)
    assert due_of(case) == ends(1)


@pytest.mark.django_db
def test_of_two_clocks_that_bind_a_task_the_first_says_when_it_is_due() -> None:
    case = opened()
    begun(case, 4)
    assert Clock.objects.get(case=case, stage="check").due == ends(7)
    assert due_of(case) == ends(4) and api.case_view(case).dues["check"].date == ends(4)
    assert calendars.next_dues([case]) == {case: ends(4)} == calendars.next_dues([case], whole=True)
    agree(FIRST, case)
    assert due_of(case) == ends(3), "its own share of three days comes first"
    assert calendars.next_dues([case], whole=True) == {case: ends(4)}


@pytest.mark.django_db
def test_a_recount_that_moves_the_whole_before_the_stage_moves_the_task_with_it() -> None:
    case = opened()
    begun(case, 10)
    Clock.objects.filter(case=case, kind=Kind.PROMISED).update(amount=5)
    recounting.compute(tables.calendars())
    assert recounting.write(0) == 1
    assert Case.objects.get(pk=case).due == ends(5) == due_of(case)
    Clock.objects.filter(case=case, kind=Kind.PROMISED).update(amount=12)
    recounting.compute(tables.calendars())
    recounting.write(1)
    assert due_of(case) == ends(7), "and back"


@pytest.mark.django_db
def test_while_the_case_stands_still_its_task_is_not_due() -> None:
    case = opened()
    begun(case, 4)
    do(api.suspend, FIRST, case, kind="听证", evidence="听证通知书1号")
    assert due_of(case) is None
    do(api.resume, FIRST, case, kind="听证", evidence="听证笔录")
    assert due_of(case) == ends(4)


units = st.sampled_from(list(Unit))
wholes = st.builds(Term, st.integers(1, 60), units)


@settings(max_examples=200, deadline=None, database=None)
@given(wholes, st.integers(1, 100), st.dates(date(2026, 1, 1), date(2026, 6, 30)), st.dates(DAY, date(2027, 1, 1)))
def test_a_stage_has_at_least_a_day_at_most_the_whole_and_is_never_due_after_it(
    whole: Term, share: int, asked: date, end: date
) -> None:
    stage = Stage(key="check", title="审查", lane="test.check", share=share)
    at = datetime(asked.year, asked.month, asked.day, 4, tzinfo=timezone.get_current_timezone())
    seat = Seat(1, "check", "43.market", since=at, asked=at)
    given_term = terms.stage_term(stage, "", whole, asked)
    assert given_term is not None and given_term.amount >= 1
    own = terms.counted(given_term, asked)
    assert asked < own.date <= terms.counted(whole, asked).date
    due = terms.seat_due(stage, seat, whole, Due(end, False))
    assert due is not None and due.date == min(own.date, end)


def test_a_stage_says_its_time_in_one_way() -> None:
    with pytest.raises(ValueError, match="只能写一种"):
        SHARED.model_validate({**SHARED.model_dump(), "stages": [{**SHARED["check"].model_dump(), "term": 2}]})
