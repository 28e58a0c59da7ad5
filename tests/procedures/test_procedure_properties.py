"""What holds for every procedure, whatever people do in it: random procedures, random officers, random moves."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings

from shuniu.base.calendar import Calendar
from shuniu.procedures import rules, terms
from shuniu.procedures.declare import ANSWERS, CORRECTION, OPENER, Event, Move, Seat, State
from shuniu.trust.declare import Refused
from tests.procedures.playing import NOON, NUMBER, PEOPLE, Play, may_answer, plays

many = settings(max_examples=100, deadline=None, database=None)


@many
@given(plays())
def test_a_running_case_waits_for_somebody_who_can_answer_or_for_something_named(play: Play) -> None:
    procedure, state = play.procedure, play.state
    seats, waits = rules.open_seats(procedure, state), rules.waits_for(procedure, state)
    assert bool(seats or waits) == (not rules.outcome(procedure, state))
    assert not (waits == (rules.FOR_PARTS,) and not any(not part.outcome for part in state.parts)) or seats
    for seat in seats:
        assert any(may_answer(play, actor, seat) for actor in PEOPLE if actor.person == (seat.person or actor.person))
    assert rules.unseated(procedure, state) == ()


@many
@given(plays())
def test_once_nothing_holds_a_case_up_and_its_parts_have_ended_it_waits_for_people_alone(play: Play) -> None:
    procedure, state = play.procedure, play.state
    while waits := rules.waits_for(procedure, state):
        running = [part for part in state.parts if not part.outcome]
        if waits[0] == rules.FOR_OPENER:
            event = Event(0, Move.RESUBMIT, state.opened_by, "", NOON)
        elif state.suspensions:
            event = Event(0, Move.RESUME, "system:worker", "", NOON, to=(state.suspensions[0].kind,))
        else:
            event = Event(0, Move.PART_ENDED, "system:worker", "", NOON, to=(str(running[0].case), "granted"))
        play.do(event)
        state = play.state
    assert bool(rules.open_seats(procedure, state)) == (not rules.outcome(procedure, state))


@many
@given(plays())
def test_no_seat_is_lost_or_doubled(play: Play) -> None:
    numbers = [seat.number for seat in play.state.seats]
    assert len(set(numbers)) == len(numbers)
    for stage in {seat.stage for seat in play.state.seats}:
        own = [seat for seat in play.state.seats if seat.stage == stage and not seat.added_to]
        assert Counter(seat.agency for seat in own) == Counter(play.lanes(stage))
        assert {seat.group for seat in play.state.seats if seat.stage == stage} == {seat.number for seat in own}
    for before, event, after in play.steps:
        fresh = {s.number for s in after.seats} - {s.number for s in before.seats}
        assert all(number >= before.next_seat for number in fresh), f"a seat's number was used again by {event}"


@many
@given(plays())
def test_a_seat_that_waits_for_others_waits_for_seats_that_are_there(play: Play) -> None:
    for seat in play.state.seats:
        beside = {other.number: other for other in play.state.seats if other.stage == seat.stage}
        assert {*seat.after} <= beside.keys()
        assert not seat.answer or all(beside[number].answer for number in seat.after)


@many
@given(plays())
def test_nothing_is_granted_without_every_approval_that_the_procedure_asks_for(play: Play) -> None:
    state, enough = play.state, True
    for stage in play.procedure.stages:
        seats = [seat for seat in state.seats if seat.stage == stage.key and seat.counts]
        own = {seat.group for seat in seats}
        agreed = {group for group in own if all(seat.answer == "yes" for seat in seats if seat.group == group)}
        asked = {"all": len(own), "any": 1, "quorum": stage.quorum}[stage.rule]
        if stage.children:
            good = [part.outcome in ("granted", "partial") for part in state.parts]
            passed = (all if stage.children == "all" else any)(good)
        else:
            passed = bool(own) and len(agreed) >= asked
        enough &= passed or (stage.optional and stage.key in state.left_out)
    granted = rules.outcome(play.procedure, state) in ("granted", "partial")
    assert not granted or (enough and not state.ended)


@many
@given(plays())
def test_nobody_approves_what_they_asked_for_and_nobody_signs_twice_in_a_stage(play: Play) -> None:
    signed = [(seat.stage, seat.person) for seat in play.state.seats if seat.answer and seat.counts]
    assert len(set(signed)) == len(signed)
    if not play.procedure.own_approval:
        assert play.state.opened_by not in {seat.person for seat in play.state.seats}
        assert not any(event.person == play.state.opened_by and event.seat for event in play.case.events)


@many
@given(plays())
def test_a_return_drops_the_answers_from_there_downward_and_no_others(play: Play) -> None:
    for before, event, after in play.steps:
        if not _sent_back(event, after):
            continue
        stage = play.procedure[event.stage]
        targets = {*event.to} if event.move is Move.RETURN else {stage.returns_to}
        if OPENER in targets:
            gone = {one.key for one in play.procedure.stages} - {*stage.keeps}
            assert after.returned
        else:
            gone = {key for target in targets for key in play.procedure.below(target)} - {*stage.keeps} | targets
        assert event.stage in gone
        assert [s for s in after.seats if s.stage not in gone] == [s for s in before.seats if s.stage not in gone]
        assert not any(seat.answer for seat in after.seats if seat.stage in gone)
        assert {seat.stage for seat in after.seats if seat.stage in gone} <= targets


def _sent_back(event: Event, after: State) -> bool:
    """Whether this move made answers fall: a return, or a no of a stage whose no returns."""
    return event.move is Move.RETURN or (
        event.move is Move.DISAGREE and event.seat not in {seat.number for seat in after.seats}
    )


@many
@given(plays())
def test_taking_an_answer_back_changes_that_seat_and_drops_no_other_answer(play: Play) -> None:
    for before, event, after in play.steps:
        if event.move is not Move.WITHDRAW:
            continue
        (was,) = (seat for seat in before.seats if seat.number == event.seat)
        assert (was.person, bool(was.answer)) == (event.person, True)
        assert {s for s in before.seats if s.answer} - {was} == {s for s in after.seats if s.answer}
        assert not any(s.answer for s in before.seats if s.stage in play.procedure.below(event.stage) - {event.stage})


@many
@given(plays())
def test_an_answer_is_newer_than_what_it_rests_on(play: Play) -> None:
    if any(stage.keeps for stage in play.procedure.stages):
        return  # a procedure may declare that some answers outlive a return
    for stage in play.procedure.stages:
        for need in stage.needs:
            mine = [seat.number for seat in play.state.seats if seat.stage == stage.key]
            theirs = [seat.number for seat in play.state.seats if seat.stage == need and not seat.added_to]
            assert not mine or not theirs or max(theirs) < min(mine)


@many
@given(plays())
def test_the_state_is_the_fold_of_the_log(play: Play) -> None:
    assert rules.fold(play.procedure, play.case.events) == play.state
    assert [event.seq for event in play.case.events] == list(range(len(play.case.events)))


@many
@given(plays())
def test_while_a_case_stands_still_nobody_answers(play: Play) -> None:
    for before, event, _ in play.steps:
        if event.move in (*ANSWERS, Move.RETURN, Move.WITHDRAW):
            assert not before.suspensions and not before.returned
    if play.state.suspensions or play.state.returned:
        assert rules.open_seats(play.procedure, play.state) == ()
        assert {one.kind for one in play.state.suspensions} <= {CORRECTION, "公示"}


@many
@given(plays(), NUMBER)
def test_a_seat_is_answered_once(play: Play, who: int) -> None:
    answered = {seat.number for seat in play.state.seats if seat.answer}
    for event in play.case.events:
        if event.move not in ANSWERS or event.seat not in answered:
            continue
        again = Event(0, Move.AGREE, PEOPLE[who].person, "", NOON, event.stage, event.seat)
        with pytest.raises(Refused) as refused:
            rules.apply(play.procedure, play.state, again)
        assert refused.value.rule in ("procedures.taken", "procedures.not_open")


@many
@given(plays())
def test_a_stage_is_due_from_its_last_handing_out_whoever_has_the_seat_meanwhile(play: Play) -> None:
    found = terms.dues(play.procedure, play.state.seats, None, None)
    for stage in play.procedure.stages:
        handed = [one.at.date() for one in play.case.events if one.move is Move.SEAT and one.stage == stage.key]
        if stage.term is None or not any(seat.stage == stage.key for seat in play.state.seats):
            assert stage.key not in found
        elif isinstance(stage.term, int):
            assert found[stage.key] == Calendar.load().add_working_days(handed[-1], stage.term)
        else:
            (five,) = {seat.rule for seat in play.state.seats if seat.stage == stage.key}
            assert found[stage.key] == terms.ends(five, handed[-1])


@many
@given(plays())
def test_an_ended_case_waits_for_nobody_and_cannot_be_ended_again(play: Play) -> None:
    outcome = rules.outcome(play.procedure, play.state)
    assert play.state.ended == (outcome in ("ended", "withdrawn"))
    if outcome:
        assert not rules.open_seats(play.procedure, play.state)
        assert not rules.waits_for(play.procedure, play.state)
        for move in (Move.END, Move.CANCEL, Move.SUSPEND):
            with pytest.raises(Refused):
                again = Event(0, move, "system:worker", "", NOON, to=("公示",), reason="又一次")
                rules.apply(play.procedure, play.state, again)


@many
@given(plays(), NUMBER)
def test_a_seat_that_somebody_took_is_answered_by_nobody_else(play: Play, who: int) -> None:
    for seat in rules.open_seats(play.procedure, play.state):
        if seat.person and PEOPLE[who].person != seat.person:
            assert not may_answer(play, PEOPLE[who], seat)


@many
@given(plays(), NUMBER)
def test_who_leaves_leaves_no_seat_behind_and_takes_no_answer_along(play: Play, who: int) -> None:
    state, person = play.state, PEOPLE[who].person
    mine = [seat for seat in state.seats if seat.person == person and not seat.answer]
    if not mine or rules.outcome(play.procedure, state):
        return
    after = rules.apply(play.procedure, state, Event(0, Move.VACATE, "system:worker", "", NOON, to=(person,)))
    assert not any(seat.person == person and not seat.answer for seat in after.seats)
    assert _answers(after.seats) == _answers(state.seats)
    assert len(after.seats) == len(state.seats)


@many
@given(plays())
def test_an_agency_that_takes_anothers_place_takes_all_its_open_seats_and_no_others(play: Play) -> None:
    state = play.state
    if rules.outcome(play.procedure, state):
        return
    after = rules.apply(play.procedure, state, Event(0, Move.SUCCEED, "system:worker", "", NOON, to=("甲", "丙")))
    assert _answers(after.seats) == _answers(state.seats)
    for before, now in zip(state.seats, after.seats, strict=True):
        moved = before.agency == "甲" and not before.answer
        assert (now.number, now.agency) == (before.number, "丙" if moved else before.agency)
        assert not moved or not now.person


def _answers(seats: tuple[Seat, ...]) -> list[Seat]:
    return [seat for seat in seats if seat.answer]
