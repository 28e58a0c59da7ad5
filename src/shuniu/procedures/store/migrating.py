"""Running cases moved to another version of their procedure: by the same few statements for a chunk, however many are in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Case as Choice
from django.db.models import Count, F, Func, Q, TextField, Value, When
from django.utils import timezone

from shuniu.procedures import migrating
from shuniu.procedures.calendars.models import Clock
from shuniu.procedures.calendars.store import recounting
from shuniu.procedures.declare import Event, Procedure
from shuniu.procedures.migrating import Change, Migration
from shuniu.procedures.models import Case, Declaration, Task
from shuniu.procedures.store.loading import Loaded, declaration, declared, fold, locked
from shuniu.procedures.store.writing import save

CHUNK = 1000


@dataclass(frozen=True)
class InUse:
    """A version under which cases run: how many, and how many wait in each stage (a case with branches in several)."""

    procedure: Procedure
    cases: int
    waiting: Mapping[str, int]


Found = tuple[Loaded, Change, str]
"""A case, what a migration makes of it, and why it cannot move."""


def in_use(key: str) -> tuple[InUse, ...]:
    """The versions of a procedure under which cases run, the oldest first."""
    running = Case.objects.filter(declaration__key=key, outcome="")
    counted = (
        running.values_list("declaration", "declaration__version")
        .annotate(Count("pk"))
        .order_by("declaration__version")
    )
    waiting: dict[int, dict[str, int]] = defaultdict(dict)
    stages = running.annotate(stage=Func("open_stages", function="unnest", output_field=TextField()))
    for declared_as, stage, cases in stages.values_list("declaration", "stage").annotate(Count("pk")):
        waiting[declared_as][stage] = cases
    return tuple(InUse(declared(row), cases, waiting[row]) for row, _version, cases in counted)


def found(migration: Migration, *, lock: bool) -> Iterator[list[Found]]:
    """The running cases of the old version in chunks. Raises ValueError when that version is stored otherwise."""
    old = Declaration.objects.filter(key=migration.old.key, version=migration.old.version).first()
    if old is None:
        return
    declaration(migration.old)
    ids = list(Case.objects.filter(declaration=old, outcome="").order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        cases = locked(chunk) if lock else fold(list(Case.objects.filter(pk__in=chunk).order_by("pk")))
        # one that ended, or was moved, while its lock was waited for is no longer of these
        yield [_weighed(migration, case) for case in cases if case.procedure == migration.old and not case.row.outcome]


def _weighed(migration: Migration, case: Loaded) -> Found:
    change = migrating.migrated(migration, case.state)
    return case, change, migrating.problem(migration, change.state, migration.seated(case.row.lanes))


def migrate(migration: Migration, cases: Sequence[Found], event: Event) -> None:
    """Write the event into the log of each of these cases, ask whoever they then wait for, and rewrite their projections."""
    new = declaration(migration.new)
    keys = [case.row.pk for case, _change, _problem in cases]
    _clocks(migration, cases)
    for case, change, _problem in cases:
        case.row.lanes = migration.seated(case.row.lanes)
        case.migrate(migration.new, change.state, event)
    Case.objects.bulk_update([case.row for case, _change, _problem in cases], ["lanes"], CHUNK)
    Case.objects.filter(pk__in=keys).update(declaration=new)
    Task.objects.filter(case__in=keys).delete()
    save([case for case, _change, _problem in cases])
    recounting.project(keys)


def _clocks(migration: Migration, cases: Sequence[Found]) -> None:
    """A stage's clock runs on under the stage's new key where all stands as it did, and ends where it is asked anew."""
    ended: dict[tuple[str, ...], list[int]] = {}
    for case, change, _problem in cases:
        gone = tuple(key for key, target in migration.whole.items() if target not in change.kept)
        if gone:
            ended.setdefault(gone, []).append(case.row.pk)
    for stages, ids in ended.items():
        Clock.objects.filter(case__in=ids, stage__in=stages, ended__isnull=True).update(ended=timezone.localdate())
    renamed = [
        When(stage=key, then=Value(target, TextField()))
        for key, target in migration.whole.items()
        if target not in ("", key)
    ]
    if renamed:
        running = Q(case__in=[case.row.pk for case, _change, _problem in cases], ended__isnull=True)
        Clock.objects.filter(running).update(stage=Choice(*renamed, default=F("stage")))
