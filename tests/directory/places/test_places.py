"""Regions with their past, and agencies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings

from shuniu.base.identifiers import region_level
from shuniu.directory import api, rules
from shuniu.directory.declare import Agency, Region
from shuniu.project import province
from shuniu.trust.declare import Refused
from tests.cast import AGENCIES, DAY, REGIONS, Cast
from tests.refusals import rule_of

BEFORE, AFTER = date(2010, 6, 1), date(2020, 6, 1)


def test_a_region_is_read_as_it_stood_on_the_day(cast: Cast) -> None:
    assert api.region("430122", on=BEFORE) == REGIONS[4]
    assert api.region("430122", on=AFTER) is None
    assert api.region("430122", on=date(2011, 5, 19)) is not None  # the last day is included
    assert len(api.regions(on=AFTER)) == 7
    assert [one.code for one in api.regions(level=2)] == ["430100", "431000", "431100"]


def test_a_region_is_named_from_the_province_down(cast: Cast) -> None:
    assert api.region_path("430102001") == "湖南省长沙市芙蓉区文艺路街道"
    assert api.region_path("430122", on=BEFORE) == "湖南省长沙市望城县"
    assert api.region_path("430122", on=AFTER) == ""


def test_an_abolished_code_is_followed_to_the_one_that_stands(cast: Cast) -> None:
    assert api.successor("430122", on=AFTER) == "430112"
    assert api.successor("430122", on=BEFORE) == "430122"
    assert api.successor("430102", on=AFTER) == "430102"
    assert api.successor("999999", on=AFTER) is None


def test_a_code_that_changed_hands_twice_is_followed_to_the_end(cast: Cast) -> None:
    older = Region("430199", "旧县", 3, "430100", date(2000, 1, 1), date(2004, 12, 31), "430122")
    api.load_regions(actor=cast.system_admin, rows=[older])
    assert api.successor("430199", on=AFTER) == "430112"
    assert api.successor("430199", on=BEFORE) == "430122"


def test_loading_again_corrects_and_adds_nothing(cast: Cast) -> None:
    assert api.load_regions(actor=cast.system_admin, rows=REGIONS) == len(REGIONS)
    renamed = replace(REGIONS[0], name="湖南")
    api.load_regions(actor=cast.system_admin, rows=[renamed])
    assert api.regions(level=1) == (renamed,)


def test_a_span_may_be_closed_and_the_next_opened_in_one_load(cast: Cast) -> None:
    closed = replace(REGIONS[2], valid_to=date(2024, 12, 31))
    opened = replace(REGIONS[2], name="新芙蓉区", valid_from=date(2025, 1, 1))
    api.load_regions(actor=cast.system_admin, rows=[opened, closed])
    assert api.region("430102", on=date(2024, 12, 31)) == closed
    assert api.region("430102", on=date(2025, 1, 1)) == opened


def test_overlapping_spans_of_one_code_are_refused_and_named(cast: Cast) -> None:
    again = replace(REGIONS[4], valid_from=date(2011, 5, 1), valid_to=None)
    with pytest.raises(Refused, match="430122 自 2005-01-01 与自 2011-05-01 的两段有效期重叠"):
        api.load_regions(actor=cast.system_admin, rows=[again])


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (Region("43", "湖南", 1, None, DAY), "directory.region_level"),
        (Region("430102", "芙蓉", 2, "430100", DAY), "directory.region_level"),
        (Region("4301x2", "芙蓉", 3, "430100", DAY), "directory.region_code"),
        (Region("430105", "开福", 3, "430100", DAY, date(2004, 1, 1)), "directory.region_period"),
    ],
)
def test_a_malformed_region_is_refused(cast: Cast, row: Region, rule: str) -> None:
    assert rule_of(lambda: api.load_regions(actor=cast.system_admin, rows=[row])) == rule


def test_agencies_are_listed_by_level_and_region(cast: Cast) -> None:
    assert api.agencies() == (AGENCIES[1], AGENCIES[0], AGENCIES[2], AGENCIES[3])
    assert [one.key for one in api.agencies(region="430100")] == ["430102.market"]
    assert api.agency("43.tax") == AGENCIES[2]
    assert api.agency("43.none") is None


def test_an_abolished_agency_is_still_known_by_its_key(cast: Cast) -> None:
    api.load_agencies(actor=cast.system_admin, rows=[replace(AGENCIES[2], valid_to=date(2018, 6, 14))])
    assert [one.key for one in api.agencies()] == ["43.market", "43.office", "430102.market"]
    assert list(api.agency_names().items()) == [(one.key, one.name) for one in api.agencies()]
    assert "43.tax" in [one.key for one in api.agencies(on=date(2010, 1, 1))]
    assert api.agency("43.tax") is not None


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (Agency("Market", "某局", "某局", 1, "430000"), "directory.agency_key"),
        (Agency("43.new", "某局", "某局", 1, "440000"), "directory.agency_region"),
        (Agency("43.new", "某局", "某局", 1, "430000", uscc="11430000006120001A"), "directory.agency_uscc"),
    ],
)
def test_a_malformed_agency_is_refused(cast: Cast, row: Agency, rule: str) -> None:
    assert rule_of(lambda: api.load_agencies(actor=cast.system_admin, rows=[row])) == rule


@pytest.mark.django_db
def test_every_code_ever_issued_leads_to_what_stands_for_it_as_successor_does() -> None:
    api.load_regions(actor=api.system("install"), rows=province.regions(settings.PROVINCE_FOLDER))
    issued = api.issued_codes()
    counties = [code for code in issued if len(code) == 6 and not code.endswith("01")]
    for code in sorted(counties)[::9]:
        now = api.successor(code) or code
        assert issued[code] == (now if region_level(now) <= region_level(code) else code)
    assert issued["430124"] == issued["430182"] == "430182" and issued["430124000"] == "430182000"
    assert issued["4323"] == "4309" and issued["43"] == "43" and issued["430101"] == "430101"
    assert not {"430199", "4399", "430183", "110000"} & issued.keys()


def test_of_a_province_without_its_counties_no_code_is_said_to_be_unissued() -> None:
    assert rules.issued_codes([Region("110000", "北京市", 1, None, DAY)], AFTER) == {}
