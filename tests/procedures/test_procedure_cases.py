"""Cases in PostgreSQL: answered inside the verb of an engine above, journalled, listed, decided once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Event as Signal
from threading import Thread

import pytest
from django.db import IntegrityError, connection
from pytest_django import DjangoAssertNumQueries

from shuniu.procedures import api, rules, store
from shuniu.procedures.declare import CaseView, Move, Opening, Procedure, Stage
from shuniu.procedures.models import Case, Task
from shuniu.procedures.models import Event as EventRow
from shuniu.trust.api import OVERSEE, VERBS, require, verb
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry

REVIEW = Procedure(
    key="test.review",
    version=1,
    title="目录审核",
    term_rule="catalogue.review.days",
    stages=(
        Stage(key="check", title="初审", lane="test.check"),
        Stage(key="publish", title="发布", lane="test.publish", needs=("check",), on_no="return:check"),
    ),
)
JOINT = Procedure(
    key="test.joint",
    version=1,
    title="会签",
    stages=(Stage(key="sign", title="会签", lane="test.check"),),
)
RESOURCE = "resource:43.market/registration"


def officer(name: str, *capabilities: str, agency: str = "43.market", regions: tuple[str, ...] = ("43",)) -> Actor:
    held = frozenset({"test.ask", "test.decide", "test.hand_on", "test.send_back", *capabilities})
    return Actor(f"officer:{name}", name, agency, f"单位{agency}", regions, held)


DRAFTER = officer("起草", "test.check", "test.publish")
CHECKER = officer("初审", "test.check")
SECOND = officer("复核", "test.check")
PUBLISHER = officer("发布", "test.publish")
FOREIGN = officer("外单位", "test.check", "test.publish", agency="43.tax")
OVERSEER = officer("省办", "test.check", "test.publish", OVERSEE, agency="43.office")


@verb("test.ask", "提出")
def ask(*, actor: Actor, procedure: str = "test.review", region: str = "43", **lanes: tuple[str, ...]) -> CaseView:
    require()
    return api.open_case(
        actor=actor, procedure=procedure, object=RESOURCE, agency="43.market", region=region, lanes=lanes, reason="请审"
    )


@verb("test.decide", "办理")
def decide(*, actor: Actor, case: int, said: str = "同意", reason: str = "", seat: int = 0) -> CaseView:
    return api.answer(actor=actor, case=case, answer=said, reason=reason, seat=seat)


@verb("test.hand_on", "转办")
def hand_on(*, actor: Actor, case: int, to: Actor, reason: str = "出差") -> CaseView:
    return api.transfer(actor=actor, case=case, to=to, reason=reason)


@verb("test.send_back", "退回")
def send_back(*, actor: Actor, case: int, to_stage: str, reason: str = "缺依据") -> CaseView:
    return api.return_(actor=actor, case=case, to_stage=to_stage, reason=reason)


for name in ("test.ask", "test.decide", "test.hand_on", "test.send_back"):
    del VERBS[name]  # they are this file's, not the platform's: whoever walks the platform's verbs must not meet them


@pytest.fixture(autouse=True)
def _procedures() -> Iterator[None]:
    for procedure in (REVIEW, JOINT):
        api.register(procedure)
    yield
    for procedure in (REVIEW, JOINT):
        del api.PROCEDURES[procedure.key]


@pytest.mark.django_db
def test_a_case_goes_from_stage_to_stage_and_is_granted_by_two_different_people() -> None:
    case = ask(actor=DRAFTER).id
    assert [seat.stage for seat in api.case_view(case).open] == ["check"]
    assert decide(actor=CHECKER, case=case).outcome == ""
    done = decide(actor=PUBLISHER, case=case)
    assert (done.outcome, done.open, done.results) == ("granted", (), {"check": "yes", "publish": "yes"})
    said = [f"{event.seq} {event.person_name} {event.move}" for event in api.history(case)]
    assert said == ["0 起草 提出", "1 起草 交办", "2 初审 同意", "3 初审 交办", "4 发布 同意"]


@pytest.mark.django_db
def test_every_move_is_journalled_without_its_free_text() -> None:
    case = ask(actor=DRAFTER).id
    decide(actor=CHECKER, case=case, reason="张三已核")
    entries = list(Entry.objects.filter(object=f"case:{case}").order_by("pk"))
    assert [entry.verb for entry in entries] == ["test.ask", "test.decide"]
    assert entries[1].detail == {"move": "同意", "stage": "check", "seat": 1, "object": RESOURCE}


@pytest.mark.django_db
def test_the_due_date_comes_from_the_dated_rule_and_keeps_its_id() -> None:
    case = ask(actor=DRAFTER)
    assert case.due is not None
    assert case.due > case.opened_at.date()
    assert case.rule.startswith("c26.catalogue.review.days")
    assert ask(actor=DRAFTER, procedure="test.joint").due is None


@pytest.mark.django_db
def test_without_a_rule_for_the_due_date_nothing_is_opened() -> None:
    api.register(REVIEW.model_copy(update={"version": 3, "term_rule": "no such rule"}))
    with pytest.raises(Refused, match="no such rule") as refused:
        ask(actor=DRAFTER)
    assert refused.value.rule == "procedures.term"
    assert not Case.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("actor", "said", "reason", "rule"),
    [
        (DRAFTER, "同意", "", "procedures.own_approval"),
        (PUBLISHER, "同意", "", "procedures.lane"),
        (FOREIGN, "同意", "", "procedures.lane"),
        (officer("永州", "test.check", regions=("431100",)), "同意", "", "right.region"),
        (CHECKER, "不同意", " ", "procedures.reason"),
        (CHECKER, "已阅", "", "procedures.answer"),
    ],
)
def test_who_may_not_answer_is_refused_with_the_rule(actor: Actor, said: str, reason: str, rule: str) -> None:
    case = ask(actor=DRAFTER).id
    with pytest.raises(Refused) as refused:
        decide(actor=actor, case=case, said=said, reason=reason)
    assert refused.value.rule == rule
    assert refused.value.remedy
    assert Entry.objects.filter(outcome="refused", detail={"rule": rule}).count() == 1
    assert len(api.history(case)) == 2


@pytest.mark.django_db
def test_the_same_person_in_another_post_still_cannot_approve_their_own() -> None:
    case = ask(actor=DRAFTER).id
    other_post = replace(DRAFTER, agency="43.office", capabilities=OVERSEER.capabilities)
    with pytest.raises(Refused, match="换了岗位也不行"):
        decide(actor=other_post, case=case)


@pytest.mark.django_db
def test_a_seat_that_was_answered_or_sent_back_is_named_as_such() -> None:
    case = ask(actor=DRAFTER).id
    decide(actor=CHECKER, case=case, seat=1)
    with pytest.raises(Refused, match="此项已由初审答复“同意”") as taken:
        decide(actor=SECOND, case=case, seat=1)
    assert taken.value.rule == "procedures.taken"
    send_back(actor=PUBLISHER, case=case, to_stage="check")
    with pytest.raises(Refused) as gone:
        decide(actor=SECOND, case=case, seat=1)
    assert gone.value.rule == "procedures.not_open"
    assert decide(actor=SECOND, case=case).results == {"check": "yes", "publish": ""}


@pytest.mark.django_db
def test_a_no_that_returns_asks_the_earlier_stage_again() -> None:
    case = ask(actor=DRAFTER).id
    decide(actor=CHECKER, case=case)
    after = decide(actor=PUBLISHER, case=case, said="不同意", reason="缺共享条件")
    assert (after.outcome, [seat.stage for seat in after.open]) == ("", ["check"])
    assert decide(actor=CHECKER, case=case, said="不同意", reason="无依据").outcome == "refused"


@pytest.mark.django_db
def test_only_an_earlier_stage_can_be_sent_back_to() -> None:
    case = ask(actor=DRAFTER).id
    for target in ("check", "publish", "nowhere"):
        with pytest.raises(Refused) as refused:
            send_back(actor=CHECKER, case=case, to_stage=target)
        assert refused.value.rule == "procedures.return"


@pytest.mark.django_db
def test_what_was_handed_to_a_person_waits_for_that_person_alone() -> None:
    case = ask(actor=DRAFTER).id
    for wrong in (PUBLISHER, FOREIGN, DRAFTER, CHECKER, officer("永州", "test.check", regions=("4311",))):
        with pytest.raises(Refused):
            hand_on(actor=CHECKER, case=case, to=wrong)
    hand_on(actor=CHECKER, case=case, to=SECOND)
    assert not api.tasks(CHECKER)
    assert [task.person for task in api.tasks(SECOND)] == [SECOND.person]
    with pytest.raises(Refused, match="已转由复核办理"):
        decide(actor=CHECKER, case=case)
    hand_on(actor=OVERSEER, case=case, to=CHECKER, reason="复核休病假")
    assert decide(actor=CHECKER, case=case).results["check"] == "yes"


@pytest.mark.django_db
def test_two_agencies_sign_and_oversight_must_say_for_which() -> None:
    case = ask(actor=DRAFTER, procedure="test.joint", sign=("43.market", "43.tax")).id
    with pytest.raises(Refused) as unclear:
        decide(actor=OVERSEER, case=case)
    assert unclear.value.rule == "procedures.which"
    assert decide(actor=OVERSEER, case=case, seat=2).outcome == ""
    with pytest.raises(Refused) as twice:
        decide(actor=OVERSEER, case=case, seat=1)
    assert twice.value.rule == "procedures.twice"
    assert decide(actor=CHECKER, case=case).outcome == "granted"


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


@verb("test.many", "批量")
def ask_many(*, actor: Actor, count: int) -> tuple[int, ...]:
    require()
    openings = [Opening(f"resource:43.market/r{number}", "43.market", "43") for number in range(count)]
    return api.open_cases(actor=actor, procedure="test.review", openings=openings)


@verb("test.decide_many", "批量办理")
def decide_many(*, actor: Actor, cases: tuple[int, ...]) -> tuple[CaseView, ...]:
    return api.answer_all(actor=actor, cases=cases, answer="同意")


for name in ("test.many", "test.decide_many"):
    del VERBS[name]
BULK = frozenset({"test.many", "test.decide_many"})


@pytest.mark.django_db
def test_many_cases_are_opened_and_answered_as_a_set(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    drafter, checker = (replace(who, capabilities=who.capabilities | BULK) for who in (DRAFTER, CHECKER))
    with django_assert_max_num_queries(20):
        cases = ask_many(actor=drafter, count=300)
    with django_assert_max_num_queries(20):
        views = decide_many(actor=checker, cases=cases)
    assert {view.results["check"] for view in views} == {"yes"}
    assert Entry.objects.filter(object="procedure:test.review").count() == 2
    with pytest.raises(Refused, match=r"“resource:43\.market/r0”：此项已由初审答复"):
        decide_many(actor=checker, cases=cases)


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
def test_a_provisional_due_date_becomes_final_when_the_calendar_knows_the_year() -> None:
    keeper = replace(OVERSEER, capabilities=OVERSEER.capabilities | {"procedures.rebuild"})
    case = ask(actor=DRAFTER)
    assert case.due is not None
    Case.objects.filter(pk=case.id).update(due=case.due + timedelta(days=9), due_provisional=True)
    assert api.rebuild(actor=keeper) == 1
    assert (api.case_view(case.id).due, api.case_view(case.id).due_provisional) == (case.due, case.due_provisional)
    assert Task.objects.get(case=case.id).due == case.due


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
