"""From a department's data dictionary to proposed resources: pure, nothing is stored here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pydantic import ValidationError

from shuniu.catalogue import names
from shuniu.catalogue.cells import LEGAL_NAME, PERSON_NAME, Cells, Problem
from shuniu.catalogue.declare import CreditTerms, Cycle, Disclosure, Item, ItemType, Resource, ShareType, SubjectType
from shuniu.catalogue.dictionary import Row, Table
from shuniu.catalogue.recognition import Index, Proposal, convertible


@dataclass(frozen=True)
class ProposedItem:
    """An item, the row that it comes from, and the element that is proposed for it."""

    row: int
    item: Item
    proposal: Proposal
    named_here: bool = False  # its column name was made from the title, the dictionary has none


@dataclass(frozen=True)
class ProposedResource:
    """A resource as it would be drafted: the accepted proposals are in its items, the others wait for a human."""

    resource: Resource
    items: tuple[ProposedItem, ...]


@dataclass(frozen=True)
class ImportPlan:
    """What importing a file would do."""

    name: str
    resources: tuple[ProposedResource, ...]
    problems: tuple[Problem, ...]

    def count(self, confidence: str) -> int:
        """How many items have a proposal of that confidence."""
        return sum(item.proposal.confidence == confidence for one in self.resources for item in one.items)


def plan(table: Table, name: str, agency: str, index: Index, *, accept_likely: bool = False) -> ImportPlan:
    """Propose one resource per 资源代码, in the file's order, for `agency`.

    Only certain proposals (with `accept_likely`, likely ones too) go into the items. A resource with a blocking problem
    is not proposed; the problem says why.
    """
    reader = Cells()
    for column in table.unknown:
        reader.note(0, column, "column", f"列“{column}”不是数据字典的列，未采用。", "无需处理；拼写有误的请改正。")
    resources = []
    for code, rows in _groups(table, reader):
        before = len(reader.problems)
        proposed = _resource(code, rows, agency, index, reader, accept_likely)
        if proposed is not None and not any(problem.blocks for problem in reader.problems[before:]):
            resources.append(proposed)
    return ImportPlan(name, tuple(resources), tuple(reader.problems))


def _groups(table: Table, reader: Cells) -> Iterator[tuple[str, list[Row]]]:
    groups: dict[str, list[Row]] = {}
    last = ""
    for row in table.rows:
        code = row["资源代码"] or last  # merged cells give the code in the first row alone
        if not code:
            reader.note(row.number, "资源代码", "code", "没有资源代码。", "请填写资源代码。", blocks=True)
            continue
        groups.setdefault(code, []).append(row)
        last = code
    yield from groups.items()


def _resource(
    code: str, rows: list[Row], agency: str, index: Index, reader: Cells, accept_likely: bool
) -> ProposedResource | None:
    items = _once(_told_apart([item for row in rows if (item := _item(row, index, reader)) is not None]))
    accepted = [_accept(one, index, accept_likely) for one in items]
    first = rows[0].number

    def said(column: str) -> str:
        values = [(row.number, row[column]) for row in rows if row[column]]
        for number, value in values[1:]:
            if value != values[0][1]:
                reader.note(
                    number,
                    column,
                    "conflict",
                    f"与第 {values[0][0]} 行不一致，采用前者。",
                    "同一资源的各行请填写一致。",
                )
                break
        return values[0][1] if values else ""

    identified = _identify(_keyed(accepted, first, reader), index)
    subject = reader.choice(first, "主体类型", said("主体类型"), SubjectType, _subject(identified))
    share = reader.choice(first, "共享类型", rows[0]["共享类型"], ShareType, ShareType.CONDITIONAL)
    try:
        resource = Resource(
            key=_key(code, agency),
            title=said("资源名称"),
            agency=agency,
            summary=said("资源摘要"),
            items=tuple(_settled(item, subject, share) for item in identified),
            subject=subject,
            share=share,
            share_conditions=said("共享条件"),
            share_refusal_basis=said("不予共享依据"),
            open=reader.yes(rows[0], "开放"),
            cycle=reader.choice(first, "更新周期", said("更新周期"), Cycle, Cycle.MONTHLY),
            legal_basis=said("法律依据"),
            article=said("条款"),
            purpose=said("目的"),
            purpose_basis=said("依据"),
            retention=said("保存期限"),
            credit=_credit(rows[0], reader),
            register_for=reader.choice(first, "基础库登记", said("基础库登记"), SubjectType, SubjectType.NONE),
            by_region=said("区划字段"),
        )
    except ValidationError as error:
        for message in _messages(error):
            reader.note(
                first, "资源代码", "resource", f"资源“{code}”：{message}。", "请按说明修改后再导入。", blocks=True
            )
        return None
    if not any(row["主体类型"] for row in rows):
        reader.note(first, "主体类型", "subject", f"没有写主体类型，推断为“{resource.subject.title}”。", "请确认。")
    return ProposedResource(resource, tuple(items))


_GUIDE_CODE = re.compile(r"^([123]\d{5}[0-9A-Za-z]*)/(\d+)$")
"""信息资源代码 of the 2017 guide: 类、项、目、细目 and a serial number."""


def _key(code: str, agency: str) -> str:
    guide = _GUIDE_CODE.match(code)
    if guide:
        return f"{agency}/{guide[1]}-{guide[2]}"
    return code if "/" in code else f"{agency}/{code}"


def _settled(item: Item, subject: SubjectType, share: ShareType) -> Item:
    """The item with a name that is a person's where rows are about persons alone, and a share type only if its own."""
    update: dict[str, object] = {}
    if item.identifies == LEGAL_NAME and subject is SubjectType.NATURAL:
        update["identifies"] = PERSON_NAME
    if item.share is share:
        update["share"] = None
    return item.model_copy(update=update) if update else item


