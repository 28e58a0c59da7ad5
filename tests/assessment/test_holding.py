"""Who held which seat until when, by the log of a case: each of several agencies answers for its own."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from shuniu.assessment.declare import Moved
from shuniu.assessment.rules.holding import held, late_in, responsible
from shuniu.procedures.calendars.declare import Kind
from shuniu.procedures.declare import Move
from tests.assessment.told import MONDAY, carded, clock, facts, found, moved, working

DUE = working(MONDAY, 5)
THREE = moved(Move.SEAT, MONDAY, "ask", to=("43.tax", "43.market", "43.police"))


def at(move: Move, seat: int, days: int = 0, to: tuple[str, ...] = (), person: str = "officer:1") -> Moved:
    return moved(move, working(MONDAY, days), "ask", person=person, to=to).model_copy(update={"seat": seat})


def agencies(*moves: Moved, days: int = 6) -> list[tuple[int, str, str]]:
    """The seats that get a card for a stage that was due after five days."""
    it = facts(clocks=(clock(Kind.STAGE, DUE, stage="ask"),), moves=moves)
    return [(one.seat, one.agency, one.person) for one in found(it, working(MONDAY, days)) if one.rule == "J02.stage"]


def test_of_three_agencies_asked_each_that_has_not_answered_gets_a_card_of_its_own() -> None:
    assert agencies(THREE, at(Move.AGREE, 2)) == [(1, "43.tax", ""), (3, "43.police", "")]
    it = facts(clocks=(clock(Kind.STAGE, DUE, stage="ask"),), moves=(THREE, at(Move.TAKE, 1)))
    assert carded(it, working(MONDAY, 6)) == {"J02.stage": "yellow"}


def test_of_a_stage_that_ended_late_those_who_answered_in_time_get_none() -> None:
    moves = (THREE, at(Move.AGREE, 1, 2), at(Move.AGREE, 2, 7), at(Move.AGREE, 3, 5))
    it = facts(clocks=(clock(Kind.STAGE, DUE, working(MONDAY, 7), "ask"),), moves=moves)
    assert [one.agency for one in found(it, working(MONDAY, 9)) if one.rule == "J02.stage"] == ["43.market"]


def test_a_signer_who_was_added_before_is_waited_for_and_one_added_after_waits() -> None:
    signer = ("officer:8", "彭涛", "43.hrss")
    before = at(Move.ADD_BEFORE, 1, to=signer)
    assert agencies(THREE, at(Move.AGREE, 2), at(Move.AGREE, 3), before) == [(4, "43.hrss", "officer:8")]
    answered = at(Move.AGREE, 4, 1, person="officer:8")
    assert agencies(THREE, at(Move.AGREE, 2), at(Move.AGREE, 3), before, answered) == [(1, "43.tax", "officer:1")]
    after = at(Move.ADD_AFTER, 1, to=signer)
    assert agencies(THREE, at(Move.AGREE, 2), at(Move.AGREE, 3), after) == [(1, "43.tax", "officer:1")]


def test_what_an_officer_who_left_had_is_nobodys_and_what_an_agency_had_is_its_successors() -> None:
    alone = moved(Move.SEAT, MONDAY, "ask", to=("43.tax",))
    taken = at(Move.TAKE, 1)
    left = moved(Move.VACATE, MONDAY, to=("officer:1",))
    merged = moved(Move.SUCCEED, MONDAY, to=("43.tax", "43.finance"))
    assert agencies(alone, taken, left) == [(1, "43.tax", "")]
    assert agencies(alone, taken, merged) == [(1, "43.finance", "")]


def test_a_stage_that_is_asked_again_is_its_last_askings_alone() -> None:
    again = moved(Move.SEAT, working(MONDAY, 2), "ask", to=("43.police",))
    assert [(one.number, one.agency) for one in held(facts(moves=(THREE, again)))] == [(4, "43.police")]


def test_an_answer_that_was_taken_back_is_waited_for_again() -> None:
    alone = moved(Move.SEAT, MONDAY, "ask", to=("43.tax",))
    assert agencies(alone, at(Move.AGREE, 1), at(Move.WITHDRAW, 1)) == [(1, "43.tax", "officer:1")]


def test_a_case_that_nobody_was_asked_in_is_its_own_agencys() -> None:
    assert responsible(facts(), "") == ("43.market", "", "")
    assert late_in(facts(), clock(Kind.STAGE, DUE, stage="ask")) == ()


SEATED = st.sampled_from([one for one in Move if one is not Move.SEAT])
WORDS = st.lists(st.sampled_from(["43.tax", "officer:1", "彭涛"]), max_size=3).map(tuple)


@given(st.lists(st.tuples(SEATED, st.integers(min_value=0, max_value=4), WORDS), max_size=12))
def test_no_log_however_wrong_keeps_a_late_stage_from_having_somebody_who_answers_for_it(
    said: list[tuple[Move, int, tuple[str, ...]]],
) -> None:
    moves = [THREE, *(at(move, seat, 1, to) for move, seat, to in said)]
    it = facts(clocks=(clock(Kind.STAGE, DUE, stage="ask"),), moves=tuple(moves))
    assert late_in(it, it.clocks[0])
    assert all(one.agency for one in found(it, DUE + timedelta(days=1)))
