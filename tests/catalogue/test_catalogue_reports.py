"""What the catalogue says of itself: conformance, what is collected twice, the catalogue as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest

from shuniu.catalogue import api
from shuniu.catalogue.api.reports import GUIDE
from shuniu.catalogue.declare import Item, SubjectType
from shuniu.catalogue.rules import collected_twice
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cast import Cast
from tests.catalogue.conftest import may
from tests.catalogue.sample import ELEMENTS, LICENCE, changed, with_item

BY_KEY = {element.key: element for element in ELEMENTS}
PHONE = Item(name="phone", title="联系电话", element="phone", length=20)
NAMED = Item(name="company", title="企业名称", element="enterprise_name", length=200)
TAX = changed(LICENCE, key="43.tax/arrears", agency="43.tax", items=(LICENCE.items[0], LICENCE.items[1], NAMED, PHONE))
MARKET = with_item(with_item(LICENCE, PHONE), NAMED)


def test_what_two_agencies_collect_is_listed_with_the_owner_as_its_source() -> None:
    (row,) = [row for row in collected_twice([MARKET, TAX], BY_KEY) if row.element == "enterprise_name"]
    assert (row.agency, row.resources, row.source) == ("43.tax", ("43.tax/arrears",), "43.market")
    assert not row.allowed
    assert not row.registered


def test_without_an_owner_the_base_register_is_the_source_and_else_the_first() -> None:
    (row,) = [row for row in collected_twice([MARKET, TAX], BY_KEY) if row.element == "phone"]
    assert (row.source, row.agency) == ("43.market", "43.tax")
    register = changed(TAX, register_for=SubjectType.LEGAL)
    (row,) = [row for row in collected_twice([MARKET, register], BY_KEY) if row.element == "phone"]
    assert (row.source, row.agency) == ("43.tax", "43.market")
    assert "基础库" in row.why
    assert row.registered


def test_identity_is_not_collecting_and_one_agency_alone_collects_once() -> None:
    assert all(row.element != "uscc" for row in collected_twice([MARKET, TAX], BY_KEY))
    assert collected_twice([MARKET, changed(MARKET, key="43.market/other")], BY_KEY) == ()


def test_who_may_collect_is_said() -> None:
    allowed = {key: element.model_copy(update={"collectors": ("43.tax",)}) for key, element in BY_KEY.items()}
    assert all(row.allowed for row in collected_twice([MARKET, TAX], allowed))


def test_the_report_measures_drafts_and_published_versions(
    installer: Actor, editor: Actor, catalogue: None, entries: Callable[[str], list[Entry]]
) -> None:
    api.ship(actor=installer, resources=[LICENCE, TAX])
    api.draft(actor=editor, resource=changed(LICENCE, key="43.market/poor", summary=""))
    report = api.conformance(actor=editor)
    assert {one.resource: one.conforms for one in report.resources} == {LICENCE.key: True, "43.market/poor": False}
    assert report.resources[0].items_with_element == 3
    assert entries("catalogue.conformance")[-1].outcome == "done"


def test_an_agency_sees_its_own_report_and_oversight_sees_all(
    installer: Actor, editor: Actor, cast: Cast, catalogue: None
) -> None:
    api.ship(actor=installer, resources=[MARKET, TAX])
    with pytest.raises(Refused) as refusal:
        api.conformance(actor=editor, agency="43.tax")
    assert refusal.value.rule == "right.agency"
    everything = api.conformance(actor=may(cast.office, "catalogue.conformance office.oversee"))
    assert {one.agency for one in everything.resources} == {"43.market", "43.tax"}
    assert {row.element for row in everything.twice} == {"enterprise_name", "phone"}


def test_the_export_has_the_guides_fields_and_no_formula(installer: Actor, editor: Actor, catalogue: None) -> None:
    api.ship(actor=installer, resources=[changed(LICENCE, summary="=1+1")])
    lines = list(csv.reader(io.StringIO(api.export(actor=editor, form="csv").decode("utf-8-sig"))))
    assert tuple(lines[0]) == GUIDE
    assert len(lines) == 1 + len(LICENCE.items)
    first = dict(zip(GUIDE, lines[1], strict=True))
    assert (first["信息资源提供方"], first["信息资源摘要"]) == ("省市场监督管理局", "'=1+1")
    assert (first["共享类型"], first["更新周期"], first["是否向社会开放"]) == ("有条件共享", "每月", "否")


def test_the_export_as_json_holds_the_declarations(installer: Actor, editor: Actor, catalogue: None) -> None:
    api.ship(actor=installer, resources=[LICENCE])
    (one,) = json.loads(api.export(actor=editor, form="json"))["resources"]
    assert (one["key"], one["version"], len(one["items"])) == (LICENCE.key, 1, 4)
