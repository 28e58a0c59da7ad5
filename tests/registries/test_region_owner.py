"""A county's delivery changes the county's rows and no other's, whatever region the delivered row claims."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from django.db import transaction

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Item, SubjectType
from shuniu.directory import api as directory
from shuniu.directory.declare import Region
from shuniu.registries import api
from shuniu.registries.api.region_slices import refuse_foreign
from shuniu.trust.declare import Refused
from tests.registries.conftest import INSTALL, NUMBER, Load, resource

pytestmark = pytest.mark.django_db(transaction=True)
SHOPS = resource(
    "43.market/shop", "门店", SubjectType.NONE, [NUMBER, Item(name="region", title="行政区划", check="region")]
).model_copy(update={"by_region": "region"})
FURONG, TIANXIN, NINGXIANG = "430102", "430103", "430182"


@pytest.fixture
def shops(load: Load) -> None:
    catalogue.ship(actor=INSTALL, resources=[SHOPS])
    for published in catalogue.to_mount():
        with transaction.atomic():
            api.mount(actor=INSTALL, published=published)
            catalogue.mark_mounted(published)
    old = Region("430124", "宁乡县", 3, "430100", date(2005, 1, 1), date(2017, 4, 9), NINGXIANG)
    directory.load_regions(actor=INSTALL, rows=[old, Region(NINGXIANG, "宁乡市", 3, "430100", date(2017, 4, 10))])
    held = [("1", FURONG), ("2", TIANXIN), ("3", "430102001"), ("4", ""), ("5", "430124"), ("6", TIANXIN)]
    load(SHOPS, *({"number": number, "region": region or None} for number, region in held), resolve=False)


def refusal(region: str, *numbers: str) -> str:
    """What is said to a delivery that met the rows of these keys and claims the region; empty when it may go on."""
    published = catalogue.published(SHOPS.key)
    met = pl.Series([row.row for row in api.rows(published) if row.values["number"] in numbers], dtype=pl.Int64)
    try:
        refuse_foreign(published, met, region)
    except Refused as refused:
        assert refused.rule == "batch.region_owner" and refused.remedy
        return refused.message
    return ""


def test_a_county_changes_its_own_rows_its_towns_and_what_is_new(shops: None) -> None:
    assert refusal(FURONG, "1", "3", "new") == ""
    assert refusal("430100", "1", "2", "3", "6") == "", "a city's reach is all its counties"


def test_a_county_cannot_take_another_countys_row_nor_one_that_names_no_region(shops: None) -> None:
    assert "有 1 行" in refusal(FURONG, "1", "2") and "（430103）" in refusal(FURONG, "1", "2")
    assert "（未填区划）" in refusal(FURONG, "4")
    assert "有 3 行" in (said := refusal(FURONG, "1", "2", "4", "6")) and "（430103、未填区划）" in said


def test_rows_under_a_countys_abolished_code_are_its_own(shops: None) -> None:
    assert refusal(NINGXIANG, "5") == ""
    assert "（430124）" in refusal(FURONG, "5")
