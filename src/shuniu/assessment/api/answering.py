"""What becomes of a card: the carded officer explains, the agency appeals, another person decides."""

from __future__ import annotations

from shuniu.assessment import store, telling
from shuniu.assessment.api.cards import HEAD, in_sight, view
from shuniu.assessment.declare import CardState, CardView, Step
from shuniu.assessment.models import Card
from shuniu.assessment.procedure import APPEAL, DECIDE
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Move
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


def _taken(actor: Actor, number: int) -> Card:
    """A card in the actor's sight, locked. Raises Refused (assessment.unknown)."""
    row = store.locked(number)
    if not in_sight(actor).filter(pk=number).exists():
        raise store.unknown(number)
    return row


def _said(text: str, what: str) -> str:
    if not text.strip():
        raise Refused("assessment.reason", f"没有写{what}。", f"请写明{what}：事实、依据和经过。")
    return text.strip()


@verb("assessment.explain", "说明监察牌")
def explain(*, actor: Actor, number: int, text: str) -> CardView:
    """Say how it came about: by the carded officer, or by the agency's head where nobody had taken the task.

    Raises Refused: assessment.unknown, assessment.own, assessment.state, assessment.reason.
    """
    require()
    card = _taken(actor, number)
    mine = card.person == actor.person if card.person else card.agency == actor.agency and actor.may(HEAD)
    if not mine:
        raise Refused("assessment.own", "这张牌不是出给您的。", "请由被出牌的人员说明；无人领办的由单位负责人说明。")
    if card.state != CardState.ISSUED.value:
        raise _refused_state(card)
    said = _said(text, "说明")
    store.add(card, Step.EXPLAINED, CardState.EXPLAINED, actor, said)
    record(f"card:{number}", detail={"step": Step.EXPLAINED})
    return view(card)


def _refused_state(card: Card) -> Refused:
    state = CardState(card.state)
    return Refused("assessment.state", f"这张牌{state.title}，不能再这样办理。", "请刷新后查看办理经过。")


@verb("assessment.appeal", "申诉监察牌")
def appeal(*, actor: Actor, number: int, reason: str) -> CardView:
    """Ask, for the agency, that a card be cancelled. Once.

    Raises Refused: assessment.unknown, assessment.state, assessment.reason, right.agency.
    """
    card = _taken(actor, number)
    if card.agency != actor.agency:
        raise Refused("right.agency", "只有被出牌的单位可以申诉。", "请由被出牌单位的负责人提出。")
    require(agency=card.agency)
    if card.state not in (CardState.ISSUED.value, CardState.EXPLAINED.value):
        raise _refused_state(card)
    said = _said(reason, "申诉理由")
    card.appeal = procedures.open_case(
        actor=actor, procedure=APPEAL.key, object=f"card:{number}", agency=card.agency, region=card.region, reason=said
    ).id
    store.add(card, Step.APPEALED, CardState.APPEALED, actor, said)
    record(f"card:{number}", detail={"step": Step.APPEALED, "case": card.appeal})
    return view(card)


@verb("assessment.decide_appeal", "复核监察牌申诉")
def decide_appeal(*, actor: Actor, number: int, cancel: bool, reason: str) -> CardView:
    """Cancel a card (撤销) or uphold it (维持), with the reason: never by the carded officer, who appealed, or their agency.

    Raises Refused: assessment.unknown, assessment.state, assessment.reason, assessment.second_person, procedures.*.
    """
    card = _taken(actor, number)
    require(region=card.region)
    if card.state != CardState.APPEALED.value or card.appeal is None:
        raise _refused_state(card)
    if card.person == actor.person or card.agency == actor.agency:
        raise Refused(
            "assessment.second_person", "被出牌的人员和单位不能复核自己的申诉。", "请由其他单位的复核人办理。"
        )
    said = _said(reason, "复核理由")
    answer = Move.AGREE if cancel else Move.DISAGREE
    procedures.answer(actor=actor, case=card.appeal, answer=answer, reason=said, stage=DECIDE)
    step, state = (Step.CANCELLED, CardState.CANCELLED) if cancel else (Step.UPHELD, CardState.UPHELD)
    store.add(card, step, state, actor, said)
    telling.moved(card, step, said)
    record(f"card:{number}", detail={"step": step})
    return view(card)
