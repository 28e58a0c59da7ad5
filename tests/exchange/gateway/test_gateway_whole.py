"""An answer is what it says: masked where it says masked, whole or refused, of whom the case concerns, to who asked first."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import permutations

import pytest
from django.db import connection

from shuniu.exchange.gateway.rules import limits
from shuniu.exchange.grants.models import AgreementVersion
from shuniu.registries import api as registries
from shuniu.trust.models import Entry
from tests.cast import newcomer
from tests.exchange.conftest import FIRMS
from tests.exchange.gateway.road import Machine, agree, machine
from tests.exchange.gateway.test_gateway_live import Provider, provider
from tests.exchange.gateway.test_gateway_purposes import case
from tests.exchange.gateway.test_gateway_refusals import resigned

__all__ = ["provider"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_an_agreement_masks_leaves_the_gateway_masked(delivered: None) -> None:
    agree("uscc", "name", "state", masked=("name", "state", "uscc"))
    answer = machine().ask(FIRMS[0])
    plain = ("uscc", FIRMS[0]), ("name", "湘江机械有限公司"), ("state", "1")
    (row,) = answer.rows
    assert set(answer.masked) == {"name", "state", "uscc"}
    assert all(row[name] and row[name] != value for name, value in plain), row


def test_what_a_live_provider_answers_is_masked_too(tax: Machine, provider: Provider) -> None:
    AgreementVersion.objects.update(masked=["name"])
    (row,) = tax.ask(FIRMS[0]).rows
    assert row["name"] == "［已隐去］" and row["uscc"] == FIRMS[0]


def test_an_answer_that_would_be_cut_is_refused(tax: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("gathering", "api"):
        monkeypatch.setattr(f"shuniu.exchange.gateway.{place}.limits", lambda day: replace(limits(day), rows=1))
    assert len(tax.ask(FIRMS[0]).rows) == 1
    assert tax.refused(tax.sign(FIRMS[0], FIRMS[1])) == (400, "gateway.batch")


@pytest.mark.parametrize("asked", [("91430102XN1000006C",), (FIRMS[0], "91430102XN1000006C"), (FIRMS[1], FIRMS[0])])
def test_a_case_opens_nobody_whom_it_does_not_concern_known_or_not(
    asked: tuple[str, ...], tax: Machine, provider: Provider
) -> None:
    case("A1", applicant=registries.find_subject("uscc", FIRMS[0]))
    assert tax.refused(tax.sign(*asked, purpose="licensing/case:A1")) == (403, "gateway.purpose")
    assert not provider.asked, "the provider never hears of it"


def test_an_idempotency_key_serves_one_officer_one_purpose_and_one_case(tax: Machine) -> None:
    one, two = (newcomer("43.tax", "data_officer", login=login, name="周杰").person for login in ("one", "two"))
    case("Z1", applicant=registries.find_subject("uscc", FIRMS[0]))
    first = tax.ask(FIRMS[0], officer=one, token="token-0001")
    assert tax.ask(FIRMS[0], officer=one, token="token-0001").number == first.number
    for other in ({"officer": two}, {"officer": one, "purpose": "licensing/case:Z1"}, {}):
        assert tax.refused(tax.sign(FIRMS[0], token="token-0001", **other)) == (409, "gateway.once")


def test_a_repeated_question_counts_against_rate_and_quota(tax: Machine) -> None:
    for _ in range(3):
        tax.ask(FIRMS[0], token="token-0002")
    with connection.cursor() as cursor:
        cursor.execute("select sum(calls), sum(rows) from exchange_agreement_use")
        assert cursor.fetchone() == (3, 3)
        cursor.execute("select sum(calls) from exchange_minute")
        assert cursor.fetchone() == (3,)
    AgreementVersion.objects.update(rate=3)
    assert tax.refused(tax.sign(FIRMS[0], token="token-0002")) == (429, "gateway.rate")


def test_the_order_in_which_items_are_asked_for_makes_no_statement_of_its_own(tax: Machine) -> None:
    tax.ask(FIRMS[0])
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_prepared_statements")
        before = cursor.fetchone()[0]
        for names in permutations(["uscc", "name", "state"], 2):
            answer = tax.ask(FIRMS[0], items=list(names))
            assert tuple(answer.rows[0])[1:] == names and answer.rows[0]["uscc" if "uscc" in names else "name"]
        cursor.execute("select count(*) from pg_prepared_statements")
        assert cursor.fetchone()[0] == before


def test_a_body_is_utf_8_and_nothing_else(tax: Machine) -> None:
    signed = tax.sign(FIRMS[0])
    for encoding in ("utf-16", "utf-32", "utf-8-sig"):
        body = json.dumps(json.loads(signed.body)).encode(encoding)
        assert tax.refused(resigned(tax, signed, body)) == (400, "gateway.json")
    assert Entry.objects.latest("id").detail == {"rule": "gateway.json"}


def test_a_case_is_named_with_its_purpose(tax: Machine) -> None:
    case("S1", applicant=registries.find_subject("uscc", FIRMS[0]))
    assert tax.refused(tax.sign(FIRMS[0], purpose="case:S1")) == (403, "gateway.purpose")
