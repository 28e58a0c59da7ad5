"""Clocks of cases in the database: begun, stopped with evidence, resumed, extended once, moved by holiday tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from bench import clocks as bench
from bench.clocks import NEXT
from shuniu.base.calendar import Calendar
from shuniu.base.periods import Term, Unit
from shuniu.procedures.calendars import api
from shuniu.procedures.calendars.declare import Cause, Kind, Standing, Start, Table
from shuniu.procedures.calendars.models import Clock, ClockChange, HolidayTable
from shuniu.procedures.models import Case, Task
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.procedures.office import CHECKER, DRAFTER, FOREIGN, ask

pytestmark = pytest.mark.django_db
VERBS = "save_holidays preview_holidays apply_holidays withdraw_holidays recount read_recount explain_due"
OFFICE = Actor(
    "officer:省办", "省办", "43.office", "省信息办", ("43",), frozenset(f"procedures.{verb}" for verb in VERBS.split())
)
DAYS = Term(20, Unit.WORKING_DAY)
DECEMBER = date(2026, 12, 14)
NOTICE = "date,kind,name\n" + "\n".join(f"{day},{kind},{name}" for day, kind, name in NEXT)


def running(start: date = DECEMBER, term: Term = DAYS, region: str = "43", **more: str) -> Clock:
    """A case's clock that has begun."""
    case = ask(actor=DRAFTER, procedure="test.joint", region=region).id
    api.begin({case: [Start(Kind.STATUTORY, start, term, **more)]})
    return Clock.objects.get(case=case)


def saved(lines: str = NOTICE, year: int = 2027, region: str = "", *, confirmed: bool = True) -> Table:
    return api.save_holidays(
        actor=OFFICE, region=region, year=year, source="国办发明电〔2026〕7号", confirmed=confirmed, lines=lines
    )


def lists(case: int) -> tuple[set[date | None], set[bool]]:
    """What lists sort a case and its tasks by, and whether they say that it is provisional."""
    found = [*Case.objects.filter(pk=case).values_list("due", "due_provisional")]
    found += Task.objects.filter(case=case).values_list("due", "due_provisional")
    assert Case.objects.get(pk=case).next_due == api.next_dues([case]).get(case)
    return {due for due, _ in found}, {provisional for _, provisional in found}


def test_lists_follow_the_clock_that_is_due_first() -> None:
    clock = running()
    assert lists(clock.case_id) == ({clock.due}, {True}), "2027 has not been published"
    api.begin({clock.case_id: [Start(Kind.PROMISED, DECEMBER, Term(5, Unit.WORKING_DAY))]})
    assert lists(clock.case_id) == ({date(2026, 12, 21)}, {False})
    with pytest.raises(Refused, match="承诺时限已经在计时"):
        api.begin({clock.case_id: [Start(Kind.PROMISED, DECEMBER, DAYS)]})
    with pytest.raises(IntegrityError), transaction.atomic():
        Clock.objects.create(case_id=clock.case_id, kind="promised", region="43", start=DECEMBER, amount=1, unit="day")


def test_a_stage_has_a_clock_of_its_own_that_its_tasks_are_sorted_by() -> None:
    clock = running()
    api.begin({clock.case_id: [Start(Kind.STAGE, DECEMBER, Term(2, Unit.WORKING_DAY), stage="sign")]})
    assert set(Task.objects.values_list("due", flat=True)) == {date(2026, 12, 16)}
    row = Case.objects.get(pk=clock.case_id)
    assert (row.due, row.next_due) == (clock.due, date(2026, 12, 16))
    api.end([clock.case_id], stages=["sign"])
    assert Case.objects.get(pk=clock.case_id).next_due == clock.due
    assert [one.stage for one in api.clocks([clock.case_id]) if one.ended is None] == [""]


def test_a_stop_holds_every_clock_of_the_case_and_its_end_gives_the_days_back() -> None:
    clock = running(date(2026, 3, 2), Term(5, Unit.WORKING_DAY))
    assert clock.due == date(2026, 3, 9)
    api.stop(
        case=clock.case_id, kind="听证", basis="行政许可法第四十五条", evidence="听证通知书1号", on=date(2026, 3, 4)
    )
    (held,) = api.clocks([clock.case_id])
    assert (held.due, held.left) == (None, 4)
    assert lists(clock.case_id)[0] == {None}
    with pytest.raises(Refused, match="已经停止计时"):
        api.stop(case=clock.case_id, kind="听证", evidence="再一份", on=date(2026, 3, 5))
    with pytest.raises(Refused, match="凭据"):
        api.stop(case=clock.case_id, kind="检验", evidence=" ")
    api.resume(case=clock.case_id, kind="听证", evidence="听证笔录", on=date(2026, 3, 11))
    (freed,) = api.clocks([clock.case_id])
    assert freed.due == date(2026, 3, 17)
    assert lists(clock.case_id) == ({date(2026, 3, 17)}, {False})
    with pytest.raises(Refused, match="没有停止计时"):
        api.resume(case=clock.case_id, kind="听证")
    (stop,) = api.stops(clock.case_id)
    assert (stop.kind, stop.evidence, stop.ended_evidence) == ("听证", "听证通知书1号", "听证笔录")


