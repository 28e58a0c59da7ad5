"""What is collected twice (一数一源; 政务数据共享条例: what can be shared is not collected again). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shuniu.catalogue.declare import Element, Resource, SubjectType


@dataclass(frozen=True)
class Collected:
    """One element that an agency collects although another agency is, or is proposed as, its single source.

    `registered` says that a base register holds it: then it is a fact about the subject, which nobody else need ask
    for; else it may be a fact of the agency's own acts (its decision dates, its remarks) and a human judges.
    """

    element: str
    title: str
    agency: str
    resources: tuple[str, ...]  # the agency's resources that hold it
    source: str  # agency key of the proposed single source
    why: str
    allowed: bool  # the element's declaration names this agency as one that may collect it
    registered: bool


def collected_twice(resources: Sequence[Resource], elements: Mapping[str, Element]) -> tuple[Collected, ...]:
    """One row per element and agency, those that a base register holds first, then those not allowed.

    Items that say whose a row is, or which row it is, are no collecting: no resource can do without them. The source is
    the element's owner; without one the agency whose base register holds it, else the first of `resources`.
    """
    uses: dict[str, list[Resource]] = {}
    for resource in resources:
        for item in resource.items:
            if item.element in elements and not item.identifies and not item.key:
                uses.setdefault(item.element, []).append(resource)
    found = [row for key in sorted(uses) for row in _rows(elements[key], uses[key])]
    return tuple(sorted(found, key=lambda row: (not row.registered, row.allowed, row.element, row.agency)))


def _rows(element: Element, uses: list[Resource]) -> Iterator[Collected]:
    agencies = dict.fromkeys(resource.agency for resource in uses)
    if len({*agencies, element.owner} - {""}) < 2:
        return
    registers = [resource for resource in uses if resource.register_for is not SubjectType.NONE]
    source, why = _source(element, registers, uses[0])
    for agency in agencies:
        if agency != source:
            yield Collected(
                element=element.key,
                title=element.title,
                agency=agency,
                resources=tuple(dict.fromkeys(one.key for one in uses if one.agency == agency)),
                source=source,
                why=why,
                allowed=agency in element.collectors,
                registered=bool(registers),
            )


def _source(element: Element, registers: list[Resource], first: Resource) -> tuple[str, str]:
    if element.owner:
        return element.owner, "数据元的权威来源"
    if registers:
        return registers[0].agency, f"基础库“{registers[0].title}”已有此项"
    return first.agency, f"“{first.title}”最先编目"
