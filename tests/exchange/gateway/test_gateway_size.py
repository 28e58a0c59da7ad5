"""What one call leaves behind: evidence, journal entry, log leaf, reading and all their indexes."""

from __future__ import annotations

from random import Random

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from shuniu.exchange.gateway.kept import Kept, unpacked
from shuniu.trust import api as trust
from tests.exchange.conftest import FIRMS, Deliver, firm, registration
from tests.exchange.gateway.road import agree, machine
from tests.exchange.people import MARKET, have_agencies

pytestmark = pytest.mark.django_db(transaction=True)
MOST = 800
"""Bytes of a call: its entry with what proves it, its leaf, its reading, and all their indexes with half-filled pages."""
TABLES = ("trust_entry", "trust_leaf", "trust_reading")
CALLS, COPIES = 100, 500
MANY = """
with entry as (
    insert into trust_entry (person, person_name, agency, agency_name, verb, outcome, object, detail, proof)
    select person, person_name, agency, agency_name, verb, outcome, object, detail, proof
    from trust_entry, generate_series(1, %s) copy where id = any(%s) order by copy, id returning id
)
insert into trust_reading (entry, subject) select id, hashint8(id) from entry
"""
"""What the calls wrote, many times over and of many subjects: a file grows by pages, and few calls fill few."""


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
    asking = machine(name="省人力资源和社会保障厅")  # as long as names of departments are
    trust.prepare()
    numbers = [asking.ask(FIRMS[0]).number for _ in range(CALLS)]
    trust.sequence()
    before = sizes()
    with connection.cursor() as cursor:
        cursor.execute(MANY, [COPIES, numbers])
    while trust.sequence():
        pass
    after = sizes()
    grown = {name: round((after[name] - before[name]) / CALLS / COPIES, 1) for name in after}
    assert sum(grown.values()) <= MOST, grown


@given(
    number=st.integers(0, 2**31 - 1), small=st.integers(0, 2**15), delay=st.integers(-86_400, 86_400),
    length=st.integers(60, 80), noise=st.randoms(use_true_random=False),
)  # fmt: skip
def test_what_is_kept_of_a_call_is_read_back_as_it_was(
    number: int, small: int, delay: int, length: int, noise: Random
) -> None:
    call = Kept(
        noise.randbytes(32), number - 2**30, number, small, number, small, small, delay, small,
        noise.randbytes(32), noise.randbytes(32), noise.randbytes(length), noise.randbytes(64),
    )  # fmt: skip
    assert unpacked(call.packed()) == call
