"""From the log to the state: every event is checked where it is applied, so a log that can be folded was lawful."""

from __future__ import annotations

from collections.abc import Iterable

from shuniu.procedures.declare import Event, Move, Procedure, State
from shuniu.procedures.rules import seated, whole
from shuniu.procedures.rules.refusing import refuse
from shuniu.procedures.rules.standing import ready

_NEEDS_REASON = (
    Move.DISAGREE, Move.TRANSFER, Move.RELEASE, Move.RETURN, Move.END, Move.WITHDRAW, Move.CANCEL, Move.SUSPEND, Move.DROP,
    Move.DELEGATE,
)  # fmt: skip


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
            refuse("not_open", "该事项已经提出，不能重复提出。")
        return State(opened_by=event.person)
    if event.move in _NEEDS_REASON and not event.reason.strip():
        refuse("reason", f"“{event.move}”须写明理由。", "请填写理由后再提交。")
    if event.move in whole.MOVES:
        if event.move not in (*whole.ALSO_AFTER, Move.DROP, Move.WITHDRAW, Move.SEAT):
            whole.running(procedure, state)
        after = whole.MOVES[event.move](procedure, state, event)
    else:
        seat = seated.open_seat(procedure, state, event)
        after = seated.MOVES[event.move](procedure, state, seat, event)
    check_parts(procedure, after)
    return after


def check_parts(procedure: Procedure, state: State) -> None:
    """Refuse (procedures.parts) what lets a case wait for parts that it does not have."""
    if state.parts:
        return
    for stage in procedure.stages:
        if stage.children and stage.key in ready(procedure, state):
            refuse("parts", f"环节“{stage.title}”要等待分项，但该事项还没有分办。", "请先分办，再办理。")
