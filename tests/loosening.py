"""Rows that the database keeps as they were written, changed all the same: an imported log, a log of long ago."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, models, transaction


@contextmanager
def loosened(table: type[models.Model]) -> Iterator[None]:
    """Let this block change what triggers keep, as only the database's owner can."""
    name = table._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")  # else what the test wrote before still waits to be checked
        cursor.execute(f"alter table {name} disable trigger user")
        yield
        cursor.execute(f"alter table {name} enable trigger user")
        cursor.execute("set constraints all deferred")
