"""Clocks that follow the log of a case: begun at its opening and at each handing out, stopped by 挂起, ended by answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone

from shuniu.base.calendar import Calendar
from shuniu.procedures import api
from shuniu.procedures.api import PROCEDURES
from shuniu.procedures.calendars import api as calendars
from shuniu.procedures.calendars.declare import ClockView, Kind
from shuniu.procedures.calendars.models import Clock, Stop
from shuniu.procedures.calendars.store.following import BACK
from shuniu.procedures.declare import OPENER, Opening, Procedure, Stage
from shuniu.procedures.models import Case, Task
from tests.procedures.hall import CHIEF, CITIZEN, FIRST, OFFICE, SECOND, agree, do

pytestmark = pytest.mark.django_db
TIMED = Procedure(
    key="test.timed",
    version=1,
    title="有时限的",
    term_rule="catalogue.review.days",
    stages=(
        Stage(key="check", title="审查", lane="test.check", term=2),
        Stage(key="decide", title="决定", lane="test.decide", needs=("check",), term="licensing.accept.days"),
    ),
)


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PROCEDURES, TIMED.key, TIMED)


def opened() -> int:
    return do(api.open_cases, CITIZEN, procedure=TIMED.key, openings=[Opening("item:1", "43.market", "43")])[0]


def running(case: int) -> dict[tuple[Kind, str], ClockView]:
    """The clocks that run; the day that lists of cases sort by is the first of them."""
    found = {(one.kind, one.stage): one for one in calendars.clocks([case]) if one.ended is None}
    first = min((one.due for one in found.values() if one.due), default=None)
    assert Case.objects.get(pk=case).next_due == first == calendars.next_dues([case]).get(case)
    return found


def ends(days: int, start: date | None = None) -> date:
    return Calendar.load().add_working_days(start or timezone.localdate(), days).date


WHOLE, CHECK, DECIDE = (Kind.STATUTORY, ""), (Kind.STAGE, "check"), (Kind.STAGE, "decide")


def test_the_opening_starts_the_wholes_clock_and_handing_out_the_stages() -> None:
    case = opened()
    found = running(case)
    assert {key: one.due for key, one in found.items()} == {WHOLE: ends(5), CHECK: ends(2)}
    assert found[WHOLE].rule == Case.objects.get(pk=case).rule
    assert Case.objects.get(pk=case).due == ends(5)
    assert [*Task.objects.filter(case=case).values_list("due", flat=True)] == [ends(2)]


def test_an_answer_ends_its_stages_clock_and_taking_it_back_lets_it_run_again() -> None:
    case = opened()
    agree(FIRST, case)
    assert running(case).keys() == {WHOLE, DECIDE}
    do(api.withdraw, FIRST, case, stage="check", reason="看漏一份")
    assert running(case).keys() == {WHOLE, CHECK}
    agree(FIRST, case)
    agree(CHIEF, case)
    assert not running(case), "the decision ended every clock"
    assert len(calendars.clocks([case])) == 4, "two of 决定: it was handed out twice"


def suspend(case: int) -> None:
    do(api.suspend, FIRST, case, kind="听证", evidence="听证通知书1号")


def suspend_decision(case: int) -> None:
    do(api.suspend, CHIEF, case, kind="听证", evidence="听证通知书1号")


def resume(case: int) -> None:
    do(api.resume, FIRST, case, kind="听证", evidence="听证笔录")


def send_back(case: int) -> None:
    do(api.return_, FIRST, case, to_stage=OPENER, reason="听证通知书1号")


def resubmit(case: int) -> None:
    do(api.resubmit, CITIZEN, case, note="已改")


@pytest.mark.parametrize(
    ("stop", "go", "kind", "left"),
    [(suspend, resume, "听证", {WHOLE, CHECK}), (send_back, resubmit, BACK, {WHOLE})],
)
def test_while_a_case_is_suspended_or_lies_with_its_opener_no_clock_runs(
    stop: Callable[[int], None], go: Callable[[int], None], kind: str, left: set[tuple[Kind, str]]
) -> None:
    case = opened()
    stop(case)
    assert {key: one.due for key, one in running(case).items()} == dict.fromkeys(left)
    assert not Task.objects.filter(case=case, due__isnull=False).exists()
    (said,) = calendars.stops(case)
    assert (said.kind, said.evidence, said.days.end) == (kind, "听证通知书1号", None)
    go(case)
    assert {key: one.due for key, one in running(case).items()} == {WHOLE: ends(5), CHECK: ends(2)}
    assert calendars.stops(case)[0].days.end == timezone.localdate()


def test_a_stop_that_told_its_basis_is_not_told_twice() -> None:
    case = opened()
    calendars.stop(case=case, kind="听证", evidence="公告", basis="行政许可法第四十六条")
    suspend(case)
    (said,) = calendars.stops(case)
    assert (said.basis, said.evidence) == ("行政许可法第四十六条", "公告")


def test_whoever_takes_a_task_leaves_the_day_as_a_holiday_table_moved_it() -> None:
    case, moved = opened(), ends(9)
    Clock.objects.filter(case=case).update(due=moved)
    Task.objects.filter(case=case).update(due=moved)
    do(api.take, SECOND, case)
    assert [*Task.objects.filter(case=case).values_list("person", "due")] == [(SECOND.person, moved)]


def test_a_case_from_before_clocks_were_kept_gets_them_when_its_projections_are_rebuilt() -> None:
    keeper = replace(OFFICE, capabilities=OFFICE.capabilities | {"procedures.rebuild"})
    case, _untouched = opened(), opened()
    agree(FIRST, case)
    suspend_decision(case)
    before = [(one.kind, one.stage, one.start, one.due) for one in running(case).values()]
    Clock.objects.filter(case=case).delete()
    Stop.objects.filter(case=case).delete()
    api.rebuild(actor=keeper)
    assert [(one.kind, one.stage, one.start, one.due) for one in running(case).values()] == before
    assert [one.evidence for one in calendars.stops(case)] == ["听证通知书1号"]
    assert api.rebuild(actor=keeper) == 0
