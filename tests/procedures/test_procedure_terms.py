"""A stage's own term, and a case that ends because its question fell away; taking a seat before answering in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from shuniu.base.calendar import Calendar
from shuniu.procedures import api, store
from shuniu.procedures.declare import Procedure, Stage
from shuniu.procedures.models import Case, Declaration, Task
from shuniu.procedures.models import Event as EventRow
from shuniu.trust.api import VERBS, record, require, verb
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.loosening import loosened
from tests.procedures.office import (
    CHECKER,
    DRAFTER,
    FOREIGN,
    OVERSEER,
    PUBLISHER,
    REVIEW,
    SECOND,
    ask,
    ask_many,
    decide,
    hand_on,
    send_back,
)

pytestmark = pytest.mark.django_db
TIMED = REVIEW.model_copy(
    update={
        "version": 2,
        "stages": (
            REVIEW.stages[0].model_copy(update={"term": 2}),
            REVIEW.stages[1].model_copy(update={"term": "exchange.objection.accept.days"}),
        ),
    }
)


@verb("test.take", "领办")
def take(*, actor: Actor, case: int) -> None:
    api.take(actor=actor, case=case)


@verb("test.release", "退领")
def release(*, actor: Actor, case: int, reason: str = "另有任务") -> None:
    api.release(actor=actor, case=case, reason=reason)


@verb("test.fall_away", "终止")
def fall_away(*, actor: Actor, cases: tuple[int, ...]) -> tuple[int, ...]:
    require()
    record("things")
    return api.end_cases(actor=actor, cases=cases, reason="已另行认出")


for name in ("test.take", "test.release", "test.fall_away"):
    del VERBS[name]
MORE = frozenset({"test.take", "test.release", "test.fall_away"})


def more(actor: Actor) -> Actor:
    return replace(actor, capabilities=actor.capabilities | MORE)


def test_a_stage_is_due_by_its_own_term_from_the_day_it_was_handed_out() -> None:
    api.register(TIMED)
    case = ask(actor=DRAFTER)
    today = timezone.localdate()
    assert case.dues == {"check": Calendar.load().add_working_days(today, 2)}
    (task,) = api.tasks(CHECKER)
    assert task.due == case.dues["check"].date
    assert case.due is not None and task.due < case.due
    with loosened(EventRow):
        EventRow.objects.filter(case=case.id).update(at=timezone.now() - timedelta(days=30))
    after = decide(actor=CHECKER, case=case.id)
    assert after.dues["check"].date < today, "answered late: the log says so for good"
    (published,) = api.tasks(PUBLISHER)
    assert published.due == Calendar.load().add_working_days(today, 2).date
    (handed,) = EventRow.objects.filter(case=case.id, stage="publish", verb="交办")
    assert handed.rule.startswith("c26.exchange.objection.accept.days")


def test_handing_on_gives_no_more_time_and_sending_back_begins_anew() -> None:
    api.register(TIMED)
    case = ask(actor=DRAFTER).id
    with loosened(EventRow):
        EventRow.objects.filter(case=case).update(at=timezone.now() - timedelta(days=30))
    before = api.case_view(case).dues
    hand_on(actor=CHECKER, case=case, to=SECOND)
    assert api.case_view(case).dues == before
    decide(actor=SECOND, case=case)
    send_back(actor=PUBLISHER, case=case, to_stage="check")
    assert api.case_view(case).dues == {"check": Calendar.load().add_working_days(timezone.localdate(), 2)}


def test_a_stage_whose_rule_is_missing_is_not_handed_out() -> None:
    wrong = TIMED.stages[1].model_copy(update={"term": "no such rule"})
    api.register(TIMED.model_copy(update={"version": 3, "stages": (TIMED.stages[0], wrong)}))
    case = ask(actor=DRAFTER).id
    with pytest.raises(Refused, match="no such rule") as refused:
        decide(actor=CHECKER, case=case)
    assert refused.value.rule == "procedures.term"
    assert api.case_view(case).results["check"] == ""


@pytest.mark.parametrize("term", [0, -1, ""])
def test_a_term_is_some_days_or_the_key_of_a_rule(term: int | str) -> None:
    with pytest.raises(ValueError, match="term"):
        Stage.model_validate({"key": "a", "title": "办", "lane": "test.check", "term": term})


def test_a_declaration_stored_before_stages_had_terms_is_the_same_declaration() -> None:
    form = REVIEW.model_dump(mode="json")
    for stage in form["stages"]:
        del stage["term"]
    Declaration.objects.create(key=REVIEW.key, version=REVIEW.version, form=form)
    case = ask(actor=DRAFTER)
    assert Declaration.objects.count() == 1
    assert (case.procedure, case.dues) == (REVIEW, {})
    other = Procedure.model_validate({**form, "title": "另一内容"})
    with pytest.raises(ValueError, match="已按另一内容使用过"):
        store.declaration(other)


def test_who_takes_a_seat_answers_alone_until_it_is_given_back() -> None:
    case = ask(actor=DRAFTER).id
    for wrong, rule in ((DRAFTER, "own_approval"), (FOREIGN, "lane"), (PUBLISHER, "lane")):
        with pytest.raises(Refused) as refused:
            take(actor=more(wrong), case=case)
        assert refused.value.rule == f"procedures.{rule}"
    assert not api.holds(CHECKER, [case])
    take(actor=more(CHECKER), case=case)
    assert api.holds(CHECKER, [case]) and not api.holds(SECOND, [case])
    assert not api.tasks(SECOND)
    for act in (lambda: decide(actor=SECOND, case=case), lambda: take(actor=more(SECOND), case=case)):
        with pytest.raises(Refused, match="此项由初审办理"):
            act()
    with pytest.raises(Refused, match="须写明理由"):
        release(actor=more(CHECKER), case=case, reason=" ")
    release(actor=more(OVERSEER), case=case, reason="初审休病假")
    assert not api.holds(CHECKER, [case])
    decide(actor=SECOND, case=case)
    assert not api.holds(SECOND, [case]), "what was answered waits for nobody"


def test_cases_whose_question_fell_away_end_with_the_reason_and_others_stay_as_they_are() -> None:
    first, second, third = ask_many(actor=DRAFTER, count=3)
    decide(actor=CHECKER, case=first)
    assert decide(actor=PUBLISHER, case=first).outcome == "granted"
    assert fall_away(actor=more(CHECKER), cases=(first, second)) == (second,)
    assert [api.case_view(case).outcome for case in (first, second, third)] == ["granted", "ended", ""]
    last = api.history(second)[-1]
    assert (last.move, last.person_name, last.reason) == ("终止", "初审", "已另行认出")
    assert [task.case for task in api.tasks(SECOND)] == [third]
    assert not Task.objects.filter(case=second).exists()
    with pytest.raises(Refused) as refused:
        decide(actor=CHECKER, case=second)
    assert refused.value.rule == "procedures.not_open"
    assert Entry.objects.filter(detail__move="终止").count() == 1
    assert fall_away(actor=more(CHECKER), cases=(first, second)) == ()
    assert Case.objects.filter(outcome="ended", open_stages=[]).count() == 1
