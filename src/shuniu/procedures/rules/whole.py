"""The moves that concern a whole case: it stands still, is cut into parts, read, supervised, withdrawn, re-seated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from shuniu.procedures.declare import (
    OUTCOME_TITLES,
    Event,
    Move,
    Outcome,
    Part,
    Procedure,
    Reader,
    Seat,
    State,
    Supervisor,
    Suspension,
)
from shuniu.procedures.rules.refusing import refuse
from shuniu.procedures.rules.seated import drop, open_seat, seat_stage, withdraw
from shuniu.procedures.rules.standing import outcome, results

ALSO_AFTER = (Move.CIRCULATE, Move.READ, Move.UNSUPERVISE)
"""What may still happen in a case that has ended."""


def running(procedure: Procedure, state: State) -> None:
    """Refuse (procedures.not_open) when a case has ended."""
    if outcome(procedure, state):
        refuse("not_open", "该事项已经办结。", "请刷新后查看办理过程。")


def _end(procedure: Procedure, state: State, event: Event) -> State:
    return replace(state, ended=True)


def _cancel(procedure: Procedure, state: State, event: Event) -> State:
    return replace(state, ended=True, withdrawn=True)


def _resubmit(procedure: Procedure, state: State, event: Event) -> State:
    if not state.returned:
        refuse("not_open", "该事项没有退回给发起人，无须重新提交。")
    return replace(state, returned=False)


def _suspend(procedure: Procedure, state: State, event: Event) -> State:
    (kind,) = event.to
    if event.seat:
        open_seat(procedure, state, event)
    if not kind or kind in {one.kind for one in state.suspensions}:
        refuse("suspended", f"该事项已因“{kind}”挂起。", "同一事由恢复之后才能再次挂起。")
    fresh = Suspension(kind, event.at, event.reason, event.person, event.person_name)
    return replace(state, suspensions=(*state.suspensions, fresh))


def _resume(procedure: Procedure, state: State, event: Event) -> State:
    (kind,) = event.to
    if event.seat:
        open_seat(procedure, state, event)
    left = tuple(one for one in state.suspensions if one.kind != kind)
    if left == state.suspensions:
        refuse("suspended", f"该事项没有因“{kind}”挂起。", "请刷新后查看办理过程。")
    return replace(state, suspensions=left)


def _urge(procedure: Procedure, state: State, event: Event) -> State:
    return state


def _circulate(procedure: Procedure, state: State, event: Event) -> State:
    unread = {reader.person for reader in state.readers if reader.read_at is None}
    named = dict(zip(event.to[::2], event.to[1::2], strict=True))
    fresh = {person: name for person, name in named.items() if person not in unread}
    if not fresh:
        refuse("readers", "没有新的传阅对象：所选人员都还在传阅中。", "请选择其他人员。")
    readers = (Reader(person, name, event.at) for person, name in fresh.items())
    return replace(state, readers=(*state.readers, *readers))


def _read(procedure: Procedure, state: State, event: Event) -> State:
    if not any(reader.person == event.person and reader.read_at is None for reader in state.readers):
        refuse("readers", "该事项没有待您阅读的传阅。", "无需重复确认。")
    return replace(
        state,
        readers=tuple(
            replace(reader, read_at=event.at) if reader.person == event.person and reader.read_at is None else reader
            for reader in state.readers
        ),
    )


def _supervise(procedure: Procedure, state: State, event: Event) -> State:
    due = date.fromisoformat(event.to[0]) if event.to else None
    others = tuple(one for one in state.supervisors if one.person != event.person)
    since = next((one.since for one in state.supervisors if one.person == event.person), event.at)
    return replace(state, supervisors=(*others, Supervisor(event.person, event.person_name, since, due)))


def _unsupervise(procedure: Procedure, state: State, event: Event) -> State:
    left = tuple(one for one in state.supervisors if one.person != event.person)
    if left == state.supervisors:
        refuse("supervisors", "该事项不是您督办的。", "请由督办人解除。")
    return replace(state, supervisors=left)


def _branch(procedure: Procedure, state: State, event: Event) -> State:
    wanted, known = {*event.to}, {stage.key for stage in procedure.stages if stage.optional}
    if wrong := sorted(wanted - known):
        refuse("branch", f"环节“{'、'.join(wrong)}”不能略过。", "只有程序声明为可略过的环节才能不办。")
    touched = {key for stage in wanted ^ {*state.left_out} for key in procedure.below(stage)}
    if any(seat.answer for seat in state.seats if seat.stage in touched):
        refuse("branch", "该环节或其后的环节已经有人答复，不能再变更。", "请先退回，再变更环节。")
    seats = tuple(seat for seat in state.seats if seat.stage not in touched)
    return replace(state, seats=seats, left_out=tuple(s.key for s in procedure.stages if s.key in wanted))


def _split(procedure: Procedure, state: State, event: Event) -> State:
    found = results(procedure, state)
    waiting = [stage.key for stage in procedure.stages if stage.children and not found[stage.key]]
    parts = tuple(Part(int(number)) for number in event.to)
    if not waiting or not parts or {part.case for part in parts} & {part.case for part in state.parts}:
        refuse("parts", "该事项现在不能分办：没有等待子项的环节，或子项已经办结。", "请另行提出。")
    return replace(state, parts=(*state.parts, *parts))


def _part_ended(procedure: Procedure, state: State, event: Event) -> State:
    number = int(event.to[0])
    said: Outcome = next((one for one in OUTCOME_TITLES if one == event.to[1]), "")
    if Part(number) not in state.parts or not said:
        refuse("parts", f"第 {number} 号事项不是待办的分项。")
    parts = (Part(number, said) if part.case == number else part for part in state.parts)
    return replace(state, parts=tuple(parts))


def _vacate(procedure: Procedure, state: State, event: Event) -> State:
    (person,) = event.to
    if not person or not any(seat.person == person and not seat.answer for seat in state.seats):
        refuse("not_open", "该人员在此事项中没有待办。")
    return _freed(state, event, lambda one: one.person == person)


def _succeed(procedure: Procedure, state: State, event: Event) -> State:
    old, new = event.to
    if not new or old == new:
        refuse("succeed", "承接单位须是另一单位。")
    return _freed(state, event, lambda one: one.agency == old, new)


def _freed(state: State, event: Event, which: Callable[[Seat], bool], agency: str = "") -> State:
    """Give unanswered seats back to everybody with the right in their agency, or in the one that took its place."""
    return replace(
        state,
        seats=tuple(
            replace(seat, person="", person_name="", agency=agency or seat.agency, since=event.at)
            if not seat.answer and which(seat)
            else seat
            for seat in state.seats
        ),
    )


MOVES: dict[Move, Callable[[Procedure, State, Event], State]] = {
    Move.SEAT: seat_stage,
    Move.END: _end,
    Move.CANCEL: _cancel,
    Move.RESUBMIT: _resubmit,
    Move.DROP: drop,
    Move.WITHDRAW: withdraw,
    Move.SUSPEND: _suspend,
    Move.RESUME: _resume,
    Move.URGE: _urge,
    Move.CIRCULATE: _circulate,
    Move.READ: _read,
    Move.SUPERVISE: _supervise,
    Move.UNSUPERVISE: _unsupervise,
    Move.BRANCH: _branch,
    Move.SPLIT: _split,
    Move.PART_ENDED: _part_ended,
    Move.VACATE: _vacate,
    Move.SUCCEED: _succeed,
}
