"""The yearly figures: every application stands once among what came and once among what became of it, and behind its number."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuniu.cases.api import yearly
from shuniu.cases.declare.yearly import ALL, CARRIED, LEFT, NEW, OTHER
from shuniu.cases.models import Case, Decision
from tests.loosening import loosened

ITEM, COLUMN, AGENCIES = "43.office/asked", "kind", ("43.market", "43.tax")
KINDS, RESULTS = ("natural", "firm", "other"), ("open", "partial", "secret", "")
FIRST = date(2024, 1, 1)

cases = st.lists(
    st.tuples(
        st.integers(0, 3 * 365), st.integers(0, 400), st.sampled_from(KINDS), st.sampled_from(RESULTS),
        st.sampled_from(AGENCIES), st.booleans(),
    ),
    max_size=25,
)  # fmt: skip


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12))


def written(drawn: list[tuple[int, int, str, str, str, bool]]) -> None:
    with loosened(Decision):
        Decision.objects.all().delete()
    Case.objects.all().delete()
    for at, (filed, took, kind, result, agency, running) in enumerate(drawn):
        day = FIRST + timedelta(days=filed)
        ended = None if running else noon(day + timedelta(days=took))
        state = "filed" if running else "granted" if result else "withdrawn"
        case = Case.objects.create(
            number=f"{at:04d}", item=ITEM, version=1, agency=agency, region="430000", applicant_name="甲",
            applicant_kind="natural" if kind == "natural" else "legal", account=f"citizen:{at}", channel="2", form="f",
            answers={COLUMN: kind} if kind != "other" else {}, state=state, filed_at=noon(day), ended_at=ended,
        )  # fmt: skip
        if ended and result:
            Decision.objects.create(
                case=case, number=f"{at:04d}-D", state="granted", result=result, person="officer:1", person_name="乙",
                agency_name="局", at=ended,
            )  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cases, st.sampled_from((*AGENCIES, "")))
def test_what_came_is_what_was_answered_and_what_was_left_in_every_column(
    drawn: list[tuple[int, int, str, str, str, bool]], agency: str
) -> None:
    written(drawn)
    before = None
    for year in (2024, 2025, 2026):
        found = yearly.figures(item=ITEM, column=COLUMN, year=year, agency=agency)
        for kind in (*KINDS, ALL):
            came = found.count(NEW, kind) + found.count(CARRIED, kind)
            became = sum(found.count(line, kind) for line in ("open", "partial", "secret", OTHER, LEFT))
            assert came == became
            if before is not None:
                assert found.count(CARRIED, kind) == before.count(LEFT, kind)
        assert found.count(NEW) == sum(found.count(NEW, kind) for kind in KINDS)
        told = [one for one in drawn if (FIRST + timedelta(days=one[0])).year == year and agency in ("", one[4])]
        assert found.count(NEW) == len(told)
        for (line, kind), count in found.cells.items():
            rows = yearly.rows(item=ITEM, column=COLUMN, year=year, line=line, kind=kind, agency=agency)
            assert len(rows) == count and all(kind in (ALL, one.column) for one in rows)
        before = found


@pytest.mark.django_db
def test_what_ended_after_the_year_was_left_over_and_shows_no_end_in_it() -> None:
    written([(360, 30, "firm", "open", "43.tax", False)])  # from late December into January
    (row,) = yearly.rows(item=ITEM, column=COLUMN, year=2024, line=LEFT)
    assert (row.column, row.line, row.ended) == ("firm", LEFT, None)
    (row,) = yearly.rows(item=ITEM, column=COLUMN, year=2025, line="open")
    assert row.ended == date(2025, 1, 25) and row.filed == date(2024, 12, 26)


@pytest.mark.django_db
def test_no_other_item_and_no_other_agency_is_counted() -> None:
    written([(10, 5, "natural", "open", "43.tax", False)])
    assert yearly.figures(item="43.office/other", column=COLUMN, year=2024).cells == {}
    assert yearly.figures(item=ITEM, column=COLUMN, year=2024, agency="43.market").cells == {}
    assert yearly.agencies(item=ITEM) == ("43.tax",)
