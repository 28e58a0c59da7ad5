"""A small province for the credit tests: a register of firms, six credit classes, and rows that came by the exchange."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import (
    Code,
    CodeList,
    CreditTerms,
    Disclosure,
    Item,
    ItemType,
    Resource,
    ShareType,
    SubjectType,
)
from shuniu.directory import api as directory
from shuniu.directory.declare import Agency, Region
from shuniu.exchange import api as exchange
from shuniu.exchange.delivery import spool_blocks
from shuniu.registries import api as registries
from shuniu.registries.declare import Mode
from shuniu.trust.declare import Actor
from tests.cast import DAY as FOUNDED

FIRM, OTHER, INDIVIDUAL = "91430100MA0000015K", "93430181MA0000031D", "92430102MA00000238"
NAME, OTHER_NAME, INDIVIDUAL_NAME = "湘江机械䶮有限公司", "湘江农业专业合作社", "芙蓉区橘洲小吃店"
PERSON_ID = "430102199003070012"

_BASE: dict[str, Any] = {
    "summary": "试验数据。", "legal_basis": "中华人民共和国行政处罚法", "article": "第四十八条", "purpose": "公共信用",
    "purpose_basis": "中华人民共和国行政处罚法第四十八条", "retention": "五年",
}  # fmt: skip
_WHO = (
    Item(name="CF_XDR_MC", title="行政相对人名称", identifies="legal_name", required=True, length=200),
    Item(name="CF_XDR_LB", title="行政相对人类别", code_list="party-type"),
    Item(name="CF_XDR_SHXYM", title="行政相对人代码_1（统一社会信用代码）", identifies="uscc", check="uscc"),
    Item(name="CF_FRDB", title="法定代表人", share=ShareType.CONDITIONAL, length=50),
    Item(name="CF_FR_ZJHM", title="法定代表人证件号码", share=ShareType.CONDITIONAL, length=64),
    Item(name="CF_XDR_ZJHM", title="证件号码", identifies="resident_id", share=ShareType.CONDITIONAL, length=64),
)
_FIRM = (
    Item(name="subject_name", title="主体名称", identifies="legal_name", required=True, length=200),
    Item(name="uscc", title="统一社会信用代码", identifies="uscc", check="uscc"),
)


def _date(name: str, title: str) -> Item:
    return Item(name=name, title=title, type=ItemType.DATE)


def _text(name: str, title: str, length: int = 2000) -> Item:
    return Item(name=name, title=title, length=length)


def _class(
    key: str,
    title: str,
    nature: str,
    term: str,
    *items: Item,
    disclosure: Disclosure = Disclosure.PUBLIC,
    subject: SubjectType = SubjectType.LEGAL,
) -> Resource:
    share = ShareType.UNCONDITIONAL if disclosure is Disclosure.PUBLIC else ShareType.CONDITIONAL
    return Resource(
        key=key, title=title, agency=key.partition("/")[0], items=items, subject=subject, share=share,
        share_conditions="按职责使用", open=disclosure is Disclosure.PUBLIC,
        credit=CreditTerms(nature=nature, disclosure=disclosure, term_rule=f"credit.disclosure.{term}"), **_BASE,
    )  # fmt: skip


REGISTER = Resource(
    key="43.market/registration", title="市场主体登记信息", agency="43.market", subject=SubjectType.LEGAL,
    register_for=SubjectType.LEGAL, share=ShareType.UNCONDITIONAL, open=True,
    items=(
        Item(name="uscc", title="统一社会信用代码", identifies="uscc", check="uscc", key=True, required=True),
        Item(name="enterprise_name", title="企业名称", identifies="legal_name", required=True, length=200),
        _text("address", "住所", 300),
        _date("establishment_date", "成立日期"),
    ), **_BASE,
)  # fmt: skip
PENALTY = _class(
    "43.market/penalty", "食品安全行政处罚信息", "处罚", "general",
    Item(name="CF_WSH", title="行政处罚决定书文号", key=True, required=True, length=128), *_WHO,
    _text("CF_SY", "违法事实"), _text("CF_NR", "处罚内容"), _date("CF_JDRQ", "处罚决定日期"),
    _date("CF_GSJZQ", "公示截止期"), _text("CF_CFJG", "处罚机关", 200),
    _text("BZ", "备注"),
)  # fmt: skip
SERIOUS = _class(
    "43.tax/serious", "重大税收违法失信主体信息", "失信", "serious",
    Item(name="listing_number", title="列入决定文书号", key=True, required=True, length=100), *_FIRM,
    _text("listing_reason", "列入原因"), _date("listing_date", "列入日期"), _date("removal_date", "移出日期"),
)  # fmt: skip
LICENCE = _class(
    "43.drug/licence", "药品经营许可信息", "许可", "while_valid",
    Item(name="XK_WSH", title="行政许可决定文书号", key=True, required=True, length=128), *_FIRM,
    _text("XK_NR", "许可内容"), _date("XK_JDRQ", "许可决定日期"), _date("XK_YXQZI", "有效期至"),
)  # fmt: skip
AUTHORISED = _class(
    "43.ecology/damages", "生态环境损害赔偿信息", "其他", "none",
    Item(name="document_number", title="文书号", key=True, required=True, length=100), *_FIRM, _text("matter", "事由"),
    disclosure=Disclosure.AUTHORISED,
)  # fmt: skip
RATING = _class(
    "43.tax/rating", "纳税信用评价信息", "评价", "none",
    Item(name="evaluation_number", title="评价编号", key=True, required=True, length=100), *_FIRM,
    _text("evaluation_result", "评价结果", 50),
    disclosure=Disclosure.GOVERNMENT,
)  # fmt: skip
PERSONS = _class(
    "43.police/drivers", "机动车驾驶证违法信息", "处罚", "natural_person",
    Item(name="CF_WSH", title="决定书文号", key=True, required=True, length=100),
    Item(name="person_name", title="姓名", identifies="person_name", length=50),
    Item(name="id_number", title="证件号码", identifies="resident_id", share=ShareType.CONDITIONAL, length=18),
    _text("CF_SY", "违法事实"), _date("CF_JDRQ", "处罚决定日期"), disclosure=Disclosure.GOVERNMENT, subject=SubjectType.NATURAL,
)  # fmt: skip
HOUSEHOLD = Resource(
    key="43.police/household", title="常住户口登记信息", agency="43.police", subject=SubjectType.NATURAL,
    register_for=SubjectType.NATURAL, share=ShareType.CONDITIONAL, share_conditions="按职责使用",
    items=(
        Item(name="resident_id", title="公民身份号码", identifies="resident_id", check="resident_id", key=True, required=True),
        Item(name="person_name", title="姓名", identifies="person_name", required=True, length=50),
    ), **_BASE,
)  # fmt: skip
PARTIES = CodeList(
    key="party-type", title="行政相对人类别",
    codes=(Code(code="01", label="自然人"), Code(code="02", label="法人"), Code(code="04", label="个体工商户")),
)  # fmt: skip
RESOURCES = (REGISTER, HOUSEHOLD, PENALTY, SERIOUS, LICENCE, AUTHORISED, RATING, PERSONS)
AGENCIES = (
    Agency("43.market", "省市场监督管理局", "省市场监管局", 1, "430000"),
    Agency("43.tax", "省税务局", "省税务局", 1, "430000"),
    Agency("43.drug", "省药品监督管理局", "省药监局", 1, "430000"),
    Agency("43.ecology", "省生态环境厅", "省生态环境厅", 1, "430000"),
    Agency("43.police", "省公安厅", "省公安厅", 1, "430000"),
)


def found() -> None:
    """Regions, agencies, the resources with their tables, and the firms and persons of the registers."""
    installer = directory.system("install")
    directory.load_regions(actor=installer, rows=[Region("430000", "湖南省", 1, None, FOUNDED)])
    directory.load_agencies(actor=installer, rows=AGENCIES)
    catalogue.ship(actor=installer, resources=RESOURCES, code_lists=[PARTIES])
    for published in catalogue.to_mount():
        with transaction.atomic():
            registries.mount(actor=installer, published=published)
            catalogue.mark_mounted(published)
    deliver(
        REGISTER,
        f"{FIRM},{NAME},长沙市岳麓区麓山南路932号,2010-03-05",
        f"{OTHER},{OTHER_NAME},长沙市望城区乔口镇,2015-01-01",
        f"{INDIVIDUAL},{INDIVIDUAL_NAME},长沙市芙蓉区韭菜园路16号3栋402室,2018-05-06",
    )
    deliver(HOUSEHOLD, f"{PERSON_ID},张𠀀")


def deliver(resource: Resource, *rows: str, mode: Mode = Mode.DELTA) -> None:
    """Have the owning department deliver these CSV rows; every one must be stored."""
    titles = ",".join(item.title for item in resource.items)
    actor = Actor(
        "officer:1",
        "王敏",
        resource.agency,
        resource.agency,
        ("43",),
        frozenset({"exchange.submit", "exchange.read_receipt"}),
    )
    data = "\n".join([titles, *rows]).encode() + b"\n"
    taken = exchange.deliver(
        actor=actor, writer=spool_blocks([data]), resource=resource.key, name="数据.csv", mode=mode, channel="web"
    )
    receipt = exchange.process(actor=directory.system("worker"), number=taken.number)
    stored = receipt.counts.new + receipt.counts.changed + receipt.counts.unchanged
    assert stored == len(rows), receipt.sentence


@dataclass(frozen=True)
class Case:
    """One penalty as the tests write it."""

    number: str
    decided: str
    facts: str = "经营超过保质期的食品"
    party: str = "法人"
    note: str = ""
    name: str = NAME
    code: str = FIRM
    representative: str = "李四"
    person_number: str = ""
    stated_end: str = ""

    @property
    def row(self) -> str:
        return ",".join(
            [self.number, self.name, self.party, self.code, self.representative, "", self.person_number, self.facts,
             "罚款五万元", self.decided, self.stated_end, "长沙市市场监督管理局", self.note]
        )  # fmt: skip
