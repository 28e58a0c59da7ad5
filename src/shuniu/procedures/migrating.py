"""Moving running cases to a new version of their procedure, pure: which answers stand, what is asked anew, what cannot move.

An answer stands where it means the same under the new version as it did under the old: the stage is kept, asks for the
same right, comes to the same result, and rests on nothing that it had not rested on when it was given. Everything else is
asked anew: of two wrongs, asking twice is the smaller.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from shuniu.procedures import rules
from shuniu.procedures.declare import Event, Move, Procedure, State


class Migration(BaseModel):
    """How the cases of one version of a procedure become cases of a later one.

    `stages` says what becomes of each stage of the old version: the key of the stage that it is in the new one, or "" where
    it is dropped; a stage that keeps its key need not be named. `lanes` are the agencies that sit in stages which the new
    version adds, where not the case's own. A case goes on by the due date that it had; a stage handed out from now on by the
    new version's term. Raises ValueError (pydantic's) naming what does not fit.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    old: Procedure
    new: Procedure
    stages: Mapping[str, str] = {}
    lanes: Mapping[str, tuple[str, ...]] = {}

    @model_validator(mode="after")
    def _leads_from_the_one_to_the_other(self) -> Self:
        old, new = ({stage.key for stage in one.stages} for one in (self.old, self.new))
        if self.old.key != self.new.key or self.old.version >= self.new.version:
            raise ValueError("只能从同一程序的旧版本迁移到新版本")
        if unknown := sorted({*self.stages} - old) + sorted({*self.stages.values()} - new - {""}):
            raise ValueError(f"环节“{'、'.join(unknown)}”不存在")
        if taken := sorted(new for key, new in self.stages.items() if new in old - {key}):
            raise ValueError(f"旧版本另有环节“{'、'.join(taken)}”，改名不能占用它的键")
        if lost := sorted(old - new - {*self.stages}):
            raise ValueError(f"没有写明旧环节“{'、'.join(lost)}”改为哪个环节，或者取消")
        targets = [target for target in self.whole.values() if target]
        if twice := sorted({target for target in targets if targets.count(target) > 1}):
            raise ValueError(f"不能把两个旧环节并成一个环节“{'、'.join(twice)}”：同一人会答复两次")
        if wrong := sorted(key for key, agencies in self.lanes.items() if key not in new - {*targets} or not agencies):
            raise ValueError(f"环节“{'、'.join(wrong)}”不是新增的环节，或者没有写明办理单位")
        return self

    @property
    def whole(self) -> dict[str, str]:
        """What becomes of every stage of the old version, those that keep their key included."""
        return {stage.key: self.stages.get(stage.key, stage.key) for stage in self.old.stages}

    def to(self) -> tuple[str, ...]:
        """What the event of a migrated case says of it: both versions, then old stage and new, old and new, …"""
        pairs = (key for pair in self.whole.items() for key in pair)
        return str(self.old.version), str(self.new.version), *pairs

    def seated(self, lanes: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """The agencies that sit in the stages of a case whose own were these."""
        kept = {self.whole[key]: list(agencies) for key, agencies in lanes.items() if self.whole[key]}
        return kept | {key: list(agencies) for key, agencies in self.lanes.items()}


def of(event: Event, versions: Mapping[int, Procedure]) -> Migration:
    """The migration that an event of a log records. Raises KeyError for a version that is not there."""
    old, new, *pairs = event.to
    return Migration(
        old=versions[int(old)], new=versions[int(new)], stages=dict(zip(pairs[::2], pairs[1::2], strict=True))
    )


@dataclass(frozen=True)
class Change:
    """What a migration does to one case, by stages of the new version: at which everything stands as it did (`kept`),
    whose answers thus `stand`, which are asked `anew`; `dropped` are old stages whose answers fall with them.
    """

    state: State
    kept: frozenset[str] = frozenset()
    stand: tuple[str, ...] = ()
    anew: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


def migrated(migration: Migration, state: State) -> Change:
    """What a running case under the old version becomes under the new one."""
    old, new = migration.old, migration.new
    origin = {target: key for key, target in migration.whole.items() if target}
    renamed = tuple(
        replace(seat, stage=migration.whole[seat.stage]) for seat in state.seats if migration.whole[seat.stage]
    )
    left_out = tuple(migration.whole[key] for key in state.left_out)
    whole = replace(state, seats=renamed, left_out=tuple(key for key in left_out if key and new[key].optional))
    carried = _carried(migration, origin, state, whole)
    answered = {seat.stage for seat in state.seats if seat.answer}
    return Change(
        state=replace(whole, seats=tuple(seat for seat in renamed if seat.stage in carried)),
        kept=carried,
        stand=tuple(stage.key for stage in new.stages if stage.key in carried and origin[stage.key] in answered),
        anew=tuple(
            stage.key
            for stage in new.stages
            if stage.key in origin and stage.key not in carried and origin[stage.key] in answered
        ),
        dropped=tuple(stage.key for stage in old.stages if stage.key in answered and not migration.whole[stage.key]),
    )


def _carried(migration: Migration, origin: Mapping[str, str], state: State, renamed: State) -> frozenset[str]:
    """The stages of the new version at which everything stands as it did."""
    old, new = migration.old, migration.new
    before, after = rules.results(old, state), rules.results(new, renamed)
    same = {
        key
        for key, was in origin.items()
        if (new[key].lane, new[key].children) == (old[was].lane, old[was].children)
        and after[key] == before[was]
        and (new.own_approval or not _touched_by_opener(renamed, key))
    }
    while True:
        kept = {
            key
            for key in same
            if all(earlier in same and origin[earlier] in old.before(origin[key]) for earlier in new.before(key))
        }
        if kept == same:
            return frozenset(kept)
        same = kept


def _touched_by_opener(state: State, stage: str) -> bool:
    return any(seat.person == state.opened_by for seat in state.seats if seat.stage == stage and seat.person)


def problem(migration: Migration, state: State, lanes: Mapping[str, Sequence[str]]) -> str:
    """Why a case that has become this, with these agencies in its stages, cannot move; empty when it can."""
    new = migration.new
    if rules.outcome(new, state):
        return "迁移后没有待办的环节：会不经办理即告办结"
    for stage in new.stages:
        if stage.quorum > len(lanes.get(stage.key, ("",))):
            return f"环节“{stage.title}”的办理单位少于须同意的 {stage.quorum} 方"
    waiting = {stage.key for stage in new.stages if stage.children}
    if not waiting and any(not part.outcome for part in state.parts):
        return "分项还在办理，而新版本没有等待分项的环节"
    if not state.parts and waiting.intersection(rules.ready(new, state)):
        return "没有分项，而新版本下一步要等待分项"
    return ""


def fold(procedure: Procedure, events: Sequence[Event], versions: Mapping[int, Procedure]) -> State:
    """The state that a log comes to, across its migrations; `procedure` is the version that the case is under now.

    Raises Refused when the log was not lawful, KeyError for a version that is not there.
    """
    first = next((event for event in events if event.move is Move.MIGRATE), None)
    current = versions[int(first.to[0])] if first else procedure
    state = State()
    for event in events:
        if event.move is Move.MIGRATE:
            migration = of(event, versions)
            state, current = migrated(migration, state).state, migration.new
        else:
            state = rules.apply(current, state, event)
    return state


def needed(events: Iterable[Event]) -> bool:
    """Whether a log cannot be folded without the versions that the case was under before."""
    return any(event.move is Move.MIGRATE for event in events)