def test_a_term_is_extended_once_with_a_reason_and_before_it_is_over() -> None:
    clock = running()
    with pytest.raises(Refused, match="理由"):
        api.extend(clock=clock.pk, term=Term(10, Unit.WORKING_DAY), reason=" ")
    with pytest.raises(Refused, match="届满"):
        api.extend(clock=clock.pk, term=DAYS, reason="情况复杂", on=date(2027, 6, 1))
    api.extend(clock=clock.pk, term=Term(10, Unit.WORKING_DAY), reason="情况复杂", on=DECEMBER)
    (longer,) = api.clocks([clock.case_id])
    assert longer.due == Calendar.load().add_working_days(DECEMBER, 30).date
    with pytest.raises(Refused, match="已经延长过"):
        api.extend(clock=clock.pk, term=DAYS, reason="仍然复杂", on=DECEMBER)


def test_a_new_years_table_moves_what_reaches_into_it_says_so_first_and_notes_each() -> None:
    late, early = running(), running(date(2026, 3, 2))
    draft = saved()
    assert draft.standing is Standing.DRAFT and lists(late.case_id)[1] == {True}
    difference = api.preview_holidays(actor=OFFICE, number=draft.number)
    (move,) = difference.moves
    assert (difference.clocks, difference.moved, move.clock, move.before) == (2, 1, late.pk, late.due)
    late.refresh_from_db()
    assert late.provisional and late.due == move.before, "looking changes nothing"
    done = api.apply_holidays(actor=OFFICE, number=draft.number)
    late.refresh_from_db()
    assert (late.due, late.provisional, late.calendar) == (move.after, False, done.number)
    assert move.after is not None and move.before is not None and move.after > move.before
    assert lists(late.case_id) == ({move.after}, {False})
    early.refresh_from_db()
    assert early.calendar == 0
    (change,) = ClockChange.objects.all()
    assert (change.clock_id, change.before, change.after) == (late.pk, move.before, move.after)
    entry = Entry.objects.latest("id")
    assert (entry.verb, entry.object) == ("procedures.apply_holidays", f"holidays:{draft.number}")
    assert entry.detail["moved"] == 1 and entry.detail["recount"] == done.number


def test_a_withdrawn_table_brings_the_days_before_it_back_and_makes_them_provisional_again() -> None:
    clock = running()
    before = clock.due
    number = saved().number
    api.apply_holidays(actor=OFFICE, number=number)
    preview = api.preview_holidays(actor=OFFICE, number=number)
    assert [(one.after, one.provisional) for one in preview.moves] == [(before, True)]
    done = api.withdraw_holidays(actor=OFFICE, number=number)
    assert (done.cause, done.moved) == (Cause.WITHDRAW, 1)
    clock.refresh_from_db()
    assert (clock.due, clock.provisional) == (before, True)
    assert [one.after for _, one in api.explained(clock.pk).moves][-1] == before
    assert 2027 not in api.published_years()
    for again in (api.withdraw_holidays, api.apply_holidays):
        with pytest.raises(Refused, match="已停用"):
            again(actor=OFFICE, number=number)
    assert len(api.recounts()) == 2
    recount, moves = api.read_recount(actor=OFFICE, number=done.number)
    assert (recount.number, [one.clock for one in moves]) == (done.number, [clock.pk])


def test_a_corrected_table_takes_the_place_of_the_one_before() -> None:
    clock = running()
    first = saved()
    api.apply_holidays(actor=OFFICE, number=first.number)
    one = Clock.objects.get(pk=clock.pk).due
    second = saved(NOTICE + "\n2027-01-04,holiday,元旦")
    api.apply_holidays(actor=OFFICE, number=second.number)
    other = Clock.objects.get(pk=clock.pk).due
    assert one is not None and other is not None and one < other
    assert [table.standing for table in api.holiday_tables()] == [Standing.IN_FORCE, Standing.WITHDRAWN]
    assert HolidayTable.objects.filter(applied_at__isnull=False, withdrawn_at__isnull=True).count() == 1


