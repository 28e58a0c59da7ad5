"""What happened in a case, and what stands by it: moves and events, seats and their answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

Result = Literal["yes", "no", "out", ""]
"""What a stage's answers come to: `out` when it takes no part in this case, "" while it cannot be said yet."""

Outcome = Literal["granted", "partial", "refused", "withdrawn", "ended", ""]
"""How a case ended (`partial`: granted in some of its parts; `withdrawn`: by who opened it; `ended`: without a decision,
its question had fallen away); "" while it runs."""

OUTCOME_TITLES: dict[Outcome, str] = {
    "granted": "同意", "partial": "部分同意", "refused": "不同意", "withdrawn": "撤回", "ended": "终止", "": "办理中",
}  # fmt: skip

CORRECTION = "补正"
"""The kind of suspension that waits for who opened the case."""


class Move(StrEnum):
    """What an event does. Beside it stands what `to` holds; those marked * are made in a seat."""

    OPEN = "提出"  # person: who asks
    SEAT = "交办"  # stage; to: one agency code for each seat; rule: what gives the stage its term
    TAKE = "领办"  # * a free seat becomes the person's own
    RELEASE = "退领"  # * and free again
    AGREE = "同意"  # *
    DISAGREE = "不同意"  # *
    TRANSFER = "转办"  # * to: (person, person's name)
    RETURN = "退回"  # * to: the stages that are asked again, or (OPENER,)
    END = "终止"  # the question fell away: the case ends without a decision
    ADD_BEFORE = "前加签"  # * to: (person, name, agency) of a signer that this seat waits for
    ADD_AFTER = "后加签"  # * to: (person, name, agency) of a signer that waits for this seat
    DELEGATE = "委派"  # * to: (person, name, agency) of who answers first, then this seat does
    DROP = "减签"  # * the seat that was added is taken back
    WITHDRAW = "撤回"  # * the person's own answer is taken back
    CANCEL = "撤回申请"  # by who opened it: the whole case
    RESUBMIT = "重新提交"  # by who opened it, after 退回发起人
    SUSPEND = "挂起"  # to: (kind,) 补正 公示 听证 检验 …; reason: the evidence; in a seat or by the engine above
    RESUME = "恢复"  # to: (kind,); the opener's own resumption of 补正 is 补齐
    URGE = "催办"
    CIRCULATE = "传阅"  # to: person, name, person, name …
    READ = "已阅"
    SUPERVISE = "督办"  # to: () or (due date, ISO)
    UNSUPERVISE = "解除督办"
    BRANCH = "定环节"  # to: every optional stage that takes no part
    SPLIT = "分办"  # to: numbers of the cases that are its parts
    PART_ENDED = "分项办结"  # to: (number, outcome)
    VACATE = "离岗交回"  # to: (person,) whose seats become free
    SUCCEED = "承接"  # to: (agency, the agency that took its place)
    MIGRATE = "换版"  # to: see `migrating`; the case goes on under another version


ANSWERS = (Move.AGREE, Move.DISAGREE)


@dataclass(frozen=True)
class Seat:
    """One answer that is asked for. Its number is never used again in the case, so a page out of date names none.

    Anyone who holds the stage's lane in `agency` may take it, unless it was handed to a `person`; once answered,
    `person` is who answered. `asked` is when the stage was handed out, from which its term runs by `rule` (the id of a
    dated rule) whoever takes the seat; `since` is when it came to who has it now.

    A seat that was added (加签, 委派) names the seat that it was `added_to` and by whom; `group` is the stage's own seat
    that it belongs to, and a seat of the stage's own is its own group. It is answered after the seats in `after`. Where it
    does not count (委派), its answer is advice.
    """

    number: int
    stage: str
    agency: str
    since: datetime
    asked: datetime
    rule: str = ""
    person: str = ""
    person_name: str = ""
    answer: Result = ""
    after: tuple[int, ...] = ()
    counts: bool = True
    group: int = 0
    added_to: int = 0
    added_by: str = ""


@dataclass(frozen=True)
class Suspension:
    """Why a case stands still. There is one of a kind at a time."""

    kind: str
    since: datetime
    evidence: str
    person: str
    person_name: str


@dataclass(frozen=True)
class Reader:
    """Somebody to whom a case was circulated, and when it was read (None: not yet)."""

    person: str
    person_name: str
    since: datetime
    read_at: datetime | None = None


@dataclass(frozen=True)
class Supervisor:
    """Somebody who watches a case, and by when it shall be done."""

    person: str
    person_name: str
    since: datetime
    due: date | None = None


@dataclass(frozen=True)
class Part:
    """A case that is a part of this one, and how it ended."""

    case: int
    outcome: Outcome = ""


@dataclass(frozen=True)
class State:
    """The answers of a case and what holds them up: what is open, and how it ends, is derived from them by `rules`."""

    opened_by: str = ""
    seats: tuple[Seat, ...] = ()
    next_seat: int = 1
    ended: bool = False
    withdrawn: bool = False
    returned: bool = False  # to who opened it, who has not handed it in again
    left_out: tuple[str, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    readers: tuple[Reader, ...] = ()
    supervisors: tuple[Supervisor, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Event:
    """One thing that happened in a case; its sequence number is its place in the log (0 is the opening)."""

    seq: int
    move: Move
    person: str
    person_name: str
    at: datetime
    stage: str = ""
    seat: int = 0
    to: tuple[str, ...] = ()
    reason: str = ""
    rule: str = ""
