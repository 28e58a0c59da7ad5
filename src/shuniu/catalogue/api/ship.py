"""Storing what comes with the software, and noting which tables stand: installation and `shuniu declare`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from shuniu.catalogue import models, rules, store
from shuniu.catalogue.api import reads
from shuniu.catalogue.declare import CodeList, Element, NotFound, Published, Resource, State
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


@dataclass(frozen=True)
class Shipped:
    """What shipping changed: keys that got a new version; all others stood as declared."""

    elements: tuple[str, ...]
    code_lists: tuple[str, ...]
    resources: tuple[str, ...]


@verb("catalogue.ship", "载入随附声明")
def ship(
    *,
    actor: Actor,
    resources: Sequence[Resource] = (),
    elements: Sequence[Element] = (),
    code_lists: Sequence[CodeList] = (),
) -> Shipped:
    """Store shipped declarations as numbered, dated versions, published at once; the unchanged make no new version.

    Raises Refused: catalogue.owner (the key was made at run time), catalogue.incompatible (another type, key or
    meaning: that is a new resource), catalogue.faults (a declaration against the rules).
    """
    require()
    author = store.Author(actor.person, timezone.now(), shipped=True)
    held = reads.snapshot()
    new_elements = [one for one in elements if held.elements.get(one.key) != one]
    new_lists = [one for one in code_lists if held.code_lists.get(one.key) != one]
    if new_elements:
        store.add_elements(new_elements, author)
    if new_lists:
        store.add_code_lists(new_lists, author)
    new = [one for one in resources if (at := held.published.get(one.key)) is None or at.resource != one]
    _check(new)
    if new:
        store.add_versions(new, State.PUBLISHED, author)
    shipped = Shipped(_keys(new_elements), _keys(new_lists), tuple(one.key for one in new))
    record(
        "catalogue",
        detail={
            "elements": len(new_elements),
            "code_lists": len(new_lists),
            "resources": list(shipped.resources[:200]),
        },
    )
    return shipped


def _keys(declared: Sequence[Element] | Sequence[CodeList]) -> tuple[str, ...]:
    return tuple(one.key for one in declared)


def _check(resources: Sequence[Resource]) -> None:
    """Refuse when a key has another owner, or a declaration breaks a rule or what it was before."""
    keys = [one.key for one in resources]
    foreign = models.Version.objects.filter(resource__key__in=keys, shipped=False).values_list(
        "resource__key", flat=True
    )
    if taken := sorted(set(foreign)):
        raise Refused(
            "catalogue.owner",
            f"资源代码已由单位自行编目：{'、'.join(taken[:5])}。",
            "随附的声明请改用新的资源代码。",
        )
    refuse_faults(resources)


def refuse_faults(resources: Sequence[Resource]) -> None:
    """Raise Refused with the first faults when any of these may not be published as it stands."""
    held = reads.snapshot()
    blocking = [fault for resource in resources for fault in reads.measured(resource, held) if fault.blocks]
    if blocking:
        raise Refused(*rules.refusal(blocking))


def mark_mounted(published: Published) -> None:
    """Note that a version's table stands as it says. For `registries.api.mount`, inside its own verb and transaction.

    Raises NotFound when that version is not the published one any more.
    """
    changed = models.Version.objects.filter(
        resource__key=published.resource.key, number=published.version, state=State.PUBLISHED
    ).update(mounted_at=timezone.now())
    if not changed:
        raise NotFound("已发布的资源版本", f"{published.resource.key}·第 {published.version} 版")
