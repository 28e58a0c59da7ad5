"""Cases are answered inside the verb of an engine above: who may, what follows, what the log and journal say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shuniu.procedures import api
from shuniu.procedures.models import Case
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
    decide,
    hand_on,
    officer,
    send_back,
)


@pytest.mark.django_db
def test_a_case_goes_from_stage_to_stage_and_is_granted_by_two_different_people() -> None:
    case = ask(actor=DRAFTER).id
    assert [seat.stage for seat in api.case_view(case).open] == ["check"]
    assert decide(actor=CHECKER, case=case).outcome == ""
    done = decide(actor=PUBLISHER, case=case)
    assert (done.outcome, done.open, done.results) == ("granted", (), {"check": "yes", "publish": "yes"})
    said = [f"{event.seq} {event.person_name} {event.move}" for event in api.history(case)]
    assert said == ["0 起草 提出", "1 起草 交办", "2 初审 同意", "3 初审 交办", "4 发布 同意"]
    moments = [event.at for event in api.history(case)]
    assert moments[0] == moments[1] == done.opened_at < moments[2] == moments[3] < moments[4]


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
    with pytest.raises(Refused, match="此项由复核办理"):
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
