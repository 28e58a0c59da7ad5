"""A doubt that nobody need decide any more is settled, its case ended with the reason, and asked again if that goes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from shuniu.base.calendar import Calendar
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import CaseView, Move
from shuniu.registries import api
from shuniu.registries.declare import Answer, DoubtView
from shuniu.registries.models import Doubt, Merge, Subject
from shuniu.registries.store import links, subjects
from shuniu.trust.declare import Refused
from tests.registries.conftest import (
    HOUSEHOLD,
    MATCHER,
    PENALTY,
    REGISTRATION,
    VOLUNTEER,
    WORKER,
    Load,
    registration_number,
    resident,
    uscc,
)

pytestmark = pytest.mark.django_db
RIGHTS = frozenset({"registries.take_review", "registries.release_review"})
REVIEWER = replace(MATCHER, capabilities=MATCHER.capabilities | RIGHTS)
SECOND = replace(REVIEWER, person="officer:95", name="何平")
WORKER_TOO = replace(WORKER, capabilities=WORKER.capabilities | {"registries.undo_review"})
FIRM = "湖南省湘江机械制造有限公司"


def namesakes(load: Load) -> list[DoubtView]:
    """A volunteer who is one of two namesakes born on one day: two doubts."""
    load(HOUSEHOLD, *({"resident_id": resident("1980-05-01", at), "person_name": "欧阳志强"} for at in (11, 23)))
    load(VOLUNTEER, {"number": "1", "person_name": "欧阳志强", "birth_date": "1980-05-01"})
    found = api.doubts(actor=REVIEWER)
    assert len(found) == 2
    return found


def case_of(number: int) -> CaseView:
    case = api.doubt(actor=REVIEWER, number=number).case
    assert case is not None
    return procedures.case_view(case)


def decide(number: int, answer: Answer = Answer.SAME) -> DoubtView:
    return api.review_match(actor=REVIEWER, doubt=number, answer=answer, reason="见户籍档案")


def test_a_decision_settles_the_other_doubts_about_the_same_subject_and_ends_their_cases(load: Load) -> None:
    one, other = namesakes(load)
    assert decide(one.id).state == "same"
    assert (api.doubt(actor=REVIEWER, number=other.id).state, case_of(other.id).outcome) == ("settled", "ended")
    last = procedures.history(case_of(other.id).id)[-1]
    assert (last.move, last.person_name, last.reason) == (Move.END, "唐静", "待认领的一方已另行认出，无须再判断。")
    assert case_of(one.id).outcome == "granted"
    assert procedures.tasks(REVIEWER) == ()


def test_undoing_what_settled_a_doubt_asks_it_again_in_a_new_case(load: Load) -> None:
    one, other = namesakes(load)
    decide(one.id)
    ended = case_of(other.id).id
    api.undo_review(actor=REVIEWER, doubt=one.id, reason="档案张冠李戴")
    assert {each.id for each in api.doubts(actor=REVIEWER)} == {one.id, other.id}
    again = case_of(other.id)
    assert (again.outcome, again.id != ended) == ("", True)
    assert procedures.history(again.id)[0].reason == "据以了结的合并已撤销：档案张冠李戴"
    assert procedures.history(case_of(one.id).id)[0].reason == "档案张冠李戴"


def test_a_later_load_that_recognises_the_subject_settles_its_doubt(load: Load) -> None:
    numbers = {"registration_number": registration_number(1), "name": "星沙重工有限公司"}
    load(REGISTRATION, {"uscc": uscc(1), "name": FIRM, "registration_number": registration_number(1)})
    load(PENALTY, {"number": "1", **numbers})
    (waiting,) = api.doubts(actor=REVIEWER)
    load(REGISTRATION, {"uscc": uscc(2), **numbers})
    assert case_of(waiting.id).outcome == "ended"
    assert procedures.history(case_of(waiting.id).id)[-1].person_name == "后台任务"
    assert api.doubt(actor=REVIEWER, number=waiting.id).state == "settled"


def test_a_merge_by_hand_settles_the_doubt_about_the_pair_and_undoing_it_asks_again(load: Load) -> None:
    one, other = namesakes(load)
    made = api.merge(actor=REVIEWER, one=one.subject.subject, other=one.candidate.subject, why="本人到场核对")
    assert case_of(one.id).outcome == case_of(other.id).outcome == "ended"
    assert procedures.history(case_of(one.id).id)[-1].reason == "两者已是同一主体，无须再判断。"
    api.undo_merge(actor=REVIEWER, merge=made, reason="认错人")
    assert case_of(one.id).outcome == case_of(other.id).outcome == ""
    assert api.resolve(actor=WORKER).doubts == 0, "both wait already"


def test_what_was_settled_and_is_doubtful_again_is_asked_again_by_the_ladder(load: Load) -> None:
    one, _ = namesakes(load)
    Doubt.objects.filter(pk=one.id).update(state="settled")
    before = case_of(one.id).id
    assert api.resolve(actor=WORKER).doubts == 1
    assert case_of(one.id).id != before


def test_settling_ends_very_many_cases_with_a_fixed_number_of_statements(
    load: Load, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    names = [f"欧阳{first}{last}" for first in "志文建国" for last in "强明华军"]
    ids = iter(range(11, 99))
    load(HOUSEHOLD, *({"resident_id": resident("1980-05-01", next(ids)), "person_name": each} for each in names * 2))
    load(VOLUNTEER, *({"number": each, "person_name": each, "birth_date": "1980-05-01"} for each in names))
    waiting = list(Doubt.objects.filter(state="open"))
    assert len(waiting) == 2 * len(names)
    for each in {doubt.subject_id: doubt for doubt in waiting}.values():
        pair = {"absorbed_id": each.subject_id, "survivor_id": each.candidate_id}
        Merge.objects.create(**pair, rung="person", why="核对", by="officer:91")
    subjects.derive_roots([doubt.subject_id for doubt in waiting])
    with django_assert_max_num_queries(40):
        api.resolve(actor=WORKER)
    outcomes = procedures.case_views([doubt.case for doubt in waiting if doubt.case is not None])
    assert {case.outcome for case in outcomes.values()} == {"ended"}
    assert len(outcomes) == len(waiting)


def test_why_a_decision_was_taken_back_is_kept_after_the_next_decision(load: Load) -> None:
    one, _ = namesakes(load)
    decide(one.id, Answer.DIFFERENT)
    api.undo_review(actor=REVIEWER, doubt=one.id, reason="重新核对")
    api.review_match(actor=SECOND, doubt=one.id, answer=Answer.UNCLEAR, reason="档案缺失")
    newest, first = procedures.cases_on(f"doubt:{one.id}")
    assert [event.reason for event in procedures.history(first.id)] == ["", "", "见户籍档案"]
    assert [event.reason for event in procedures.history(newest.id)] == ["重新核对", "", "档案缺失"]


def test_a_review_is_due_in_the_days_that_the_dated_rule_gives(load: Load) -> None:
    one, _ = namesakes(load)
    case = case_of(one.id)
    assert case.rule.startswith("c26.registries.match_review.days")
    assert case.due == Calendar.load().add_working_days(case.opened_at.date(), 10).date


def test_who_takes_a_review_decides_it_alone_until_giving_it_back(load: Load) -> None:
    one, other = namesakes(load)
    api.take_review(actor=REVIEWER, doubt=one.id)
    assert api.reviews(REVIEWER, one.subject.subject) and api.reviews(REVIEWER, one.candidate.subject)
    assert not api.reviews(REVIEWER, other.candidate.subject), "the other pair is not theirs"
    assert not api.reviews(SECOND, one.subject.subject)
    with pytest.raises(Refused, match="此项由唐静办理"):
        api.take_review(actor=SECOND, doubt=one.id)
    with pytest.raises(Refused, match="此项由唐静办理"):
        api.review_match(actor=SECOND, doubt=one.id, answer=Answer.SAME, reason="同一人")
    api.release_review(actor=REVIEWER, doubt=one.id, reason="另有任务")
    assert not api.reviews(REVIEWER, one.subject.subject)
    api.take_review(actor=SECOND, doubt=one.id)
    decided = api.review_match(actor=SECOND, doubt=one.id, answer=Answer.SAME, reason="同一人")
    assert decided.state == "same" and not api.reviews(SECOND, one.subject.subject)
    with pytest.raises(Refused) as refused:
        api.take_review(actor=SECOND, doubt=one.id)
    assert refused.value.rule == "match.decided"


def test_reasons_speak_of_a_persons_birth_date_and_a_firms_founding(load: Load) -> None:
    one, _ = namesakes(load)
    assert "出生日期一致" in one.why
    assert links.settle() == [], "nothing to settle twice"


UNKNOWN, KNOWN = range(3), range(3, 6)
ASKED = [(0, 3, "core"), (0, 4, "core"), (1, 3, "number"), (2, 5, "core"), (4, 3, "shared_identifier")]
Pairs = st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] != pair[1])


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(Pairs, st.booleans(), st.integers(0, 9)), max_size=8))
def test_whatever_is_merged_and_undone_a_doubt_waits_exactly_while_somebody_must_decide_it(
    db: None, steps: list[tuple[tuple[int, int], bool, int]]
) -> None:
    ids, asked = _asked()
    standing: list[int] = []
    for (one, other), undoes, which in steps:
        if undoes and standing:
            api.undo_merge(actor=REVIEWER, merge=standing.pop(which % len(standing)), reason="查明并非同一主体")
        else:
            try:
                standing.append(api.merge(actor=REVIEWER, one=ids[one], other=ids[other], why="同一主体"))
            except Refused as refusal:
                assert refusal.rule == "match.already"
        for doubt in Doubt.objects.filter(pk__in=asked).select_related("subject", "candidate"):
            subject, candidate = doubt.subject.root, doubt.candidate.root
            known = doubt.rung != "shared_identifier" and Subject.objects.get(pk=subject).known
            answered = subject == candidate or known
            assert doubt.state == ("settled" if answered else "open")
            newest = procedures.cases_on(f"doubt:{doubt.pk}")[0]
            assert newest.outcome == ("ended" if answered else "")
            assert len(procedures.cases_on(f"doubt:{doubt.pk}", running=True)) == int(not answered)


def _asked() -> tuple[list[int], list[int]]:
    """Six legal persons, three of them known, and open doubts between them."""
    Doubt.objects.all().delete()
    ids = []
    for number in (*UNKNOWN, *KNOWN):
        one = Subject.objects.create(kind="legal", name=str(number), known=number in KNOWN, root=0, resource="t")
        Subject.objects.filter(pk=one.pk).update(root=one.pk)
        ids.append(one.pk)
    made = []
    for subject, candidate, rung in ASKED:
        doubt = Doubt.objects.create(
            subject_id=ids[subject], candidate_id=ids[candidate], rung=rung, score=0, parts={}, state="unclear"
        )
        api.undo_review(actor=WORKER_TOO, doubt=doubt.pk, reason="请复核")
        made.append(doubt.pk)
    return ids, made
