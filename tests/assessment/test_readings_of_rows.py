"""Who looked, and at which items: every verb that shows rows says in its entry what it showed, as the subject then reads it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shuniu.assessment.looked import api
from shuniu.assessment.looked.declare import Look
from shuniu.catalogue import api as catalogue
from shuniu.exchange import api as exchange
from shuniu.exchange.api import own_rows
from shuniu.registries import api as registries
from shuniu.registries.api.changes import Change
from shuniu.trust.models import Entry
from tests.cast import Cast, cast
from tests.exchange.conftest import FIRMS, REGISTRATION, Deliver, catalogued, deliver, firm, registration
from tests.exchange.gateway.road import agree

__all__ = ["cast", "catalogued", "deliver"]
pytestmark = pytest.mark.django_db
KEY = REGISTRATION.key
ALL = tuple(item.title for item in REGISTRATION.items)


def looks(cast: Cast) -> dict[str, Look]:
    """The newest of the firm's readings of each kind, by what was done."""
    own = replace(cast.firm, subject=registries.find_subject("uscc", FIRMS[0]))
    return {one.what: one for one in reversed(api.read_readings(actor=own, limit=50).looks)}


def test_a_reading_at_the_console_names_the_items_and_under_an_agreement_those_that_it_gives(
    deliver: Deliver, cast: Cast
) -> None:
    deliver(registration(firm(0)), actor=cast.market_officer)
    subject = registries.find_subject("uscc", FIRMS[0])
    assert subject is not None
    agree("uscc", "capital")
    exchange.read(actor=cast.tax_officer, resource=KEY, subject=subject, purpose="核对", use="inspection")
    assert looks(cast)["查阅数据"].items == ("统一社会信用代码", "注册资本")
    exchange.read(actor=cast.market_officer, resource=KEY, subject=subject, purpose="核对")
    assert looks(cast)["查阅数据"].items == ALL


def test_rows_of_a_batch_of_a_region_and_of_an_objection_name_their_resource_and_items_too(
    deliver: Deliver, cast: Cast
) -> None:
    number = deliver(registration(firm(0)), actor=cast.market_officer).number
    own_rows.own_rows(actor=cast.market_officer, number=number, change=Change.NEW)
    exchange.read_region(actor=cast.county_clerk, resource=KEY, region="430102")
    exchange.take_region_slice(actor=cast.county_clerk, resource=KEY, region="430102").file.close()
    row = registries.rows(catalogue.published(KEY), limit=1)[0].row
    made = exchange.raise_objection(actor=cast.tax_officer, resource=KEY, row=row, item="capital", claim="有误")
    exchange.objection(actor=cast.market_officer, number=made.number)
    found = looks(cast)
    for what in ("查看本单位数据", "查看本区划数据", "取回本区划数据", "查看数据异议详情"):
        assert (found[what].resource, found[what].items) == ("企业登记信息", ALL), what


def test_a_reading_that_found_no_row_names_no_item(deliver: Deliver, cast: Cast) -> None:
    deliver(registration(firm(0)), actor=cast.market_officer)
    exchange.read_region(actor=cast.county_clerk, resource=KEY, region="430102", after=2**62)
    assert Entry.objects.latest("pk").detail == {"region": "430102", "rows": 0}
