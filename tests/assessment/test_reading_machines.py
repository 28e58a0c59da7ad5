"""A department's machine that names no officer is watched too: counted, judged by what fits it, its agency asked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from shuniu.assessment import tasks
from shuniu.assessment.looked import api
from shuniu.assessment.looked.declare import FlagState, Kind
from shuniu.assessment.looked.models import ReadingFlag, ReadingPerson, ReadingTally
from shuniu.directory import api as directory
from shuniu.notices.models import Notice
from shuniu.trust.declare import Actor, Refused
from tests.assessment.looking import guard, holding, placed, read
from tests.assessment.test_reading_flags import at, ordinary, persons, scanned, working_day
from tests.cast import Cast, cast

__all__ = ["cast"]
pytestmark = pytest.mark.django_db
TAX = directory.machines.machine("agency:43.tax", "省税务局", "43.tax")


def called(who: Actor = TAX, count: int = 1, hour: int = 9, back: int = 0, first: int = 7_500_000, **said: str) -> None:
    """Calls of a day by the gateway, each of one subject, each for its case unless another purpose is said."""
    for minute in range(count):
        read(
            who, [first + minute], at(working_day(back), hour, minute % 60), verb="exchange.query",
            purpose=said.get("purpose", f"licensing/case:{minute}"),
        )  # fmt: skip


def test_calls_that_name_nobody_are_in_the_watchers_list(cast: Cast) -> None:
    called(count=25, purpose="inspection")
    assert scanned() == []
    officer = guard(cast)
    watch = api.watch_readings(actor=officer, since=working_day(), until=working_day(), person=TAX.person)
    assert [(one.person_name, one.purpose, one.readings, one.caseless) for one in watch.tallies] == [
        ("接口", "监管检查", 25, 25)
    ]
    assert len(watch.lines) == 25 and "7500000" not in repr(watch)
    assert api.officers(officer) == (("agency:43.tax", "接口"),)
    other = holding(cast.market_officer, "data_protection_officer", "linan", "林楠")
    assert api.watch_readings(actor=other, since=working_day(), until=working_day(), person=TAX.person).tallies == ()


def test_calls_for_sixty_cases_in_an_hour_are_one_line(cast: Cast) -> None:
    called(count=60)
    scanned()
    (line,) = api.watch_readings(actor=guard(cast), since=working_day(), until=working_day()).tallies
    assert (line.purpose, line.readings, line.caseless) == ("行政许可", 60, 0)


def test_a_call_that_names_its_officer_is_the_officers_and_counted_once(cast: Cast) -> None:
    account = int(cast.tax_officer.person.partition(":")[2])
    named = directory.machines.machine("agency:43.tax", "省税务局", "43.tax", (account, cast.tax_officer.name))
    called(named, 20, purpose="inspection")
    assert scanned() == [("no_case", cast.tax_officer.person)]
    assert list(ReadingTally.objects.values_list("person", "readings")) == [(cast.tax_officer.person, 20)]


def test_a_jump_in_volume_is_flagged_by_the_job_and_asks_the_agency_and_nobody_by_name(cast: Cast) -> None:
    for back in range(1, 8):
        called(count=60, back=back)
    called(count=199)
    assert scanned() == [], "below the least, whatever it usually is"
    called(count=60, first=7_600_000)
    placed()
    tasks.flag_readings(timestamp=0)
    (flag,) = ReadingFlag.objects.all()
    assert (flag.kind, flag.person, flag.person_name, flag.agency) == (Kind.VOLUME, TAX.person, "接口", "43.tax")
    assert "查阅259次" in flag.said and flag.rule.endswith("machine.volume.percent")
    (told,) = Notice.objects.filter(object=f"flag:{flag.pk}")
    assert told.agency == "43.tax" and not told.person
    assert cast.tax_officer.name not in repr([flag.said, vars(told)])


def test_the_job_looks_every_few_minutes() -> None:
    (periodic,) = [
        one for one in app.periodic_registry.periodic_tasks.values() if one.task.name == "assessment.flag_readings"
    ]
    assert periodic.cron == "*/2 * * * *"


def test_a_hundred_subjects_in_one_call_weigh_as_a_hundred_calls(cast: Cast) -> None:
    for back in range(1, 8):
        called(count=30, back=back)
    for call in range(3):
        first = 7_700_000 + 100 * call
        read(TAX, range(first, first + 100), at(working_day(), 10), verb="exchange.query", purpose="licensing/case:1")
    assert scanned() == [("volume", TAX.person)]
    assert "查阅300次" in ReadingFlag.objects.get().said


def test_a_machine_may_ask_at_night_and_of_anybody_s_family(cast: Cast) -> None:
    called(count=50, hour=3)
    for subject in persons(5, "接"):  # of the first character of what a machine is called
        read(TAX, [subject], at(working_day(), 9), verb="exchange.query", purpose="inspection")
    assert scanned() == [] and not ReadingPerson.objects.exists()


def test_a_machine_that_asks_much_without_a_case_or_again_and_again_of_one_is_flagged(cast: Cast) -> None:
    for hour in range(9, 14):
        first = 7_800_000 + 1000 * hour
        read(TAX, range(first, first + 100), at(working_day(), hour), verb="exchange.query", purpose="inspection")
    for minute in range(20):
        read(TAX, [7_500_000], at(working_day(), 15, minute), verb="exchange.query", purpose="inspection")
    assert sorted(scanned()) == [("again", TAX.person), ("no_case", TAX.person)]
    assert ReadingFlag.objects.get(kind="again").subject == 7_500_000


def test_an_officers_limits_stay_what_they_were_beside_a_machine(cast: Cast) -> None:
    ordinary(cast.tax_officer)
    called(count=40)
    for minute in range(5):
        read(cast.tax_officer, [7_500_000], at(working_day(), 12, minute))
    assert scanned() == [("again", cast.tax_officer.person)]


def test_the_agencys_keeper_of_machines_explains_and_the_protection_officer_closes(cast: Cast) -> None:
    for minute in range(20):
        read(TAX, [7_500_000], at(working_day(), 15, minute), verb="exchange.query", purpose="inspection")
    scanned()
    guarding = guard(cast)
    (own,) = api.list_flags(actor=cast.tax_officer)
    assert own.asked and not own.own, "the data officer of the agency is asked"
    (seen,) = api.list_flags(actor=guarding)
    assert not seen.asked
    keeper = holding(cast.tax_officer, "agency_administrator", "guanli", "管理")
    assert api.list_flags(actor=keeper)[0].asked
    for stranger in (cast.market_officer, cast.office, holding(cast.tax_officer, "case_clerk", "jingban", "经办")):
        assert api.list_flags(actor=stranger) == ()
        with pytest.raises(Refused, match="您没有第"):
            api.explain_flag(actor=stranger, number=own.number, text="代为说明")
    with pytest.raises(Refused, match="不是您"):
        api.explain_flag(actor=guarding, number=own.number, text="代为说明")
    told = api.explain_flag(actor=cast.tax_officer, number=own.number, text="年报核对，任务书在案。")
    assert (told.explained_name, told.own) == (cast.tax_officer.name, True)
    both = replace(cast.tax_officer, capabilities=cast.tax_officer.capabilities | {"assessment.close_flag"})
    with pytest.raises(Refused, match="不能自己了结"):
        api.close_flag(actor=both, number=own.number, reason="无事")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadingFlag.objects.update(
            state="closed", closed_by=both.person, closed_name=both.name, reason="无事", closed_at=timezone.now()
        )
    closed = api.close_flag(actor=guarding, number=own.number, reason="与任务书相符。")
    assert (closed.state, closed.closed_name) == (FlagState.CLOSED, "方正")
