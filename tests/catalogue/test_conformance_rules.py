"""What a declaration must say, and what must not be collected: each rule with the words that trip it and those that do not."""

from __future__ import annotations

import pytest

from shuniu.catalogue.declare import (
    CreditTerms,
    Disclosure,
    Element,
    Item,
    ItemType,
    Resource,
    ShareType,
    SubjectType,
)
from shuniu.catalogue.rules import ban_of, faults, is_marked, is_personal, refusal, sensitivity, share_of
from tests.catalogue.sample import CODE_LISTS, CREDIT, ELEMENTS, LICENCE, changed, with_item

BY_KEY = {element.key: element for element in ELEMENTS}
LISTS = {code_list.key: code_list for code_list in CODE_LISTS}


def blocking(resource: Resource) -> list[str]:
    return [fault.rule for fault in faults(resource, BY_KEY, LISTS) if fault.blocks]


def test_the_sample_conforms() -> None:
    assert blocking(LICENCE) == []


@pytest.mark.parametrize(
    ("update", "rule"),
    [
        ({"title": " "}, "title"),
        ({"summary": ""}, "summary"),
        ({"share_conditions": ""}, "share_conditions"),
        ({"share": ShareType.NOT_SHARED}, "share_refusal"),
        ({"share": ShareType.NOT_SHARED, "share_refusal_basis": "某法第一条", "open": True}, "open"),
        ({"subject": SubjectType.BOTH}, "persons"),
        ({"summary": "【秘密】某项工作"}, "secret"),
        ({"title": "机密"}, "secret"),
        ({"credit": CREDIT, "legal_basis": ""}, "credit_basis"),
        (
            {"credit": CREDIT, "subject": SubjectType.NATURAL, "purpose": "公示", "purpose_basis": "条例", "retention": "5年"},
            "credit_public",
        ),
    ],
)  # fmt: skip
def test_what_a_resource_lacks_is_named(update: dict[str, object], rule: str) -> None:
    assert blocking(changed(LICENCE, **update)) == [f"catalogue.{rule}"]


@pytest.mark.parametrize(
    ("item", "rule"),
    [
        (Item(name="x", title=" "), "item_title"),
        (Item(name="x", title="性别", code_list="none"), "code_list"),
        (Item(name="x", title="电话", element="none"), "element"),
        (Item(name="x", title="发证日期", element="issue_date"), "type"),
        (Item(name="x", title="电话", element="phone", length=30), "element_length"),
        (Item(name="x", title="登记状态", element="state", code_list="region"), "element_codes"),
    ],
)
def test_what_an_item_does_against_its_element_is_named(item: Item, rule: str) -> None:
    assert blocking(with_item(LICENCE, item)) == [f"catalogue.{rule}"]


def test_every_fault_says_how_to_mend_it() -> None:
    poor = changed(LICENCE, title="", summary="", share_conditions="", subject=SubjectType.NATURAL)
    found = faults(poor, BY_KEY, LISTS)
    assert len([fault for fault in found if fault.blocks]) == 4
    assert all(fault.message.endswith("。") and fault.remedy.endswith("。") for fault in found)
    rule, message, remedy = refusal(found)
    assert rule == found[0].rule
    assert f"另有 {len(found) - 1} 处" in message
    assert remedy == found[0].remedy


FORBIDDEN = {
    "宗教信仰": True, "宗 教 信 仰": True, "信教情况": True, "DNA 检测结果": True, "基因型": True, "指纹（左手）": True,
    "血型": True, "患病情况": True, "既往病史": True, "诊断结论": True, "年收入": False, "工资总额": False,
    "银行存款余额": False, "有价证券": False, "商业保险": False, "不动产权属": False, "纳税数额": False, "纳税总额": False,
}  # fmt: skip
ALLOWED = (
    "转基因标识", "疾病预防控制机构名称", "证书指纹", "宗教活动场所名称", "宗教事务部门", "不动产登记机构", "非税收入票据号",
    "医疗诊断设备", "许可内容", "处罚决定日期", "信用等级",
)  # fmt: skip


