"""Nouns of procedures: what is declared (stages), what happened (events), what stands (seats, answers), what waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from shuniu.base.calendar import Due

Result = Literal["yes", "no", ""]
"""What a stage's answers come to; "" while it cannot be said yet."""

Outcome = Literal["granted", "refused", "ended", ""]
"""How a case ended (`ended`: without a decision, its question had fallen away); "" while it runs."""

OUTCOME_TITLES: dict[Outcome, str] = {"granted": "同意", "refused": "不同意", "ended": "终止", "": "办理中"}


class Move(StrEnum):
    """What an event does: people answer, take and hand on; opening, seating and ending are recorded beside that."""

    OPEN = "提出"  # person: who asks
    SEAT = "交办"  # stage; to: one agency code for each seat; rule: what gives the stage its term
    TAKE = "领办"  # a free seat becomes the person's own
    RELEASE = "退领"  # and free again
    AGREE = "同意"
    DISAGREE = "不同意"
    TRANSFER = "转办"  # to: (person, person's name)
    RETURN = "退回"  # to: (stage,)
    END = "终止"  # the question fell away: the case ends without a decision


ANSWERS = (Move.AGREE, Move.DISAGREE)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Stage(_Frozen):
    """One step at which somebody must answer.

    `lane` is the capability that its seats ask for. Rule `all` is 会签 (every seat agrees), `any` 或签 (one is enough).
    `needs` are the stages that must have agreed before. `on_no` says what a no of the stage does: end the case
    (`refuse`) or send it back (`return:<stage>`). `keeps` are stages whose answers stand when this one sends back.
    `term` is the time that the stage has from being handed out: working days, or the key of a dated rule.
    """

    key: str = Field(min_length=1)
    title: str = Field(min_length=1)
    lane: str
    rule: Literal["all", "any"] = "all"
    needs: tuple[str, ...] = ()
    on_no: str = Field(default="refuse", pattern=r"^(refuse|return:.+)$")
    keeps: tuple[str, ...] = ()
    term: Annotated[int, Field(ge=1)] | Annotated[str, Field(min_length=1)] | None = None

    @property
    def returns_to(self) -> str:
        """The stage that a no goes back to; "" when a no ends the case."""
        return self.on_no.partition(":")[2]


class Procedure(_Frozen):
    """Who must answer, in what order. Versions are kept: a case goes on under the version that it was opened under.

    `term_rule` is the key of the dated rule that gives the due date of the whole. Unless `own_approval`, the person who opened a
    case answers in none of its stages, whatever posts the person holds.
    Raises ValueError (pydantic's) naming the stage for an unknown stage, a cycle or a way that leads nowhere.
    """

    key: str = Field(min_length=1)
    version: int = Field(ge=1)
    title: str = Field(min_length=1)
    stages: tuple[Stage, ...]
    term_rule: str | None = None
    own_approval: bool = False

    @field_validator("stages")
    @classmethod
    def _stages_lead_somewhere(cls, stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
        if not stages:
            raise ValueError("程序至少要有一个环节")
        known = {stage.key for stage in stages}
        if len(known) < len(stages):
            raise ValueError("环节的键不能重复：" + "、".join(stage.key for stage in stages))
        for stage in stages:
            named = {*stage.needs, *stage.keeps, *filter(None, [stage.returns_to])}
            if unknown := sorted(named - known):
                raise ValueError(f"环节“{stage.key}”提到的环节“{'、'.join(unknown)}”不存在")
            if not stage.lane:
                raise ValueError(f"环节“{stage.key}”没有写明由何种权限办理（lane），到此无人可办")
        return stages

    @model_validator(mode="after")
    def _stages_are_ordered(self) -> Self:
        for stage in self.stages:
            if stage.key in self.before(stage.key):
                raise ValueError(f"环节“{stage.key}”要等待自身（needs 成环），永远无法办理")
        for stage in self.stages:
            if stage.returns_to and stage.returns_to not in self.before(stage.key):
                raise ValueError(f"环节“{stage.key}”只能退回到它之前的环节，“{stage.returns_to}”不在其前")
            if wrong := sorted({*stage.keeps} & {*self.below(stage.key), stage.returns_to}):
                raise ValueError(f"环节“{stage.key}”退回时不能保留“{'、'.join(wrong)}”：须重新办理")
        return self

    def __getitem__(self, key: str) -> Stage:
        """The stage of that key. Raises KeyError."""
        for stage in self.stages:
            if stage.key == key:
                return stage
        raise KeyError(key)

    def before(self, key: str) -> frozenset[str]:
        """Every stage that must have agreed before this one, near or far (the stage itself only in a cycle)."""
        found: set[str] = set()
        ahead = [*self[key].needs]
        while ahead:
            if (stage := ahead.pop()) not in found:
                found.add(stage)
                ahead.extend(self[stage].needs)
        return frozenset(found)

    def below(self, key: str) -> frozenset[str]:
        """The stage and every stage that rests on it, near or far."""
        return frozenset(stage.key for stage in self.stages if stage.key == key or key in self.before(stage.key))


@dataclass(frozen=True)
class Seat:
    """One answer that is asked for. Its number is never used again in the case, so a page out of date names none.

    Anyone who holds the stage's lane in `agency` may take it, unless it was handed to a `person`; once answered,
    `person` is who answered. `asked` is when the stage was handed out, from which its term runs by `rule` (the id of a
    dated rule) whoever takes the seat; `since` is when it came to who has it now.
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


@dataclass(frozen=True)
class State:
    """The answers of a case, and nothing else: what is open, and how it ends, is derived from them by `rules`."""

    opened_by: str = ""
    seats: tuple[Seat, ...] = ()
    next_seat: int = 1
    ended: bool = False


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


@dataclass(frozen=True)
class Opening:
    """What one case is to be about. `object` is opaque here (`resource:43.market/registration`).

    `lanes` names the agencies that sit in a stage, one seat each; a stage that it leaves out is answered in `agency`.
    `region` is a code of 2 to 12 digits: whoever answers must reach it.
    """

    object: str
    agency: str
    region: str
    lanes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseView:
    """A case as it stands, for the engine above and for pages.

    `due` is the whole's, by `rule`; `dues` are those of the stages that have a term and have been handed out.
    """

    id: int
    procedure: Procedure
    object: str
    agency: str
    region: str
    opened_at: datetime
    opened_by: str
    opened_by_name: str
    due: date | None
    due_provisional: bool
    rule: str  # id of the dated rule that gave the due date
    dues: Mapping[str, Due]
    outcome: Outcome
    results: Mapping[str, Result]
    seats: tuple[Seat, ...]
    open: tuple[Seat, ...]


@dataclass(frozen=True)
class TaskView:
    """One open seat in somebody's list. `due` is the stage's, where it has a term, and else the whole case's."""

    case: int
    seat: int
    procedure: str
    procedure_title: str
    stage: str
    stage_title: str
    object: str
    agency: str
    region: str
    person: str
    opened_by_name: str
    opened_at: datetime
    since: datetime
    due: date | None
    due_provisional: bool
