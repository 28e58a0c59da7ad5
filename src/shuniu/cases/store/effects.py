"""SQL of effects, beside `api`."""

from __future__ import annotations

from django.db import connection


def lock(effect: str, subject: int) -> None:
    """Let the applications of one subject for an effect be checked one after another, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, %s))", [effect, subject])
