"""Random procedures, and random officers who make random moves in a case of one: what the properties are tried on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from hypothesis import event as note
from hypothesis import strategies as st

from shuniu.procedures import rules
from shuniu.procedures.declare import CORRECTION, OPENER, Event, Move, Procedure, Seat, Stage, State
from shuniu.procedures.models import Case
from shuniu.procedures.store import Loaded
from shuniu.trust.api import OVERSEE
from shuniu.trust.declare import Actor, Refused

T = TypeVar("T")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
AGENCIES = ("甲", "乙")
LANE = "test.decide"
OFFICERS = [
    Actor(f"officer:{agency}{number}", f"{agency}{number}", agency, agency, ("43",), frozenset({LANE}))
    for agency in AGENCIES
    for number in range(7)
]
OVERSEERS = [
    Actor(f"officer:省{number}", f"省{number}", "省", "省", ("43",), frozenset({LANE, OVERSEE})) for number in range(2)
]
PEOPLE = OFFICERS + OVERSEERS
NUMBER = st.integers(0, len(PEOPLE) - 1)
TERMS = st.none() | st.integers(1, 30) | st.just("catalogue.review.days")
SEATED = (
    *[Move.AGREE] * 8, Move.DISAGREE, Move.TRANSFER, Move.RETURN, Move.RETURN, Move.TAKE, Move.TAKE, Move.RELEASE,
    Move.ADD_BEFORE, Move.ADD_AFTER, Move.DELEGATE, Move.DROP, Move.WITHDRAW, Move.WITHDRAW, Move.SUSPEND,
)  # fmt: skip
WHOLE = (
    Move.RESUBMIT, Move.RESUBMIT, Move.RESUME, Move.RESUME, Move.SUSPEND, Move.PART_ENDED, Move.PART_ENDED, Move.SPLIT,
    Move.BRANCH, Move.VACATE, Move.CIRCULATE, Move.READ, Move.SUPERVISE, Move.UNSUPERVISE, Move.URGE,
)  # fmt: skip
DICE = st.lists(st.integers(0, 2**40), max_size=40)
KINDS = (CORRECTION, "公示")
OUTCOMES = ("granted", "granted", "granted", "partial", "refused")


@dataclass
class Throws:
    """Choices for one move, all out of one number: drawing each by itself took most of the time."""

    left: int

    def of(self, options: Sequence[T]) -> T:
        self.left, place = divmod(self.left, len(options))
        return options[place]

    def one_in(self, many: int) -> bool:
        return self.of(range(many)) == 0


@st.composite
def procedures(draw: st.DrawFn) -> Procedure:
    """Up to five stages, each resting on some of those before it; some are optional, some wait for parts."""
    plans: list[Stage] = []
    for number in range(draw(st.integers(1, 5))):
        known = [plan.key for plan in plans]
        needs = tuple(draw(st.sets(st.sampled_from(known)))) if known else ()
        form: dict[str, object] = {"key": f"s{number}", "title": "办", "needs": needs}
        if draw(st.integers(0, 6)) == 0:
            form |= {"children": draw(st.sampled_from(["all", "any", "each"]))}
        else:
            rule = draw(st.sampled_from(["all", "any", "quorum"]))
            form |= {"lane": LANE, "rule": rule, "term": draw(TERMS)}
            form |= {"quorum": draw(st.integers(1, 3)) if rule == "quorum" else 0}
        form |= {"optional": number > 0 and draw(st.integers(0, 3)) == 0}
        plans.append(Stage.model_validate(form))
    bare = Procedure(key="test.any", version=1, title="任意", stages=tuple(plans), own_approval=draw(st.booleans()))
    stages = [_sending_back(draw, bare, stage) for stage in bare.stages]
    return Procedure.model_validate({**bare.model_dump(), "stages": [stage.model_dump() for stage in stages]})


def _sending_back(draw: st.DrawFn, bare: Procedure, stage: Stage) -> Stage:
    if stage.children:
        return stage
    before = [key for key in sorted(bare.before(stage.key)) if not (bare[key].optional or bare[key].children)]
    target = draw(st.sampled_from(["", OPENER, *before]))
    free = sorted({s.key for s in bare.stages} - bare.below(stage.key) - {target})
    keeps = draw(st.sets(st.sampled_from(free))) if free else set()
    on_no = f"return:{target}" if target else "refuse"
    return stage.model_copy(update={"on_no": on_no, "keeps": tuple(sorted(keeps))})


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

    def do(self, *events: Event) -> None:
        before = self.state
        self.case.add(*events)
        self.steps.append((before, events[-1], self.state))


@st.composite
def plays(draw: st.DrawFn) -> Play:
    """A case from its opening on; whoever moves is mostly somebody who may."""
    procedure = draw(procedures())
    lanes = {}
    for stage in procedure.stages:
        if stage.quorum or draw(st.booleans()):
            lanes[stage.key] = draw(st.lists(st.sampled_from(AGENCIES), min_size=max(1, stage.quorum), max_size=3))
    play = Play(Loaded(Case(agency="甲", lanes=lanes), procedure, State(), [], []))
    _open(play, draw(st.sampled_from(PEOPLE)))
    for day, dice in enumerate(draw(DICE), start=1):
        if rules.outcome(procedure, play.state):
            break
        at, throws = NOON + timedelta(days=day), Throws(dice)
        # a case that waits for more than answers moves by itself; one that waits for answers is answered mostly
        if throws.one_in(5) or not rules.unanswered(procedure, play.state):
            _on_the_whole(throws, play, at)
        else:
            _in_a_seat(throws, play, at)
    if draw(st.integers(0, 3)) == 0 and not rules.outcome(procedure, play.state):
        move = draw(st.sampled_from([Move.END, Move.CANCEL]))
        play.do(Event(0, move, "system:worker", "后台任务", NOON + timedelta(days=99), reason="已另行认出"))
    note(rules.outcome(procedure, play.state) or "running")
    return play


def _open(play: Play, opener: Actor) -> None:
    events = [Event(0, Move.OPEN, opener.person, opener.name, NOON)]
    if any(stage.children for stage in play.procedure.stages):
        events.append(Event(0, Move.SPLIT, opener.person, opener.name, NOON, to=("101", "102")))
    play.do(*events)


def _in_a_seat(throws: Throws, play: Play, at: datetime) -> None:
    procedure, state, move = play.procedure, play.state, throws.of(SEATED)
    near: list[tuple[Actor, Seat]]
    if move is Move.WITHDRAW:
        near = [(who, seat) for seat in state.seats for who in PEOPLE if seat.answer and seat.person == who.person]
    elif move is Move.DROP:
        near = [(who, seat) for seat in state.seats for who in PEOPLE if seat.added_by == who.person]
    else:
        near = [(who, s) for s in rules.unanswered(procedure, state) for who in PEOPLE if rules.rank(procedure, s, who)]
    if not near:
        return
    actor, seat = throws.of(near)
    if throws.one_in(10):
        actor = throws.of(PEOPLE)
    to = throws.of(PEOPLE)
    stages = throws.of([("",), (OPENER,), *((key,) for key in sorted(procedure.before(seat.stage)))])

    def event() -> Event:
        chosen = rules.chosen_for(procedure, state, actor, move, stage=seat.stage, seat=seat.number)
        said: tuple[str, ...] = (throws.of(KINDS),) if move is Move.SUSPEND else ()
        if move is Move.TRANSFER:
            rules.check_receiver(procedure, chosen, to, "43")
            said = to.person, to.name
        elif move in rules.ADDING:
            rules.check_added(procedure, chosen, to, "43")
            said = to.person, to.name, to.agency
        elif move is Move.RETURN:
            said = rules.targets(procedure, state, chosen, stages[0])
        return Event(0, move, actor.person, actor.name, at, chosen.stage, chosen.number, said, "理由")

    _attempt(play, event)


def _on_the_whole(throws: Throws, play: Play, at: datetime) -> None:
    state, move, who = play.state, throws.of(WHOLE), throws.of(PEOPLE)
    said: dict[Move, list[tuple[str, ...]]] = {
        Move.RESUME: [(one.kind,) for one in state.suspensions],
        Move.SUSPEND: [(kind,) for kind in KINDS],
        Move.PART_ENDED: [(str(part.case), outcome) for part in state.parts for outcome in OUTCOMES],
        Move.SPLIT: [(str(110 + len(state.parts)),)],
        Move.BRANCH: [tuple(s.key for s in play.procedure.stages if s.optional and throws.one_in(2))],
        Move.VACATE: [(seat.person,) for seat in state.seats if seat.person and not seat.answer],
        Move.CIRCULATE: [(who.person, who.name)],
        Move.SUPERVISE: [(), ("2026-05-01",)],
    }
    chosen = throws.of(said.get(move) or [()])
    _attempt(play, lambda: replace(Event(0, move, who.person, who.name, at, reason="理由"), to=chosen))


def _attempt(play: Play, make: Callable[[], Event]) -> None:
    try:
        event = make()
        if event.move in (Move.RESUME, Move.PART_ENDED, Move.VACATE) and not event.to:
            return
        play.do(event)
        note(event.move)
    except Refused as refusal:
        note(refusal.rule)


def may_answer(play: Play, actor: Actor, seat: Seat) -> bool:
    """Whether the rules would let this actor answer in this seat now."""
    try:
        return rules.choose(play.procedure, play.state, actor, seat=seat.number) == seat
    except Refused:
        return False
