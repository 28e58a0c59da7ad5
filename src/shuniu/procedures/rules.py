"""The rules of a case, pure: a state and an event give the next state; what is open, and who may take it, is derived.

No event is applied that the procedure does not allow, so a log that can be folded is a log that was lawful.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NoReturn

from shuniu.procedures.declare import ANSWERS, Event, Move, Outcome, Procedure, Result, Seat, Stage, State
from shuniu.trust.api import OVERSEE
from shuniu.trust.declare import Actor, Refused

_NEEDS_REASON = (Move.DISAGREE, Move.TRANSFER, Move.RELEASE, Move.RETURN, Move.END)


HANDING_ON = (Move.TRANSFER, Move.RELEASE)
"""The moves that oversight may make in a seat that somebody else has."""


def results(procedure: Procedure, state: State) -> dict[str, Result]:
    """What each stage's answers come to."""
    answers: dict[str, list[Result]] = {stage.key: [] for stage in procedure.stages}
    for seat in state.seats:
        answers[seat.stage].append(seat.answer)
    return {stage.key: _result(stage, answers[stage.key]) for stage in procedure.stages}


def _result(stage: Stage, answers: list[Result]) -> Result:
    decisive: tuple[Result, Result] = ("yes", "no") if stage.rule == "any" else ("no", "yes")
    if decisive[0] in answers:
        return decisive[0]
    return decisive[1] if answers and all(answer == decisive[1] for answer in answers) else ""


def outcome(procedure: Procedure, state: State) -> Outcome:
    """Ended when its question fell away; else refused by any stage's no, granted by the yes of every stage."""
    if state.ended:
        return "ended"
    found = results(procedure, state).values()
    if "no" in found:
        return "refused"
    return "granted" if all(result == "yes" for result in found) else ""


def ready(procedure: Procedure, state: State) -> tuple[str, ...]:
    """The stages that can be answered now: all that stands before them has agreed, and they have no result yet.

    All before, not only what they need directly: an answer that a return kept does not stand in for the one it dropped.
    """
    found = results(procedure, state)
    if outcome(procedure, state):
        return ()
    return tuple(
        stage.key
        for stage in procedure.stages
        if not found[stage.key] and all(found[earlier] == "yes" for earlier in procedure.before(stage.key))
    )


def unseated(procedure: Procedure, state: State) -> tuple[str, ...]:
    """The ready stages that nobody has been asked in: who sits there is decided outside and recorded as an event."""
    seated = {seat.stage for seat in state.seats}
    return tuple(stage for stage in ready(procedure, state) if stage not in seated)


def open_seats(procedure: Procedure, state: State) -> tuple[Seat, ...]:
    """The seats that wait for an answer now."""
    stages = ready(procedure, state)
    return tuple(seat for seat in state.seats if seat.stage in stages and not seat.answer)


def barred(procedure: Procedure, state: State, seat: Seat) -> frozenset[str]:
    """The persons who may not answer in this seat: the opener, and whoever already sits elsewhere in the stage."""
    others = {other.person for other in state.seats if other.stage == seat.stage and other.number != seat.number}
    opener = set() if procedure.own_approval else {state.opened_by}
    return frozenset((others | opener) - {""})


def fold(procedure: Procedure, events: Iterable[Event]) -> State:
    """The state that a log comes to. Raises Refused when the log was not lawful."""
    state = State()
    for event in events:
        state = apply(procedure, state, event)
    return state


def apply(procedure: Procedure, state: State, event: Event) -> State:
    """The state after an event. Raises Refused when the rules do not allow it now."""
    if event.move is Move.OPEN:
        if state != State():
            _refuse("not_open", "该事项已经提出，不能重复提出。")
        return State(opened_by=event.person)
    if event.move is Move.SEAT:
        return _seat(procedure, state, event)
    if event.move in _NEEDS_REASON and not event.reason.strip():
        _refuse("reason", f"“{event.move}”须写明理由。", "请填写理由后再提交。")
    if event.move is Move.END:
        return _end(procedure, state)
    seat = _open_seat(procedure, state, event)
    return _MOVES[event.move](procedure, state, seat, event)