def _told_apart(items: list[ProposedItem]) -> list[ProposedItem]:
    """Items of which those whose name was made here, not written, get a number where it is taken."""
    taken: set[str] = set()
    told = []
    for one in items:
        name, count = one.item.name, 1
        while one.named_here and one.item.name in taken:
            count += 1
            one = replace(one, item=one.item.model_copy(update={"name": f"{name}_{count}"}))
        taken.add(one.item.name)
        told.append(one)
    return told


def _once(items: list[ProposedItem]) -> list[ProposedItem]:
    """An element says one thing of a row: where two items claim it for certain, a human tells which is meant."""
    claims = Counter(one.proposal.element for one in items if one.proposal.confidence == "certain")
    return [
        replace(one, proposal=Proposal(one.proposal.element, "likely", f"{one.proposal.why}，但本资源有两项如此"))
        if one.proposal.confidence == "certain" and claims[one.proposal.element] > 1
        else one
        for one in items
    ]


def _messages(error: ValidationError) -> list[str]:
    return [str(one["msg"]).removeprefix("Value error, ") for one in error.errors()]


def _credit(row: Row, reader: Cells) -> CreditTerms | None:
    if not reader.yes(row, "信用用途"):
        return None
    return CreditTerms(
        nature=row["信息性质"],
        disclosure=reader.choice(row.number, "披露方式", row["披露方式"], Disclosure, Disclosure.GOVERNMENT),
        term_rule=row["公示期限规则"],
        validity=row["有效期限"],
    )


def _item(row: Row, index: Index, reader: Cells) -> ProposedItem | None:
    title, written = row["信息项名称"], row["字段名"]
    name = names.column(written) or index.name_for(title)
    if name != written:
        message = f"字段名“{written}”不合规则，改为“{name}”。" if written else f"没有字段名，改用“{name}”。"
        reader.note(row.number, "字段名", "name", message, "字段名只用字母、数字、下划线，字母开头；请确认。")
    kind, length = reader.type_of(row)
    if row["长度"]:
        length = int(row["长度"]) if row["长度"].isdecimal() else length
    try:
        item = Item(
            name=name,
            title=title,
            type=kind,
            length=length if kind is ItemType.TEXT else None,
            required=reader.yes(row, "必填"),
            key=reader.yes(row, "主键"),
            code_list=row["代码集"],
            identifies=reader.identity(row),
            sensitivity=int(row["敏感级别"]) if row["敏感级别"] in tuple("1234") else 1,
            share=reader.choice(row.number, "共享类型", row["共享类型"], ShareType, ShareType.CONDITIONAL)
            if row["共享类型"]
            else None,
            note=row["注释"],
        )
    except ValidationError as error:
        for message in _messages(error):
            reader.note(
                row.number, "字段名", "item", f"信息项“{title}”：{message}。", "请按说明修改后再导入。", blocks=True
            )
        return None
    return ProposedItem(row.number, item, index.propose(title, written, kind, given=row["数据元"]), not written)


def _accept(one: ProposedItem, index: Index, likely: bool) -> Item:
    """The item with its proposed element in it, where that is certain: it then fixes type and greatest length."""
    item, proposal = one.item, one.proposal
    if proposal.confidence != "certain" and not (likely and proposal.confidence == "likely"):
        return item
    return adopt(item, proposal.element, index)


def adopt(item: Item, element: str, index: Index) -> Item:
    """The item as a use of that element. What the source stores as another type is converted on delivery."""
    declared = index.elements[element]
    if not convertible(item.type, declared.type):
        return item
    length = item.length if item.length and (declared.length or item.length) >= item.length else None
    update = {"element": element, "type": declared.type, "length": length if declared.type is ItemType.TEXT else None}
    if not item.check:
        update["check"] = declared.check  # defined once: the element's check is the check of all its uses
    if declared.code_list and item.code_list != declared.code_list:
        update["code_list"] = ""
    return item.model_copy(update=update)


_KEY_TITLES = re.compile(r"主键|唯一标识|唯一标志|唯一编码|流水号|序列号")


def _keyed(items: list[Item], row: int, reader: Cells) -> list[Item]:
    """Items with a key. A dictionary that marks none gets a guess, and says so: a business key, else the row."""
    if not items or any(item.key for item in items):
        return items
    guess = [item for item in items if _KEY_TITLES.search(item.title)][:1] or items
    chosen = guess[0].title if len(guess) == 1 else "全部信息项"
    reader.note(row, "主键", "key", f"没有标主键，暂以“{chosen}”认定同一条记录。", "请在草稿中改为真正的业务主键。")
    return [item.model_copy(update={"key": item in guess}) for item in items]


_FIRMS = ("uscc", "organisation_code", "registration_number", "tax_number")


def _identify(items: list[Item], index: Index) -> list[Item]:
    """Items with the subject's identity marked, where the dictionary marks none: by element, if unique."""
    if any(item.identifies for item in items):
        return items
    uses = [index.elements[item.element].check if item.element else "" for item in items]
    kinds = [kind for kind in _FIRMS if uses.count(kind) == 1] or [k for k in ("resident_id",) if uses.count(k) == 1]
    return [
        item.model_copy(update={"identifies": use}) if use in kinds else item
        for item, use in zip(items, uses, strict=True)
    ]


def _subject(items: list[Item]) -> SubjectType:
    kinds = {item.identifies for item in items}
    legal, natural = bool(kinds & {*_FIRMS, LEGAL_NAME}), bool(kinds & {"resident_id", PERSON_NAME})
    if legal and natural:
        return SubjectType.BOTH
    return SubjectType.LEGAL if legal else SubjectType.NATURAL if natural else SubjectType.NONE
