"""Statements that a connection keeps prepared: for the few that run thousands of times a second.

Django's cursors put values into the text, so the server parses and plans every statement anew; for a look-up by index
that is most of its cost. Here a connection plans a statement once, for all values alike (`plan_cache_mode`, see the
settings), and each later call names it. Names are our own, by PREPARE and EXECUTE: the driver forgets its own at every
rollback, and sends many statements one by one. Where a pool shares sessions (`PREPARES` is off) they merely run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.rows import TupleRow

MOST = 4_000
"""A connection that has so many prepared forgets them all: texts change with the day and the catalogue."""
_names: WeakKeyDictionary[psycopg.Connection[TupleRow], dict[bytes, bytes]] = WeakKeyDictionary()


def fetch(statement: bytes, values: Sequence[object]) -> list[TupleRow]:
    """The rows of a statement, on the connection of this thread; inside its open transaction, if there is one.

    The text must be one of few, never made of values, with %s for each value. Errors are Django's.
    """
    return fetch_each([statement], values)


def fetch_each(statements: Sequence[bytes], values: Sequence[object]) -> list[TupleRow]:
    """The rows of several statements, one statement's after the other's, each asked with the same values.

    All are sent at once. As one union they would be planned anew for every set of tables, at four times the cost.
    """
    if not statements:
        return []
    own = _ready()
    with own.wrap_database_errors:
        called = _called(own, [(one, len(values)) for one in statements]) if settings.PREPARES else statements
        return [row for rows in _sent(own, called, [*values] * len(called)) for row in rows]


@dataclass(frozen=True)
class Question:
    """A statement, one of few texts, never made of values, with its values."""

    statement: bytes
    values: Sequence[object]


def fetch_several(questions: Sequence[Question]) -> list[list[TupleRow]]:
    """The rows of each question, all sent at once, on the connection of this thread. Errors are Django's."""
    own = _ready()
    with own.wrap_database_errors:
        asked = [(one.statement, len(one.values)) for one in questions]
        called = _called(own, asked) if settings.PREPARES else [one.statement for one in questions]
        return list(_sent(own, called, [value for one in questions for value in one.values]))


def _ready() -> BaseDatabaseWrapper:
    own = connections[DEFAULT_DB_ALIAS]  # the proxy `connection` finds it anew for each attribute
    if own.connection is None:
        own.ensure_connection()
    if own.needs_rollback:
        own.validate_no_broken_transaction()
    return own


def _sent(own: BaseDatabaseWrapper, called: Sequence[bytes], values: Sequence[object]) -> Iterator[list[TupleRow]]:
    cursor = psycopg.ClientCursor(own.connection)
    cursor.execute(b";".join(called), values)
    yield cursor.fetchall()
    while cursor.nextset():
        yield cursor.fetchall()


def array_of(numbers: Iterable[int]) -> str:
    """Numbers as the text of one bigint[]: a value each would take longer than what is looked up by them."""
    return "{" + ",".join(str(int(number)) for number in numbers) + "}"


def _called(own: BaseDatabaseWrapper, asked: Sequence[tuple[bytes, int]]) -> list[bytes]:
    """The calls of these statements, of so many values each, by name; those that the connection lacks are prepared first."""
    names = _names.setdefault(own.connection, {})
    fresh = {statement: values for statement, values in asked if statement not in names}
    if fresh and len(names) + len(fresh) > MOST:
        with psycopg.ClientCursor(own.connection) as cursor:
            cursor.execute(b";".join(b"DEALLOCATE " + name for name in names.values()))
        names.clear()
        fresh = dict(asked)
    for statement, values in fresh.items():
        names[statement] = _prepare(own, b"shuniu_%d" % len(names), statement, values)
    return [b"EXECUTE " + names[statement] + _places(b"%s", values) for statement, values in asked]


def _prepare(own: BaseDatabaseWrapper, name: bytes, statement: bytes, values: int) -> bytes:
    places = tuple(b"$%d" % (place + 1) for place in range(values))
    with psycopg.ClientCursor(own.connection) as cursor:
        cursor.execute(b"PREPARE %b AS " % name + _with(statement, places))
    return name


def _places(place: bytes, values: int) -> bytes:
    return b"(" + b",".join([place] * values) + b")" if values else b""


def _with(statement: bytes, places: tuple[bytes, ...]) -> bytes:
    """The text with numbered places in the order of its %s."""
    parts = statement.split(b"%s")
    return b"".join(part + place for part, place in zip(parts, (*places, b""), strict=True)).replace(b"%%", b"%")
