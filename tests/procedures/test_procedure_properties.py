"""What holds for every procedure, whatever people do in it: random procedures, random officers, random moves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import event as note
from hypothesis import given, settings
from hypothesis import strategies as st

from shuniu.base.calendar import Calendar
from shuniu.procedures import rules, terms
from shuniu.procedures.declare import ANSWERS, Event, Move, Procedure, Seat, Stage, State
from shuniu.procedures.models import Case
from shuniu.procedures.store import Loaded
from shuniu.trust.api import OVERSEE
from shuniu.trust.declare import Actor, Refused

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
AGENCIES = ("甲", "乙")
LANE = "test.decide"
OFFICERS = [
    Actor(f"officer:{agency}{number}", f"{agency}{number}", agency, agency, ("43",), frozenset({LANE}))
    for agency in AGENCIES
    for number in range(5)
]
OVERSEERS = [
    Actor(f"officer:省{number}", f"省{number}", "省", "省", ("43",), frozenset({LANE, OVERSEE})) for number in range(2)
]
PEOPLE = OFFICERS + OVERSEERS
NUMBER = st.integers(0, 11)
MINE = [Move.TAKE, Move.TAKE, Move.RELEASE]
TERMS = st.none() | st.integers(1, 30) | st.just("catalogue.review.days")
MOVES = st.lists(
    st.tuples(
        st.sampled_from([Move.AGREE] * 6 + [Move.DISAGREE, Move.TRANSFER, Move.RETURN, Move.RETURN] + MINE),
        NUMBER,
        NUMBER,
        NUMBER,
    ),
    max_size=40,
)
many = settings(max_examples=150, deadline=None, database=None)


@st.composite
def procedures(draw: st.DrawFn) -> Procedure:
    """Up to five stages, each resting on some of those before it."""
    plans: list[Stage] = []
    for number in range(draw(st.integers(1, 5))):
        known = [plan.key for plan in plans]
        needs = tuple(draw(st.sets(st.sampled_from(known)))) if known else ()
        rule = draw(st.sampled_from(["all", "any"]))
        plans.append(
            Stage.model_validate(
                {"key": f"s{number}", "title": "办", "lane": LANE, "rule": rule, "needs": needs, "term": draw(TERMS)}
            )
        )
    bare = Procedure(key="test.any", version=1, title="任意", stages=tuple(plans), own_approval=draw(st.booleans()))
    stages = []
    for stage in bare.stages:
        before, below = sorted(bare.before(stage.key)), bare.below(stage.key)
        target = draw(st.sampled_from(["", *before]))
        free = sorted({s.key for s in bare.stages} - below - {target})
        keeps = draw(st.sets(st.sampled_from(free))) if free else set()
        stages.append(
            stage.model_copy(
                update={"on_no": f"return:{target}" if target else "refuse", "keeps": tuple(sorted(keeps))}
            )
        )
    return Procedure.model_validate({**bare.model_dump(), "stages": [stage.model_dump() for stage in stages]})


@dataclass
class Play:
    """A case as it was played, with its state before and after every move that was allowed."""

    case: Loaded
    steps: list[tuple[State, Event, State]] = field(default_factory=list)

    @property
    def procedure(self) -> Procedure:
        return self.case.procedure

    @property
    def state(self) -> State:
        return self.case.state

    def lanes(self, stage: str) -> list[str]:
        return self.case.row.lanes.get(stage) or [self.case.row.agency]

    def do(self, event: Event) -> None:
        before = self.state
        self.case.add(event)
        self.steps.append((before, event, self.state))


@st.composite
def plays(draw: st.DrawFn) -> Play:
    procedure = draw(procedures())
    sits = st.lists(st.sampled_from(AGENCIES), min_size=1, max_size=3)
    lanes = {stage.key: draw(sits) for stage in procedure.stages if draw(st.booleans())}
    play = Play(Loaded(Case(agency="甲", lanes=lanes), procedure, State(), [], []))
    opener = draw(st.sampled_from(PEOPLE))
    play.do(Event(0, Move.OPEN, opener.person, opener.name, NOON))
    for day, (move, one, two, three) in enumerate(draw(MOVES), start=1):
        seats = rules.open_seats(procedure, play.state)
        if not seats:
            break
        seat = seats[two % len(seats)]
        near = [who for who in PEOPLE if rules.rank(procedure, seat, who)]
        actor = PEOPLE[one] if one > 8 or not near else near[one % len(near)]
        targets = sorted(procedure.before(seat.stage)) or [seat.stage]
        _attempt(play, Event(0, move, actor.person, actor.name, NOON + timedelta(days=day)), actor, seat,
                 PEOPLE[three], targets[three % len(targets)])  # fmt: skip
    if draw(st.booleans()) and not rules.outcome(procedure, play.state):
        play.do(Event(0, Move.END, "system:worker", "后台任务", NOON + timedelta(days=99), reason="已另行认出"))
    note(rules.outcome(procedure, play.state) or "running")
    return play


def _attempt(play: Play, event: Event, actor: Actor, seat: Seat, to: Actor, stage: str) -> None:
    move = event.move
    target = {Move.TRANSFER: (to.person, to.name), Move.RETURN: (stage,)}.get(move, ())
    try:
        chosen = rules.choose(play.procedure, play.state, actor, seat=seat.number, handing_on=move in rules.HANDING_ON)
        if move is Move.TRANSFER:
            rules.check_receiver(play.procedure, chosen, to, "43")
        play.do(replace(event, stage=chosen.stage, seat=chosen.number, to=target, reason="理由"))
        note(move)
    except Refused as refusal:
        note(refusal.rule)


def _may_answer(play: Play, actor: Actor, seat: Seat) -> bool:
    try:
        return rules.choose(play.procedure, play.state, actor, seat=seat.number) == seat
    except Refused:
        return False


@many
@given(plays())
def test_a_running_case_waits_for_somebody_who_can_answer(play: Play) -> None:
    seats = rules.open_seats(play.procedure, play.state)
    assert bool(seats) == (not rules.outcome(play.procedure, play.state))
    for seat in seats:
        assert any(_may_answer(play, actor, seat) for actor in PEOPLE if actor.person == (seat.person or actor.person))
    assert rules.unseated(play.procedure, play.state) == ()


@many
@given(plays())
def test_no_seat_is_lost_or_doubled(play: Play) -> None:
    numbers = [seat.number for seat in play.state.seats]
    assert len(set(numbers)) == len(numbers)
    for stage in {seat.stage for seat in play.state.seats}:
        assert Counter(s.agency for s in play.state.seats if s.stage == stage) == Counter(play.lanes(stage))
    for before, event, after in play.steps:
        fresh = {s.number for s in after.seats} - {s.number for s in before.seats}
        assert all(number >= before.next_seat for number in fresh), f"a seat's number was used again by {event}"


@many
@given(plays())
def test_nothing_is_granted_without_every_approval_that_the_procedure_asks_for(play: Play) -> None:
    granted = rules.outcome(play.procedure, play.state) == "granted"
    enough = True
    for stage in play.procedure.stages:
        said = [seat.answer for seat in play.state.seats if seat.stage == stage.key]
        enough &= "yes" in said and (stage.rule == "any" or set(said) == {"yes"})
    assert granted == (enough and not play.state.ended)


@many
@given(plays())
def test_nobody_approves_what_they_asked_for_and_nobody_signs_twice_in_a_stage(play: Play) -> None:
    signed = [(seat.stage, seat.person) for seat in play.state.seats if seat.answer]
    assert len(set(signed)) == len(signed)
    if not play.procedure.own_approval:
        assert play.state.opened_by not in {seat.person for seat in play.state.seats}
        assert not any(event.person == play.state.opened_by and event.seat for event in play.case.events)


@many
@given(plays())
def test_a_return_drops_the_answers_from_there_downward_and_no_others(play: Play) -> None:
    for before, event, after in play.steps:
        stage = play.procedure[event.stage] if event.stage else None
        if stage is None or not _sent_back(play, before, event, after):
            continue
        target = event.to[0] if event.move is Move.RETURN else stage.returns_to
        gone = play.procedure.below(target) - {*stage.keeps} | {target}
        assert event.stage in gone
        assert [s for s in after.seats if s.stage not in gone] == [s for s in before.seats if s.stage not in gone]
        assert not any(seat.answer for seat in after.seats if seat.stage in gone)
        assert {seat.stage for seat in after.seats if seat.stage in gone} == {target}


def _sent_back(play: Play, before: State, event: Event, after: State) -> bool:
    """Whether this move made answers fall: a return, or a no of a stage whose no returns."""
    return event.move is Move.RETURN or (
        event.move is Move.DISAGREE and event.seat not in {seat.number for seat in after.seats}
    )


@many
@given(plays())
def test_an_answer_is_newer_than_what_it_rests_on(play: Play) -> None:
    if any(stage.keeps for stage in play.procedure.stages):
        return  # a procedure may declare that some answers outlive a return
    for stage in play.procedure.stages:
        for need in stage.needs:
            mine = [seat.number for seat in play.state.seats if seat.stage == stage.key]
            theirs = [seat.number for seat in play.state.seats if seat.stage == need]
            assert not mine or max(theirs) < min(mine)


@many
@given(plays())
def test_the_state_is_the_fold_of_the_log(play: Play) -> None:
    assert rules.fold(play.procedure, play.case.events) == play.state
    assert [event.seq for event in play.case.events] == list(range(len(play.case.events)))


@many
@given(plays(), NUMBER)
def test_a_seat_is_answered_once(play: Play, who: int) -> None:
    for event in play.case.events:
        if event.move not in ANSWERS:
            continue
        again = Event(0, Move.AGREE, PEOPLE[who].person, "", NOON, event.stage, event.seat)
        try:
            rules.apply(play.procedure, play.state, again)
            raise AssertionError("a second answer was accepted")
        except Refused as refusal:
            assert refusal.rule in ("procedures.taken", "procedures.not_open")


@many
@given(plays())
def test_a_stage_is_due_from_its_last_handing_out_whoever_has_the_seat_meanwhile(play: Play) -> None:
    found = terms.dues(play.procedure, play.state)
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
    assert play.state.ended == any(event.move is Move.END for event in play.case.events) == (outcome == "ended")
    if outcome:
        assert rules.open_seats(play.procedure, play.state) == ()
        with pytest.raises(Refused):
            rules.apply(play.procedure, play.state, Event(0, Move.END, "system:worker", "", NOON, reason="又一次"))


@many
@given(plays(), NUMBER)
def test_a_seat_that_somebody_took_is_answered_by_nobody_else(play: Play, who: int) -> None:
    for seat in rules.open_seats(play.procedure, play.state):
        if seat.person and PEOPLE[who].person != seat.person:
            assert not _may_answer(play, PEOPLE[who], seat)
