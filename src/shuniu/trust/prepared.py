"""Statements that a connection keeps prepared: for the few that run thousands of times a second.

Django's cursors put values into the text, so the server parses and plans every statement anew; for a look-up by index
that is most of its cost. Here values travel beside the text, and a connection plans a statement once.
"""

from __future__ import annotations

from collections.abc import Sequence

import psycopg
from django.db import connection
from psycopg.rows import TupleRow


def fetch(statement: bytes, values: Sequence[object]) -> list[TupleRow]:
    """The rows of a statement, prepared on the connection of this thread; inside its open transaction, if there is one.

    The text must be one of few, and never made of values. Errors are Django's. Statements stay prepared where the
    database's option `prepare_threshold` is set; where it is not (a pool that shares sessions), they merely run.
    """
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        return psycopg.Cursor(connection.connection).execute(statement, values, prepare=True).fetchall()
