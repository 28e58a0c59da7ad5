"""What a declaration must say before it is published: the 2017 guide, elements, persons' data, the credit law."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from shuniu.base.identifiers import IdentifierKind
from shuniu.catalogue.declare import (
    REGION_CODES,
    CodeList,
    Disclosure,
    Element,
    Fault,
    Item,
    ItemType,
    Resource,
    ShareType,
    SubjectType,
)
from shuniu.catalogue.rules.forbidden import ban_of

PERSONAL = frozenset({"person_name", "id_number", *(kind.value for kind in IdentifierKind if kind.personal)})
"""What, as a part of a row's identity or as an item's check, says that rows hold natural persons' data."""

# A mark as documents carry it (机密★10年, 【秘密】), or nothing but the mark; never the word in a sentence.
_MARK = re.compile(r"(绝密|机密|秘密)\s*[★☆]|[【（(\[](绝密|机密|秘密|涉密)[】）)\]]|^\s*(绝密|机密|秘密|涉密)\s*$")
_PERSONS = (SubjectType.NATURAL, SubjectType.BOTH)


def faults(
    resource: Resource, elements: Mapping[str, Element], code_lists: Mapping[str, CodeList]
) -> tuple[Fault, ...]:
    """Everything that a declaration does against the rules, the blocking first."""
    found = [
        Fault(rule, resource.key, item, message, remedy, blocks)
        for rule, item, message, remedy, blocks in (
            *_metadata(resource),
            *_sharing(resource),
            *_persons(resource, elements),
            *_secrets(resource),
            *_elements(resource, elements, code_lists),
            *_credit(resource, elements),
        )
    ]
    return tuple(sorted(found, key=lambda fault: not fault.blocks))


_Found = Iterator[tuple[str, str, str, str, bool]]


def _metadata(resource: Resource) -> _Found:
    if not resource.title.strip():
        yield "catalogue.title", "", "缺少资源名称。", "请填写信息资源名称。", True
    if not resource.summary.strip():
        yield "catalogue.summary", "", "缺少资源摘要。", "请用一两句话说明资源的内容和范围（编制指南必填项）。", True
    for item in resource.items:
        if not item.title.strip():
            yield "catalogue.item_title", item.name, f"字段“{item.name}”缺少中文名称。", "请填写信息项名称。", True
        if item.type is ItemType.TEXT and item.length is None:
            yield (
                "catalogue.length", item.name, f"“{item.title}”是字符型而没有长度。",
                "请填写数据长度（编制指南必填项）；引用数据元时由数据元给出。", False,
            )  # fmt: skip


def _sharing(resource: Resource) -> _Found:
    shares = {resource.share, *(share_of(resource, item) for item in resource.items)}
    if ShareType.CONDITIONAL in shares and not resource.share_conditions.strip():
        yield "catalogue.share_conditions", "", "有条件共享而没有写明共享条件。", "请写明共享的条件和范围。", True
    if ShareType.NOT_SHARED in shares and not resource.share_refusal_basis.strip():
        yield (
            "catalogue.share_refusal", "", "不予共享而没有依据。",
            "请写明法律、行政法规或党中央、国务院政策依据；没有依据的应当共享。", True,
        )  # fmt: skip
    if resource.open and resource.share is ShareType.NOT_SHARED:
        yield "catalogue.open", "", "不予共享的资源不能向社会开放。", "请改为不开放，或改变共享类型。", True
    if resource.open and resource.subject in _PERSONS:
        yield (
            "catalogue.open",
            "",
            "含自然人信息的资源不能向社会开放。",
            "请改为不开放；可另编不含个人信息的资源开放。",
            True,
        )


def share_of(resource: Resource, item: Item) -> ShareType:
    """The share type that holds for an item: the stricter of its own and the resource's."""
    return max(resource.share, item.share or resource.share)


def is_personal(resource: Resource, elements: Mapping[str, Element]) -> bool:
    """Whether rows hold natural persons' data: by subject, by an item of their identity, by a number's check."""
    return resource.subject in _PERSONS or any(_personal(item, elements.get(item.element)) for item in resource.items)


def _personal(item: Item, element: Element | None) -> bool:
    return not PERSONAL.isdisjoint({item.identifies, item.check, element.check if element else ""})


def _persons(resource: Resource, elements: Mapping[str, Element]) -> _Found:
    if not is_personal(resource, elements):
        return
    wanted = {"处理目的": resource.purpose, "处理依据": resource.purpose_basis, "保存期限": resource.retention}
    missing = [title for title, value in wanted.items() if not value.strip()]
    if missing:
        yield (
            "catalogue.persons", "", f"含自然人信息，缺少{'、'.join(missing)}。",
            "按个人信息保护法，没有目的、依据和保存期限的个人信息资源不能发布，请补全。", True,
        )  # fmt: skip


def is_marked(text: str) -> bool:
    """Whether a text carries a mark of classification."""
    return _MARK.search(text) is not None


