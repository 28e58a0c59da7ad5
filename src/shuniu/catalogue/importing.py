"""From a department's data dictionary to proposed resources: pure, nothing is stored here."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from pydantic import ValidationError

from shuniu.catalogue import names
from shuniu.catalogue.declare import CreditTerms, Cycle, Disclosure, Item, ItemType, Resource, ShareType, SubjectType
from shuniu.catalogue.dictionary import Row, Table
from shuniu.catalogue.recognition import Index, Proposal, convertible

E = TypeVar("E", SubjectType, Disclosure, Cycle, ShareType)


@dataclass(frozen=True)
class Problem:
    """One thing amiss in the file, at a row (0: whole file) and a column. `blocks`: its resource is not proposed."""

    row: int
    column: str
    rule: str
    message: str
    remedy: str
    blocks: bool = False


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


_TYPES = {
    ItemType.TEXT: "string varchar varchar2 nvarchar char nchar text clob longtext str uuid json "
    "c m g 字符型 字符串 文本 备注型 通用型",
    ItemType.INTEGER: "int integer bigint smallint tinyint long short int2 int4 int8 i 整型 整数 整数型",
    ItemType.DECIMAL: "decimal numeric number float double real money n y b f 数值型 货币型 双精度型 浮点型 小数",
    ItemType.DATE: "date d 日期 日期型",
    ItemType.TIMESTAMP: "datetime timestamp timestamptz time t 日期时间型 时间 时间型",
    ItemType.BOOLEAN: "bool boolean bit l 逻辑型 布尔 布尔型",
}
_TYPE_OF = {word: kind for kind, words in _TYPES.items() for word in words.split()}
_WITH_LENGTH = re.compile(r"^(.+?)\s*[(（]\s*(\d+)\s*(?:[,，]\s*\d+\s*)?[)）]$")
_YES, _NO = {"是", "y", "yes", "true", "1", "√", "必填", "开放"}, {"否", "n", "no", "false", "0", "", "选填", "不开放"}


class _Reader:
    """Reads cells of one file and gathers what is amiss."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def note(self, row: int, column: str, rule: str, message: str, remedy: str, *, blocks: bool = False) -> None:
        self.problems.append(Problem(row, column, f"catalogue.import_{rule}", message, remedy, blocks))

    def yes(self, row: Row, column: str) -> bool:
        word = names.normal(row[column]) or row[column].strip()
        if word not in _YES | _NO:
            self.note(row.number, column, "value", f"“{row[column]}”看不懂，按“否”处理。", "请填“是”或“否”。")
        return word in _YES

    def choice(self, row: int, column: str, text: str, kind: type[E], default: E) -> E:
        if not text:
            return default
        for member in kind:
            if names.normal(text) in (names.normal(member.value), names.normal(member.title)):
                return member
        titles = "、".join(member.title for member in kind)
        self.note(row, column, "value", f"“{text}”不在可选值中。", f"请填：{titles}。", blocks=True)
        return default

    def type_of(self, row: Row) -> tuple[ItemType, int | None]:
        text = row["数据类型"]
        sized = _WITH_LENGTH.match(text)
        word = (sized[1] if sized else text).strip().lower()
        length = int(sized[2]) if sized else None
        if not word:
            self.note(row.number, "数据类型", "type", "没有写数据类型，按字符型处理。", "请补写数据类型。")
            return ItemType.TEXT, length
        if word in _TYPE_OF:
            return _TYPE_OF[word], length
        near = difflib.get_close_matches(word, _TYPE_OF, n=1, cutoff=0.75) if len(word) > 3 else []
        kind = _TYPE_OF[near[0]] if near else ItemType.TEXT
        known = "、".join(member.title for member in ItemType)
        message = f"没有“{text}”这种类型，按{kind.title}处理。"
        self.note(row.number, "数据类型", "type", message, f"请改为：{known}。")
        return kind, length


def plan(table: Table, name: str, agency: str, index: Index, *, accept_likely: bool = False) -> ImportPlan:
    """Propose one resource per 资源代码, in the file's order, for `agency`.

    Only certain proposals (with `accept_likely`, likely ones too) go into the items. A resource with a blocking problem
    is not proposed; the problem says why.
    """
    reader = _Reader()
    for column in table.unknown:
        reader.note(0, column, "column", f"列“{column}”不是数据字典的列，未采用。", "无需处理；拼写有误的请改正。")
    resources = []
    for code, rows in _groups(table, reader):
        before = len(reader.problems)
        proposed = _resource(code, rows, agency, index, reader, accept_likely)
        if proposed is not None and not any(problem.blocks for problem in reader.problems[before:]):
            resources.append(proposed)
    return ImportPlan(name, tuple(resources), tuple(reader.problems))


def _groups(table: Table, reader: _Reader) -> Iterator[tuple[str, list[Row]]]:
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
    code: str, rows: list[Row], agency: str, index: Index, reader: _Reader, accept_likely: bool
) -> ProposedResource | None:
    items = _told_apart([item for row in rows if (item := _item(row, index, reader)) is not None])
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
    subject = said("主体类型")
    try:
        resource = Resource(
            key=code if "/" in code else f"{agency}/{code}",
            title=said("资源名称"),
            agency=agency,
            summary=said("资源摘要"),
            items=tuple(identified),
            subject=reader.choice(first, "主体类型", subject, SubjectType, _subject(identified)),
            share=reader.choice(first, "共享类型", said("共享类型"), ShareType, ShareType.CONDITIONAL),
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
            by_region=said("区划字段"),
        )
    except ValidationError as error:
        for message in _messages(error):
            reader.note(
                first, "资源代码", "resource", f"资源“{code}”：{message}。", "请按说明修改后再导入。", blocks=True
            )
        return None
    if not subject:
        reader.note(first, "主体类型", "subject", f"没有写主体类型，推断为“{resource.subject.title}”。", "请确认。")
    return ProposedResource(resource, tuple(items))


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


def _messages(error: ValidationError) -> list[str]:
    return [str(one["msg"]).removeprefix("Value error, ") for one in error.errors()]


def _credit(row: Row, reader: _Reader) -> CreditTerms | None:
    if not reader.yes(row, "信用用途"):
        return None
    return CreditTerms(
        nature=row["信息性质"],
        disclosure=reader.choice(row.number, "披露方式", row["披露方式"], Disclosure, Disclosure.GOVERNMENT),
        term_rule=row["公示期限规则"],
        validity=row["有效期限"],
    )


def _item(row: Row, index: Index, reader: _Reader) -> ProposedItem | None:
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
            identifies=row["主体标识"],
            sensitivity=int(row["敏感级别"]) if row["敏感级别"] in tuple("1234") else 1,
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
    if declared.code_list and item.code_list != declared.code_list:
        update["code_list"] = ""
    return item.model_copy(update=update)


_KEY_TITLES = re.compile(r"主键|唯一标识|唯一标志|唯一编码|流水号|序列号")


def _keyed(items: list[Item], row: int, reader: _Reader) -> list[Item]:
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
    legal, natural = bool(kinds & {*_FIRMS, "legal_name"}), bool(kinds & {"resident_id", "person_name"})
    if legal and natural:
        return SubjectType.BOTH
    return SubjectType.LEGAL if legal else SubjectType.NATURAL if natural else SubjectType.NONE
