"""The moves that are made in a seat: what each makes of the state. None of them is allowed where the seat does not wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from shuniu.procedures.declare import ANSWERS, OPENER, Event, Move, Procedure, Result, Seat, Stage, State
from shuniu.procedures.rules.refusing import refuse, refuse_barred, refuse_closed, refuse_held
from shuniu.procedures.rules.standing import PASSED, held, outcome, results, unanswered, unseated

HANDING_ON = (Move.TRANSFER, Move.RELEASE)
"""The moves that oversight may make in a seat that somebody else has."""

ADDING = (Move.ADD_BEFORE, Move.ADD_AFTER, Move.DELEGATE)
"""The moves that bring another person's seat into the stage."""

WHILE_HELD = (*HANDING_ON, *ADDING, Move.TAKE, Move.SUSPEND, Move.RESUME)
"""The moves that are made in a seat also while the case stands still: none of them is an answer."""


def seat_stage(procedure: Procedure, state: State, event: Event) -> State:
    """交办: ask the agencies of a stage whose turn has come."""
    if event.stage not in unseated(procedure, state) or not event.to:
        refuse("not_open", f"环节“{event.stage}”现在不能交办。")
    stage = procedure[event.stage]
    if len(event.to) < stage.quorum:
        refuse(
            "quorum", f"环节“{stage.title}”须 {stage.quorum} 方同意，只交办了 {len(event.to)} 方。", "请补足办理单位。"
        )
    numbers = range(state.next_seat, state.next_seat + len(event.to))
    seats = tuple(
        Seat(number, event.stage, agency, since=event.at, asked=event.at, rule=event.rule, group=number)
        for number, agency in zip(numbers, event.to, strict=True)
    )
    return replace(state, seats=(*state.seats, *seats), next_seat=numbers.stop)


def open_seat(procedure: Procedure, state: State, event: Event) -> Seat:
    """The seat that an event is made in. Raises Refused where it does not wait, or not for this person."""
    seat = find(state, event.seat, event.stage)
    if seat is None or seat not in unanswered(procedure, state):
        refuse_closed(seat)
    if held(state) and event.move not in WHILE_HELD:
        refuse_held(state)
    refuse_barred(procedure, state, seat, event.person)
    if event.move not in HANDING_ON and seat.person not in ("", event.person):
        refuse("lane", f"此项由{seat.person_name}办理。", "请由其本人办理，或由省级主管部门改派。")
    return seat


def find(state: State, number: int, stage: str) -> Seat | None:
    """The seat of that number in that stage."""
    return next((seat for seat in state.seats if seat.number == number and seat.stage == stage), None)


def _answer(procedure: Procedure, state: State, seat: Seat, event: Event) -> State:
    given: Result = "yes" if event.move is Move.AGREE else "no"
    answered = replace(seat, person=event.person, person_name=event.person_name, answer=given)
    state = replaced(state, answered)
    stage = procedure[seat.stage]
    if stage.returns_to and results(procedure, state)[stage.key] == "no":
        return _dropped(procedure, state, stage, [stage.returns_to])
    return state


def _take(procedure: Procedure, state: State, seat: Seat, event: Event) -> State:
    if seat.person:
        refuse("taken", "此项已由您领办。", "请直接办理。")
    return replaced(state, _own(seat, event))


def _own(seat: Seat, event: Event) -> Seat:
    if seat.person:
        return seat
    return replace(seat, person=event.person, person_name=event.person_name, since=event.at)


def _release(procedure: Procedure, state: State, seat: Seat, event: Event) -> State:
    if not seat.person:
        refuse("not_open", "此项无人领办，无须退领。", "请直接办理。")
    return replaced(state, replace(seat, person="", person_name="", since=event.at))


def _transfer(procedure: Procedure, state: State, seat: Seat, event: Event) -> State:
    person, name = event.to
    if person in ("", event.person, seat.person):
        refuse("transfer", "不能转办给本人或现办理人。", "请选择另一位有权限的人员。")
    refuse_barred(procedure, state, seat, person)
    return replaced(state, replace(seat, person=person, person_name=name, since=event.at))


def _return(procedure: Procedure, state: State, seat: Seat, event: Event) -> State:
    stage = procedure[seat.stage]
    if not seat.counts:
        refuse("return", "受委派答复的事项不能退回。", "请答复意见，由委派人决定是否退回。")
    if event.to == (OPENER,):
        return _dropped(procedure, state, stage, [OPENER])
    for target in event.to:
        if target not in procedure.before(stage.key):
            refuse("return", f"环节“{stage.title}”只能退回到它之前的环节。", "没有更早环节的，请答复“不同意”。")
        if target in state.left_out or procedure[target].children:
            refuse("return", f"环节“{procedure[target].title}”没有人可以重办。", "请选择更早的环节，或退回发起人。")
    if not event.to:
        refuse("return", f"环节“{stage.title}”之前没有环节可退回。", "请退回发起人，或答复“不同意”。")
    return _dropped(procedure, state, stage, event.to)