def test_a_prefectures_own_day_counts_there_and_nowhere_else() -> None:
    here, there = running(date(2026, 9, 14), region="433101"), running(date(2026, 9, 14), region="430100")
    before = here.due
    table = saved("date,kind,name\n2026-09-21,holiday,州庆", 2026, "433100")
    api.apply_holidays(actor=OFFICE, number=table.number)
    here.refresh_from_db()
    there.refresh_from_db()
    assert here.due is not None and before is not None and here.due > before == there.due
    assert not here.provisional, "a local table does not unpublish a year"


@pytest.mark.parametrize(
    ("lines", "year", "region", "words"),
    [
        ("date,kind,name\n2027-13-01,holiday,元旦", 2027, "", "第2行"),
        ("date,kind,name\n2027-01-01,off,元旦", 2027, "", "类别“off”"),
        ("date,kind,name\n2027-02-05,holiday,春节", 2027, "", "没有元旦"),
        ("date,kind,name\n2028-01-01,holiday,元旦", 2027, "", "不在 2027 年"),
        ("date,kind,name", 2027, "", "没有日期"),
        ("date,kind,name\n2027-09-20,holiday,州庆", 2027, "4331x", "区划代码"),
        ("date,kind,name\n1850-01-01,holiday,元旦", 1850, "", "不在可以计算的范围"),
    ],
)
def test_a_table_that_cannot_be_right_is_refused_with_the_line_or_the_lack(
    lines: str, year: int, region: str, words: str
) -> None:
    with pytest.raises(Refused, match=words) as refused:
        saved(lines, year, region)
    assert refused.value.rule == "procedures.holidays" and refused.value.remedy
    assert not HolidayTable.objects.exists()


def test_a_forecast_counts_but_stays_provisional_and_never_replaces_a_notice() -> None:
    clock = running()
    forecast = saved(confirmed=False)
    api.apply_holidays(actor=OFFICE, number=forecast.number)
    clock.refresh_from_db()
    assert clock.provisional and clock.calendar
    wrong = saved("date,kind,name\n2026-01-01,holiday,元旦", 2026, confirmed=False)
    with pytest.raises(Refused, match="已有正式的表"):
        api.apply_holidays(actor=OFFICE, number=wrong.number)


def test_a_corrected_rule_recomputes_the_clocks_that_go_by_it_and_notes_it() -> None:
    clock = running(date(2026, 3, 2), Term(3, Unit.WORKING_DAY), rule="c26.catalogue.review.days")
    assert clock.due == date(2026, 3, 5)
    done = api.recount(actor=OFFICE)
    clock.refresh_from_db()
    assert (clock.amount, clock.due, clock.calendar) == (5, date(2026, 3, 9), done.number), "the rule says 5"
    assert api.recount(actor=OFFICE).moved == 0


def test_ended_clocks_stay_as_they_were() -> None:
    clock = running()
    api.end([clock.case_id], on=date(2026, 12, 20))
    number = saved().number
    assert api.preview_holidays(actor=OFFICE, number=number).clocks == 0
    assert api.apply_holidays(actor=OFFICE, number=number).moved == 0


def test_who_works_on_a_case_may_ask_why_it_is_due_and_others_not() -> None:
    clock = running()
    own, stranger = (replace(who, capabilities=frozenset({"procedures.explain_due"})) for who in (CHECKER, FOREIGN))
    found, about = api.explain_due(actor=own, clock=clock.pk)
    assert about == "resource:43.market/registration"
    assert found.days[-1].day == clock.due and found.days[-1].number == 20
    far = replace(own, regions=("4401",))
    for who, number, rule in (
        (stranger, clock.pk, "procedures.unknown"),
        (own, 0, "procedures.unknown"),
        (far, clock.pk, "right.region"),  # of the same agency: she may know of it, and is told what she lacks
        (replace(far, agency=stranger.agency), clock.pk, "procedures.unknown"),
    ):
        with pytest.raises(Refused) as refusal:
            api.explain_due(actor=who, clock=number)
        assert refusal.value.rule == rule
    assert Entry.objects.filter(verb="procedures.explain_due", outcome="done").count() == 1


@pytest.mark.parametrize("seed", [1, 2])
def test_sql_and_the_pure_function_agree_on_random_clocks_of_a_small_bench(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "PROVEN", 400)
    found = bench.run(rows=300, seed=seed)
    assert found.must == {"seconds": "<=10", "differing": "==0"}
    assert (found.measures["differing"], found.measures["clocks"]) == (0, 300)
    assert found.measures["moved"] > 0
    assert Case.objects.filter(due__isnull=False).count() == Task.objects.filter(due__isnull=False).count() > 200