def _seat(procedure: Procedure, state: State, event: Event) -> State:
    if event.stage not in unseated(procedure, state) or not event.to:
        _refuse("not_open", f"环节“{event.stage}”现在不能交办。")
    seats = tuple(
        Seat(state.next_seat + place, event.stage, agency, since=event.at, asked=event.at, rule=event.rule)
        for place, agency in enumerate(event.to)
    )
    return replace(state, seats=(*state.seats, *seats), next_seat=state.next_seat + len(seats))


def _open_seat(procedure: Procedure, state: State, event: Event) -> Seat:
    seat = next((s for s in state.seats if s.number == event.seat and s.stage == event.stage), None)
    if seat is None or seat not in open_seats(procedure, state):
        _refuse_closed(seat)
    _refuse_barred(procedure, state, seat, event.person)
    if event.move not in HANDING_ON and seat.person not in ("", event.person):
        _refuse("lane", f"此项由{seat.person_name}办理。", "请由其本人办理，或由省级主管部门改派。")
    return seat


def _refuse_barred(procedure: Procedure, state: State, seat: Seat, person: str) -> None:
    if person not in barred(procedure, state, seat):
        return
    if person == state.opened_by and not procedure.own_approval:
        _refuse("own_approval", "本人提出的事项不能由本人办理，换了岗位也不行。", "请由其他有权限的人员办理。")
    title = procedure[seat.stage].title
    _refuse("twice", f"同一人在环节“{title}”只能办理一项。", "此项请由其他有权限的人员办理。")


def _answer(procedure: Procedure, state: State, seat: Seat, event: Event) -> State:
    given: Result = "yes" if event.move is Move.AGREE else "no"
    answered = replace(seat, person=event.person, person_name=event.person_name, answer=given)
    state = _replaced(state, answered)
    stage = procedure[seat.stage]
    if stage.returns_to and results(procedure, state)[stage.key] == "no":
        return _dropped(procedure, state, stage, stage.returns_to)
    return state


def _end(procedure: Procedure, state: State) -> State:
    if outcome(procedure, state):
        _refuse("not_open", "该事项已经办结，不能再终止。")
    return replace(state, ended=True)


def _take(procedure: Procedure, state: State, seat: Seat, event: Event) -> State:
    if seat.person:
        _refuse("taken", "此项已由您领办。", "请直接办理。")
    return _replaced(state, replace(seat, person=event.person, person_name=event.person_name, since=event.at))


def _release(procedure: Procedure, state: State, seat: Seat, event: Event) -> State:
    if not seat.person:
        _refuse("not_open", "此项无人领办，无须退领。", "请直接办理。")
    return _replaced(state, replace(seat, person="", person_name="", since=event.at))


def _transfer(procedure: Procedure, state: State, seat: Seat, event: Event) -> State:
    person, name = event.to
    if person in ("", event.person, seat.person):
        _refuse("transfer", "不能转办给本人或现办理人。", "请选择另一位有权限的人员。")
    _refuse_barred(procedure, state, seat, person)
    return _replaced(state, replace(seat, person=person, person_name=name, since=event.at))


def _return(procedure: Procedure, state: State, seat: Seat, event: Event) -> State:
    (target,) = event.to
    stage = procedure[seat.stage]
    if target not in procedure.before(stage.key):
        _refuse("return", f"环节“{stage.title}”只能退回到它之前的环节。", "没有更早环节的，请答复“不同意”。")
    return _dropped(procedure, state, stage, target)


_MOVES: dict[Move, Callable[[Procedure, State, Seat, Event], State]] = {
    **dict.fromkeys(ANSWERS, _answer),
    Move.TAKE: _take,
    Move.RELEASE: _release,
    Move.TRANSFER: _transfer,
    Move.RETURN: _return,
}


def _dropped(procedure: Procedure, state: State, sender: Stage, target: str) -> State:
    gone = procedure.below(target) - ({*sender.keeps} - {target})
    return replace(state, seats=tuple(seat for seat in state.seats if seat.stage not in gone))


