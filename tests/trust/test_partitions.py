"""The readings' monthly partitions: made ahead, and never in the way of what was read before they were."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection

from shuniu.trust import api, store
from shuniu.trust.declare import Act, Actor

READER = Actor("officer:1", "王敏", "43.market", "省市场监管局", ("43",), frozenset())
pytestmark = pytest.mark.django_db


def partitions() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("select inhrelid::regclass::text from pg_inherits where inhparent = 'trust_reading'::regclass")
        return {str(row[0]) for row in cursor.fetchall()}


def test_this_month_and_the_next_ones_have_their_partitions_however_often_it_is_asked() -> None:
    api.prepare()
    first = partitions()
    api.prepare()
    assert partitions() == first and len(first) == 4


def test_readings_that_came_before_their_partition_stay_where_they_are() -> None:
    store.insert(Act(READER, "test.read", "done", "subject:1", (1,)))
    api.prepare()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from trust_reading where subject = 1")
        assert cursor.fetchone()[0] == 1
    assert len(partitions()) == 3


@pytest.mark.parametrize("change", ["delete from", "update"])
@pytest.mark.parametrize("table", ["trust_reading", "trust_reading_rest"])
def test_a_reading_is_neither_changed_nor_taken_away_by_whatever_name(change: str, table: str) -> None:
    store.insert(Act(READER, "test.read", "done", "subject:1", (1,)))
    said = f"{change} {table}" + (" set subject = 2" if change == "update" else "")
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(said)
