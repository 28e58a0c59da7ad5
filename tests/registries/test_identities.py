"""Verifying a document: number and name, both or nothing; a person's number leaves no trace but its keyed value."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shuniu.base.identifiers import resident_check_digit
from shuniu.registries import api
from shuniu.registries.models import Identifier, Subject
from shuniu.trust.models import Entry
from tests.cast import CITIZEN_SUBJECT, FIRM_SUBJECT, Cast, cast
from tests.refusals import refused

__all__ = ["cast"]
ID = "43010219900307001" + resident_check_digit("43010219900307001")
USCC = "91430100MA4L16JQ9D"
FIRM = "星沙演示有限公司"


@pytest.fixture(autouse=True)
def known(cast: Cast) -> Iterator[None]:
    """A person and a firm that the base registers know."""
    for at, kind, name, number_kind, value in (
        (CITIZEN_SUBJECT, "natural", "田野", "resident_id", ID),
        (FIRM_SUBJECT, "legal", FIRM, "uscc", USCC),
    ):
        Subject.objects.create(pk=at, kind=kind, name=name, known=True, root=at)
        Identifier.objects.create(subject_id=at, kind=number_kind, value=value, resource="43.x/y", answers=True)
    yield


def found(cast: Cast, identifier: str, name: str) -> int | None:
    return api.find_identity(actor=cast.identity_clerk, identifier=identifier, name=name)


def test_number_and_name_must_both_be_right_however_they_are_typed(cast: Cast) -> None:
    assert found(cast, ID, "田野") == CITIZEN_SUBJECT
    assert found(cast, f" {ID[:6]} {ID[6:].lower()}", "田 野") == CITIZEN_SUBJECT
    assert found(cast, USCC.lower(), "星沙演示有限责任公司") == FIRM_SUBJECT
    other = "43010219900307003" + resident_check_digit("43010219900307003")
    for identifier, name in ((ID, "田里"), (ID, "*"), (ID, FIRM), (other, "田野"), (USCC, "田野")):
        assert found(cast, identifier, name) is None


def test_what_is_no_number_is_refused_without_saying_it_again(cast: Cast) -> None:
    for typed in ("43010219900307", ID[:17] + ("1" if ID[17] != "1" else "2"), "田野"):
        with refused("identity.number"):
            found(cast, typed, "田野")
    assert ID[:17] not in str(list(Entry.objects.values_list("detail", "object")))


def test_a_persons_number_is_masked_and_a_firms_is_whole(cast: Cast) -> None:
    person = api.read_identity(actor=cast.identity_clerk, subject=CITIZEN_SUBJECT)
    assert (person.natural, person.name, person.members) == (True, "田野", (CITIZEN_SUBJECT,))
    assert person.number == f"430102********{ID[-4:]}"
    firm = api.read_identity(actor=cast.identity_clerk, subject=FIRM_SUBJECT)
    assert (firm.natural, firm.name, firm.number) == (False, FIRM, USCC)
    with refused("identity.unknown"):
        api.read_identity(actor=cast.identity_clerk, subject=5)


def test_every_try_is_journalled_by_its_keyed_value_and_whose_data_it_was(cast: Cast) -> None:
    found(cast, ID, "田野")
    found(cast, ID, "田里")
    hit, miss = Entry.objects.filter(verb="registries.find_identity").order_by("id")
    assert hit.detail["matched"] and not miss.detail["matched"]
    assert hit.detail["identifier"] == miss.detail["identifier"]
    assert ID not in str([hit.detail, miss.detail]) and "田" not in str([hit.detail, miss.detail])


def test_who_watches_accounts_of_officers_verifies_nobody(cast: Cast) -> None:
    for who in (cast.market_admin, cast.security, cast.market_officer, cast.citizen):
        with refused("right.missing"):
            api.find_identity(actor=who, identifier=ID, name="田野")
        with refused("right.missing"):
            api.read_identity(actor=who, subject=CITIZEN_SUBJECT)
