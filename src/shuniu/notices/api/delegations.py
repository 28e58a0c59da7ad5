"""Delegations (代办): each party is told what the other did, in that act, and both when its last day is past.

The directory below knows nobody's inbox: it tells by its messenger, and is asked once a day what has ended by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils import timezone

from shuniu.directory.api import lapsed
from shuniu.directory.declare import Lapsed
from shuniu.notices.api.telling import register, tell_many
from shuniu.notices.declare import EMAIL, INBOX, Letter, Recipient, Template, Words
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor

TITLE = Words("代办委托", "Delegation")
PLACES = ("name", "number", "day")
_TEMPLATES = {
    key: register(Template(f"notices.delegation_{key}", TITLE, Words(zh, en), PLACES, (INBOX.key, EMAIL.key)))
    for key, zh, en in (
        (
            "offered",
            "{name}委托您代办（第 {number} 号），到 {day} 为止。请到“代办委托”核对可以办什么，接受后生效；不愿意的可以谢绝。",
            "{name} asks you to act for them (no. {number}) until {day}. See what it covers under “代办委托”: it holds once you "
            "accept it, and you may decline.",
        ),
        (
            "accepted",
            "{name}已接受您的代办委托（第 {number} 号），到 {day} 为止可以代您办理。办了什么，在“代办委托”可以查看；随时可以撤销。",
            "{name} has accepted your delegation (no. {number}) and may act for you until {day}. What was done stands under "
            "“代办委托”, where you can revoke it at any time.",
        ),
        (
            "revoked",
            "{name}已撤销给您的代办委托（第 {number} 号，原定到 {day}），您现在起不能再代办。",
            "{name} has revoked the delegation to you (no. {number}, until {day}): from now on you cannot act under it.",
        ),
        (
            "declined",
            "{name}谢绝了您的代办委托（第 {number} 号，到 {day}），委托没有生效。",
            "{name} has declined your delegation (no. {number}, until {day}): it never took effect.",
        ),
        (
            "given_up",
            "{name}不再为您代办（第 {number} 号委托，原定到 {day}），未办完的事请您自己办理或者另行委托。",
            "{name} acts for you no longer (delegation no. {number}, until {day}): finish what is open yourself, or delegate anew.",
        ),
        (
            "lapsed",
            "您和{name}之间的第 {number} 号代办委托已于 {day} 到期，不能再据此代办。需要继续的，请重新委托。",
            "Delegation no. {number} between you and {name} ended on {day} and allows nothing any more. Delegate anew if needed.",
        ),
        (
            "unaccepted",
            "您和{name}之间的第 {number} 号代办委托到 {day} 为止没有被接受，没有生效过，现已作废。需要的，请重新委托。",
            "Delegation no. {number} between you and {name} was not accepted by {day}: it never took effect and is void. Delegate "
            "anew if needed.",
        ),
    )
}
BACK = timedelta(days=7)
"""Days that the worker may have stood still, and still tell what ended meanwhile."""


@verb("notices.tell_ended_delegations", "告知代办委托到期")
def tell_ended_delegations(*, actor: Actor, on: date | None = None) -> int:
    """Tell both parties of each delegation whose last day is past, once: that it ended, or that it never was in force.

    Returns how many letters.
    """
    require()
    day = on or timezone.localdate()
    past = lapsed(day - BACK, day)
    told = sum(
        len(
            tell_many(template=_TEMPLATES[key].key, letters=_letters([one for one in past if one.accepted is accepted]))
        )
        for key, accepted in (("lapsed", True), ("unaccepted", False))
    )
    record("delegations", detail={"told": told})
    return told


def _letters(past: Iterable[Lapsed]) -> list[Letter]:
    return [
        Letter(
            Recipient(person=person), f"delegation:{one.number}",
            {"name": name, "number": str(one.number), "day": one.until.isoformat()},
            f"delegation_lapsed:{one.number}:{person}",
        )
        for one in past
        for person, name in ((one.giver, one.taker_name), (one.taker, one.giver_name))
    ]  # fmt: skip
