"""Letters, purely decided: where one goes and why, who may see it, whether it may be returned, reopened, made public."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date

from shuniu.base.masking import mask_free_text
from shuniu.base.rules import region_prefix
from shuniu.cases.declare.letters import LetterBox, LetterIn, LetterPart, LetterState, Met, PartState, Unaccepted
from shuniu.notices.declare import EMAIL, SMS
from shuniu.trust.declare import Refused

_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)", re.ASCII)
_MAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")


def route(box: LetterBox, letter: LetterIn, accused: Collection[str] = ()) -> Met:
    """Where a letter goes: the first row that it meets and that does not lead to the accused, and what met it."""
    said, place = f"{letter.title}\n{letter.text}", region_prefix(letter.region)
    passed: list[str] = []
    for row in box.routes:
        words = tuple(word for word in row.words if word in said)
        regions = [region for region in row.regions if place.startswith(region_prefix(region))]
        if row.categories and letter.category not in row.categories:
            continue
        if (row.words and not words) or (row.regions and not regions):
            continue
        if row.agency in accused:
            passed.append(row.title)
            continue
        return Met(row.agency, row, words, max(regions, key=len, default=""), tuple(passed))
    return Met(box.above if box.centre in accused else box.centre, passed=tuple(passed))


def accused_in(text: str, names: Iterable[tuple[str, str]]) -> set[str]:
    """The agencies (key, name) that a report's text names: they are taken for the accused, for caution."""
    return {key for key, name in names if len(name) > 3 and name in text}


def may_see(
    own: Collection[str], accused: Collection[str], seated: Collection[str], agency: str, *, wide: bool
) -> bool:
    """Whether an officer of `agency` may know that a letter is there.

    `own` are the agency and all above it: whoever belongs to an accused never sees the letter, whatever else is held.
    `wide`: the centre and the office see every other letter, anybody else those handed to the agency.
    """
    return not set(own) & set(accused) and (wide or agency in seated)


def tells_of_minors(box: LetterBox, letter: LetterIn) -> bool:
    return letter.minor or any(word in letter.title + letter.text for word in box.minors)


def grounds(box: LetterBox, letter: LetterIn) -> tuple[Unaccepted, ...]:
    """The grounds for not accepting that a text hints at; an officer decides."""
    said = letter.title + letter.text
    return tuple(one for one in box.unaccepted if any(word in said for word in one.words))


def check_returnable(part: LetterPart, last_day: date, today: date, reason: str) -> None:
    """Refuse a return: without a reason, of what the centre named this agency for, or after the last day for it."""
    if not reason.strip():
        raise Refused("letters.return_reason", "没有写明退单的理由。", "请写明不属于本单位职责的依据和应办单位。")
    if part.designated:
        raise Refused("letters.designated", "本件由受理中心研究指定，不能退单。", "请办理；确有困难的向受理中心说明。")
    if part.state not in (PartState.SENT, PartState.SIGNED) or part.return_reason:
        raise Refused("letters.not_open", "本件现在不能退单：已申请退单、已答复或已改派。", "请刷新后查看办理过程。")
    if today > last_day:
        raise Refused("letters.return_late", f"退单应在 {last_day} 前提出，现已超过。", "请办理；可请受理中心分办。")


def check_split(asked: Collection[str], accused: Collection[str], below: Collection[str]) -> None:
    """Refuse a split without agencies, with one twice, or to the accused or one below it."""
    if not asked or len(set(asked)) < len(asked):
        raise Refused("letters.parts", "没有选择办理单位，或者同一单位选了两次。", "请给每个办理单位分一项。")
    if set(asked) & {*accused, *below}:
        raise Refused("letters.accused", "不能交给被举报单位或其下属单位办理。", "请改由其上级或者其他有权单位办理。")


def check_rating(state: LetterState, rated: Collection[int], round_: int, satisfied: bool, words: str) -> None:
    """Refuse a rating before the answer, a second one of the same answer, and dissatisfaction without a word of why."""
    if state is not LetterState.ANSWERED:
        raise Refused("letters.not_answered", "来信还没有答复，不能评价。", "请在答复后评价。")
    if round_ in rated:
        raise Refused("letters.rated", "本次答复已经评价过。", "仍不满意的，可以依法申请复查或者另行来信。")
    if not satisfied and not words.strip():
        raise Refused("letters.words", "没有写明不满意的原因。", "请写明哪里没有解决，办理单位会据此重新办理。")


def publishable(text: str, *, consent: bool, sealed: bool, minor: bool) -> str:
    """The text masked, as an officer reads it over before confirming. Raises Refused (letters.private)."""
    if sealed or minor:
        raise Refused("letters.private", "举报和涉及未成年人的来信不得公开。", "请按规定保密办理。")
    if not consent:
        raise Refused("letters.private", "来信人没有同意公开。", "未经同意，只公开编号、类别和办理状态。")
    return mask_free_text(text)


def reachable(contact: str) -> dict[str, str]:
    """The first mobile number and the first mailbox in what a writer left, by the channel that reaches them."""
    found = {SMS.key: _MOBILE.search(contact), EMAIL.key: _MAIL.search(contact)}
    return {channel: match[0] for channel, match in found.items() if match}
