"""Of one lateness of one officer there is one yellow card: a late stage makes the whole case late."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from shuniu.assessment.declare import Clocked, Facts, Finding, Level, Moved, Warned
from shuniu.assessment.rules.judging import fresh
from shuniu.procedures.calendars.declare import Kind
from shuniu.procedures.declare import Move
from tests.assessment.told import MONDAY, clock, facts, found, moved, working

HELD = (moved(Move.SEAT, MONDAY, "decide", to=("43.market",)), moved(Move.TAKE, MONDAY, "decide", person="officer:5"))


def of_stage(due: int, ended: int | None = None, begun: int = 0) -> Clocked:
    made = clock(Kind.STAGE, working(MONDAY, due), working(MONDAY, ended) if ended is not None else None, "decide")
    return made.model_copy(update={"start": working(MONDAY, begun)})


def promised(due: int) -> Clocked:
    return clock(Kind.PROMISED, working(MONDAY, due), number=2)


def scan(it: Facts, on: date) -> tuple[Facts, list[Finding]]:
    """A day's scan: the case with the new cards, and these."""
    made = list(fresh(it, found(it, on)))
    cards = tuple(
        Warned(
            rule=one.rule, level=one.level, ladder=one.ladder, stage=one.stage, on=on, answered=True, seat=one.seat,
            agency=one.agency, person=one.person, person_name=one.person_name,
        )
        for one in made
    )  # fmt: skip
    return it.model_copy(update={"warned": (*it.warned, *cards)}), made


def yellow(
    clocks: tuple[Clocked, ...], days: range | list[int], moves: tuple[Moved, ...] = HELD
) -> list[tuple[str, str]]:
    """The yellow cards that a case gets when it is scanned on these working days, and whose they are."""
    it, cards = facts(clocks=clocks, moves=moves), list[tuple[str, str]]()
    for day in days:
        it, made = scan(it, working(MONDAY, day))
        cards += [(one.rule, one.person) for one in made if one.level is Level.YELLOW]
    return cards


def test_a_stage_that_is_late_when_the_promise_runs_out_has_its_card_alone_however_often_it_is_looked_at() -> None:
    clocks = (of_stage(7), promised(10))
    assert (
        yellow(clocks, range(15)) == yellow(clocks, [11]) == yellow(clocks, [8, 11, 14]) == [("J02.stage", "officer:5")]
    )
    assert yellow((of_stage(10), promised(10)), [11]) == [("J02.stage", "officer:5")]


def test_who_has_the_card_for_the_promise_gets_none_for_the_stage_that_he_still_holds() -> None:
    clocks = (of_stage(12, begun=9), promised(10))
    assert yellow(clocks, range(15)) == yellow(clocks, [14]) == [("J02.promised", "officer:5")]


def test_another_officer_and_another_lateness_have_cards_of_their_own() -> None:
    clocks, handed = (
        (of_stage(12, begun=9), promised(10)),
        moved(Move.TRANSFER, working(MONDAY, 12), "decide", to=("officer:8", "彭涛")),
    )
    it, _ = scan(facts(clocks=clocks, moves=HELD), working(MONDAY, 11))
    _, made = scan(it.model_copy(update={"moves": (*HELD, handed)}), working(MONDAY, 13))
    assert [(one.rule, one.person) for one in made] == [("J02.stage", "officer:8")]
    assert yellow((of_stage(13, begun=11), promised(10)), range(15)) == [
        ("J02.promised", "officer:5"),
        ("J02.stage", "officer:5"),
    ]
    before = (of_stage(5, ended=8), promised(10))
    assert yellow(before, range(15)) == [("J02.stage", "officer:5"), ("J02.promised", "officer:5")]


def test_whoever_is_handed_a_case_that_a_late_stage_made_late_is_not_carded_for_it() -> None:
    it, _ = scan(facts(clocks=(of_stage(7), promised(10)), moves=HELD), working(MONDAY, 11))
    ended = it.model_copy(
        update={
            "clocks": (of_stage(7, ended=12), promised(10)),
            "moves": (
                *HELD,
                moved(Move.AGREE, working(MONDAY, 12), "decide", person="officer:5"),
                moved(Move.SEAT, working(MONDAY, 12), "sign"),
            ),
        }
    )
    assert scan(ended, working(MONDAY, 13))[1] == []


def test_what_grows_graver_makes_its_red_card() -> None:
    it, made = scan(facts(clocks=(of_stage(7), promised(10)), moves=HELD), working(MONDAY, 11))
    assert [one.level for one in made] == [Level.YELLOW]
    assert [one.rule for one in scan(it, working(MONDAY, 15))[1]] == ["J03.promised"]


DAYS = st.integers(min_value=0, max_value=25)


@given(stage=DAYS, whole=DAYS, begun=DAYS, looks=st.lists(DAYS, min_size=1, max_size=6))
def test_a_lateness_never_goes_without_a_card_and_one_that_lasts_has_one_yellow_card(
    stage: int, whole: int, begun: int, looks: list[int]
) -> None:
    began = min(begun, stage, whole)
    it, cards = facts(clocks=(of_stage(stage, begun=began), promised(whole)), moves=HELD), list[Finding]()
    for day in sorted(looks):
        it, made = scan(it, working(MONDAY, day))
        cards += made
    assert sum(one.level is Level.YELLOW for one in cards) <= 1
    late = working(MONDAY, max(looks)) > min(working(MONDAY, stage), working(MONDAY, whole))
    assert any(one.level is not Level.REMINDER for one in cards) == late
