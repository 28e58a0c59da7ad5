"""Reading the catalogue: what is published, which elements and codes are in force. Metadata is open to every engine."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from shuniu.base.expressions.sql import Sql
from shuniu.catalogue import models, rules, store
from shuniu.catalogue.declare import REGION_CODES, CodeList, Element, Fault, NotFound, Published, Resource, State
from shuniu.catalogue.store import Snapshot
from shuniu.directory import api as directory

_held: tuple[int, Snapshot] | None = None


def snapshot() -> Snapshot:
    """All that stands now. One small query asks whether what this process has read still stands; only else it reads.

    An act that needs several answers takes one snapshot and asks that.
    """
    global _held
    stamp = store.stamp()
    if stamp is None:
        return store.read_all()
    if _held is None or _held[0] != stamp:
        _held = (stamp, store.read_all())
    return _held[1]


def held(key: str) -> tuple[Published, int] | None:
    """The published version as this process has read it, unasked whether it still stands, and the stamp that says so.

    For a reading that asks `STAMP` in its own statement: what it finds counts only if the two are the same. None: not
    read yet, or not published; then ask `published`.
    """
    if _held is None or key not in _held[1].published:
        return None
    return _held[1].published[key], _held[0]


STAMP = Sql("(select value from catalogue_stamp)", ())


def published(key: str) -> Published:
    """The published version of a resource. Raises NotFound when the key is unknown or nothing of it is published."""
    found = snapshot().published.get(key)
    if found is None:
        raise NotFound("已发布的资源", key)
    return found


def published_all(agency: str | None = None) -> list[Published]:
    """Every published version by key, of one agency or of all."""
    return [one for one in snapshot().published.values() if agency is None or one.resource.agency == agency]


def version(key: str, number: int) -> Published:
    """One version as it was declared, whatever became of it: rows remember the version that they were made under."""
    found = store.version_of(key, number)
    if found is None:
        raise NotFound("资源版本", f"{key}·第 {number} 版")
    return found


def elements() -> dict[str, Element]:
    """Every element in force by key."""
    return dict(snapshot().elements)


def code_lists() -> dict[str, CodeList]:
    """Every code list in force by key, with all its codes, past ones too."""
    return dict(snapshot().code_lists)


def code_list(key: str, on: date) -> dict[str, str]:
    """The codes of a list that are in force on a day, code to label; regions are the directory's. Raises NotFound."""
    found = snapshot().code_lists.get(key)
    if found is None and key == REGION_CODES:
        return directory.region_names(on=on)
    if found is None:
        raise NotFound("代码集", key)
    day = on.isoformat()
    return {
        code.code: code.label
        for code in found.codes
        if (not code.valid_from or code.valid_from <= day) and (not code.valid_to or day < code.valid_to)
    }


def to_mount() -> list[Published]:
    """Published versions whose table does not stand yet as they say: what `registries.api.mount` has to do."""
    return store.unmounted()


def measured(resource: Resource, held: Snapshot) -> tuple[Fault, ...]:
    """All that a declaration does against the rules or against what is published of it, the blocking first."""
    before = held.published.get(resource.key)
    changed = rules.incompatible(before.resource, resource) if before else ()
    return (*changed, *rules.faults(resource, held.elements, held.code_lists))


def faults_of(keys: Collection[str]) -> dict[str, tuple[Fault, ...]]:
    """What the drafts and reviewed versions of these resources do against the rules as they stand today, by key.

    The guide's missing fields, elements loosened, forbidden items, persons' data without basis, changes that need a new
    resource; the blocking first. A resource without such a version is left out. The caller has the right to see them.
    """
    held = snapshot()
    rows = models.Version.objects.filter(resource__key__in=list(keys), state__in=store.OPEN)
    return {
        resource.key: measured(resource, held)
        for resource in (Resource.model_validate(row) for row in rows.values_list("declaration", flat=True))
    }


@dataclass(frozen=True)
class VersionView:
    """One version as lists and pages show it: its state, whether its table stands, who made and published it."""

    resource: str
    title: str
    agency: str
    number: int
    state: State
    mounted: bool
    shipped: bool
    made_by: str
    makers: tuple[str, ...]
    made_at: datetime
    published_by: str
    published_at: datetime | None
    reason: str
    case: int | None


def versions(
    *, key: str | None = None, agency: str | None = None, states: Collection[State] = tuple(State)
) -> list[VersionView]:
    """The versions of a resource or of an agency in these states, by key, newest first. The caller has the right."""
    rows = models.Version.objects.filter(state__in=states).select_related("resource")
    rows = rows.filter(resource__key=key) if key is not None else rows
    rows = rows.filter(resource__agency=agency) if agency is not None else rows
    return [
        VersionView(
            resource=row.resource.key,
            title=str(row.declaration["title"]),
            agency=row.resource.agency,
            number=row.number,
            state=State(row.state),
            mounted=row.mounted_at is not None,
            shipped=row.shipped,
            made_by=row.made_by,
            makers=tuple(row.makers),
            made_at=row.made_at,
            published_by=row.published_by or "",
            published_at=row.published_at,
            reason=row.reason,
            case=row.case,
        )
        for row in rows.order_by("resource__key", "-number")
    ]
