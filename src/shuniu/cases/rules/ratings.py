"""What may be rated and said, and what is hidden of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shuniu.base.masking import mask_free_text
from shuniu.cases.declare.case import CaseState
from shuniu.cases.declare.rating import LONGEST, OFFLINE, ONLINE, Level, RatedStage
from shuniu.trust.declare import Refused

HIDDEN_NAME = "［姓名已隐去］"
HIDDEN = "［已隐去］"
COUNTER = "1"
"""办理形式 (A.5) of a case filed at the counter."""


@dataclass(frozen=True)
class Said:
    """A rating in order."""

    level: Level
    parts: Mapping[str, int]
    text: str


def indicators(channel: str) -> Mapping[str, str]:
    """The sub-items for a case that was filed that way: key to words."""
    return OFFLINE if channel == COUNTER else ONLINE


def rateable(state: CaseState, *, accepted: bool, rectified: Iterable[RatedStage]) -> tuple[RatedStage, ...]:
    """The stages of a case that have come to their end; `rectified`: those whose rectification has."""
    over = {RatedStage.ACCEPT: accepted or state is CaseState.DECLINED}
    over[RatedStage.DECIDE] = state in (CaseState.GRANTED, CaseState.REFUSED)
    done = set(rectified)
    return tuple(stage for stage in RatedStage if over.get(stage) or stage.rectified in done)


def check(level: int, parts: Mapping[str, int], text: str, known: Mapping[str, str]) -> Said:
    """What was said, in order. Raises Refused rating.level, rating.parts, rating.text."""
    if level not in tuple(Level):
        titles = "、".join(one.title for one in Level)
        raise Refused("rating.level", "没有选择整体满意度。", f"请在{titles}中选择一项。")
    if set(parts) - set(known) or any(value not in tuple(Level) for value in parts.values()):
        raise Refused("rating.parts", "分项评价不是这个渠道的指标。", f"请评价：{'、'.join(known.values())}。")
    said = text.strip()
    if len(said) > LONGEST:
        raise Refused("rating.text", f"意见有 {len(said)} 个字。", f"请写在 {LONGEST} 个字以内。")
    return Said(Level(level), dict(parts), said)


def masked(text: str, names: Iterable[str]) -> str:
    """Text without identifiers, addresses and those names: what a reader may see who may not know who wrote it."""
    found = mask_free_text(text)
    for name in sorted(filter(None, names), key=len, reverse=True):
        found = found.replace(name, HIDDEN_NAME)
    return found


def hide(text: str, words: Iterable[str]) -> str:
    """Text without the words that an officer found to point at a person. Raises Refused rating.hide for one not in it.

    Whoever looks may hide, never reword: the voice stays its giver's.
    """
    for word in (one.strip() for one in words):
        if word and word not in text:
            raise Refused("rating.hide", f"意见中没有“{word}”。", "请照原文填写要隐去的词，一行一个。")
        text = text.replace(word, HIDDEN) if word else text
    return text


def reason_given(text: str, what: str) -> str:
    """The text without spaces around it. Raises Refused rating.reason for none."""
    said = text.strip()
    if len(said) < 5:
        raise Refused("rating.reason", f"没有写明{what}。", f"请写明{what}，至少 5 个字。")
    return said