@pytest.mark.parametrize(("title", "absolute"), FORBIDDEN.items())
def test_what_the_credit_law_forbids_is_refused_in_credit_resources(title: str, absolute: bool) -> None:
    item = Item(name="x", title=title, sensitivity=3)
    ban = ban_of(item)
    assert ban is not None
    assert ban.absolute is absolute
    based = with_item(changed(LICENCE, credit=CREDIT), item)
    assert blocking(based) == (["catalogue.forbidden"] if absolute else [])
    without = changed(based, legal_basis="")
    assert "catalogue.forbidden" in blocking(without)


@pytest.mark.parametrize("title", ALLOWED)
def test_what_only_sounds_alike_is_allowed(title: str) -> None:
    assert ban_of(Item(name="x", title=title)) is None


@pytest.mark.parametrize("name", ["blood_type", "religion", "taxTotal", "finger_print", "DNA", "real_estate"])
def test_a_harmless_title_does_not_hide_a_forbidden_column(name: str) -> None:
    assert ban_of(Item(name=name, title="备用字段")) is not None


def test_an_element_gives_the_matter_away() -> None:
    element = Element(key="k1", title="个人特征", aliases=("血型",))
    assert ban_of(Item(name="x", title="特征", element="k1"), element) is not None


def test_outside_credit_a_named_basis_lifts_it_and_it_counts_as_sensitive() -> None:
    sick = with_item(LICENCE, Item(name="x", title="疾病名称", length=50))
    rules = [fault.rule for fault in faults(sick, BY_KEY, LISTS) if fault.item == "x"]
    assert "catalogue.sensitive" in rules
    assert blocking(sick) == []
    assert sensitivity(sick.item("x")) == 3
    assert blocking(changed(sick, legal_basis="")) == ["catalogue.sensitive_basis"]


def test_the_strictest_sensitivity_holds() -> None:
    assert sensitivity(Item(name="x", title="身份证号", element="resident_id"), BY_KEY["resident_id"]) == 4
    assert sensitivity(Item(name="x", title="备注", sensitivity=2)) == 2


def test_a_persons_number_makes_any_resource_personal() -> None:
    representative = Item(name="rep", title="法定代表人身份证号码", element="resident_id", length=18)
    assert not is_personal(LICENCE, BY_KEY)
    assert is_personal(with_item(LICENCE, representative), BY_KEY)
    assert blocking(with_item(LICENCE, representative)) == ["catalogue.persons"]


@pytest.mark.parametrize("text", ["机密★10年", "绝密☆", "（秘密）", "【机密】", " 涉密 "])
def test_a_mark_of_classification_is_seen(text: str) -> None:
    assert is_marked(text)


@pytest.mark.parametrize(
    "text", ["涉密信息系统集成资质", "商业秘密保护", "不含国家秘密", "保密期限", "秘密级以下不适用"]
)
def test_a_word_in_a_sentence_is_no_mark(text: str) -> None:
    assert not is_marked(text)


def test_the_stricter_share_type_holds_and_asks_for_its_terms() -> None:
    shared = changed(LICENCE, share=ShareType.UNCONDITIONAL, share_conditions="")
    strict = Item(name="x", title="产品名称", length=50, share=ShareType.NOT_SHARED)
    assert blocking(shared) == []
    assert blocking(with_item(shared, strict)) == ["catalogue.share_refusal"]
    assert share_of(shared, strict) is ShareType.NOT_SHARED
    lax = Item(name="x", title="产品名称", length=50, share=ShareType.UNCONDITIONAL)
    assert share_of(LICENCE, lax) is ShareType.CONDITIONAL


def test_open_persons_data_is_refused_even_with_a_purpose() -> None:
    told = changed(
        LICENCE, subject=SubjectType.NATURAL, purpose="核发", purpose_basis="条例", retention="5年", open=True,
        credit=CreditTerms(nature="许可", disclosure=Disclosure.AUTHORISED),
    )  # fmt: skip
    assert blocking(told) == ["catalogue.open"]


def test_text_without_a_length_is_shown_and_does_not_block() -> None:
    loose = with_item(LICENCE, Item(name="x", title="产品名称", type=ItemType.TEXT))
    shown = {fault.rule for fault in faults(loose, BY_KEY, LISTS) if fault.item == "x"}
    assert shown == {"catalogue.length", "catalogue.no_element"}
    assert blocking(loose) == []
