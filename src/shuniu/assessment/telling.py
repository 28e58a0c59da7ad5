"""What officers and agencies are told of cards."""

from __future__ import annotations

from collections.abc import Sequence

from shuniu.assessment.declare import Level, Step
from shuniu.assessment.models import Card
from shuniu.notices import api as notices
from shuniu.notices.declare import EMAIL, INBOX, SMS, Letter, Recipient, Template, Words

_CHANNELS = (INBOX.key, EMAIL.key, SMS.key)
_ISSUED = notices.register(
    Template(
        "assessment.issued",
        Words("电子监察提示", "Supervision card"),
        Words("第 {number} 号{level}：{title}，{rule}（{said}）。请查看并说明。",
              "Card no. {number} ({level}): {title}, {rule} ({said}). Please look at it and explain."),
        ("number", "level", "title", "rule", "said"),
        _CHANNELS,
    )
)  # fmt: skip
_MOVED = notices.register(
    Template(
        "assessment.moved",
        Words("监察牌有了进展", "A supervision card moved on"),
        Words(
            "第 {number} 号{level}（{title}）：{step}。{said}", "Card no. {number} ({level}, {title}): {step}. {said}"
        ),
        ("number", "level", "title", "step", "said"),
        _CHANNELS,
    )
)


def issued(cards: Sequence[Card]) -> None:
    """Tell of new cards: the officer, and of a yellow or red one the agency too; inside the verb that issued them."""
    letters = [
        Letter(to, f"card:{card.pk}", {**_values(card), "rule": card.rule_title, "said": card.finding["said"]})
        for card in cards
        for to in _recipients(card)
    ]
    if letters:
        notices.tell_many(template=_ISSUED.key, letters=letters)


def moved(card: Card, step: Step, said: str) -> None:
    """Tell of what became of an appeal."""
    for to in _recipients(card):
        values = {**_values(card), "step": step.value, "said": said}
        notices.tell(template=_MOVED.key, to=to, object=f"card:{card.pk}", values=values, owner=card.agency)


def _recipients(card: Card) -> list[Recipient]:
    person = [Recipient(person=card.person)] if card.person else []
    grave = card.level != Level.REMINDER.value or not person
    return [*person, *([Recipient(agency=card.agency)] if grave else [])]


def _values(card: Card) -> dict[str, str]:
    return {"number": str(card.pk), "level": Level(card.level).title, "title": card.title}
