"""What is collected twice (一数一源; 政务数据共享条例: what can be shared is not collected again). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shuniu.catalogue.declare import Element, Item, Resource, SubjectType


@dataclass(frozen=True)
class Collected:
    """One item of an agency that another agency is, or is proposed as, the single source of."""

    element: str
    title: str
    agency: str
    resource: str
    item: str
    source: str  # agency key of the proposed single source
    why: str
    allowed: bool  # the element's declaration names this agency as one that may collect it


def collected_twice(resources: Sequence[Resource], elements: Mapping[str, Element]) -> tuple[Collected, ...]:
    """Every item whose element more than one agency collects and whose single source is another, by element and agency.

    Items that say whose a row is, or which row it is, are no collecting: no resource can do without them. The source is
    the element's owner; without one the agency whose base register holds it, else the first of `resources`.
    """
    uses: dict[str, list[tuple[Resource, Item]]] = {}
    for resource in resources:
        for item in resource.items:
            if item.element in elements and not item.identifies and not item.key:
                uses.setdefault(item.element, []).append((resource, item))
    found = [row for key in sorted(uses) for row in _rows(elements[key], uses[key])]
    return tuple(sorted(found, key=lambda row: (row.element, row.agency, row.resource)))


def _rows(element: Element, uses: list[tuple[Resource, Item]]) -> Iterator[Collected]:
    if len({resource.agency for resource, _ in uses} | {element.owner} - {""}) < 2:
        return
    source, why = _source(element, [resource for resource, _ in uses])
    for resource, item in uses:
        if resource.agency != source:
            yield Collected(
                element=element.key,
                title=element.title,
                agency=resource.agency,
                resource=resource.key,
                item=item.name,
                source=source,
                why=why,
                allowed=resource.agency in element.collectors,
            )


def _source(element: Element, resources: list[Resource]) -> tuple[str, str]:
    if element.owner:
        return element.owner, "数据元的权威来源"
    for resource in resources:
        if resource.register_for is not SubjectType.NONE:
            return resource.agency, f"基础库“{resource.title}”已有此项"
    return resources[0].agency, f"“{resources[0].title}”最先编目"
