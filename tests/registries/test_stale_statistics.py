"""What the planner knew of an empty table does not make it read a full one a thousand times over."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from bench import match

ROWS = 20_000
_ROLLED_BACK = (
    "insert into registries_subject (id, kind, name, known, root, resource, made_at) overriding system value"
    " select -g, 'legal', '', true, -g, '', now() from generate_series(1, 20000) g",
    "insert into registries_identifier (kind, value, subject_id, resource, answers)"
    " select 'uscc', g::text, -g, '', true from generate_series(1, 20000) g",
    "insert into registries_name (subject_id, digest, kind, key, core, name, person, day, place, address, sex, resource)"
    " select -g, md5(g::text)::uuid, 'legal', '', g::text, '', '', '', '', '', '', '' from generate_series(1, 20000) g",
)
_TABLES = "registries_subject, registries_identifier, registries_name"


def _leave_pages_without_rows() -> None:
    """What autovacuum finds after a large transaction was rolled back: many pages, not one row."""
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        with pytest.raises(ZeroDivisionError), other.transaction():
            for statement in _ROLLED_BACK:
                other.execute(statement)
            raise ZeroDivisionError
        other.execute("analyze " + _TABLES)


@pytest.mark.django_db
def test_a_batch_is_matched_in_time_though_statistics_know_of_no_row(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        _leave_pages_without_rows()
        cursor.execute("set local statement_timeout = '20s'")  # it takes less than a second, or many minutes
    match.prepare()
    assert match.legal_quality(ROWS, seed=3).recall >= 0.98
