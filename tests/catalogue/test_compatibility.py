"""What a next version may be: more optional items and looser ones; the terms are free; everything else is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.catalogue.declare import CreditTerms, Disclosure, Item, ItemType, Resource, ShareType, SubjectType
from shuniu.catalogue.rules import incompatible
from tests.catalogue.sample import CREDIT, LICENCE, changed, with_item

NAMES = st.from_regex(r"\A[a-z][a-z0-9_]{0,20}\Z")
ITEMS = st.builds(
    Item,
    name=NAMES,
    title=st.sampled_from(["产品名称", "许可内容", "核准日期"]),
    type=st.sampled_from(ItemType),
    length=st.none() | st.integers(1, 500),
    required=st.booleans(),
    code_list=st.sampled_from(["", "sex"]),
    check=st.sampled_from(["", "uscc"]),
)
RESOURCES = st.lists(ITEMS, min_size=1, max_size=8, unique_by=lambda item: item.name).map(
    lambda items: changed(LICENCE, items=(items[0].model_copy(update={"key": True}), *items[1:]))
)


def messages(before: Resource, after: Resource) -> list[str]:
    return [fault.message for fault in incompatible(before, after)]


@given(RESOURCES, ITEMS)
def test_an_optional_item_more_is_always_a_version(resource: Resource, item: Item) -> None:
    optional = item.model_copy(update={"required": False, "name": f"{item.name}_more_than_before"})
    assert messages(resource, with_item(resource, optional)) == []


@given(RESOURCES)
def test_a_resource_is_a_version_of_itself_and_so_is_a_looser_one(resource: Resource) -> None:
    loose = {"required": False, "length": None, "code_list": "", "check": ""}
    looser = changed(resource, items=tuple(item.model_copy(update=loose) for item in resource.items))
    assert messages(resource, resource) == []
    assert messages(resource, looser) == []


@given(RESOURCES, st.data())
def test_whatever_loosens_one_way_is_refused_the_other_way(resource: Resource, data: st.DataObject) -> None:
    item = data.draw(st.sampled_from(resource.items))
    loose = {"required": False, "length": None, "code_list": "", "check": ""}
    looser = with_item(resource, item.model_copy(update=loose))
    if looser != resource:
        assert messages(looser, resource)


@given(RESOURCES, st.data())
def test_an_item_less_or_of_another_type_is_never_a_version(resource: Resource, data: st.DataObject) -> None:
    item = data.draw(st.sampled_from(resource.items))
    other = data.draw(st.sampled_from([kind for kind in ItemType if kind is not item.type]))
    assert messages(resource, with_item(resource, item.model_copy(update={"type": other})))
    if not item.key:
        less = changed(resource, items=tuple(held for held in resource.items if held.name != item.name))
        assert messages(resource, less) == [f"信息项“{item.title}”（{item.name}）被去掉。"]


def test_terms_change_freely() -> None:
    freed = changed(
        LICENCE, summary="另一段摘要。", share=ShareType.UNCONDITIONAL, share_conditions="", credit=CREDIT, open=True
    )
    assert messages(LICENCE, freed) == []


@pytest.mark.parametrize(
    ("update", "said"),
    [
        ({"key": True}, "主键标志"),
        ({"identifies": "legal_name"}, "主体标识"),
        ({"title": "颁证日期"}, "改名"),
        ({"required": True}, "必填"),
        ({"check": "date_past"}, "校验规则"),
    ],
)
def test_a_change_of_key_or_meaning_names_the_item(update: dict[str, object], said: str) -> None:
    before = with_item(LICENCE, Item(name="issued", title="发证日期", type=ItemType.DATE))
    after = with_item(before, before.item("issued").model_copy(update=update))
    (fault,) = incompatible(before, after)
    assert fault.item == "issued"
    assert said in fault.message


def test_an_item_keeps_its_meaning_under_another_title_when_its_element_stays() -> None:
    renamed = with_item(LICENCE, LICENCE.item("issued").model_copy(update={"title": "颁发日期"}))
    assert messages(LICENCE, renamed) == []
    lost = with_item(LICENCE, LICENCE.item("issued").model_copy(update={"element": ""}))
    assert messages(LICENCE, lost)


def test_the_subject_and_the_credit_nature_stay() -> None:
    assert messages(LICENCE, changed(LICENCE, subject=SubjectType.NATURAL))
    assert messages(LICENCE, changed(LICENCE, register_for=SubjectType.LEGAL))
    credit = changed(LICENCE, credit=CREDIT)
    adverse = changed(LICENCE, credit=CreditTerms(nature="失信", disclosure=Disclosure.PUBLIC))
    assert messages(credit, adverse) == ["信息性质由“许可”变为“失信”。"]
