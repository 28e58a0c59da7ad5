"""What a supervision rule is, and the number that it goes by."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import model_validator

from shuniu.base.titled import Titled
from shuniu.catalogue.declare import Frozen
from shuniu.procedures.calendars.declare import Kind


class Level(Titled):
    """How grave a card is: 提示 warns before anything is late, 黄牌 and 红牌 say that a rule was broken."""

    REMINDER = "reminder", "提示"
    YELLOW = "yellow", "黄牌"
    RED = "red", "红牌"

    @property
    def rank(self) -> int:
        return list(Level).index(self)


class Check(StrEnum):
    """What a rule looks at; `rules.judging` knows how."""

    NEAR = "near"  # a clock of these kinds that runs has no more than the limit's working days left
    PAST = "past"  # one is past its due day, by at least the limit's working days where there is a limit
    UNANSWERED = "unanswered"  # a yellow card was not explained within the limit
    UNREASONED = "unreasoned"  # a no that ended the case, without a reason
    SENT_BACK = "sent_back"  # a case sent back, to a stage or to who opened it, without a reason
    LATE_CORRECTION = "late_correction"  # 补正 asked for after the limit
    CORRECTED_AGAIN = "corrected_again"  # asked for more often than the limit
    NOT_TAKEN_UP = "not_taken_up"  # neither accepted, declined nor 补正 asked for within the limit
    LONG_STOP = "long_stop"  # clocks stood still for longer than the limit
    LATE_STOP = "late_stop"  # clocks were stopped after they had run out
    CHARGE = "charge"  # a line of a bill without a rule of the fee table
    OVERCHARGE = "overcharge"  # a line of a bill above what its rule allows

    @property
    def limited(self) -> bool:
        """Whether a rule of this kind says nothing without a number."""
        free = (Check.PAST, Check.UNREASONED, Check.SENT_BACK, Check.LATE_STOP, Check.CHARGE, Check.OVERCHARGE)
        return self not in free


class CardRule(Frozen):
    """A supervision rule. `limit` is the key of the dated rule that gives its number; its level is always the same.

    `clocks` says which clocks NEAR and PAST look at; of the whole case's, those that the law or a promise gives, or
    with `own` those whose term the platform set itself: no card says “法定” of these. LONG_STOP looks at the `stops`
    named, or at all but those `spared`, and LATE_STOP too. `about` narrows a rule to cases about these kinds of
    object (the first word of it: "rating"), `elsewhere` leaves out those that another rule speaks of. `stages` narrows NEAR
    and PAST to the clocks of these stages.
    Raises ValueError (pydantic's) for a rule that could find nothing or lacks its limit.
    """

    key: str
    title: str
    level: Level
    check: Check
    limit: str = ""
    clocks: tuple[Kind, ...] = ()
    stops: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    own: bool = False
    about: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        if (self.check in (Check.NEAR, Check.PAST)) != bool(self.clocks):
            raise ValueError(f"监察规则“{self.key}”须写明看哪一种时限（clocks），其他规则不写")
        if not self.limit and self.check.limited:
            raise ValueError(f"监察规则“{self.key}”没有写明界限（limit）")
        return self


class Limit(Frozen):
    """The number that a dated rule gave on the day, and which rule it was ("" where none is needed)."""

    rule: str = ""
    value: int = 0
