"""Statements that a connection keeps: one round trip for many, whatever happened on the connection before."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import ProgrammingError, connection, transaction
from pytest_django import Settings

from shuniu.trust import prepared

DOUBLED, SAID = b"select 2 * %s::int", b"select %s::text || '%%'"
Messages = Callable[[], AbstractContextManager[list[str]]]

pytestmark = pytest.mark.django_db


def test_many_statements_are_asked_at_once_and_answered_in_order(messages: Messages) -> None:
    asked = [b"select %%s::int + %d" % place for place in range(50)]
    assert prepared.fetch_each(asked, [1]) == [(1 + place,) for place in range(50)]
    with messages() as sent:
        assert prepared.fetch_each([*asked, *asked], [2]) == [(2 + place,) for place in range(50)] * 2
    assert len(sent) == 1
    assert prepared.fetch_each([], [1]) == []


def test_values_are_values_whatever_they_hold() -> None:
    assert prepared.fetch(SAID, ["';drop table x; -- \\ %s"]) == [("';drop table x; -- \\ %s%",)]
    assert prepared.fetch(b"select 1", ()) == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_what_is_prepared_outlives_a_rollback(messages: Messages) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        assert prepared.fetch(DOUBLED, [2]) == [(4,)]
        prepared.fetch(b"select no_such_column", ())
    with messages() as sent:
        assert prepared.fetch(DOUBLED, [4]) == [(8,)]
    assert len(sent) == 1
    connection.close()
    assert prepared.fetch(DOUBLED, [5]) == [(10,)]


def test_a_connection_that_has_very_many_forgets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST", 5)
    for number in range(20):
        assert prepared.fetch(b"select %d" % number, ()) == [(number,)]
    assert prepared.fetch_each([b"select %d" % number for number in range(7)], ()) == [(n,) for n in range(7)]
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_prepared_statements where name like 'shuniu%%'")
        assert cursor.fetchone()[0] <= 7


def test_a_batch_that_makes_it_forget_still_finds_what_it_knew_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST", 3)
    known = [b"select %d + %%s::int" % number for number in (1, 2, 3)]
    for statement in known:
        prepared.fetch(statement, [1])
    several = [prepared.Question(known[1], [1]), prepared.Question(b"select 4, %s::int, %s::int", [5, 6])]
    assert prepared.fetch_several(several) == [[(3,)], [(4, 5, 6)]]
    assert prepared.fetch_each([known[1], *known], [1]) == [(3,), (2,), (3,), (4,)]


def test_where_sessions_are_shared_nothing_is_prepared(settings: Settings) -> None:
    settings.PREPARES = False
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_prepared_statements")
        before = cursor.fetchone()
        assert prepared.fetch_each([DOUBLED, b"select %s::int - 1"], [3]) == [(6,), (2,)]
        cursor.execute("select count(*) from pg_prepared_statements")
        assert cursor.fetchone() == before