def _replaced(state: State, changed: Seat) -> State:
    return replace(state, seats=tuple(changed if seat.number == changed.number else seat for seat in state.seats))


def choose(
    procedure: Procedure, state: State, actor: Actor, *, stage: str = "", seat: int = 0, handing_on: bool = False
) -> Seat:
    """The open seat that an actor's answer is for, narrowed by `stage` or `seat` where given.

    A seat handed to the actor comes before one of the actor's agency, that before one that only oversight opens. Only
    `handing_on` may oversight touch a seat that was handed to somebody else. Whether the actor reaches the region was
    required before. Raises Refused: taken, not_open, lane, own_approval, twice, which.
    """
    asked = [s for s in state.seats if (not stage or s.stage == stage) and (not seat or s.number == seat)]
    opened = {s.number for s in open_seats(procedure, state)}
    mine = [s for s in asked if s.number in opened and rank(procedure, s, actor, handing_on=handing_on)]
    if not mine:
        _refuse_none(procedure, actor, asked, opened)
    free = [s for s in mine if actor.person not in barred(procedure, state, s)]
    if not free:
        _refuse_barred(procedure, state, mine[0], actor.person)
    ranks = [rank(procedure, s, actor, handing_on=handing_on) for s in free]
    best = [s for s, place in zip(free, ranks, strict=True) if place == max(ranks)]
    if len({(s.stage, s.agency) for s in best}) > 1:
        titles = "、".join(f"{procedure[s.stage].title}（{s.agency}）" for s in best)
        _refuse("which", f"该事项有多项可由您办理：{titles}。", "请指明办理哪一项。")
    return best[0]


def rank(procedure: Procedure, seat: Seat, actor: Actor, *, handing_on: bool = False) -> int:
    """How near a seat is to an actor: 3 handed to this person, 2 the own agency's, 1 by oversight, 0 not at all."""
    if not actor.may(procedure[seat.stage].lane) or not (actor.agency == seat.agency or actor.may(OVERSEE)):
        return 0
    if seat.person:
        return 3 if seat.person == actor.person else int(handing_on and actor.may(OVERSEE))
    return 2 if actor.agency == seat.agency else 1


def check_receiver(procedure: Procedure, seat: Seat, to: Actor, region: str) -> None:
    """Refuse (procedures.transfer) to hand a seat to a person who could not take it if it were free."""
    if rank(procedure, replace(seat, person=""), to) and to.reaches(region):
        return
    title = procedure[seat.stage].title
    _refuse("transfer", f"{to.name}不能办理环节“{title}”。", "请选择该环节办理单位中、区划相符且有此权限的人员。")


def _refuse_none(procedure: Procedure, actor: Actor, asked: list[Seat], opened: set[int]) -> NoReturn:
    answered = next((s for s in asked if s.answer and rank(procedure, replace(s, person=""), actor)), None)
    if answered:
        _refuse_closed(answered)
    handed = next((s for s in asked if s.number in opened and s.person and actor.may(procedure[s.stage].lane)), None)
    if handed:
        _refuse("lane", f"此项由{handed.person_name}办理。", "请由其本人办理，或由省级主管部门改派。")
    if opened & {s.number for s in asked}:
        _refuse("lane", "此项不由您的岗位或单位办理。", "请由该环节办理单位中有权限的人员办理。")
    _refuse_closed(None)


def _refuse_closed(seat: Seat | None) -> NoReturn:
    if seat is None or not seat.answer:
        _refuse("not_open", "此项现在不待办理：已办结、已退回或尚未轮到。", "请刷新后查看办理过程。")
    said = Move.AGREE if seat.answer == "yes" else Move.DISAGREE
    _refuse("taken", f"此项已由{seat.person_name}答复“{said}”。", "无需重复办理，请刷新后查看办理过程。")


def _refuse(rule: str, message: str, remedy: str = "") -> NoReturn:
    raise Refused(f"procedures.{rule}", message, remedy)
