"""Statements that a connection keeps prepared: for the few that run thousands of times a second.

Django's cursors put values into the text, so the server parses and plans every statement anew; for a look-up by index
that is most of its cost. Here values travel beside the text, and a connection plans a statement once.
"""

from __future__ import annotations

from collections.abc import Sequence

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.rows import TupleRow


def fetch(statement: bytes, values: Sequence[object]) -> list[TupleRow]:
    """The rows of a statement, prepared on the connection of this thread; inside its open transaction, if there is one.

    The text must be one of few, and never made of values. Errors are Django's. Statements stay prepared where the
    database's option `prepare_threshold` is set; where it is not (a pool that shares sessions), they merely run.
    """
    own = _ready()
    with own.wrap_database_errors:
        return psycopg.Cursor(own.connection).execute(statement, values, prepare=True).fetchall()


def fetch_each(statements: Sequence[bytes], values: Sequence[Sequence[object]]) -> list[list[TupleRow]]:
    """The rows of each statement, as `fetch` gives them, all sent at once: one wait for the server and not one for each.

    Raises ValueError for more or fewer values than statements.
    """
    own = _ready()
    with own.wrap_database_errors, own.connection.pipeline():
        asked = [
            psycopg.Cursor(own.connection).execute(statement, some, prepare=True)
            for statement, some in zip(statements, values, strict=True)
        ]
        return [cursor.fetchall() for cursor in asked]


def _ready() -> BaseDatabaseWrapper:
    """This thread's connection, opened and fit for a statement."""
    own = connections[DEFAULT_DB_ALIAS]  # the proxy `connection` finds it anew for each attribute
    if own.connection is None:
        own.ensure_connection()
    if own.needs_rollback:
        own.validate_no_broken_transaction()
    return own
