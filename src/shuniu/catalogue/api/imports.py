"""Importing a department's data dictionary: a plan, drafts from it, and a human's word on what was uncertain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from shuniu.catalogue import dictionary, importing, models, rules, store
from shuniu.catalogue.api import drafts, reads
from shuniu.catalogue.cells import Problem
from shuniu.catalogue.declare import Fault, Item, NotFound, Resource, State
from shuniu.catalogue.importing import ImportPlan, ProposedResource
from shuniu.catalogue.recognition import Index
from shuniu.directory import api as directory
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor, Refused


@dataclass(frozen=True)
class Imported:
    """What an import came to: the plan that was carried out, and the keys of the drafts made, in the file's order."""

    plan: ImportPlan
    drafts: tuple[str, ...]


@dataclass(frozen=True)
class OpenRecognition:
    """One item that waits for a human: what is proposed, how sure, why."""

    resource: str
    item: str
    title: str
    element: str
    confidence: str
    why: str


def plan_import(content: bytes, name: str, agency: str, *, accept_all: bool = False) -> ImportPlan:
    """What importing this file for this agency would do; nothing is stored or locked. Raises as `dictionary.read`."""
    held = reads.snapshot()
    planned = importing.plan(
        dictionary.read(content, name), name, agency, Index(held.elements), accept_likely=accept_all
    )
    waiting = store.in_review(one.resource.key for one in planned.resources)
    kept: list[ProposedResource] = []
    problems = list(planned.problems)
    for one in planned.resources:
        faults = _kept_out(one.resource, held)
        if one.resource.key in waiting:
            message = f"资源“{one.resource.key}”正在审核。"
            faults.append(Fault("catalogue.in_review", one.resource.key, "", message, "请等审核办结后再导入。"))
        problems.extend(_problem(one, fault) for fault in faults)
        if not faults:
            kept.append(one)
    return replace(planned, resources=tuple(kept), problems=tuple(problems))


def _kept_out(resource: Resource, held: store.Snapshot) -> list[Fault]:
    before = held.published.get(resource.key)
    found = list(rules.incompatible(before.resource, resource)) if before else []
    found += [f for f in rules.faults(resource, held.elements, held.code_lists) if f.rule in drafts.NEVER]
    return found


def _problem(one: ProposedResource, fault: Fault) -> Problem:
    row = next((item.row for item in one.items if item.item.name == fault.item), one.items[0].row)
    return Problem(
        row, "信息项名称" if fault.item else "资源代码", fault.rule, fault.message, fault.remedy, blocks=True
    )


@verb("catalogue.import_dictionary", "导入数据字典")
def import_dictionary(*, actor: Actor, content: bytes, name: str, agency: str, accept_all: bool = False) -> Imported:
    """Make or edit drafts from a data dictionary (CSV or XLSX); see `plan_import` for what is taken and what is not.

    Certain elements are in the drafts; uncertain ones wait for `confirm_recognitions` (`accept_all`: they are taken
    too, and the actor answers for it). Resources with a blocking problem are left out, the others are made.
    Raises Refused: catalogue.agency, the rules of `dictionary.read`.
    """
    require(agency=agency)
    if directory.agency(agency) is None:
        raise Refused(
            "catalogue.agency", f"单位“{agency}”不在单位名录中。", "请核对单位代码，或先由系统管理员登记单位。"
        )
    planned = plan_import(content, name, agency, accept_all=accept_all)
    changed = [one for one in planned.resources if not _stands(one.resource)]
    rows = drafts.save([one.resource for one in changed], actor) if changed else []
    _note(rows, changed, actor, accept_all)
    keys = tuple(one.resource.key for one in changed)
    record("catalogue", detail={"agency": agency, "resources": list(keys[:1000]), "problems": len(planned.problems)})
    return Imported(planned, keys)


def _stands(resource: Resource) -> bool:
    """Whether the published version says exactly this: then there is nothing to draft."""
    held = reads.snapshot().published.get(resource.key)
    return held is not None and held.resource == resource


def _note(rows: Sequence[models.Version], proposed: Sequence[ProposedResource], actor: Actor, accept_all: bool) -> None:
    """Store what was proposed: taken by itself, taken by the actor's word, or open."""
    models.Recognition.objects.filter(version__in=rows).delete()
    models.Recognition.objects.bulk_create(
        (
            models.Recognition(
                version=row,
                item=item.item.name,
                title=item.item.title,
                element=item.proposal.element,
                confidence=item.proposal.confidence,
                why=item.proposal.why,
                state=_state(item.proposal.confidence, accept_all),
                decided_by=actor.person if accept_all and item.proposal.confidence == "likely" else None,
            )
            for row, one in zip(rows, proposed, strict=True)
            for item in one.items
        ),
        batch_size=5000,
    )


def _state(confidence: str, accept_all: bool) -> str:
    if confidence == "certain":
        return "auto"
    return "confirmed" if accept_all and confidence == "likely" else "open"


def open_recognitions(agency: str) -> list[OpenRecognition]:
    """The items in drafts of this agency that wait for a human, likely ones first, then by resource."""
    rows = (
        models.Recognition.objects.filter(
            state="open", version__state__in=[State.DRAFT, State.REJECTED], version__resource__agency=agency
        )
        .order_by("confidence", "version__resource__key", "pk")
        .values_list("version__resource__key", "item", "title", "element", "confidence", "why")
    )
    return [OpenRecognition(*row) for row in rows]


@verb("catalogue.confirm_recognitions", "确认数据元识别")
def confirm_recognitions(*, actor: Actor, key: str, elements: Mapping[str, str]) -> int:
    """Say for items of a draft (by name) which element each is, "" for none of them. Returns the version's number.

    The element then fixes the item's type and greatest length. Raises NotFound, Refused: catalogue.in_review,
    catalogue.type (the item cannot be converted to the element's type).
    """
    row = store.open_versions([key]).get(key)
    if row is None:
        raise NotFound("草稿", key)
    require(agency=row.resource.agency)
    index = Index(reads.elements())
    resource = Resource.model_validate(row.declaration)
    known = {item.name for item in resource.items}
    if strange := sorted(set(elements) - known):
        raise NotFound("信息项", strange[0])
    items = tuple(_told(item, elements[item.name], index) if item.name in elements else item for item in resource.items)
    (row,) = drafts.save([resource.model_copy(update={"items": items})], actor)
    for state, names in (
        ("confirmed", [name for name, element in elements.items() if element]),
        ("refused", [name for name, element in elements.items() if not element]),
    ):
        models.Recognition.objects.filter(version=row, item__in=names).update(state=state, decided_by=actor.person)
    record(f"resource:{key}", detail={"version": row.number, "elements": dict(elements)})
    return row.number


def _told(item: Item, element: str, index: Index) -> Item:
    if not element:
        return item.model_copy(update={"element": ""})
    if element not in index.elements:
        raise NotFound("数据元", element)
    adopted = importing.adopt(item, element, index)
    if adopted.element != element:
        declared = index.elements[element]
        raise Refused(
            "catalogue.type",
            f"“{item.title}”是{item.type.title}，不能作为{declared.type.title}的“{declared.title}”。",
            "请改信息项的类型，或选用别的数据元。",
        )
    return adopted
