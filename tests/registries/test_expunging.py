"""Destroying a row for good: two people, a ground, nothing left but a commitment that still can be opened."""

from __future__ import annotations

import pytest
from django.db import connection

from shuniu.catalogue import api as catalogue
from shuniu.registries import api
from shuniu.registries.declare import Ground, Row
from shuniu.registries.models import Batch
from shuniu.registries.store.expunging import commitment
from shuniu.registries.store.tables import name_of
from shuniu.trust.api import sequence, verify_journal
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.registries.conftest import MARKET, MARKET_SECOND, PENALTY, REGISTRATION, Load, uscc

pytestmark = pytest.mark.django_db(transaction=True)
AUDITOR = Actor("officer:99", "沈明", capabilities=frozenset({"trust.verify_journal"}))


@pytest.fixture
def row(load: Load) -> Row:
    load(
        REGISTRATION,
        {"uscc": uscc(1), "name": "绝密应删除有限公司", "representative": "应删除"},
        {"uscc": uscc(2), "name": "留存公司"},
    )
    return api.rows(catalogue.published(REGISTRATION.key))[0]


def propose(row: Row) -> int:
    return api.propose_expunge(
        actor=MARKET, resource=REGISTRATION.key, rows=[row.row], ground=Ground.CLASSIFIED, basis="保密局函〔2026〕1号"
    )


def test_what_two_people_destroy_is_gone_and_the_journal_still_holds(row: Row) -> None:
    done = api.confirm_expunge(actor=MARKET_SECOND, number=propose(row))
    published = catalogue.published(REGISTRATION.key)
    assert [one.values["name"] for one in api.rows(published)] == ["留存公司"]
    assert _everything().count("应删除") == 0 == _everything().count(uscc(1))
    assert api.find_subject("uscc", uscc(1)) is None
    last = Batch.objects.latest("id")
    assert (last.kind, last.withdrawn, last.held_after) == ("expunge", 1, 1)
    assert done.origins == (("submission:1", 2),)
    cells = list(row.values.values())
    assert done.commitments == (commitment(bytes.fromhex(done.opening), row.row, cells),)
    entry = Entry.objects.filter(verb="registries.confirm_expunge").latest("id")
    assert entry.detail["commitments"] == list(done.commitments) and entry.detail["ground"] == "classified"
    assert done.opening not in _everything() + str(entry.detail)
    sequence()
    assert verify_journal(actor=AUDITOR).holds


def test_what_other_rows_say_of_the_subject_stays_and_its_next_row_finds_it(load: Load) -> None:
    load(REGISTRATION, {"uscc": uscc(1), "name": "湘江机械有限公司", "representative": "应删除"})
    load(PENALTY, {"number": "1", "uscc": uscc(1), "name": "湘江机械有限公司"})
    known = api.find_subject("uscc", uscc(1))
    api.confirm_expunge(actor=MARKET_SECOND, number=propose(api.rows(catalogue.published(REGISTRATION.key))[0]))
    load(PENALTY, {"number": "2", "uscc": uscc(1), "name": "湘江机械有限公司"})
    assert known is not None and api.find_subject("uscc", uscc(1)) == known
    assert {one.subject for one in api.rows(catalogue.published(PENALTY.key))} == {known}
    assert "应删除" not in _everything()


def _everything() -> str:
    """All that the resource's table and the subjects' tables hold."""
    published = catalogue.published(REGISTRATION.key)
    told = []
    with connection.cursor() as cursor:
        for table in (name_of(published.table), "registries_subject", "registries_name", "registries_identifier",
                      "registries_expunge", "trust_entry"):  # fmt: skip
            cursor.execute(f"select t::text from {table} t")
            told += [str(line[0]) for line in cursor.fetchall()]
    return "\n".join(told)


def test_one_person_alone_or_without_a_basis_destroys_nothing(row: Row) -> None:
    number = propose(row)
    with pytest.raises(Refused) as own:
        api.confirm_expunge(actor=MARKET, number=number)
    with pytest.raises(Refused) as basis:
        api.propose_expunge(actor=MARKET, resource=REGISTRATION.key, rows=[row.row], ground=Ground.EXPIRED, basis="")
    with pytest.raises(Refused) as rows:
        api.propose_expunge(actor=MARKET, resource=REGISTRATION.key, rows=[7], ground=Ground.EXPIRED, basis="条例")
    api.confirm_expunge(actor=MARKET_SECOND, number=number)
    with pytest.raises(Refused) as twice:
        api.confirm_expunge(actor=MARKET_SECOND, number=number)
    with pytest.raises(Refused) as gone:
        propose(row)
    rules = [each.value.rule for each in (own, basis, rows, twice, gone)]
    assert rules == ["expunge.second_person", "expunge.basis", "expunge.rows", "expunge.unknown", "expunge.rows"]
