from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.base import identifiers as ids
from shuniu.base.identifiers import IdentifierKind, Problem, normalise
from shuniu.base.identifiers.checks import AUTHORITIES, USCC_ALPHABET

TODAY = date(2026, 1, 1)
USCCS = [
    "114300000000000190", "11430000000000027T", "12430000000000035J", "91430100MA0000015K", "92430102MA00000238",
    "93430181MA0000031D", "514300005000000158", "N2430181MF0000013H", "91110000600037341L", "11430000006122244L",
    "113700000045046442",
]  # fmt: skip
RESIDENT_IDS = [
    "430102199003070012", "37010219851120002X", "360102197808150039", "433101190001010011", "43012419800101001X",
]  # fmt: skip
USCC_BODIES = st.builds(
    lambda head, region, tail: head + region + tail,
    st.text(USCC_ALPHABET[1:], min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(USCC_ALPHABET, min_size=9, max_size=9),
)


def refused(kind: IdentifierKind, text: str) -> str:
    answer = normalise(kind, text, today=TODAY)
    assert isinstance(answer, Problem)
    assert not text or text not in str(answer)
    return answer.rule


@pytest.mark.parametrize("code", USCCS)
def test_the_reference_credit_codes_are_valid(code: str) -> None:
    assert ids.uscc_valid(code)
    assert ids.uscc_check_digit(code[:17]) == code[17]
    assert normalise(IdentifierKind.USCC, code) == code


@pytest.mark.parametrize("authority", [*AUTHORITIES, "B"])
def test_every_authority_prefix_is_allowed(authority: str) -> None:
    body = f"{authority}1999999MF000001"
    body += ids.organisation_check_digit(body[8:16])
    assert ids.uscc_valid(body + ids.uscc_check_digit(body))


@given(USCC_BODIES, st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_one_wrong_character_of_a_credit_code_is_always_found(body: str, place: int, char: str) -> None:
    code = body + ids.uscc_check_digit(body)
    wrong = code[:place] + char + code[place + 1 :]
    assert wrong == code or not ids.uscc_valid(wrong)


def test_a_credit_code_has_five_parts() -> None:
    parts = ids.uscc_parts("N2430181MF0000013H")
    assert (parts.authority_title, parts.category_title) == ("农业农村", "村级集体经济组织")
    assert (parts.region, parts.organisation_code, parts.check_digit) == ("430181", "MF0000013", "H")
    assert ids.organisation_code_valid(parts.organisation_code)
    with pytest.raises(ValueError, match="credit code"):
        ids.uscc_parts("N2430181MF0000013J")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "uscc.empty"),
        ("9143010OMA0000015K", "uscc.alphabet"),
        ("91430100MA0000015", "uscc.length"),
        ("91430100MA0000015L", "uscc.check_digit"),
        ("000000000000000000", "uscc.form"),
        ("430102199003070012", "uscc.is_resident_id"),
        ("430102900307001", "uscc.is_resident_id"),
        ("1.1430000E+17", "uscc.rounded"),
    ],
)
def test_a_wrong_credit_code_is_refused_by_its_own_rule(text: str, rule: str) -> None:
    assert refused(IdentifierKind.USCC, text) == rule


def test_a_resident_id_that_passes_the_credit_code_check_is_still_refused() -> None:
    bodies = (
        f"4301021990{month:02}{day:02}{n:03}" for month in range(1, 13) for day in range(1, 29) for n in range(30)
    )
    codes = (body + ids.resident_check_digit(body) for body in bodies)
    both = next(code for code in codes if code[17] != "X" and ids.uscc_check_digit(code[:17]) == code[17])
    assert ids.resident_id_valid(both) and not ids.uscc_valid(both)
    assert refused(IdentifierKind.USCC, both) == "uscc.is_resident_id"


def test_text_is_brought_to_its_canonical_form_first() -> None:
    assert normalise(IdentifierKind.USCC, " ９１４３０１００ｍａ0000015k\u3000") == "91430100MA0000015K"
    assert normalise(IdentifierKind.ORGANISATION_CODE, "60003734－1") == "600037341"
    assert normalise(IdentifierKind.RESIDENT_ID, "'37010219851120002x") == "37010219851120002X"


def test_organisation_codes_are_valid_with_and_without_hyphen() -> None:
    assert ids.organisation_code_valid("60003734-1") and ids.organisation_code_valid("006122244")
    assert not ids.organisation_code_valid("600037342")
    assert not ids.organisation_code_valid("000000000")
    assert refused(IdentifierKind.ORGANISATION_CODE, "60003734-2") == "organisation_code.check_digit"


