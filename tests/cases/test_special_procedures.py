"""A special procedure that the item declares stops the clocks with its evidence, is told with its time, and is ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shuniu.base.calendar import Calendar
from shuniu.base.periods import Term, Unit
from shuniu.cases.api import filing, handling, items, specials
from shuniu.cases.declare.case import CaseView
from shuniu.cases.declare.service import Basis, Special
from shuniu.cases.models import SpecialTime
from shuniu.directory.api import system
from shuniu.notices.models import Notice
from shuniu.procedures import api as procedures
from shuniu.procedures.calendars import api as calendars
from shuniu.procedures.calendars.declare import ClockView
from shuniu.procedures.declare import Move
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cases.filing import ITEM, chief, clerk, examiner, filed
from tests.cast import Cast, cast

__all__ = ["cast", "chief", "clerk", "examiner"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_specials")]

LAW = Basis(law="中华人民共和国行政许可法", article="第四十五条")
HEARING = Special(kind="听证", basis=LAW, longest=Term(15, Unit.WORKING_DAY))
TEST = Special(kind="检验", basis=LAW)
ORDER = "听证通知书〔2026〕3号"


@pytest.fixture
def with_specials(cast: Cast) -> None:
    """The item with two special procedures, one of them without a longest time, and an extension."""
    changed = {"specials": (HEARING, TEST), "extension": Term(10, Unit.WORKING_DAY)}
    items.ship(actor=system("install"), items=[ITEM.model_copy(update=changed)])


@pytest.fixture
def number(cast: Cast, clerk: Actor) -> str:
    return handling.accept(actor=clerk, number=filed(cast.citizen).number).number


def whole(case: CaseView) -> list[ClockView]:
    """The clocks of the whole case, without those of its stages."""
    return [one for one in case.clocks if not one.stage]


def test_while_it_runs_no_clock_does_and_nobody_decides(cast: Cast, examiner: Actor, chief: Actor, number: str) -> None:
    stopped = specials.begin(actor=examiner, number=number, kind="听证", evidence=ORDER)
    assert stopped.matter.waits_for == ("听证",) and all(one.due is None and one.left for one in whole(stopped))
    with pytest.raises(Refused) as refusal:
        handling.examine(actor=examiner, number=number, opinion="建议准予。")
    assert refusal.value.rule == "procedures.held"
    (stop,) = calendars.stops(stopped.matter.id)
    assert (stop.kind, stop.evidence) == ("听证", ORDER) and "第四十五条" in stop.basis
    went_on = specials.end(actor=examiner, number=number, kind="听证", evidence="听证笔录〔2026〕3号")
    assert went_on.matter.waits_for == () and all(one.due is not None for one in whole(went_on))
    (stop,) = calendars.stops(stopped.matter.id)
    assert stop.days.end == timezone.localdate() and stop.ended_evidence == "听证笔录〔2026〕3号"
    log = [(one.move, one.to, one.reason) for one in procedures.history(stopped.matter.id)]
    assert (Move.SUSPEND, ("听证",), ORDER) in log and (Move.RESUME, ("听证",), "听证笔录〔2026〕3号") in log
    handling.examine(actor=examiner, number=number, opinion="听证后建议准予。")
    handling.decide(actor=chief, number=number)


def test_the_applicant_is_told_the_time_that_it_needs_and_when_the_clock_runs_again(
    cast: Cast, examiner: Actor, number: str
) -> None:
    specials.begin(actor=examiner, number=number, kind="听证", evidence=ORDER, days=8)
    (run,) = specials.read_timing(actor=cast.citizen, number=number).runs
    today = timezone.localdate()
    assert run.told == Term(8, Unit.WORKING_DAY) and run.until == Calendar.load().add_working_days(today, 8).date
    assert (run.evidence, run.by_name, run.begun, run.ended) == (ORDER, examiner.name, today, None)
    told = Notice.objects.filter(person=cast.citizen.person, template="cases.special_begun").get()
    assert all(one in told.text for one in ("8个工作日", ORDER, run.until.isoformat()))
    specials.end(actor=examiner, number=number, kind="听证", evidence="听证笔录")
    assert Notice.objects.filter(person=cast.citizen.person, template="cases.special_ended").count() == 1
    (run,) = specials.read_timing(actor=cast.citizen, number=number).runs
    assert (run.ended, run.ended_evidence) == (today, "听证笔录")
    assert not run.is_late(run.until) and not run.is_late(run.until + timedelta(days=30))


def test_one_that_takes_longer_than_was_told_is_late(cast: Cast, examiner: Actor, number: str) -> None:
    specials.begin(actor=examiner, number=number, kind="检验", evidence="送检单 12 号", days=1)
    (run,) = specials.read_timing(actor=examiner, number=number).running
    assert not run.is_late(run.until) and run.is_late(run.until + timedelta(days=1))


def test_of_two_that_run_at_once_the_clocks_wait_for_both(cast: Cast, examiner: Actor, number: str) -> None:
    specials.begin(actor=examiner, number=number, kind="听证", evidence=ORDER)
    specials.begin(actor=examiner, number=number, kind="检验", evidence="送检单", days=5)
    held = specials.end(actor=examiner, number=number, kind="听证", evidence="听证笔录")
    assert all(one.due is None for one in whole(held))
    assert not Notice.objects.filter(template="cases.special_ended").exists()
    assert all(one.due for one in whole(specials.end(actor=examiner, number=number, kind="检验", evidence="检验报告")))
    assert [one.kind for one in specials.read_timing(actor=examiner, number=number).runs] == ["听证", "检验"]


def test_only_a_declared_kind_in_its_time_with_evidence_after_acceptance(
    cast: Cast, clerk: Actor, examiner: Actor, number: str
) -> None:
    fresh = filed(cast.citizen).number
    for at, kind, evidence, days, rule in (
        (number, "专家评审", ORDER, None, "case.special"),
        (number, "听证", ORDER, 16, "case.special_time"),
        (number, "听证", ORDER, 0, "case.special_time"),
        (number, "检验", ORDER, None, "case.special_time"),
        (number, "听证", " ", None, "procedures.evidence"),
        (fresh, "听证", ORDER, None, "case.not_accepted"),
    ):
        with pytest.raises(Refused) as refusal:
            specials.begin(actor=examiner, number=at, kind=kind, evidence=evidence, days=days)
        assert refusal.value.rule == rule
    with pytest.raises(Refused) as refusal:
        specials.begin(actor=clerk, number=number, kind="听证", evidence=ORDER)
    assert refusal.value.rule == "right.missing"
    specials.begin(actor=examiner, number=number, kind="听证", evidence=ORDER)
    with pytest.raises(Refused) as refusal:
        specials.begin(actor=examiner, number=number, kind="听证", evidence=ORDER)
    assert refusal.value.rule == "procedures.stopped" and SpecialTime.objects.count() == 1
    for said, rule in (
        ({"kind": "检验", "evidence": "检验报告"}, "procedures.suspended"),
        ({"kind": "听证", "evidence": ""}, "case.special_evidence"),
    ):
        with pytest.raises(Refused) as refusal:
            specials.end(actor=examiner, number=number, **said)
        assert refusal.value.rule == rule


def test_who_holds_no_seat_of_the_case_cannot_stop_its_clocks(cast: Cast, chief: Actor, number: str) -> None:
    with pytest.raises(Refused) as refusal:
        specials.begin(actor=chief, number=number, kind="听证", evidence=ORDER)
    assert refusal.value.rule == "procedures.lane"


def test_the_same_kind_can_be_held_again_and_each_has_its_own_evidence(
    cast: Cast, examiner: Actor, number: str
) -> None:
    for at in ("第一次", "第二次"):
        specials.begin(actor=examiner, number=number, kind="听证", evidence=f"{at}通知")
        specials.end(actor=examiner, number=number, kind="听证", evidence=f"{at}笔录")
    runs = specials.read_timing(actor=examiner, number=number).runs
    assert [(one.evidence, one.ended_evidence) for one in runs] == [
        ("第一次通知", "第一次笔录"), ("第二次通知", "第二次笔录"),
    ]  # fmt: skip


def test_an_applicant_reads_why_the_own_case_is_due_and_nobody_else_does(
    cast: Cast, examiner: Actor, number: str
) -> None:
    specials.begin(actor=examiner, number=number, kind="听证", evidence=ORDER)
    (first, _second) = whole(filing.read_case(actor=cast.citizen, number=number))
    found = specials.explain_due(actor=cast.citizen, number=number, clock=first.id)
    assert found.view == first and [one.kind for one in found.stops] == ["听证"]
    assert Entry.objects.filter(verb="cases.explain_due", object=f"case:{number}", outcome="done").count() == 1
    for who, clock in ((cast.firm, first.id), (cast.citizen, first.id + 1000)):
        with pytest.raises(Refused) as refusal:
            specials.explain_due(actor=who, number=number, clock=clock)
        assert refusal.value.rule == "case.unknown"
    for stranger in (cast.firm, cast.tax_officer):
        with pytest.raises(Refused):
            specials.read_timing(actor=stranger, number=number)


def test_a_case_withdrawn_meanwhile_ends_it(cast: Cast, examiner: Actor, number: str) -> None:
    specials.begin(actor=examiner, number=number, kind="听证", evidence=ORDER)
    filing.withdraw(actor=cast.citizen, number=number, reason="不办了")
    with pytest.raises(Refused) as refusal:
        specials.end(actor=examiner, number=number, kind="听证", evidence="听证笔录")
    assert refusal.value.rule == "case.ended"


def test_the_database_keeps_no_time_of_nothing(cast: Cast, examiner: Actor, number: str) -> None:
    specials.begin(actor=examiner, number=number, kind="听证", evidence=ORDER)
    for wrong in ({"amount": 0}, {"unit": "hour"}, {"basis": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SpecialTime.objects.update(**wrong)
