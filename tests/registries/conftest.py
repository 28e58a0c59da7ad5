"""Registers and departments of the registries' tests, and a way to load rows without a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl
import pytest
from django.db import transaction

from shuniu.base.identifiers import (
    organisation_check_digit,
    registration_check_digit,
    resident_check_digit,
    uscc_check_digit,
)
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Element, Item, ItemType, Resource, SubjectType
from shuniu.directory import api as directory
from shuniu.registries import api
from shuniu.registries.conform import LINE, conform
from shuniu.registries.declare import Limits, Loaded, Mode, Resolved
from shuniu.trust.declare import Actor
from tests.cast import AGENCIES, REGIONS

TERMS: dict[str, Any] = {
    "share_conditions": "按职责申请", "legal_basis": "中华人民共和国行政许可法", "purpose": "登记管理",
    "purpose_basis": "中华人民共和国行政许可法", "retention": "长期", "summary": "测试用资源。",
}  # fmt: skip


def resource(key: str, title: str, subject: SubjectType, items: Sequence[Item], *, register: bool = False) -> Resource:
    founds = subject if register else SubjectType.NONE
    agency = key.partition("/")[0]
    return Resource(
        key=key, title=title, agency=agency, subject=subject, register_for=founds, items=tuple(items), **TERMS
    )


USCC = Item(name="uscc", title="统一社会信用代码", check="uscc", identifies="uscc")
NAME = Item(name="name", title="名称", identifies="legal_name")
PERSON = Item(name="person_name", title="姓名", identifies="person_name")
RESIDENT = Item(name="resident_id", title="公民身份号码", check="resident_id", identifies="resident_id")
CORROBORATION = (
    Item(name="registration_number", title="注册号", identifies="registration_number"),
    Item(name="representative", title="法定代表人", element="legal_representative"),
    Item(name="founded", title="成立日期", type=ItemType.DATE, element="establishment_date"),
    Item(name="region", title="行政区划", element="region_code"),
    Item(name="address", title="住所", element="address"),
)
BORN = (
    Item(name="birth_date", title="出生日期", type=ItemType.DATE, element="birth_date"),
    Item(name="sex", title="性别", element="sex"),
    Item(name="region", title="行政区划", element="region_code"),
)
NUMBER = Item(name="number", title="文号", key=True, required=True)
REGISTRATION = resource(
    "43.market/registration", "企业登记", SubjectType.LEGAL,
    [USCC.model_copy(update={"key": True, "required": True}), NAME, *CORROBORATION,
     Item(name="state", title="登记状态")], register=True,
)  # fmt: skip
TAX = resource(
    "43.tax/registration", "税务登记", SubjectType.LEGAL,
    [Item(name="tax_number", title="税号", identifies="tax_number", key=True, required=True), USCC, NAME, *CORROBORATION],
)  # fmt: skip
PENALTY = resource("43.tax/penalty", "税务处罚", SubjectType.LEGAL, [NUMBER, USCC, NAME, *CORROBORATION])
HOUSEHOLD = resource(
    "43.police/household", "户籍", SubjectType.NATURAL,
    [RESIDENT.model_copy(update={"key": True, "required": True}), PERSON, *BORN], register=True,
)  # fmt: skip
INSURANCE = resource(
    "43.labour/insurance", "参保", SubjectType.NATURAL, [NUMBER, RESIDENT, PERSON, *BORN], register=True
)
VOLUNTEER = resource("43.civil/volunteer", "志愿者", SubjectType.NATURAL, [NUMBER, RESIDENT, PERSON, *BORN])
ELEMENTS = [
    Element(key=item.element, title=item.title, type=item.type) for item in (*CORROBORATION, *BORN) if item.element
]
RESOURCES = (REGISTRATION, TAX, PENALTY, HOUSEHOLD, INSURANCE, VOLUNTEER)

INSTALL = directory.system("install")
WORKER = Actor(
    "system:worker", "后台任务", regions=("43",), capabilities=frozenset({"registries.resolve", "registries.export_matches"})
)  # fmt: skip
_DESK = frozenset(
    {"registries.list_doubts", "registries.read_doubt", "registries.review_match", "registries.undo_review"}
    | {"registries.undo_merge", "registries.merge", "registries.golden"}
    | {"registries.propose_expunge", "registries.confirm_expunge", "registries.lift_bars"}
)
MATCHER = Actor("officer:91", "唐静", "43.office", "省政务信息化办公室", ("43",), _DESK)
MARKET = Actor("officer:92", "王敏", "43.market", "省市场监督管理局", ("43",), _DESK)
MARKET_SECOND = Actor("officer:93", "李华", "43.market", "省市场监督管理局", ("43",), _DESK)

Rows = Sequence[Mapping[str, str]]
Load = Callable[..., Loaded]


def uscc(number: int) -> str:
    """A valid credit code of a firm that does not exist."""
    body = f"91439900{organisation(number)}"
    return body + uscc_check_digit(body)


def organisation(number: int) -> str:
    body = f"{number:08d}"
    return body + organisation_check_digit(body)


def registration_number(number: int) -> str:
    body = f"439900{number:08d}"
    return body + registration_check_digit(body)


def resident(day: str, serial: int, region: str = "439901") -> str:
    """A valid resident ID on a region code that was never issued."""
    body = f"{region}{day.replace('-', '')}{serial:03d}"
    return body + resident_check_digit(body)


def incoming(published_resource: Resource, rows: Rows) -> api.Incoming:
    """Rows as a parsed and conformed batch; raises AssertionError when a row does not conform."""
    items = [item.name for item in published_resource.items]
    frame = pl.DataFrame(
        {LINE: range(2, len(rows) + 2), **{name: [row.get(name) for row in rows] for name in items}},
        schema={LINE: pl.UInt32, **dict.fromkeys(items, pl.String)},
    )
    done = conform(frame, published_resource, {})
    assert done.faults.is_empty(), done.faults
    return api.Incoming(iter([done.rows]), received=len(rows))


@pytest.fixture
def mounted(db: None) -> None:
    directory.load_regions(actor=INSTALL, rows=REGIONS)
    directory.load_agencies(actor=INSTALL, rows=AGENCIES)
    catalogue.ship(actor=INSTALL, elements=list({each.key: each for each in ELEMENTS}.values()), resources=RESOURCES)
    for published in catalogue.to_mount():
        with transaction.atomic():
            api.mount(actor=INSTALL, published=published)
            catalogue.mark_mounted(published)


@pytest.fixture
def load(mounted: None) -> Load:
    """Load rows of a resource (delta), and climb the ladder for them."""

    def call(into: Resource, *rows: Mapping[str, str], resolve: bool = True, mode: Mode = Mode.DELTA) -> Loaded:
        published = catalogue.published(into.key)
        with transaction.atomic():
            loaded = api.load(published, incoming(into, rows), mode=mode, source="submission:1", limits=Limits(1, 1, 1))
        if resolve:
            climb(into, loaded)
        return loaded

    return call


def climb(into: Resource, loaded: Loaded) -> Resolved:
    return api.resolve(actor=WORKER, resource=into.key, batch=loaded.batch)


def subject_of(into: Resource, number: str, item: str = "number") -> int | None:
    """The root of the subject of the current row with that key."""
    published = catalogue.published(into.key)
    for row in api.rows(published, limit=10_000):
        if row.values[item] == number and row.subject is not None:
            view = api.subject(row.subject)
            return view.id if view else None
    return None


def known(subject: int | None) -> bool:
    view = api.subject(subject) if subject is not None else None
    return view is not None and view.known
