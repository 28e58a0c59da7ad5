"""The grade A–D: pure, explained point by point, and never better for more faults."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shuniu.exchange.quality import (
    AWAITING,
    OBJECTION,
    Delivered,
    Dimension,
    Punctual,
    Scale,
    dimension_of,
    grade,
    together,
)

SCALE = Scale(dict.fromkeys(Dimension, 20), {"A": 95, "B": 85, "C": 70, "D": 0})
IN_TIME, LATE = Punctual(1, 0), Punctual(1, 1)
RULES = ("cell.date", "cell.required", "cell.uscc", "row.key_conflict", AWAITING, OBJECTION)


def test_flawless_and_in_time_is_an_a() -> None:
    found = grade([Delivered(1, 1000, {})], IN_TIME, SCALE)
    assert (found.score, found.letter) == (100.0, "A")


def test_each_lost_point_names_the_submission_and_the_rule_that_lost_it() -> None:
    found = grade([Delivered(7, 100, {"cell.uscc": 30}), Delivered(8, 100, {})], LATE, SCALE)
    accurate = next(point for point in found.points if point.dimension is Dimension.ACCURATE)
    assert accurate.earned == 17.0
    assert [(one.submission, one.rule, one.rows) for one in accurate.evidence] == [(7, "cell.uscc", 30)]
    assert (found.score, found.letter) == (77.0, "C")


def test_rules_fall_to_the_dimension_that_they_are_about() -> None:
    said = {rule: dimension_of(rule) for rule in ("file.encoding", *RULES)}
    assert said["file.encoding"] is said["cell.date"] is Dimension.STANDARD
    assert said["cell.required"] is Dimension.COMPLETE
    assert said["cell.uscc"] is said[OBJECTION] is Dimension.ACCURATE
    assert said["row.key_conflict"] is said[AWAITING] is Dimension.CONSISTENT


def test_a_file_that_could_not_be_read_costs_standard_points() -> None:
    found = grade([Delivered(1, 0, {}, refused="file.encoding")], IN_TIME, SCALE)
    assert next(p for p in found.points if p.dimension is Dimension.STANDARD).earned == 0


def test_nothing_due_and_nothing_delivered_is_not_graded() -> None:
    assert grade([], Punctual(0, 0), SCALE).letter == ""


def test_a_nothing_report_in_time_is_graded_by_timeliness_alone() -> None:
    assert grade([], IN_TIME, SCALE).letter == "A"
    assert grade([], LATE, SCALE).letter == "D"


@given(st.integers(1, 500), st.dictionaries(st.sampled_from(RULES), st.integers(0, 600)), st.sampled_from(RULES))
def test_more_faults_never_make_a_better_grade(rows: int, broken: dict[str, int], more: str) -> None:
    worse = {**broken, more: broken.get(more, 0) + 1}
    before, after = (grade([Delivered(1, rows, one)], IN_TIME, SCALE) for one in (broken, worse))
    assert before.score is not None and after.score is not None
    assert 0 <= after.score <= before.score <= 100


def test_a_department_is_the_mean_of_its_resources() -> None:
    good, bad = grade([Delivered(1, 10, {})], IN_TIME, SCALE), grade([Delivered(2, 10, {"cell.date": 10})], LATE, SCALE)
    found = together([good, bad], SCALE)
    assert found.score == 80.0
    assert [one.submission for point in found.points for one in point.evidence] == [2]
