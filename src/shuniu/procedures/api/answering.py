"""The verbs of who has a seat: answer, hand on, add signers, send back, take back, hold up."""

from __future__ import annotations

from collections.abc import Sequence

from shuniu.procedures.api.acting import act, act_on_whole
from shuniu.procedures.declare import ANSWERS, CORRECTION, CaseView, Move
from shuniu.trust.declare import Actor, Refused


def answer(*, actor: Actor, case: int, answer: str, reason: str = "", stage: str = "", seat: int = 0) -> CaseView:
    """Answer 同意 or 不同意 (with a reason) in the seat that is the actor's: see `rules.choose`.

    `seat` is the number that the page showed, so that an answer never falls on a seat that nobody looked at.
    Raises Refused: procedures.taken, not_open, held, lane, own_approval, twice, which, reason, answer; right.region.
    """
    return act(actor, [case], _answered(answer), reason, stage=stage, seat=seat)[0]


def answer_all(*, actor: Actor, cases: Sequence[int], answer: str, reason: str = "") -> tuple[CaseView, ...]:
    """The same answer in many cases, all or none; a refusal names the case. Views come in the order of their ids."""
    return act(actor, cases, _answered(answer), reason)


def _answered(said: str) -> Move:
    if said not in ANSWERS:
        raise Refused("procedures.answer", f"没有“{said}”这种答复。", f"请答复“{'”或“'.join(ANSWERS)}”。")
    return Move(said)


def transfer(*, actor: Actor, case: int, to: Actor, reason: str, stage: str = "", seat: int = 0) -> CaseView:
    """转办: hand the actor's seat to a person who could take it too, and who alone may take it from then on.

    Oversight may also hand on what was handed to somebody else (who fell ill). Raises Refused as `answer` does, and
    procedures.transfer when `to` may not sit there.
    """
    return act(actor, [case], Move.TRANSFER, reason, stage=stage, seat=seat, to=to)[0]


def delegate(*, actor: Actor, case: int, to: Actor, reason: str, stage: str = "", seat: int = 0) -> CaseView:
    """委派: let another person answer first; then the seat comes back to the actor, whose answer is the one that counts.

    `to` holds the stage's right, in whatever agency. Raises Refused as `transfer` does.
    """
    return act(actor, [case], Move.DELEGATE, reason, stage=stage, seat=seat, to=to)[0]


def add_signer(
    *, actor: Actor, case: int, to: Actor, after: bool = False, reason: str = "", stage: str = "", seat: int = 0
) -> CaseView:
    """前加签 or (`after`) 后加签: a signer whose yes is needed beside the actor's, before the actor's or after it.

    `to` holds the stage's right, in whatever agency. Raises Refused as `transfer` does.
    """
    move = Move.ADD_AFTER if after else Move.ADD_BEFORE
    return act(actor, [case], move, reason, stage=stage, seat=seat, to=to)[0]


def drop_signer(*, actor: Actor, case: int, reason: str, stage: str = "", seat: int = 0) -> CaseView:
    """减签: take back a seat that the actor added (加签, 委派) and that has not answered.

    Raises Refused: procedures.added, lane, taken, which, reason; right.region.
    """
    return act(actor, [case], Move.DROP, reason, stage=stage, seat=seat)[0]


def return_(*, actor: Actor, case: int, to_stage: str = "", reason: str, stage: str = "", seat: int = 0) -> CaseView:
    """退回: send the case back; what was answered there and below is asked again.

    To the stage just before ("": where several come together, to all of them; before the first is who opened it), to any
    earlier stage, or to who opened it (OPENER). Raises Refused as `answer` does, and procedures.return for a stage that
    does not come before.
    """
    return act(actor, [case], Move.RETURN, reason, stage=stage, seat=seat, to_stage=to_stage)[0]


def withdraw(*, actor: Actor, case: int, reason: str, stage: str = "", seat: int = 0) -> CaseView:
    """撤回: the actor's own last answer is taken back, while nobody after it has answered; the seat is the actor's again.

    Raises Refused: procedures.withdraw, held, lane, reason; right.region.
    """
    return act(actor, [case], Move.WITHDRAW, reason, stage=stage, seat=seat)[0]


def take(*, actor: Actor, case: int, stage: str = "", seat: int = 0) -> CaseView:
    """领办: make a free seat that the actor may answer in the actor's own; nobody else answers there from then on.

    Raises Refused as `answer` does.
    """
    return act(actor, [case], Move.TAKE, "", stage=stage, seat=seat)[0]


def release(*, actor: Actor, case: int, reason: str, stage: str = "", seat: int = 0) -> CaseView:
    """退领: give a seat that was taken or handed on free again. Oversight may do it for who has it.

    Raises Refused as `answer` does.
    """
    return act(actor, [case], Move.RELEASE, reason, stage=stage, seat=seat)[0]


def suspend(
    *, actor: Actor, case: int, kind: str, evidence: str, stage: str = "", seat: int = 0, seated: bool = True
) -> CaseView:
    """挂起: while a reason (补正 公示 听证 检验 …) stands, nobody answers. `evidence` says what shows it.

    By who has a seat, or, without one (`seated` False), where the verb that calls has found that the case must wait.
    Raises Refused as `answer` does, and procedures.suspended where one of that kind stands.
    """
    if not seated:
        return act_on_whole(actor, case, Move.SUSPEND, (kind.strip(),), evidence)
    return act(actor, [case], Move.SUSPEND, evidence, stage=stage, seat=seat, said=(kind.strip(),))[0]


def resume(
    *, actor: Actor, case: int, kind: str, evidence: str = "", stage: str = "", seat: int = 0, seated: bool = True
) -> CaseView:
    """恢复: a reason has fallen away; when none stands, the case goes on. Called as `suspend`, raises as it does."""
    if not seated:
        return act_on_whole(actor, case, Move.RESUME, (kind.strip(),), evidence)
    return act(actor, [case], Move.RESUME, evidence, stage=stage, seat=seat, said=(kind.strip(),))[0]


def ask_correction(*, actor: Actor, case: int, what: str, stage: str = "", seat: int = 0) -> CaseView:
    """补正: ask who opened the case to correct it; nobody answers until `correct`. Raises as `suspend` does."""
    return suspend(actor=actor, case=case, kind=CORRECTION, evidence=what, stage=stage, seat=seat)
