"""Rows and rights by region: what `Actor.reaches` says of real codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.directory.rules import with_predecessors
from shuniu.trust.declare import Actor


def at(*regions: str) -> Actor:
    return Actor("officer:1", "黄蕾", regions=regions)


@pytest.mark.parametrize("own", ["43", "430000", "430000000", "430000000000"])
@pytest.mark.parametrize("region", ["43", "4301", "430000", "430100", "430102", "433101", "430102001", "430102001002"])
def test_a_province_written_any_way_reaches_all_of_itself(own: str, region: str) -> None:
    assert at(own).reaches(region)


@pytest.mark.parametrize(
    ("own", "region", "inside"),
    [
        ("4301", "430102", True),
        ("430100", "430102", True),
        ("430100", "430100", True),
        ("430102", "430102001", True),
        ("430102", "430102000000", True),
        ("430102001", "430102001002", True),
        ("430100", "430000", False),
        ("430102", "430100", False),
        ("430102", "430103", False),
        ("430102001", "430102002", False),
        ("43", "370000", False),
        ("431000", "431003", True),  # 郴州
        ("431000", "431102", False),  # 永州 is not 郴州, though 431000 without its zeros would begin its code
        ("431000", "431300", False),
        ("430110", "430111", False),
        ("430120", "430121", False),
    ],
)
def test_a_code_reaches_what_lies_inside_it_and_nothing_beside(own: str, region: str, inside: bool) -> None:
    assert at(own).reaches(region) is inside


@pytest.mark.parametrize("region", ["", "4", "430", "43010", "湖南", "43010x", "４３"])
def test_what_is_no_code_is_reached_by_nobody(region: str) -> None:
    assert not at("43").reaches(region)


def test_an_empty_or_broken_own_region_reaches_nothing() -> None:
    assert not at("").reaches("430102")
    assert not at().reaches("430102")


_county = st.tuples(st.integers(11, 65), st.integers(1, 90), st.integers(1, 99)).map(
    lambda parts: "{:02}{:02}{:02}".format(*parts)
)


@given(_county, _county)
def test_reach_is_the_order_of_places(one: str, other: str) -> None:
    assert at(one).reaches(one)
    assert at(one[:4]).reaches(one) and at(one[:2]).reaches(one)
    assert at(one[:4] + "00").reaches(other) is (one[:4] == other[:4])
    if at(one).reaches(other):
        assert at(one[:2]).reaches(other)


def test_a_district_reaches_the_abolished_county_whose_ground_it_took_over() -> None:
    abolished = {"430122": "430112", "430199": "430122", "432900": "431100"}
    assert with_predecessors(["430112"], abolished) == ("430112", "430122", "430199")
    assert with_predecessors(["431100"], abolished) == ("431100", "432900")
    assert with_predecessors(["430000"], abolished) == ("430000",)


def test_codes_that_name_each_other_as_successor_come_to_an_end() -> None:
    assert with_predecessors(["430101"], {"430102": "430101", "430101": "430102"}) == ("430101", "430102")
