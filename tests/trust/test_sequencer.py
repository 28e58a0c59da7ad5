"""The sequencer gives every committed entry one position, whatever transactions stay open, and looks only at what is new."""

from __future__ import annotations

import random
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from shuniu.trust import api, store
from shuniu.trust.store import INSERT
from tests.trust.test_journal_verify import emptied, verify

pytestmark = pytest.mark.django_db(transaction=True)
Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture(autouse=True)
def _empty_journal() -> None:
    emptied()


@pytest.fixture
def others() -> Iterator[list[Connection]]:
    """Six more connections to the same database, each with a transaction of its own."""
    parameters = connection.get_connection_params()
    wanted = {name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if parameters.get(name)}
    opened = [psycopg.connect(**wanted) for _ in range(6)]
    yield opened
    for one in opened:
        one.close()


def write(by: Connection, target: str) -> None:
    by.execute(INSERT, ("officer:1", "王敏", "43.market", "省市场监管局", "test.write", "done", target, "{}"))


def positions() -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select l.position, e.object from trust_leaf l join trust_entry e on e.id = l.entry_id order by 1"
        )
        return [(int(position), str(target)) for position, target in cursor.fetchall()]


def test_a_transaction_that_stays_open_is_remembered_and_its_entry_found_when_it_commits(
    others: list[Connection],
) -> None:
    slow, quick, *_ = others
    write(slow, "slow")
    for number in range(3):
        write(quick, f"quick:{number}")
        quick.commit()
        assert api.sequence() == 1
    slow.commit()
    assert api.sequence() == 1 and api.sequence() == 0
    assert [target for _, target in positions()] == ["quick:0", "quick:1", "quick:2", "slow"]
    assert verify().holds


def test_a_step_beside_an_open_transaction_reads_only_what_the_last_head_does_not_cover(
    others: list[Connection],
) -> None:
    slow, quick, *_ = others
    write(slow, "slow")
    for number in range(200):
        write(quick, f"quick:{number}")
    quick.commit()
    assert api.sequence() == 200
    with connection.cursor() as cursor:
        cursor.execute("select horizon::text, open::text[] from trust_head order by size desc limit 1")
        horizon, still_open = cursor.fetchone()
        cursor.execute(
            "select count(*) from trust_entry e where e.xid >= %s::xid8 or e.xid = any(%s::xid8[])",
            [horizon, still_open],
        )
        assert cursor.fetchone() == (0,)
    slow.rollback()


def test_a_full_step_leaves_the_rest_to_the_next_ones(others: list[Connection]) -> None:
    for number in range(8):
        write(others[0], f"thing:{number}")
    others[0].commit()
    assert [store.sequence(limit=3) for _ in range(4)] == [3, 3, 2, 0]
    assert verify().holds


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_lost_or_doubled_in_any_order_of_writes_commits_rollbacks_and_steps(
    others: list[Connection], seed: int
) -> None:
    rng = random.Random(seed)
    committed: set[str] = set()
    pending: dict[int, set[str]] = {at: set() for at in range(len(others))}
    for number in range(150):
        at = rng.randrange(len(others))
        move = rng.random()
        if move < 0.5:
            write(others[at], f"thing:{number}")
            pending[at].add(f"thing:{number}")
        elif move < 0.7:
            others[at].commit()
            committed |= pending[at]
            pending[at] = set()
        elif move < 0.8:
            others[at].rollback()
            pending[at] = set()
        else:
            store.sequence(limit=rng.choice([2, 5, 50_000]))
    while api.sequence():
        continue
    found = positions()
    assert [position for position, _ in found] == list(range(len(committed)))
    assert {target for _, target in found} == committed
    assert verify().holds
