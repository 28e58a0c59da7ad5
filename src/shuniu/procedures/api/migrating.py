"""Running cases are moved to a new version of their procedure: looked at first, then all at once."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from shuniu.procedures.declare import Event, Move
from shuniu.procedures.migrating import Migration
from shuniu.procedures.store import migrating
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


@dataclass(frozen=True)
class Migrated:
    """What a migration does, or would do, to one case; stages by their keys in the new version, `dropped` in the old.

    Answers `stand`, or are asked `anew`, or are `dropped` with their stage; `problem` says why the case stays as it is.
    """

    case: int
    object: str
    stand: tuple[str, ...]
    anew: tuple[str, ...]
    dropped: tuple[str, ...]
    problem: str


@verb("procedures.migrate", "将在办事项迁移到新版程序")
def migrate(*, actor: Actor, migration: Migration, reason: str, dry_run: bool = True) -> tuple[Migrated, ...]:
    """Move every running case of a procedure's old version to its new one, or only say what that would change.

    A case for which it does not work is named with the `problem` and left as it is. Each moved case keeps its due date and
    has the migration in its log; the run is one journal entry. Raises Refused (procedures.reason) without a reason,
    ValueError where either version is stored with another content.
    """
    require()
    if not (dry_run or reason.strip()):
        raise Refused("procedures.reason", "迁移在办事项须写明理由。", "请填写依据后再提交，例如新程序的批准文号。")
    at = timezone.now()
    event = Event(0, Move.MIGRATE, actor.person, actor.name, at, to=migration.to(), reason=reason.strip())
    told: list[Migrated] = []
    for chunk in migrating.found(migration, lock=not dry_run):
        told += (
            Migrated(case.row.pk, case.row.object, change.stand, change.anew, change.dropped, problem)
            for case, change, problem in chunk
        )
        movable = [one for one in chunk if not one[2]]
        if movable and not dry_run:
            migrating.migrate(migration, movable, event)
    stuck = [one.case for one in told if one.problem]
    record(
        f"procedure:{migration.new.key}",
        detail={
            "from": migration.old.version,
            "to": migration.new.version,
            "dry_run": dry_run,
            "cases": len(told) - len(stuck),
            "stuck": list(stuck),
        },
    )
    return tuple(told)


def in_use(procedure: str) -> tuple[migrating.InUse, ...]:
    """The versions of a procedure under which cases run. The verb that calls has required the right to know."""
    return migrating.in_use(procedure)
