"""Cases with parts, withdrawn cases, readers and supervisors, officers who leave and agencies that merge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date

import pytest

from shuniu.procedures import api
from shuniu.procedures.declare import Move, Opening
from shuniu.procedures.models import Case, Task
from shuniu.trust.declare import Refused
from tests.procedures.hall import (
    CHIEF,
    CITIZEN,
    FIRE,
    FIRST,
    HEALTH,
    OFFICE,
    SECOND,
    WINDOW,
    agree,
    apply_,
    at_check,
    do,
    officer,
    waits,
    wrong,
)

pytestmark = pytest.mark.django_db
Messages = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture(autouse=True)
def _lists_are_what_the_log_says(db: None) -> Iterator[None]:
    yield
    assert wrong() == []


def parts_of(case: int) -> list[int]:
    return [part.case for part in api.case_view(case).state.parts]


def refuse(case: int) -> None:
    do(api.answer, WINDOW, case, answer="不同意", reason="不属本机关")


def grant(case: int) -> None:
    for actor in (WINDOW, FIRST, SECOND, FIRST, FIRE, CHIEF):
        agree(actor, case)


def test_a_case_goes_on_when_each_of_its_parts_has_ended_and_says_that_some_were_refused() -> None:
    case = apply_("test.business", parts=("test.licence", "test.licence"))
    first, second = parts_of(case)
    assert (api.case_view(first).parent, api.case_view(first).opened_by) == (case, CITIZEN.person)
    assert (waits(case), api.case_view(case).waits_for) == ([], ("分项",))
    refuse(first)
    assert waits(case) == []
    grant(second)
    assert waits(case) == [("close", "")]
    assert agree(CHIEF, case).outcome == "partial"
    said = [event.to for event in api.history(case) if event.move is Move.PART_ENDED]
    assert said == [(str(first), "refused"), (str(second), "granted")]


def test_where_all_parts_are_needed_the_first_refusal_decides_and_the_others_go_on_by_themselves() -> None:
    case = apply_("test.together", parts=("test.licence", "test.licence"))
    first, second = parts_of(case)
    refuse(first)
    assert api.case_view(case).outcome == "refused"
    grant(second)
    assert api.case_view(second).outcome == "granted"
    assert api.case_view(case).state.parts[1].outcome == ""


def test_a_part_of_a_part_is_heard_at_the_top_at_once() -> None:
    inner = ("test.licence", Opening("item:1", "43.market", "43", {"vote": ("43.market", "43.fire")}))
    middle = ("test.together", Opening("item:2", "43.market", "43", parts=(inner,)))
    opening = Opening("item:3", "43.market", "43", parts=(middle,))
    (case,) = do(api.open_cases, CITIZEN, procedure="test.together", openings=[opening])
    (below,) = parts_of(case)
    grant(parts_of(below)[0])
    assert [api.case_view(one).outcome for one in (below, case)] == ["granted", "granted"]


def test_a_case_is_cut_into_more_parts_while_it_waits_for_them_and_never_waits_for_none() -> None:
    with pytest.raises(Refused, match="还没有分办"):
        apply_("test.together")
    case = apply_("test.business", parts=("test.licence",))
    more = [("test.licence", Opening("item:9", "43.market", "43", {"vote": ("43.market", "43.fire")}))]
    do(api.split, OFFICE, case, parts=more)
    first, second = parts_of(case)
    assert api.case_view(second).opened_by == CITIZEN.person, "who cuts it up does not become the one who asked"
    refuse(first)
    refuse(second)
    assert api.case_view(case).outcome == "refused"
    with pytest.raises(Refused, match="已经办结"):
        do(api.split, OFFICE, case, parts=more)


def test_who_opened_a_case_takes_it_back_with_all_parts_that_run() -> None:
    case = apply_("test.business", parts=("test.licence", "test.licence"))
    first, second = parts_of(case)
    refuse(first)
    with pytest.raises(Refused, match="只有提出该事项的人"):
        do(api.withdraw_case, WINDOW, case, reason="不办了")
    do(api.withdraw_case, CITIZEN, case, reason="不办了")
    assert [api.case_view(one).outcome for one in (case, first, second)] == ["withdrawn", "refused", "withdrawn"]
    assert not Task.objects.exists()
    with pytest.raises(Refused, match="已经办结"):
        do(api.withdraw_case, CITIZEN, case, reason="再撤一次")


def test_readers_are_told_apart_from_those_who_answer_and_never_hold_a_case_up() -> None:
    case = at_check()
    do(api.circulate, FIRST, case, to=[(FIRE.person, FIRE.name), (HEALTH.person, HEALTH.name)])
    with pytest.raises(Refused, match="还在传阅中"):
        do(api.circulate, FIRST, case, to=[(FIRE.person, FIRE.name)])
    assert [one.case for one in api.watched(FIRE, "read")] == [case]
    do(api.read, FIRE, case)
    assert not api.watched(FIRE, "read") and api.watched(FIRE, "read", done=True)[0].read_at
    with pytest.raises(Refused, match="没有待您阅读"):
        do(api.read, SECOND, case)
    refuse(apply_())
    do(api.withdraw_case, CITIZEN, case, reason="不办了")
    do(api.read, HEALTH, case)
    assert [reader.read_at is None for reader in api.case_view(case).state.readers] == [False, False]


def test_a_supervisor_sees_a_case_urges_it_and_says_by_when() -> None:
    case = at_check()
    do(api.supervise, OFFICE, case)
    do(api.supervise, OFFICE, case, due=date(2026, 12, 1))
    (seen,) = api.watched(OFFICE, "supervise")
    assert (seen.case, seen.due) == (case, date(2026, 12, 1))
    do(api.urge, OFFICE, case, note="请加快")
    assert api.history(case)[-1].reason == "请加快"
    do(api.unsupervise, OFFICE, case)
    assert not api.watched(OFFICE, "supervise")
    with pytest.raises(Refused, match="不是您督办的"):
        do(api.unsupervise, OFFICE, case)


def test_what_an_officer_had_in_hand_when_leaving_is_everybodys_again_also_what_was_still_to_come(
    messages: Messages,
) -> None:
    cases = [at_check() for _ in range(3)]
    do(api.take, FIRST, cases[0])
    do(api.delegate, FIRST, cases[1], to=SECOND, reason="请核")
    agree(FIRST, cases[2])
    with messages() as sent:
        done = do(api.release_person, OFFICE, person=FIRST.person, reason="调离")
    assert len(sent) <= 8, "for the set, not for each case"
    assert done == (cases[0], cases[1])
    agree(SECOND, cases[1])
    assert waits(cases[1]) == [("check", "")]
    assert agree(SECOND, cases[0]).results["check"] == "yes"
    assert do(api.release_person, OFFICE, person=FIRST.person) == ()


def test_the_agency_that_took_anothers_place_sits_in_its_seats_now_and_later() -> None:
    now, later, other = at_check(), apply_(left_out=("inspect",)), apply_("test.business", parts=("test.licence",))
    agree(FIRST, now)
    agree(FIRE, now)
    do(api.take, HEALTH, now)
    done = do(api.succeed, OFFICE, agency="43.health", successor="43.wellbeing", reason="机构改革")
    assert done == (now, later, other + 1)
    heir = officer("承接", "test.check", agency="43.wellbeing")
    with pytest.raises(Refused):
        agree(HEALTH, now)
    assert agree(heir, now).results["vote"] == "yes"
    agree(WINDOW, later)
    agree(FIRST, later)
    assert {task.agency for task in api.tasks(heir)} == {"43.wellbeing"}
    assert Case.objects.filter(lanes__vote__contains="43.health").count() == 0
    (answered,) = (seat for seat in api.case_view(now).seats if seat.person == FIRE.person)
    assert (answered.agency, answered.answer) == ("43.fire", "yes")
