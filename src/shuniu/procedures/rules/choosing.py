"""Which seat an actor's act is for, and who may be given one."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

from shuniu.procedures.declare import OPENER, Move, Procedure, Seat, State
from shuniu.procedures.rules.refusing import refuse, refuse_barred, refuse_closed, refuse_held
from shuniu.procedures.rules.seated import HANDING_ON, WHILE_HELD
from shuniu.procedures.rules.standing import barred, held, previous, unanswered
from shuniu.trust.api import OVERSEE
from shuniu.trust.declare import Actor


def choose(
    procedure: Procedure, state: State, actor: Actor, *, stage: str = "", seat: int = 0, move: Move = Move.AGREE
) -> Seat:
    """The seat that an actor's move is for, narrowed by `stage` or `seat` where given.

    A seat handed to the actor comes before one of the actor's agency, that before one that only oversight opens. Only
    when handing on may oversight touch a seat that was handed to somebody else. Whether the actor reaches the region was
    required before. Raises Refused: taken, not_open, held, lane, own_approval, twice, which.
    """
    handing_on = move in HANDING_ON
    asked = [s for s in state.seats if (not stage or s.stage == stage) and (not seat or s.number == seat)]
    waiting = {s.number for s in unanswered(procedure, state)}
    mine = [s for s in asked if s.number in waiting and rank(procedure, s, actor, handing_on=handing_on)]
    if held(state) and move not in WHILE_HELD:
        refuse_held(state)
    if not mine:
        _refuse_none(procedure, actor, asked, waiting)
    free = [s for s in mine if actor.person not in barred(procedure, state, s)]
    if not free:
        refuse_barred(procedure, state, mine[0], actor.person)
    ranks = [rank(procedure, s, actor, handing_on=handing_on) for s in free]
    best = [s for s, place in zip(free, ranks, strict=True) if place == max(ranks)]
    if len({(s.stage, s.agency) for s in best}) > 1:
        titles = "、".join(f"{procedure[s.stage].title}（{s.agency}）" for s in best)
        refuse("which", f"该事项有多项可由您办理：{titles}。", "请指明办理哪一项。")
    return best[0]


def chosen_for(procedure: Procedure, state: State, actor: Actor, move: Move, *, stage: str = "", seat: int = 0) -> Seat:
    """The seat that a move is for, whichever kind it is: 撤回 the actor's last answer, 减签 a seat that the actor added.

    Raises Refused as `choose` does, and added, withdraw where there is none.
    """
    asked = [s for s in state.seats if (not stage or s.stage == stage) and (not seat or s.number == seat)]
    if move is Move.WITHDRAW:
        mine = [s for s in asked if s.answer and s.person == actor.person]
        if not mine:
            refuse("withdraw", "没有可以撤回的答复：未答复、已退回或事项已办结。", "请刷新后查看办理过程。")
        return mine[-1]
    if move is Move.DROP:
        added = [s for s in asked if s.added_to and not s.answer]
        if seat and asked and not added:
            return asked[0]
        if len(added) != 1:
            refuse("which" if added else "added", "请指明减签哪一项。" if added else "没有可以减签的事项。")
        return added[0]
    return choose(procedure, state, actor, stage=stage, seat=seat, move=move)


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
    refuse("transfer", f"{to.name}不能办理环节“{title}”。", "请选择该环节办理单位中、区划相符且有此权限的人员。")


def check_added(procedure: Procedure, seat: Seat, to: Actor, region: str) -> None:
    """Refuse (procedures.transfer) to add a signer without the stage's right: of whatever agency, that much is needed."""
    check_receiver(procedure, replace(seat, agency=to.agency), to, region)


def check_opener(state: State, actor: Actor) -> None:
    """Refuse (procedures.opener) whoever did not open the case."""
    if actor.person != state.opened_by:
        refuse("opener", "只有提出该事项的人可以这样办理。", "请由提出人本人办理。")


def targets(procedure: Procedure, state: State, seat: Seat, to_stage: str) -> tuple[str, ...]:
    """The stages that a return goes to: the one that is named, or all just before the seat's where none is."""
    if to_stage:
        return (to_stage,)
    return previous(procedure, state, seat.stage) or (OPENER,)


def _refuse_none(procedure: Procedure, actor: Actor, asked: list[Seat], waiting: set[int]) -> NoReturn:
    answered = next((s for s in asked if s.answer and rank(procedure, replace(s, person=""), actor)), None)
    if answered:
        refuse_closed(answered)
    handed = next((s for s in asked if s.number in waiting and s.person and actor.may(procedure[s.stage].lane)), None)
    if handed:
        refuse("lane", f"此项由{handed.person_name}办理。", "请由其本人办理，或由省级主管部门改派。")
    if waiting & {s.number for s in asked}:
        refuse("lane", "此项不由您的岗位或单位办理。", "请由该环节办理单位中有权限的人员办理。")
    refuse_closed(None)
