"""Reading by an identifier, and what is open to everybody: one statement, the same rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shuniu.catalogue import api as catalogue
from shuniu.exchange import api as exchange
from shuniu.registries import api as registries
from shuniu.trust.models import Entry
from tests.exchange.conftest import FIRMS, INSTALL
from tests.exchange.people import MARKET, TAX, citizen
from tests.exchange.test_sharing import CIVIL, OPEN, PERSON_ID, PERSONS, shared
from tests.refusals import refused

__all__ = ["shared"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_person_is_read_by_id_as_by_number_and_the_id_stays_out_of_the_journal(shared: dict[str, int]) -> None:
    by_number = exchange.read(actor=CIVIL, resource=PERSONS.key, subject=shared["person"], purpose="核对")
    by_id = exchange.read(actor=CIVIL, resource=PERSONS.key, subject=("resident_id", PERSON_ID), purpose="核对")
    assert by_id == by_number and by_id.rows[0].row.values["id"] == PERSON_ID
    entry = Entry.objects.filter(verb="exchange.read").latest("id")
    items = [item.name for item in PERSONS.items]
    assert entry.detail == {"purpose": "核对", "as": "owner", "rows": 1, "items": items}
    assert PERSON_ID not in f"{entry.object}{entry.detail}"


def test_an_identifier_of_nobody_and_one_of_no_kind_are_refused(shared: dict[str, int]) -> None:
    with refused("read.subject"):
        exchange.read(actor=CIVIL, resource=PERSONS.key, subject=("resident_id", "430199199001010031"), purpose="核对")
    with pytest.raises(ValueError, match="nickname"):
        exchange.read(actor=CIVIL, resource=PERSONS.key, subject=("nickname", "x"), purpose="核对")


def test_a_subject_is_found_under_its_root_with_the_rows_of_all_that_is_one_with_it(shared: dict[str, int]) -> None:
    other = registries.find_subject("uscc", FIRMS[1])
    assert other is not None
    decider = replace(MARKET, capabilities=frozenset({"registries.merge"}))
    registries.merge(actor=decider, one=shared["firm"], other=other, why="更名，同一企业")
    published = catalogue.published(OPEN.key)
    for subject in (shared["firm"], other, ("uscc", FIRMS[0]), ("uscc", FIRMS[1])):
        found = registries.look_up(published, subject)
        assert found is not None and found.id in (shared["firm"], other) and found.kind == "legal"
        assert [row.values["number"] for row in found.rows] == ["甲1", "甲2"]
    first = registries.look_up(published, shared["firm"], limit=1)
    assert first is not None and [row.values["number"] for row in first.rows] == ["甲1"]
    for member in (shared["firm"], other):
        assert exchange.read(actor=citizen(1, member), resource=OPEN.key, subject=other).items == OPEN.items


def test_what_is_open_is_shown_to_anybody_and_not_journalled(shared: dict[str, int]) -> None:
    before = Entry.objects.count()
    seen = exchange.read_open(OPEN.key, ("uscc", FIRMS[0]))
    assert [item.name for item in seen.items] == ["number", "uscc", "text", "region"]
    assert seen.rows[0].row.values["number"] == "甲1" and "source" not in seen.rows[0].row.values
    assert Entry.objects.count() == before


def test_a_persons_rows_and_what_is_not_open_are_not_shown_as_open(shared: dict[str, int]) -> None:
    for resource, subject, rule in (
        (PERSONS.key, shared["person"], "share.natural_person"),
        ("43.market/registration", shared["firm"], "share.not_open"),
    ):
        with refused(rule):
            exchange.read_open(resource, subject)


def test_an_open_objection_is_told_with_the_row(shared: dict[str, int]) -> None:
    row = exchange.read_open(OPEN.key, shared["firm"]).rows[0]
    assert not row.disputed
    rights = replace(TAX, capabilities=TAX.capabilities | {"exchange.raise_objection"})
    exchange.raise_objection(actor=rights, resource=OPEN.key, row=row.row.row, claim="内容与事实不符")
    assert exchange.read_open(OPEN.key, shared["firm"]).rows[0].disputed
    assert exchange.read(actor=MARKET, resource=OPEN.key, subject=shared["firm"], purpose="核对").rows[0].disputed


def test_a_version_published_meanwhile_holds_from_the_next_reading_on(shared: dict[str, int]) -> None:
    assert exchange.read_open(OPEN.key, shared["firm"]).rows
    catalogue.ship(actor=INSTALL, resources=[OPEN.model_copy(update={"open": False})])
    with refused("share.not_open"):
        exchange.read_open(OPEN.key, shared["firm"])
