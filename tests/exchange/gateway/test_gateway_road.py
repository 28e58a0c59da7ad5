"""A department's machine asks through the gateway: the whole road, and what is kept of it."""

from __future__ import annotations

import pytest
from django.db import connection

from shuniu.client import WHOSE, proven
from shuniu.exchange.gateway import api
from shuniu.trust import suites
from shuniu.trust.models import Entry
from tests.exchange.conftest import FIRMS
from tests.exchange.gateway.road import KEY, agree, machine

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("suite", suites.suites(), ids=lambda one: one.key)
def test_a_signed_question_is_answered_with_what_was_granted_and_proven(suite: suites.Suite, delivered: None) -> None:
    agree("uscc", "name", "state")
    tax = machine(suite.key)
    answer = tax.ask(FIRMS[0])
    assert [dict(row) for row in answer.rows] == [
        {WHOSE: f"uscc:{FIRMS[0]}", "uscc": FIRMS[0], "name": "湘江机械有限公司", "state": "1"}
    ]
    for item in (WHOSE, "name"):
        assert proven(answer.show(0, item), answer.root, answer.fields), "whose it is, and what"
    entry = Entry.objects.get(pk=answer.number)
    assert (entry.verb, entry.person, entry.agency, entry.object) == (
        "exchange.query", "agency:43.tax", "43.tax", f"resource:{KEY}",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from trust_reading where entry = %s", [answer.number])
        assert cursor.fetchone() == (1,)
    proof = api.proof_of(answer.number)
    assert proof.request == answer.request["base"] and proof.answer == answer.answer["base"]
    assert proof.request_signature.hex() == answer.request["signature"]
    assert proof.answer_signature.hex() == answer.answer["signature"]
    assert (proof.root, proof.fields) == (answer.root, answer.fields)
