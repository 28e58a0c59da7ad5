"""Lists, many cases at once, rebuilding, versions, and two people who decide at the same moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Event as Signal
from threading import Thread

import pytest
from django.db import IntegrityError, connection
from pytest_django import DjangoAssertNumQueries

from shuniu.procedures import api, rules, store
from shuniu.procedures.declare import Move
from shuniu.procedures.models import Case, Task
from shuniu.procedures.models import Event as EventRow
from shuniu.trust.api import VERBS, verb
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.procedures.office import (
    CHECKER,
    DRAFTER,
    FOREIGN,
    OVERSEER,
    PUBLISHER,
    RESOURCE,
    REVIEW,
    SECOND,
    ask,
    ask_many,
    decide,
    decide_many,
    officer,
)


@pytest.mark.django_db
def test_a_list_shows_exactly_what_its_reader_could_answer() -> None:
    county = officer("县办", "test.check", regions=("431102",))
    ask(actor=DRAFTER, region="431102")
    ask(actor=CHECKER, procedure="test.joint", sign=("43.market", "43.market", "43.tax"))
    decide(actor=SECOND, case=Case.objects.order_by("-pk")[0].pk)
    for actor in (DRAFTER, CHECKER, SECOND, PUBLISHER, FOREIGN, OVERSEER, county):
        listed = {(task.case, task.seat) for task in api.tasks(actor)}
        assert listed == {(task.case_id, task.seat) for task in Task.objects.all() if _could_take(actor, task)}
        assert api.count_tasks(actor) == len(listed)
    assert len(api.tasks(OVERSEER, procedure="test.joint")) == api.count_tasks(OVERSEER, procedure="test.joint") == 2
    assert [task.stage_title for task in api.tasks(county)] == ["初审"]


def _could_take(actor: Actor, task: Task) -> bool:
    (case,) = store.fold([task.case])
    if not actor.reaches(task.region):
        return False
    try:
        rules.choose(case.procedure, case.state, actor, seat=task.seat)
    except Refused:
        return False
    return True


@pytest.mark.django_db
def test_many_cases_are_opened_and_answered_as_a_set(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(20):
        cases = ask_many(actor=DRAFTER, count=300)
    with django_assert_max_num_queries(20):
        views = decide_many(actor=CHECKER, cases=cases)
    assert {view.results["check"] for view in views} == {"yes"}
    assert Entry.objects.filter(object="procedure:test.review").count() == 2
    with pytest.raises(Refused, match=r"“resource:43\.market/r0”：此项已由初审答复"):
        decide_many(actor=CHECKER, cases=cases)


@pytest.mark.django_db
def test_rebuilding_restores_what_the_events_say_and_counts_what_stood_wrong() -> None:
    keeper = replace(OVERSEER, capabilities=OVERSEER.capabilities | {"procedures.rebuild"})
    first, second, third = (ask(actor=DRAFTER).id for _ in range(3))
    decide(actor=CHECKER, case=first)
    assert api.rebuild(actor=keeper) == 0
    before = list(Task.objects.order_by("case", "seat").values_list("case", "seat", "stage", "barred", "due"))
    Task.objects.filter(case=second).delete()
    Case.objects.filter(pk=third).update(outcome="granted", open_stages=[])
    assert api.rebuild(actor=keeper, case=second) == 1
    assert api.rebuild(actor=keeper) == 1
    assert list(Task.objects.order_by("case", "seat").values_list("case", "seat", "stage", "barred", "due")) == before


@pytest.mark.django_db
def test_rebuilding_takes_the_due_dates_from_the_clocks() -> None:
    keeper = replace(OVERSEER, capabilities=OVERSEER.capabilities | {"procedures.rebuild"})
    case = ask(actor=DRAFTER)
    assert case.due is not None
    Case.objects.filter(pk=case.id).update(due=case.due + timedelta(days=9), due_provisional=True, next_due=None)
    assert api.rebuild(actor=keeper) == 1
    assert (api.case_view(case.id).due, api.case_view(case.id).due_provisional) == (case.due, case.due_provisional)
    assert Task.objects.get(case=case.id).due == Case.objects.get(pk=case.id).next_due == case.due


@pytest.mark.django_db
def test_a_running_case_goes_on_under_the_version_that_it_was_opened_under() -> None:
    case = ask(actor=DRAFTER).id
    shorter = REVIEW.model_copy(update={"version": 2, "stages": REVIEW.stages[:1]})
    api.register(shorter)
    assert decide(actor=CHECKER, case=case).outcome == ""
    assert decide(actor=CHECKER, case=ask(actor=DRAFTER).id).outcome == "granted"
    assert [view.procedure.version for view in api.cases_on(RESOURCE, procedure="test.review")] == [2, 1]
    assert [view.id for view in api.cases_on(RESOURCE, running=True)] == [case]


@pytest.mark.django_db
def test_a_place_in_the_log_is_taken_once_whoever_writes() -> None:
    case = ask(actor=DRAFTER).id
    line = EventRow.objects.filter(case=case)[0]
    line.pk = None
    with pytest.raises(IntegrityError, match="event_in_its_place"):
        line.save()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told_who() -> None:
    case = ask(actor=DRAFTER, procedure="test.joint").id
    holds, goes_on = Signal(), Signal()
    told: list[str] = []

    @verb("test.decide_slowly", "慢办")
    def decide_slowly(*, actor: Actor) -> None:
        api.answer(actor=actor, case=case, answer="同意")
        holds.set()
        assert goes_on.wait(20)

    del VERBS["test.decide_slowly"]

    def first() -> None:
        decide_slowly(actor=replace(CHECKER, capabilities=CHECKER.capabilities | {"test.decide_slowly"}))
        connection.close()

    def second() -> None:
        try:
            decide(actor=SECOND, case=case, said="不同意", reason="不妥")
        except Refused as refusal:
            told.append(f"{refusal.rule} {refusal}")
        connection.close()

    threads = [Thread(target=first), Thread(target=second)]
    threads[0].start()
    assert holds.wait(20)
    threads[1].start()
    _wait_until_somebody_waits_for_a_lock()
    goes_on.set()
    for thread in threads:
        thread.join(20)
    assert told == ["procedures.taken 此项已由初审答复“同意”。无需重复办理，请刷新后查看办理过程。"]
    assert api.case_view(case).outcome == "granted"
    assert [event.move for event in api.history(case)] == [Move.OPEN, Move.SEAT, Move.AGREE]


def _wait_until_somebody_waits_for_a_lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = '20s'")
        while True:
            cursor.execute("select count(*), pg_sleep(0.02) from pg_locks where not granted")
            if cursor.fetchone()[0]:
                return
