"""Reading golden records: each attribute from its one authoritative source, with conflicts and the reason (一数一源)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from shuniu.base.masking import mask_address, mask_name, mask_phone
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import NotFound, Published
from shuniu.registries import gold
from shuniu.registries.api.reading import subject_rows_of
from shuniu.registries.declare import Attribute, Golden, GoldenValue, Register, Row, Said
from shuniu.registries.portraits import mask_identifier
from shuniu.registries.store import subject_rows, subjects
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Json, Refused


def _year(day: str) -> str:
    return day[:4] + "年"


def _hidden(text: str) -> str:
    return "*" * min(len(text), 8)


_MASKS: Mapping[str, Callable[[str], str]] = {
    "resident_id": partial(mask_identifier, "resident_id"),
    "person_name": mask_name,
    "former_name": mask_name,
    "phone": mask_phone,
    "mobile": mask_phone,
    "address": mask_address,
    "home_address": mask_address,
    "birth_date": _year,
}
"""How an element of a natural person is shown to others; every other element of a person is hidden whole."""


@verb("registries.golden", "查看登记库主体", reads=True)
def golden(*, actor: Actor, register: Register, subject: int) -> Golden:
    """The golden record of a subject (any of its members names it). Of a natural person only the person sees it unmasked.

    Raises Refused: golden.unknown, golden.kind.
    """
    require()
    one = subjects.members(subject)
    if not one:
        raise Refused("golden.unknown", f"没有编号为 {subject} 的主体。", "请从查询结果重新进入。")
    kind, _, _, root = subjects.display(one)[subject]
    if kind != register.subject:
        raise Refused("golden.kind", f"该主体不属于“{register.title}”。", "请在对应的登记库中查询。")
    values = tuple(_masked(value, kind, actor.subject in one) for value in read(register, subject))
    shown: list[Json] = [value.attribute.title for value in values if value.winner is not None]
    record(f"register:{register.key}", subjects=(root,), detail={"items": shown})
    return Golden(register.key, root, values)


def read(register: Register, subject: int) -> tuple[GoldenValue, ...]:
    """Every attribute of a subject, unmasked, for verbs that have required the right. One query per 100 resources."""
    published = _published(register)
    rows = subject_rows_of(subject, list(published.values()))
    stated = subject_rows.stated(published, rows)
    return tuple(gold.choose(each, _said(each, published, rows, stated)) for each in register.attributes)


def _published(register: Register) -> dict[str, Published]:
    """The published sources; one that is not published (yet) says nothing."""
    found = {}
    for key in register.resources:
        try:
            found[key] = catalogue.published(key)
        except NotFound:
            continue
    return found


def _said(
    attribute: Attribute,
    published: Mapping[str, Published],
    rows: Mapping[str, list[Row]],
    stated: Mapping[tuple[str, int], tuple[str, datetime]],
) -> list[Said]:
    said = []
    for rank, source in enumerate(attribute.sources):
        for row in rows.get(source.resource, []):
            value = row.values.get(source.item)
            if value is not None:
                agency, at = stated[source.resource, row.batch]
                said.append(Said(value, rank, agency, source.resource, source.item, row.batch, row.line, at))
    return said


def _masked(value: GoldenValue, kind: str, own: bool) -> GoldenValue:
    if own or kind != "natural" or value.winner is None:
        return value
    mask = _MASKS.get(value.attribute.element, _hidden)
    conflicts = tuple(replace(one, value=mask(one.value)) for one in value.conflicts)
    return replace(value, winner=replace(value.winner, value=mask(value.winner.value)), conflicts=conflicts)