def _secrets(resource: Resource) -> _Found:
    texts = [("", resource.title), ("", resource.summary), ("", resource.note)]
    texts += [(item.name, text) for item in resource.items for text in (item.title, item.note)]
    for name, text in texts:
        if is_marked(text):
            yield (
                "catalogue.secret", name, "带有密级标志。",
                "本平台不得存储涉密信息，请在涉密系统中编目；标注有误的，请先由保密员确认再去掉标志。", True,
            )  # fmt: skip


def _elements(resource: Resource, elements: Mapping[str, Element], code_lists: Mapping[str, CodeList]) -> _Found:
    for item in resource.items:
        name = f"“{item.title}”"
        if item.code_list and item.code_list not in {REGION_CODES, *code_lists}:
            yield (
                "catalogue.code_list",
                item.name,
                f"{name}引用的代码集“{item.code_list}”不存在。",
                "请改用已有代码集。",
                True,
            )
        if not item.element:
            yield (
                "catalogue.no_element",
                item.name,
                f"{name}没有对应的数据元。",
                "请确认识别结果，或申请新增数据元。",
                False,
            )
        elif (element := elements.get(item.element)) is None:
            yield (
                "catalogue.element",
                item.name,
                f"{name}引用的数据元“{item.element}”不存在。",
                "请改用已有数据元。",
                True,
            )
        else:
            yield from ((*found, True) for found in _loosened(item, element))


def _loosened(item: Item, element: Element) -> Iterator[tuple[str, str, str, str]]:
    """What an item loosens that its element fixes; tightening is its right."""
    name = f"“{item.title}”"
    remedy = "信息项只能比数据元更严；含义不同的，请不要引用这个数据元。"
    if item.type is not element.type:
        yield (
            "catalogue.type",
            item.name,
            f"{name}是{item.type.title}，数据元“{element.title}”是{element.type.title}。",
            remedy,
        )
    if item.length and element.length and item.length > element.length:
        yield (
            "catalogue.element_length", item.name,
            f"{name}长度 {item.length}，超过数据元“{element.title}”的 {element.length}。", remedy,
        )  # fmt: skip
    if item.code_list and element.code_list and item.code_list != element.code_list:
        yield (
            "catalogue.element_codes", item.name,
            f"{name}的代码集“{item.code_list}”不是数据元的“{element.code_list}”。", remedy,
        )  # fmt: skip


def _credit(resource: Resource, elements: Mapping[str, Element]) -> _Found:
    if resource.credit is not None and not resource.legal_basis.strip():
        yield (
            "catalogue.credit_basis",
            "",
            "信用类资源没有法律依据。",
            "请写明归集这类信用信息的法律、法规或规章。",
            True,
        )
    public = resource.credit is not None and resource.credit.disclosure is Disclosure.PUBLIC
    if public and resource.subject is SubjectType.NATURAL:
        yield (
                "catalogue.credit_public", "", "自然人的信用信息不得公开公示。",
                "披露方式请改为授权查询或政务共享。", True,
            )  # fmt: skip
    for item in resource.items:
        ban = ban_of(item, elements.get(item.element))
        if ban is None:
            continue
        based = bool(resource.legal_basis.strip())
        if resource.credit is not None and (ban.absolute or not based):
            yield (
                "catalogue.forbidden", item.name, f"“{item.title}”属于信用信息禁止归集的“{ban.matter}”。",
                "请从信用类资源中去掉这一项。" if ban.absolute else "请去掉这一项，或写明允许归集它的法律。", True,
            )  # fmt: skip
        elif not based:
            yield (
                "catalogue.sensitive_basis", item.name, f"“{item.title}”涉及“{ban.matter}”，没有写明依据。",
                "请写明采集这一项的法律依据。", True,
            )  # fmt: skip
        elif sensitivity(item, elements.get(item.element)) > max(item.sensitivity, 1):
            yield (
                "catalogue.sensitive", item.name, f"“{item.title}”涉及“{ban.matter}”，按敏感信息处理。",
                "请把敏感级别标为 3 级以上。", False,
            )  # fmt: skip


def sensitivity(item: Item, element: Element | None = None) -> int:
    """The level that holds, 1 to 4: the strictest of the item's, its element's and 3 for what the credit law names."""
    return max(item.sensitivity, element.sensitivity if element else 1, 3 if ban_of(item, element) else 1)


def refusal(found: Sequence[Fault]) -> tuple[str, str, str]:
    """Rule, message and remedy of the refusal that these blocking faults make: every resource named with its first."""
    counts = Counter(fault.resource for fault in found)
    firsts = {fault.resource: fault for fault in reversed(found)}
    said = [
        f"资源“{key}”：{firsts[key].message}" + (f"（另有 {counts[key] - 1} 处）" if counts[key] > 1 else "")
        for key in counts
    ]
    more = f"另有 {len(said) - NAMED} 项资源也有问题。" if len(said) > NAMED else ""
    return found[0].rule, "".join(said[:NAMED]) + more, found[0].remedy


NAMED = 20
"""Resources that a refusal names one by one; the rest are counted."""
