"""Running cases are moved to the newest version of their procedure: what runs under which, and what moving them does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from shuniu.cases.declare.versions import Group, Moved, VersionInUse
from shuniu.cases.rules import versions as rules
from shuniu.procedures import api as procedures
from shuniu.procedures.api import Migration
from shuniu.procedures.declare import Procedure
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused

_CHUNK = 1000
_EXAMPLES = 5


@verb("cases.read_versions", "查看在办件所用的程序版本", reads=True)
def read_versions(*, actor: Actor, procedure: str) -> tuple[VersionInUse, ...]:
    """The versions of a procedure under which cases run now, the oldest first; nothing of the cases but their number."""
    require()
    found = procedures.in_use(procedure)
    record(f"procedure:{procedure}", detail={"cases": sum(one.cases for one in found)})
    return tuple(
        VersionInUse(
            one.procedure,
            one.cases,
            tuple((stage.key, one.waiting.get(stage.key, 0)) for stage in one.procedure.stages),
        )
        for one in found
    )


def newest(procedure: str) -> Procedure:
    """The version under which cases are opened now. Raises Refused cases.no_procedure."""
    found = procedures.PROCEDURES.get(procedure)
    if found is None:
        raise Refused("cases.no_procedure", f"没有程序“{procedure}”。", "请核对程序代码，例如 cases.simple。")
    return found


def old_version(found: Sequence[VersionInUse], version: int) -> Procedure:
    """The declaration of a version in use. Raises Refused cases.no_version."""
    one = next((one for one in found if one.procedure.version == version), None)
    if one is None:
        used = "、".join(str(one.procedure.version) for one in found)
        raise Refused(
            "cases.no_version", f"没有处于第 {version} 版的在办件。",
            f"在办件所用的版本：{used}。" if used else "这个程序没有在办件。",
        )  # fmt: skip
    return one.procedure


def migration(
    old: Procedure, new: Procedure, stages: Mapping[str, str], lanes: Mapping[str, Sequence[str]]
) -> Migration:
    """How cases of the one version become cases of the other: see `Migration`. Raises Refused cases.migration."""
    try:
        return Migration(old=old, new=new, stages=stages, lanes={key: tuple(some) for key, some in lanes.items()})
    except ValidationError as error:
        said = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        raise Refused("cases.migration", f"{said}。", "请改正环节的对应关系后再试。") from error


def migrate(*, actor: Actor, migration: Migration, reason: str, dry_run: bool = True) -> Moved:
    """Move every running case of the old version, or only say what that would do, by groups of what it does to them.

    The right, the acting and the record are `procedures.migrate`'s. Raises Refused as that does.
    """
    looked = procedures.migrate(actor=actor, migration=migration, reason=reason, dry_run=True)
    before = _before([one.case for one in looked])
    told = looked if dry_run else procedures.migrate(actor=actor, migration=migration, reason=reason, dry_run=False)
    groups: dict[tuple[object, ...], list[procedures.Migrated]] = defaultdict(list)
    for one in told:
        waits, _left_out = before.get(one.case, ((), ()))
        groups[waits, one.stand, one.anew, one.dropped, one.problem].append(one)
    made = [_group(migration, same, before) for same in groups.values()]
    stuck = sum(one.cases for one in made if one.problem)
    ordered = tuple(sorted(made, key=lambda one: (bool(one.problem), -one.cases)))
    return Moved(migration.old, migration.new, len(told) - stuck, stuck, ordered)


_Before = tuple[tuple[str, ...], tuple[str, ...]]
"""Where a case waited, and which stages take no part in it."""


def _before(cases: Sequence[int]) -> Mapping[int, _Before]:
    found: dict[int, _Before] = {}
    for start in range(0, len(cases), _CHUNK):
        for key, one in procedures.case_views(cases[start : start + _CHUNK]).items():
            found[key] = rules.waits(one), one.state.left_out
    return found


def _group(migration: Migration, same: Sequence[procedures.Migrated], before: Mapping[int, _Before]) -> Group:
    first = same[0]
    waits, left_out = before.get(first.case, ((), ()))
    goes = () if first.problem else rules.goes(migration, waits, left_out, first.stand)
    examples = tuple(one.object.removeprefix("case:") for one in same[:_EXAMPLES])
    return Group(waits, goes, first.stand, first.anew, first.dropped, first.problem, len(same), examples)
