"""What the rules find on which day: named cases, and what holds for every case."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shuniu.assessment.declare import CardRule, Charge, Check, Facts, Halt, Level, Warned
from shuniu.assessment.rules.holding import responsible
from shuniu.assessment.rules.judging import Day, judge
from shuniu.procedures.calendars.declare import Kind
from shuniu.procedures.declare import CORRECTION, Move
from shuniu.systems.supervision.declare import RULES
from tests.assessment.told import CALENDAR, LIMITS, MONDAY, carded, clock, facts, found, moved, working

DUE = working(MONDAY, 10)
PROMISED = facts(clocks=(clock(Kind.PROMISED, DUE),))


@pytest.mark.parametrize(
    ("days", "rule"),
    [
        (8, ""),
        (9, "J01.promised"),
        (10, "J01.promised"),
        (11, "J02.promised"),
        (14, "J02.promised"),
        (15, "J03.promised"),
    ],
)
def test_a_promise_is_reminded_of_a_day_before_then_yellow_then_red_after_five(days: int, rule: str) -> None:
    assert list(carded(PROMISED, working(MONDAY, days))) == ([rule] if rule else [])


def test_past_the_statutory_day_a_case_is_red_at_once() -> None:
    late = facts(clocks=(clock(Kind.STATUTORY, DUE),))
    assert carded(late, DUE + timedelta(days=1)) == {"J03.statutory": Level.RED}


def test_a_day_off_after_the_due_day_is_late_too() -> None:
    friday = date(2026, 3, 13)
    assert carded(facts(clocks=(clock(Kind.PROMISED, friday),)), friday + timedelta(days=1)) == {
        "J02.promised": Level.YELLOW
    }


def test_a_stage_that_is_late_is_its_holders_though_the_whole_is_in_time() -> None:
    moves = (
        moved(Move.SEAT, MONDAY, "examine", to=("43.tax",)),
        moved(Move.TAKE, MONDAY, "examine", person="officer:5"),
        moved(Move.SEAT, MONDAY, "decide", to=("43.market",)),
    )
    it = facts(clocks=(clock(Kind.STAGE, DUE, stage="examine"),), moves=moves)
    (one,) = found(it, working(DUE, 1))
    assert (one.rule, one.stage, one.agency, one.person) == ("J02.stage", "examine", "43.tax", "officer:5")
    assert responsible(it, "") == ("43.market", "", "")


def test_who_gave_a_task_back_or_handed_it_on_is_not_responsible() -> None:
    seat, taken = moved(Move.SEAT, MONDAY, "a", to=("43.tax",)), moved(Move.TAKE, MONDAY, "a")
    assert responsible(facts(moves=(seat, taken, moved(Move.RELEASE, MONDAY, "a"))), "a") == ("43.tax", "", "")
    given_on = moved(Move.TRANSFER, MONDAY, "a", to=("officer:8", "彭涛"))
    assert responsible(facts(moves=(seat, taken, given_on)), "a") == ("43.tax", "officer:8", "彭涛")


def test_a_clock_that_an_open_stop_holds_is_never_late() -> None:
    held = clock(Kind.PROMISED, DUE).model_copy(update={"due": None})
    assert carded(facts(clocks=(held,)), working(MONDAY, 60)) == {}


def test_a_yellow_card_unanswered_for_three_working_days_turns_red_once() -> None:
    yellow = Warned(
        rule="J04.reason", level=Level.YELLOW, ladder="J04.reason", stage="decide", on=MONDAY, answered=False
    )
    assert carded(facts(warned=(yellow,)), working(MONDAY, 3)) == {}
    assert carded(facts(warned=(yellow,)), working(MONDAY, 4)) == {"J03.unanswered": Level.RED}
    red = yellow.model_copy(update={"rule": "J03.unanswered", "level": Level.RED})
    assert carded(facts(warned=(yellow, red)), working(MONDAY, 9)) == {}
    assert carded(facts(warned=(yellow.model_copy(update={"answered": True}),)), working(MONDAY, 9)) == {}


def test_two_yellow_cards_unanswered_in_one_stage_make_one_red_card() -> None:
    def yellow(rule: str) -> Warned:
        return Warned(rule=rule, level=Level.YELLOW, ladder=rule, stage="", on=MONDAY, answered=False)

    both = facts(warned=(yellow("J02.not_taken_up"), yellow("J04.again")))
    assert carded(both, working(MONDAY, 4)) == {"J03.unanswered": Level.RED}
    red = yellow("J03.unanswered").model_copy(update={"level": Level.RED, "ladder": "J04.again"})
    assert carded(both.model_copy(update={"warned": (*both.warned, red)}), working(MONDAY, 9)) == {}


def test_an_application_that_nobody_takes_up_within_the_term_is_carded_once_for_it() -> None:
    waiting = facts(
        applied=MONDAY, moves=(moved(Move.SEAT, MONDAY, "accept", to=("43.market",)),),
        clocks=(clock(Kind.STAGE, working(MONDAY, 5), stage="accept"),),
    )  # fmt: skip
    assert "J02.not_taken_up" not in carded(waiting, working(MONDAY, 5))
    assert carded(waiting, working(MONDAY, 6)) == {"J02.not_taken_up": Level.YELLOW}
    assert carded(facts(applied=MONDAY, taken_up=working(MONDAY, 5)), working(MONDAY, 9)) == {}
    assert carded(facts(applied=MONDAY, taken_up=working(MONDAY, 7)), working(MONDAY, 9)) != {}


def test_a_correction_asked_for_late_or_twice_is_carded() -> None:
    def asked(*days: int) -> Facts:
        moves = tuple(moved(Move.SUSPEND, working(MONDAY, day), "accept", to=(CORRECTION,)) for day in days)
        return facts(applied=MONDAY, taken_up=working(MONDAY, days[0]), moves=moves)

    assert carded(asked(5), working(MONDAY, 9)) == {}
    assert set(carded(asked(6), working(MONDAY, 9))) == {"J04.correction", "J02.not_taken_up"}
    assert set(carded(asked(1, 3), working(MONDAY, 9))) == {"J04.again"}


def test_a_no_without_a_reason_in_imported_events_is_carded_and_one_with_a_reason_is_not() -> None:
    bare = moved(Move.DISAGREE, MONDAY, "decide", why=False)
    assert carded(facts(outcome="refused", moves=(bare,)), MONDAY) == {"J04.reason": Level.YELLOW}
    assert carded(facts(outcome="refused", moves=(bare.model_copy(update={"reasoned": True}),)), MONDAY) == {}
    assert carded(facts(outcome="granted", moves=(bare,)), MONDAY) == {}


def test_a_hearing_has_its_own_limit_and_waiting_for_the_applicant_has_none() -> None:
    def halted(kind: str, days: int) -> dict[str, Level]:
        return carded(facts(halts=(Halt(kind=kind, begun=MONDAY, ended=None),)), working(MONDAY, days))

    assert (halted("听证", 20), halted("听证", 21)) == ({}, {"J06.hearing": Level.YELLOW})
    assert (halted("公示", 30), halted("公示", 31)) == ({}, {"J06.special": Level.YELLOW})
    assert halted(CORRECTION, 90) == {}


def test_a_charge_outside_the_table_is_red_and_named() -> None:
    fee = Charge(title="工本费", amount=1000, rule="", known=False)
    (one,) = found(facts(charges=(fee,), taken_up=MONDAY), MONDAY)
    assert (one.rule, one.level, one.said) == ("J05.fee", Level.RED, "收费没有标准：工本费 10.00 元")
    assert found(facts(charges=(fee.model_copy(update={"known": True}),)), MONDAY) == ()


def test_a_charge_above_its_rule_is_red_and_one_at_it_is_none() -> None:
    fee = Charge(title="工本费", amount=3000, rule="r", known=True, unit=1000, standard=1000)
    assert found(facts(charges=(fee,), taken_up=MONDAY), MONDAY) == ()
    (one,) = found(facts(charges=(fee.model_copy(update={"standard": 800}),), taken_up=MONDAY), MONDAY)
    assert (one.rule, one.level, one.said) == ("J05.over", Level.RED, "收费超过标准：工本费 10.00 元，标准 8.00 元")


def test_a_case_sent_back_without_a_reason_is_carded_on_who_sent_it_back() -> None:
    asked = [moved(Move.SEAT, MONDAY, stage, to=("43.market",)) for stage in ("handle", "review")]
    back = moved(Move.RETURN, MONDAY, "review", person="officer:7", why=False)
    (one,) = found(facts(moves=(*asked, back)), MONDAY)
    assert (one.rule, one.level, one.person) == ("J04.returned", Level.YELLOW, "officer:7")
    assert found(facts(moves=(*asked, back.model_copy(update={"reasoned": True}))), MONDAY) == ()
    no = back.model_copy(update={"move": Move.DISAGREE})
    assert [one.rule for one in found(facts(moves=(*asked, no, asked[0])), MONDAY)] == ["J04.returned"]
    assert found(facts(moves=(*asked, no)), MONDAY) == (), "a no that nothing follows sends nothing back"


def test_clocks_that_are_stopped_after_they_ran_out_are_carded() -> None:
    def stopped(days: int, kind: str = "听证") -> dict[str, Level]:
        halts = (Halt(kind=kind, begun=working(MONDAY, days), ended=working(MONDAY, days)),)
        return carded(facts(clocks=(clock(Kind.PROMISED, DUE, DUE),), halts=halts), working(MONDAY, 30))

    running = facts(clocks=(clock(Kind.STATUTORY, DUE),), halts=(Halt(kind="听证", begun=working(DUE, 2), ended=None),))
    assert carded(running, working(DUE, 2))["J06.late"] is Level.YELLOW
    assert stopped(11) == {}, "the clock had ended before"
    late = running.model_copy(update={"halts": (Halt(kind=CORRECTION, begun=working(DUE, 2), ended=None),)})
    assert "J06.late" not in carded(late, working(DUE, 2))


def test_no_card_says_that_the_platforms_own_default_is_the_law() -> None:
    own = clock(Kind.STATUTORY, DUE).model_copy(update={"own": True})
    (first,) = found(facts(clocks=(own,)), working(DUE, 1))
    assert (first.rule, first.level, first.said) == ("J02.own", Level.YELLOW, "超过规定时限1个工作日")
    assert carded(facts(clocks=(own,)), working(DUE, 5)) == {"J03.own": Level.RED}
    assert carded(facts(clocks=(own,)), DUE) == {"J01.own": Level.REMINDER}


@pytest.mark.parametrize("own", [True, False])
def test_a_bad_rating_that_is_not_put_right_is_yellow_and_no_other_rule_speaks_of_it(own: bool) -> None:
    term = clock(Kind.STATUTORY, DUE).model_copy(update={"own": own})
    late = found(facts(object="rating:4", clocks=(term,)), working(DUE, 9))
    assert [(one.rule.startswith("J07.rating"), one.level) for one in late] == [(True, Level.YELLOW)]


@pytest.mark.parametrize("before", [True, False])
def test_what_went_wrong_before_supervision_began_is_not_found(before: bool) -> None:
    moves = (moved(Move.DISAGREE, DUE, "decide", why=False),)
    late = facts(clocks=(clock(Kind.PROMISED, DUE),), outcome="refused", applied=MONDAY, moves=moves)
    began = DUE + timedelta(days=1) if before else working(MONDAY, 5)
    rules = {one.rule for one in judge(late, RULES, LIMITS, Day(working(DUE, 9), CALENDAR, began))}
    assert rules == (set() if before else {"J02.promised", "J03.promised", "J04.reason", "J02.not_taken_up"})


def test_a_rule_whose_limit_is_not_in_force_finds_nothing() -> None:
    without = {key: one for key, one in LIMITS.items() if key != "supervision.overrun.days"}
    rules = {one.rule for one in judge(PROMISED, RULES, without, Day(working(MONDAY, 30), CALENDAR))}
    assert rules == {"J02.promised"}


def test_a_rule_that_could_find_nothing_cannot_be_declared() -> None:
    with pytest.raises(ValidationError, match="clocks"):
        CardRule(key="X", title="无", level=Level.RED, check=Check.PAST)
    with pytest.raises(ValidationError, match="limit"):
        CardRule(key="X", title="无", level=Level.RED, check=Check.UNANSWERED)


days = st.integers(min_value=0, max_value=60)
kinds = st.sampled_from([Kind.PROMISED, Kind.STATUTORY, Kind.STAGE])


@given(kind=kinds, due=days, ended=days, looked=days)
def test_whoever_decides_in_time_never_gets_a_card_once_decided(kind: Kind, due: int, ended: int, looked: int) -> None:
    done = MONDAY + timedelta(days=min(due, ended))
    stage = "examine" if kind is Kind.STAGE else ""
    it = facts(clocks=(clock(kind, MONDAY + timedelta(days=due), done, stage),), outcome="granted", ended=done)
    assert carded(it, done + timedelta(days=looked)) == {}


@given(kind=kinds, due=days, first=days, more=days)
def test_later_is_never_milder(kind: Kind, due: int, first: int, more: int) -> None:
    stage = "examine" if kind is Kind.STAGE else ""
    it = facts(clocks=(clock(kind, MONDAY + timedelta(days=due), stage=stage),))

    def gravest(day: date) -> int:
        return max((level.rank for level in carded(it, day).values()), default=-1)

    on = MONDAY + timedelta(days=first)
    assert gravest(on) <= gravest(on + timedelta(days=more))


@given(kind=kinds, due=days, looks=st.lists(days, max_size=12))
def test_however_often_it_is_looked_at_a_ladder_only_climbs(kind: Kind, due: int, looks: list[int]) -> None:
    stage = "examine" if kind is Kind.STAGE else ""
    it, levels = facts(clocks=(clock(kind, MONDAY + timedelta(days=due), stage=stage),)), list[int]()
    for look in sorted(looks):
        on = MONDAY + timedelta(days=look)
        for rule, level in carded(it, on).items():
            levels.append(level.rank)
            card = Warned(rule=rule, level=level, ladder=kind, stage=stage, on=on, answered=True)
            it = it.model_copy(update={"warned": (*it.warned, card)})
    assert levels == sorted(set(levels))
