"""What one call leaves behind: evidence, journal entry, log leaf, reading and all their indexes."""

from __future__ import annotations

import pytest
from django.db import connection

from shuniu.trust import api as trust
from tests.exchange.conftest import FIRMS, Deliver, firm, registration
from tests.exchange.gateway.road import agree, machine
from tests.exchange.people import MARKET, have_agencies

pytestmark = pytest.mark.django_db(transaction=True)
MOST = 800
"""Bytes of a call: its entry with what proves it, its leaf, its reading, and all their indexes with half-filled pages."""
TABLES = ("trust_entry", "trust_leaf", "trust_reading")


def sizes() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select p.root, sum(pg_relation_size(c.oid))::bigint, sum(pg_indexes_size(c.oid))::bigint"
            " from unnest(%s::text[]) p(root)"
            " join pg_class c on c.oid = p.root::regclass"
            " or c.oid in (select relid from pg_partition_tree(p.root::regclass)) group by 1",
            [list(TABLES)],
        )
        return {
            f"{name}{kind}": value
            for name, table, index in cursor.fetchall()
            for kind, value in (("", table), (" indexes", index))
        }


def test_what_a_call_leaves_behind_is_small(deliver: Deliver) -> None:
    have_agencies()
    deliver(registration(firm(0), firm(1)), actor=MARKET)
    agree("uscc", "name", "state", rate=100_000)
    tax = machine()
    trust.prepare()
    for _ in range(50):
        tax.ask(FIRMS[0])
    trust.sequence()
    before = sizes()
    calls = 1500
    for number in range(calls):
        assert tax.send(tax.sign(FIRMS[0])).status_code == 200
        if number % 500 == 0:
            trust.sequence()
    trust.sequence()
    after = sizes()
    grown = {name: (after[name] - before[name]) / calls for name in after}
    assert sum(grown.values()) <= MOST, grown
