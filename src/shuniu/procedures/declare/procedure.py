"""What is declared: stages, who sits in them, what rests on what. A declaration that leads nowhere cannot be made."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

OPENER = "@opener"
"""Where 退回发起人 goes, in place of a stage: whoever opened the case hands it in again."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Stage(_Frozen):
    """One step at which somebody must answer, or, with `children`, at which the case waits for its parts.

    `lane` is the capability that its seats ask for. Rule `all` is 会签 (every seat agrees), `any` 或签 (one is enough),
    `quorum` asks for so many of the seats. `needs` are the stages that must have agreed before. `on_no` says what a no of
    the stage does: end the case (`refuse`), or send it back to a stage (`return:<stage>`) or to who opened it
    (`return:@opener`). `keeps` are stages whose answers stand when this one sends back. `term` is the time that the stage
    has from being handed out: working days, or the key of a dated rule; where no law and no rule gives it one, `share` is
    so many percent of the time that the case as a whole has (`Opening.term`), rounded up to whole days. An `optional`
    stage may be left out of a case: whether it takes part is decided outside and recorded. `children` makes it wait for
    the parts of the case: `all` of them granted, `any` one, or `each` ended, whatever came of it. `refusal` is what the
    stage's no is called where it ends the case (不予修复); "" where the engine above has a word for it.
    """

    key: str = Field(min_length=1)
    title: str = Field(min_length=1)
    lane: str = ""
    rule: Literal["all", "any", "quorum"] = "all"
    quorum: int = Field(default=0, ge=0)
    needs: tuple[str, ...] = ()
    on_no: str = Field(default="refuse", pattern=r"^(refuse|return:.+)$")
    keeps: tuple[str, ...] = ()
    term: Annotated[int, Field(ge=1)] | Annotated[str, Field(min_length=1)] | None = None
    share: int = Field(default=0, ge=0, le=100)
    optional: bool = False
    children: Literal["", "all", "any", "each"] = ""
    refusal: str = ""

    @property
    def timed(self) -> bool:
        """Whether it has a term of its own, in cases that have one to share."""
        return bool(self.term or self.share)

    @property
    def returns_to(self) -> str:
        """The stage (or OPENER) that a no goes back to; "" when a no ends the case."""
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
            named = {*stage.needs, *stage.keeps, stage.returns_to} - {""}
            named -= {OPENER} - {*stage.needs, *stage.keeps}
            if unknown := sorted(named - known):
                raise ValueError(f"环节“{stage.key}”提到的环节“{'、'.join(unknown)}”不存在")
            _check_comes_to_an_end(stage)
        if all(stage.optional for stage in stages):
            raise ValueError(f"环节“{'、'.join(sorted(known))}”都可以略过（optional），事项会无人办理即告办结")
        return stages

    @model_validator(mode="after")
    def _stages_are_ordered(self) -> Self:
        for stage in self.stages:
            if stage.key in self.before(stage.key):
                raise ValueError(f"环节“{stage.key}”要等待自身（needs 成环），永远无法办理")
        for stage in self.stages:
            target = stage.returns_to
            if target not in ("", OPENER, *self.before(stage.key)):
                raise ValueError(f"环节“{stage.key}”只能退回到它之前的环节，“{target}”不在其前")
            if target not in ("", OPENER) and (self[target].optional or self[target].children):
                raise ValueError(f"环节“{stage.key}”退回到的环节“{target}”可能无人重办（可略过或等待子项）")
            if wrong := sorted({*stage.keeps} & {*self.below(stage.key), target}):
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


def _check_comes_to_an_end(stage: Stage) -> None:
    if stage.key.startswith("@"):
        raise ValueError(f"环节的键“{stage.key}”不能以 @ 开头")
    if stage.children and (stage.lane or stage.timed or stage.returns_to or stage.rule != "all"):
        raise ValueError(f"环节“{stage.key}”等待分项，没有席位：不能写办理权限、期限、表决规则或退回")
    if stage.term and stage.share:
        raise ValueError(f"环节“{stage.key}”的期限只能写一种：自己的期限（term），或者办理期限的一份（share）")
    if not (stage.lane or stage.children):
        raise ValueError(f"环节“{stage.key}”没有写明由何种权限办理（lane），到此无人可办")
    if (stage.rule == "quorum") != (stage.quorum > 0):
        raise ValueError(f"环节“{stage.key}”须同时写明按人数表决（rule）和须同意的人数（quorum），否则永远无法通过")
