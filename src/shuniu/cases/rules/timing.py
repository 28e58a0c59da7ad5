"""What a special procedure may be and how long it may take, and which ran in a case: pure."""

from __future__ import annotations

from collections.abc import Sequence

from shuniu.base.periods import Term, Unit
from shuniu.cases.declare.service import Special
from shuniu.procedures.declare import Event, Move
from shuniu.trust.declare import Refused


def declared(specials: Sequence[Special], kind: str) -> Special:
    """The special procedure of that kind. Raises Refused case.special for one that the item does not declare."""
    found = next((one for one in specials if one.kind == kind.strip()), None)
    if found is None:
        known = "、".join(one.kind for one in specials)
        raise Refused(
            "case.special",
            f"本事项没有“{kind.strip()}”这种特别程序。",
            f"可以启动的有：{known}。" if known else "本事项的实施清单没有声明特别程序，不能停止计时。",
        )
    return found


def told(special: Special, amount: int | None) -> Term:
    """The time that the applicant is told: so many of the longest time's units, all of it where no number is given.

    Working days where the item names no longest time. Raises Refused case.special_time. Source: 行政许可法 §45.
    """
    longest = special.longest
    if amount is None and longest is not None:
        return longest
    if amount is None or amount <= 0:
        raise Refused("case.special_time", "没有写明所需时间。", "请填写需要多少天：所需时间须书面告知申请人。")
    if longest is not None and amount > longest.amount:
        raise Refused("case.special_time", f"“{special.kind}”最长 {longest}。", "请填写不超过这一期限的时间。")
    return Term(amount, longest.unit if longest else Unit.WORKING_DAY)


def ending(log: Sequence[Event], begun: Event) -> Event | None:
    """The event that ended a suspension; None while it stands. There is one of a kind at a time."""
    later = (one for one in log if one.seq > begun.seq)
    return next((one for one in later if one.move is Move.RESUME and one.to == begun.to), None)
