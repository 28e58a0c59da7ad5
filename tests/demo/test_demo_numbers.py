"""Demo numbers are well-formed, and nobody was ever given one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.base import identifiers
from shuniu.demo import numbers
from shuniu.project import province
from tests.demo.province import FOLDER

SERIALS = st.integers(0, 498)
NUMBERS = st.integers(0, 800_000)
PLACES = st.integers(1, 99)
COUNTIES = st.sampled_from([one.code for one in province.regions(FOLDER) if one.level == 3])
DAYS = st.dates(date(1930, 1, 1), date(2026, 1, 1))


@given(PLACES, DAYS, SERIALS, st.booleans())
def test_a_resident_id_is_valid_and_says_birth_and_sex(place: int, born: date, serial: int, male: bool) -> None:
    made = numbers.resident_id(place, born, serial, male=male)
    assert identifiers.resident_id_valid(made)
    assert identifiers.resident_birth_date(made) == born
    assert identifiers.resident_sex(made) == ("1" if male else "2")
    assert made.startswith(numbers.NEVER_ISSUED)


@given(PLACES, st.dates(date(1930, 1, 1), date(1999, 12, 31)), SERIALS)
def test_the_old_form_of_a_resident_id_is_upgraded_to_the_same_number(place: int, born: date, serial: int) -> None:
    made = numbers.resident_id(place, born, serial, male=True)
    assert identifiers.resident_id_upgraded(numbers.old_resident_id(made)) == made


def test_no_region_ever_had_a_code_of_the_range_of_demo_ids() -> None:
    codes = {one.code for one in province.regions(FOLDER)}
    assert not [code for code in codes if code.startswith(numbers.NEVER_ISSUED)]


@given(COUNTIES, NUMBERS, st.sampled_from(["91", "92", "93", "12", "51", "52", "N2"]))
def test_a_social_credit_code_is_valid_and_lies_in_the_reserved_range(county: str, number: int, kind: str) -> None:
    made = numbers.uscc(kind, county, number)
    assert identifiers.uscc_valid(made)
    parts = identifiers.uscc_parts(made)
    assert parts.organisation_code == numbers.organisation_code(number)
    assert parts.region == county and parts.organisation_code.startswith(numbers.RESERVED)
    assert identifiers.organisation_code_valid(parts.organisation_code)


@given(COUNTIES, NUMBERS)
def test_other_numbers_of_firms_are_valid_too(county: str, number: int) -> None:
    assert identifiers.registration_number_valid(numbers.registration_number(number))
    assert identifiers.registration_number_valid(numbers.old_registration_number(number))
    assert identifiers.tax_number_readings(numbers.old_tax_number(county, number))
    for kind, value in (
        (identifiers.IdentifierKind.INSTITUTION_NUMBER, numbers.institution_number(number)),
        (identifiers.IdentifierKind.SOCIAL_ORGANISATION_NUMBER, numbers.social_organisation_number(number)),
    ):
        assert isinstance(identifiers.normalise(kind, value), str)


def test_firms_and_the_demo_agencies_share_no_organisation_code() -> None:
    taken = {agency.uscc[8:17] for agency in province.agencies(FOLDER) if agency.uscc}
    assert all(code.startswith(numbers.RESERVED + "0") for code in taken)
    assert numbers.organisation_code(0)[2] != "0"


@given(st.integers(0, 100_000))
def test_a_telephone_number_is_nobodys(number: int) -> None:
    assert len(numbers.mobile(number)) == 11 and numbers.mobile(number).startswith("1540000")
    area, _, local = numbers.landline("0731", number).partition("-")
    assert area == "0731" and local.startswith("0") and len(local) == 8


@pytest.mark.parametrize("number", range(5))
def test_a_wrong_code_fails_its_check(number: int) -> None:
    assert not identifiers.uscc_valid(numbers.wrong(numbers.uscc("91", "430102", number)))
    assert not identifiers.resident_id_valid(numbers.wrong(numbers.resident_id(1, date(1980, 1, 1), number, male=True)))
