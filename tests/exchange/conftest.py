"""A resource, its officers and a way to deliver: what the exchange's tests share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Code, CodeList, Item, ItemType, Resource, SubjectType
from shuniu.exchange import api as exchange
from shuniu.exchange.declare import ReceiptView
from shuniu.exchange.delivery import spool_blocks
from shuniu.registries import api as registries
from shuniu.registries.declare import Mode
from shuniu.trust.declare import Actor

REGISTRATION = Resource(
    key="43.market/registration",
    title="企业登记信息",
    summary="全省企业的设立、变更、注销登记。",
    share_conditions="按职责申请",
    legal_basis="中华人民共和国市场主体登记管理条例",
    purpose="登记管理",
    purpose_basis="中华人民共和国市场主体登记管理条例",
    retention="长期",
    agency="43.market",
    subject=SubjectType.LEGAL,
    register_for=SubjectType.LEGAL,
    by_region="region",
    items=(
        Item(name="uscc", title="统一社会信用代码", check="uscc", identifies="uscc", key=True, required=True),
        Item(name="name", title="企业名称", identifies="legal_name", required=True, length=100),
        Item(name="founded", title="成立日期", type=ItemType.DATE),
        Item(name="capital", title="注册资本", type=ItemType.DECIMAL),
        Item(name="state", title="登记状态", code_list="registration_state"),
        Item(name="region", title="行政区划", check="region"),
    ),
)
PENALTY = Resource(
    key="43.tax/penalty",
    title="税务行政处罚",
    summary="税务机关作出的行政处罚决定。",
    share_conditions="按职责申请",
    legal_basis="中华人民共和国行政处罚法",
    purpose="行政处罚公示",
    purpose_basis="中华人民共和国行政处罚法",
    retention="五年",
    agency="43.tax",
    subject=SubjectType.LEGAL,
    items=(
        Item(name="number", title="决定书文号", key=True, required=True),
        Item(name="uscc", title="统一社会信用代码", check="uscc", identifies="uscc"),
        Item(name="name", title="行政相对人名称", identifies="legal_name", required=True),
        Item(name="decided", title="处罚决定日期", type=ItemType.DATE, required=True),
        Item(name="fine", title="罚款金额", type=ItemType.DECIMAL),
    ),
)
STATES = CodeList(
    key="registration_state", title="登记状态", codes=(Code(code="1", label="存续"), Code(code="2", label="注销"))
)
# A known good code for each firm of the tests' cast (the standard's own synthetic vectors, and two with a computed digit).
FIRMS = ("91430100MA0000015K", "92430102MA00000238", "93430181MA0000031D", "514300005000000158")

OFFICER_RIGHTS = frozenset(
    f"exchange.{name}"
    for name in (
        "submit",
        "read_receipt",
        "read_rejects",
        "export_rejects",
        "list_submissions",
        "recall",
        "release",
        "turn_down",
    )
)
OFFICER = Actor("officer:1", "王敏", "43.market", "省市场监督管理局", ("43",), OFFICER_RIGHTS)
SECOND = Actor("officer:2", "周强", "43.market", "省市场监督管理局", ("43",), OFFICER_RIGHTS)
TAX = Actor("officer:3", "李娜", "43.tax", "省税务局", ("43",), OFFICER_RIGHTS)
INSTALL = Actor(
    "system:install", "安装", regions=("43",), capabilities=frozenset({"catalogue.ship", "registries.mount"})
)
WORKER = Actor(
    "system:worker", "后台任务", regions=("43",),
    capabilities=frozenset(["exchange.process", "exchange.refuse_batch", "exchange.hold_batch", "exchange.sweep"]),
)  # fmt: skip

Deliver = Callable[..., ReceiptView]


@pytest.fixture
def catalogued(db: None) -> None:
    catalogue.ship(actor=INSTALL, resources=[REGISTRATION, PENALTY], code_lists=[STATES])
    for published in catalogue.to_mount():
        with transaction.atomic():
            registries.mount(actor=INSTALL, published=published)
            catalogue.mark_mounted(published)


@pytest.fixture
def deliver(catalogued: None) -> Deliver:
    """Deliver text or bytes as a file, and process it to its receipt."""

    def call(
        content: str | bytes,
        *,
        actor: Actor = OFFICER,
        resource: str = "43.market/registration",
        name: str = "登记.csv",
        mode: Mode = Mode.SNAPSHOT,
        process: bool = True,
        department_batch: str = "",
        region: str = "",
    ) -> ReceiptView:
        data = content.encode() if isinstance(content, str) else content
        writer = spool_blocks([data])
        taken = exchange.deliver(
            actor=actor, writer=writer, resource=resource, name=name, mode=mode, channel="web",
            department_batch=department_batch, region=region,
        )  # fmt: skip
        return exchange.process(actor=WORKER, number=taken.number) if process else taken

    return call


def registration(*rows: str) -> str:
    """A delivery of the market department with these rows."""
    return "\n".join(["统一社会信用代码,企业名称,成立日期,注册资本,登记状态,行政区划", *rows]) + "\n"


def firm(number: int, name: str = "湘江机械有限公司", capital: str = "100", founded: str = "2010-03-05") -> str:
    return f"{FIRMS[number]},{name},{founded},{capital},存续,430102"
