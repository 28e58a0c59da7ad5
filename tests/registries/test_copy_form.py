"""Whatever a value holds, COPY stores it as it is, in the plain form or in the quoted one."""

from __future__ import annotations

import polars as pl
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuniu.registries.store import loading

pytestmark = pytest.mark.django_db
_VALUES = st.text(st.sampled_from("甲a ,\"'\\N.\t\n\r\x1d\x1f|\u2028"), min_size=1, max_size=6)
_ROWS = st.lists(st.tuples(st.none() | _VALUES, st.none() | _VALUES), min_size=1, max_size=6)


def _stored(rows: list[tuple[str | None, str | None]]) -> list[tuple[str | None, str | None]]:
    frame = pl.DataFrame(rows, schema={"one": pl.String, "two": pl.String}, orient="row")
    with connection.cursor() as cursor:
        cursor.execute("create temp table held (one text, two text) on commit drop")
        loading.copy_frame(frame, "held", ["one", "two"])
        cursor.execute("select one, two from held order by ctid")
        found = cursor.fetchall()
        cursor.execute("drop table held")
    return [tuple(row) for row in found]


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=_ROWS)
def test_every_value_is_stored_as_it_is(db: None, rows: list[tuple[str | None, str | None]]) -> None:
    assert _stored(rows) == rows


def test_only_what_needs_quotes_is_quoted() -> None:
    plain = pl.DataFrame({"one": ["甲,乙", '说"好"', None]})
    assert loading.encode(plain).form.startswith("format text")
    for odd in ("a\\N", "a\nb", "a\rb", "a\x1db"):
        assert loading.encode(pl.DataFrame({"one": [odd]})).form == "format csv", repr(odd)
