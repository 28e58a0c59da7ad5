"""How the rules say no."""

from __future__ import annotations

from typing import NoReturn

from shuniu.procedures.declare import Move, Procedure, Seat, State
from shuniu.procedures.rules.standing import FOR_OPENER, barred
from shuniu.trust.declare import Refused


def refuse(rule: str, message: str, remedy: str = "") -> NoReturn:
    raise Refused(f"procedures.{rule}", message, remedy)


def refuse_closed(seat: Seat | None) -> NoReturn:
    """A seat that does not wait for an answer: because it has one, or because it is not its turn."""
    if seat is None or not seat.answer:
        refuse("not_open", "此项现在不待办理：已办结、已退回或尚未轮到。", "请刷新后查看办理过程。")
    said = Move.AGREE if seat.answer == "yes" else Move.DISAGREE
    refuse("taken", f"此项已由{seat.person_name}答复“{said}”。", "无需重复办理，请刷新后查看办理过程。")


def refuse_held(state: State) -> NoReturn:
    """A case that stands still."""
    kinds = [one.kind for one in state.suspensions] + [FOR_OPENER] * state.returned
    refuse("held", f"该事项已停下（{'、'.join(kinds)}），现在不能办理。", "请待恢复或重新提交后再办理。")


def refuse_barred(procedure: Procedure, state: State, seat: Seat, person: str) -> None:
    """Refuse a person who may not answer in a seat."""
    if person not in barred(procedure, state, seat):
        return
    if person == state.opened_by and not procedure.own_approval:
        refuse("own_approval", "本人提出的事项不能由本人办理，换了岗位也不行。", "请由其他有权限的人员办理。")
    if not seat.counts:
        refuse("twice", "委派他人办理的事项，不能由委派人自己答复。", "请等待受委派人答复，或减签后直接办理。")
    title = procedure[seat.stage].title
    refuse("twice", f"同一人在环节“{title}”只能办理一项。", "此项请由其他有权限的人员办理。")