@given(st.integers(10**13, 10**14 - 1).map(str), st.integers(1, 9))
def test_a_registration_number_of_15_digits_has_a_check_digit_and_one_of_13_none(body: str, shift: int) -> None:
    right = ids.registration_check_digit(body)
    assert ids.registration_number_valid(body + right)
    assert not ids.registration_number_valid(body + str((int(right) + shift) % 10))
    assert ids.registration_number_valid(body[:13])


@pytest.mark.parametrize("code", RESIDENT_IDS)
def test_the_reference_resident_ids_are_valid(code: str) -> None:
    assert ids.resident_id_valid(code, today=TODAY)
    assert normalise(IdentifierKind.RESIDENT_ID, code, today=TODAY) == code


def test_birth_date_and_sex_are_read_from_a_resident_id() -> None:
    assert ids.resident_birth_date("430102199003070012") == date(1990, 3, 7)
    assert ids.resident_sex("430102199003070012") == "1"
    assert ids.resident_sex("37010219851120002X") == "2"


def test_an_old_resident_id_gets_its_century_and_check_digit() -> None:
    assert ids.resident_id_upgraded("430102900307001") == "430102199003070012"
    assert normalise(IdentifierKind.RESIDENT_ID, "430102900307001") == "430102199003070012"
    assert refused(IdentifierKind.RESIDENT_ID, "430102901307001") == "resident_id.birth_date"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("430102199003070013", "resident_id.check_digit"),
        ("430102199003070000", "resident_id.rounded"),
        ("43010219900307001", "resident_id.length"),
        ("43010219900307A012", "resident_id.form"),
        ("91430100MA0000015K", "resident_id.is_uscc"),
        ("430102202601020015", "resident_id.check_digit"),
    ],
)
def test_a_wrong_resident_id_is_refused_by_its_own_rule(text: str, rule: str) -> None:
    assert refused(IdentifierKind.RESIDENT_ID, text) == rule


@pytest.mark.parametrize("born", ["18791231", "20260102", "19900230"])
def test_a_birth_date_outside_the_calendar_is_refused(born: str) -> None:
    body = f"430102{born}001"
    assert refused(IdentifierKind.RESIDENT_ID, body + ids.resident_check_digit(body)) == "resident_id.birth_date"


def test_a_tax_number_tells_what_it_may_be_built_on() -> None:
    assert ids.tax_number_readings("430102600037341") == {IdentifierKind.ORGANISATION_CODE}
    assert ids.tax_number_readings("91430100MA0000015K") == {IdentifierKind.USCC}
    for number in ("430102900307001", "430102199003070012", "43010219900307001201", "43010290030700102"):
        assert IdentifierKind.RESIDENT_ID in ids.tax_number_readings(number)
        assert ids.tax_number_resident_id(number) == "430102199003070012"
    assert refused(IdentifierKind.TAX_NUMBER, "430102600037342") == "tax_number.form"


def test_an_unknown_region_is_a_warning_and_never_a_refusal() -> None:
    assert normalise(IdentifierKind.USCC, "91430100MA0000015K") == "91430100MA0000015K"
    warning = ids.region_warning(IdentifierKind.USCC, "91430100MA0000015K", {"430102"})
    assert warning is not None and warning.rule == "uscc.region"
    assert ids.region_warning(IdentifierKind.RESIDENT_ID, "430102199003070012", {"430102"}) is None


def test_region_codes_have_a_level() -> None:
    levels = {"43": 1, "430000": 1, "4301": 2, "430100": 2, "430102": 3, "430102001": 4, "430102001002": 5}
    assert {code: ids.region_level(code) for code in levels} == levels
    assert not any(map(ids.region_code_valid, ["", "043010", "430", "4301O2", "４３"]))


def test_licence_identifiers_are_checked_by_mod_37_36() -> None:
    root = "1.2.156.3005.2."
    assert ids.licence_id_valid(root + "11100000000013338W011.11430000006122244L.20230000403.001.U")
    assert ids.licence_id_valid(root + "11100000MB03271699022.340100.000000016.001.9")
    wrong = root + "11100000000013661B006.113700000045046442.209FA4E88F9E4C878F3E9BED2CE7EA49.001.M"
    assert not ids.licence_id_valid(wrong)
    assert (
        ids.mod_37_36_check_digit("11100000000013661B006113700000045046442209FA4E88F9E4C878F3E9BED2CE7EA49001") == "D"
    )


@given(st.sampled_from(IdentifierKind), st.text(max_size=24))
def test_any_text_gets_a_value_or_a_problem_and_a_value_is_stable(kind: IdentifierKind, text: str) -> None:
    answer = normalise(kind, text, today=TODAY)
    assert kind.label
    if isinstance(answer, Problem):
        assert answer.rule.startswith(kind.value) and answer.message and answer.remedy
    else:
        assert normalise(kind, answer, today=TODAY) == answer