def _add(procedure: Procedure, state: State, seat: Seat, event: Event) -> State:
    """加签、委派: the actor's seat becomes the actor's own, and the new one waits for it or is waited for."""
    person, name, agency = event.to
    number = state.next_seat
    counts = seat.counts and event.move is not Move.DELEGATE
    mine = _own(seat, event)
    new = replace(
        seat, number=number, agency=agency, since=event.at, person=person, person_name=name, counts=counts,
        after=(seat.number,) if event.move is Move.ADD_AFTER else (), added_to=seat.number, added_by=event.person,
    )  # fmt: skip
    if event.move is not Move.ADD_AFTER:
        mine = replace(mine, after=(*mine.after, number))
    state = replace(replaced(state, mine), seats=(*replaced(state, mine).seats, new), next_seat=number + 1)
    refuse_barred(procedure, state, new, person)
    return state


MOVES: dict[Move, Callable[[Procedure, State, Seat, Event], State]] = {
    **dict.fromkeys(ANSWERS, _answer),
    **dict.fromkeys(ADDING, _add),
    Move.TAKE: _take,
    Move.RELEASE: _release,
    Move.TRANSFER: _transfer,
    Move.RETURN: _return,
}


def drop(procedure: Procedure, state: State, event: Event) -> State:
    """减签: take back a seat that was added and has not answered, by who added it or who has the seat it was added to."""
    seat = find(state, event.seat, event.stage)
    if seat is None or seat.answer or outcome(procedure, state):
        refuse_closed(seat)
    if not seat.added_to:
        refuse("added", "此项是环节规定的办理事项，不能减签。", "只有加签或委派的事项可以减签。")
    above = find(state, seat.added_to, seat.stage)
    if event.person not in {seat.added_by, above.person if above else ""} - {""}:
        refuse("lane", "只有加签人或现办理人可以减签。", "请由其办理。")
    if any(other.added_to == seat.number for other in state.seats):
        refuse("added", f"{seat.person_name}又加签了其他人员。", "请先将其减签。")
    left = (replace(s, after=tuple(n for n in s.after if n != seat.number)) for s in state.seats if s != seat)
    return replace(state, seats=tuple(left))


def withdraw(procedure: Procedure, state: State, event: Event) -> State:
    """撤回: take one's own answer back, while the case runs and nobody has answered on the strength of it."""
    seat = find(state, event.seat, event.stage)
    if seat is None or not seat.answer or outcome(procedure, state):
        refuse("withdraw", "没有可以撤回的答复：未答复、已退回或事项已办结。", "请刷新后查看办理过程。")
    if seat.person != event.person:
        refuse("lane", f"此项由{seat.person_name}答复，只能由其本人撤回。", "需要改变结论的，请退回。")
    if held(state):
        refuse_held(state)
    below = procedure.below(seat.stage) - {seat.stage}
    if any(s.answer and (s.stage in below or seat.number in s.after) for s in state.seats):
        refuse("withdraw", "后面的办理人已经答复，不能再撤回。", "需要改变结论的，请由后面的办理人退回。")
    reopened = replace(seat, answer="", since=event.at)
    state = replaced(state, reopened)
    refuse_barred(procedure, state, reopened, event.person)
    if results(procedure, state)[seat.stage] in PASSED:
        return state
    return replace(state, seats=tuple(s for s in state.seats if s.stage not in below))


def _dropped(procedure: Procedure, state: State, sender: Stage, targets: Iterable[str]) -> State:
    """What stands after a return: everything from its targets downward is asked again, but for what the sender keeps."""
    targets = {*targets}
    if OPENER in targets:
        gone = {stage.key for stage in procedure.stages}
    else:
        gone = {key for target in targets for key in procedure.below(target)}
    gone -= {*sender.keeps} - targets
    kept = tuple(seat for seat in state.seats if seat.stage not in gone)
    return replace(state, seats=kept, returned=state.returned or OPENER in targets)


def replaced(state: State, changed: Seat) -> State:
    """The state with one seat changed."""
    return replace(state, seats=tuple(changed if seat.number == changed.number else seat for seat in state.seats))
