"""A resource that conforms, and the few elements and codes that it rests on."""

from __future__ import annotations

from shuniu.catalogue.declare import (
    Code,
    CodeList,
    CreditTerms,
    Disclosure,
    Element,
    Item,
    ItemType,
    Resource,
    SubjectType,
)

ELEMENTS = (
    Element(
        key="uscc", title="统一社会信用代码", aliases=("社会信用代码",), check="uscc", length=18, owner="43.market"
    ),
    Element(key="enterprise_name", title="企业名称", aliases=("单位名称",), length=200, owner="43.market"),
    Element(key="resident_id", title="公民身份号码", aliases=("身份证号码",), check="resident_id", sensitivity=4),
    Element(key="issue_date", title="发证日期", type=ItemType.DATE, aliases=("发证时间",)),
    Element(key="phone", title="联系电话", aliases=("电话",), length=20, sensitivity=3),
    Element(key="state", title="登记状态", code_list="registration_state"),
)
CODE_LISTS = (
    CodeList(
        key="registration_state",
        title="登记状态",
        codes=(Code(code="1", label="存续"), Code(code="8", label="歇业", valid_from="2022-03-01")),
    ),
)
LICENCE = Resource(
    key="43.market/licence",
    title="生产许可证",
    agency="43.market",
    summary="省市场监督管理局核发的生产许可证。",
    subject=SubjectType.LEGAL,
    share_conditions="因履行职责需要",
    legal_basis="中华人民共和国行政许可法",
    items=(
        Item(name="number", title="证书编号", length=50, key=True, required=True),
        Item(name="uscc", title="统一社会信用代码", element="uscc", length=18, identifies="uscc"),
        Item(name="name", title="企业名称", element="enterprise_name", identifies="legal_name", length=200),
        Item(name="issued", title="发证日期", element="issue_date", type=ItemType.DATE),
    ),
)
CREDIT = CreditTerms(nature="许可", disclosure=Disclosure.PUBLIC)


def changed(resource: Resource, **update: object) -> Resource:
    """The resource with other values, validated anew."""
    return Resource.model_validate(resource.model_dump() | update)


def with_item(resource: Resource, item: Item) -> Resource:
    """The resource with one item more, or another in place of the one of that name."""
    items = {held.name: held for held in resource.items} | {item.name: item}
    return changed(resource, items=tuple(items.values()))
