"""What the catalogue says of itself: conformance, what is collected twice, the catalogue as a file."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import Literal

from shuniu.catalogue import models, rules
from shuniu.catalogue.api import reads
from shuniu.catalogue.declare import Fault, Published, Resource, State, SubjectType
from shuniu.catalogue.rules import Collected
from shuniu.directory import api as directory
from shuniu.trust.api import OVERSEE, record, require, verb
from shuniu.trust.declare import Actor


@dataclass(frozen=True)
class Conformance:
    """One version measured against the guide and the rules. It conforms when nothing blocks."""

    resource: str
    title: str
    agency: str
    version: int
    state: State
    items: int
    items_with_element: int
    faults: tuple[Fault, ...]

    @property
    def conforms(self) -> bool:
        return not any(fault.blocks for fault in self.faults)


@dataclass(frozen=True)
class Report:
    """The conformance report: every published and open version, and what is collected by more than one agency."""

    resources: tuple[Conformance, ...]
    twice: tuple[Collected, ...]


@verb("catalogue.conformance", "查看目录符合性报告", reads=True)
def conformance(*, actor: Actor, agency: str | None = None) -> Report:
    """Measure the published and open versions of one agency, or, with oversight, of all. Nothing is stored."""
    if agency is None and not actor.may(OVERSEE):
        agency = actor.agency
    require(agency=agency)
    held = reads.snapshot()
    rows = models.Version.objects.filter(state__in=[State.PUBLISHED, State.DRAFT, State.REVIEW, State.REJECTED])
    declared = [
        (Resource.model_validate(declaration), number, State(state))
        for declaration, number, state in rows.order_by("resource__key", "number").values_list(
            "declaration", "number", "state"
        )
    ]
    measured = tuple(
        Conformance(
            resource=one.key,
            title=one.title,
            agency=one.agency,
            version=number,
            state=state,
            items=len(one.items),
            items_with_element=sum(bool(item.element) for item in one.items),
            faults=rules.faults(one, held.elements, held.code_lists),
        )
        for one, number, state in declared
        if agency is None or one.agency == agency
    )
    twice = rules.collected_twice([one for one, _, _ in declared], held.elements)
    shown = tuple(row for row in twice if agency is None or agency in (row.agency, row.source))
    record("catalogue", detail={"agency": agency, "resources": len(measured), "twice": len(shown)})
    return Report(measured, shown)


GUIDE = (
    "信息资源分类", "信息资源名称", "信息资源代码", "信息资源提供方", "信息资源提供方代码", "信息资源摘要",
    "信息资源格式分类", "信息资源格式类型", "信息项名称", "信息项字段名", "数据类型", "数据长度", "共享类型",
    "共享条件", "不予共享依据", "共享方式分类", "共享方式类型", "是否向社会开放", "更新周期", "发布日期",
)  # fmt: skip
"""The core metadata of 《政务信息资源目录编制指南（试行）》 (发改高技〔2017〕1272号), one line per item."""


@verb("catalogue.export", "导出资源目录", reads=True)
def export(*, actor: Actor, form: Literal["csv", "json"]) -> bytes:
    """The published catalogue as the 2017 guide's fields (CSV, UTF-8 with mark, formulas neutralised) or as JSON."""
    require()
    standing = reads.published_all()
    record("catalogue", detail={"form": form, "resources": len(standing)})
    if form == "json":
        whole = [{"version": one.version, **one.resource.model_dump(mode="json")} for one in standing]
        return json.dumps({"resources": whole}, ensure_ascii=False, indent=1).encode()
    days = dict(models.Version.objects.filter(state=State.PUBLISHED).values_list("resource__key", "published_at__date"))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(GUIDE)
    agencies = {one.key: one for one in directory.agencies()}
    for one in standing:
        provider = agencies.get(one.resource.agency)
        name, code = (provider.name, provider.uscc or "") if provider else (one.resource.agency, "")
        day = days.get(one.resource.key)
        for line in _guide_lines(one, name, code, day.isoformat() if day else ""):
            writer.writerow([_plain(cell) for cell in line])
    return out.getvalue().encode("utf-8-sig")


def _guide_lines(one: Published, provider: str, code: str, day: str) -> list[list[str]]:
    resource = one.resource
    kind = "1 基础信息资源" if resource.register_for is not SubjectType.NONE else "3 部门信息资源"
    head = [kind, resource.title, resource.key, provider, code, resource.summary, "数据库", "PostgreSQL"]
    tail = [
        resource.share.title, resource.share_conditions, resource.share_refusal_basis, "共享平台", "库表",
        "是" if resource.open else "否", resource.cycle.title, day,
    ]  # fmt: skip
    return [[*head, item.title, item.name, item.type.title, str(item.length or ""), *tail] for item in resource.items]


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
