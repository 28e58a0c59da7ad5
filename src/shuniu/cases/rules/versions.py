"""Where a case waits, and where it will once it is moved to another version of its procedure: pure."""

from __future__ import annotations

from collections.abc import Sequence

from shuniu.procedures.api import Migration
from shuniu.procedures.declare import CaseView


def waits(case: CaseView) -> tuple[str, ...]:
    """The stages, in order, whose answers or parts are still to come; also while the case stands still."""
    open_ = {seat.stage for seat in case.seats if not seat.answer}
    return tuple(
        stage.key
        for stage in case.procedure.stages
        if not case.results.get(stage.key)
        and (stage.key in open_ or (stage.children and all(case.results.get(need) for need in stage.needs)))
    )


def goes(migration: Migration, waits: Sequence[str], left_out: Sequence[str], stand: Sequence[str]) -> tuple[str, ...]:
    """The stages of the new version that wait first: those whose predecessors all stand, or take no part."""
    now = {migration.whole[key] for key in waits}
    out = {migration.whole[key] for key in left_out}
    new = migration.new
    done = {key for key in stand if key not in now} | {one.key for one in new.stages if one.optional and one.key in out}
    return tuple(one.key for one in new.stages if one.key not in done and done.issuperset(one.needs))
