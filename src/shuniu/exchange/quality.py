"""The quality grade A–D of delivered data, pure: five dimensions (规范 完整 准确 一致 时效) over batch results.

Each dimension earns the share of rows without a fault of its kind, times its points; weights and thresholds are dated
rules (`quality.*`). Every point that was lost names the submissions and rules that lost it, so that it can be opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shuniu.base.titled import Titled


class Dimension(Titled):
    """The five dimensions; values are the keys of their weights."""

    STANDARD = "standard", "规范"
    COMPLETE = "complete", "完整"
    ACCURATE = "accurate", "准确"
    CONSISTENT = "consistent", "一致"
    TIMELY = "timely", "时效"


_COMPLETE = frozenset({"cell.required", "file.columns", "file.empty"})
_STANDARD = frozenset(
    {"cell.date", "cell.timestamp", "cell.decimal", "cell.integer", "cell.boolean", "cell.code", "cell.length",
     "cell.private_use", "cell.error"}
)  # fmt: skip
AWAITING = "row.awaiting"
"""The rule by which rows whose subject no register knows count against 一致."""
OBJECTION = "objection.upheld"
"""The rule by which rows that an objection proved wrong count against 准确."""


def dimension_of(rule: str) -> Dimension:
    """Which dimension a broken rule counts against: form is 规范, a wrong check digit is 准确, rows at odds are 一致."""
    if rule in _COMPLETE:
        return Dimension.COMPLETE
    if rule in _STANDARD or rule.startswith("file."):
        return Dimension.STANDARD
    if rule.startswith("row."):
        return Dimension.CONSISTENT
    return Dimension.ACCURATE


@dataclass(frozen=True)
class Evidence:
    """Rows of one submission that broke one rule; a whole refused file counts as all of its rows."""

    submission: int
    rule: str
    rows: int


@dataclass(frozen=True)
class Delivered:
    """What one submission brought: rows received, and the rows that each rule refused or marked."""

    submission: int
    received: int
    broken: Mapping[str, int]
    refused: str = ""  # the rule that refused the whole file unread


@dataclass(frozen=True)
class Punctual:
    """How a resource was in time over a month: periods that ended in it, and those of them that were late or missing."""

    due: int
    late: int


@dataclass(frozen=True)
class Point:
    """One dimension's result: points earned of points possible, and what cost the rest."""

    dimension: Dimension
    earned: float
    possible: int
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Grade:
    """A resource's or a department's grade: points per dimension, the sum out of 100, and the letter ("": nothing was due)."""

    points: tuple[Point, ...]
    score: float | None
    letter: str


@dataclass(frozen=True)
class Scale:
    """The dated rules: points per dimension, and the least score of each letter."""

    weights: Mapping[Dimension, int]
    thresholds: Mapping[str, int]

    def letter(self, score: float) -> str:
        reached = [name for name, least in self.thresholds.items() if score >= least]
        return max(reached, key=lambda name: self.thresholds[name])


def grade(delivered: Sequence[Delivered], punctual: Punctual, scale: Scale) -> Grade:
    """Grade one resource over a month. Dimensions that nothing speaks of are left out and the rest scaled to 100."""
    rows = sum(max(one.received, 1 if one.refused else 0) for one in delivered)
    points = [_point(dimension, delivered, rows, scale) for dimension in Dimension if dimension is not Dimension.TIMELY]
    if rows == 0:
        points = []
    if punctual.due:
        share = 1 - punctual.late / punctual.due
        possible = scale.weights[Dimension.TIMELY]
        points.append(Point(Dimension.TIMELY, round(share * possible, 2), possible))
    return _graded(points, scale)


def _point(dimension: Dimension, delivered: Iterable[Delivered], rows: int, scale: Scale) -> Point:
    evidence = [
        Evidence(one.submission, rule, count)
        for one in delivered
        for rule, count in {**one.broken, **({one.refused: max(one.received, 1)} if one.refused else {})}.items()
        if count and dimension_of(rule) is dimension
    ]
    wrong = min(sum(one.rows for one in evidence), rows)
    possible = scale.weights[dimension]
    earned = round(possible * (1 - wrong / rows), 2) if rows else 0.0
    ordered = sorted(evidence, key=lambda one: -one.rows)
    return Point(dimension, earned, possible, tuple(ordered))


def together(grades: Iterable[Grade], scale: Scale) -> Grade:
    """A department's grade: the mean of its resources', dimension by dimension; evidence of all of them."""
    every = list(grades)
    points = []
    for dimension in Dimension:
        mine = [point for one in every for point in one.points if point.dimension is dimension]
        if mine:
            earned = sum(point.earned / point.possible for point in mine if point.possible) / len(mine)
            possible = scale.weights[dimension]
            evidence = tuple(piece for point in mine for piece in point.evidence)
            points.append(Point(dimension, round(earned * possible, 2), possible, evidence))
    return _graded(points, scale)


def _graded(points: Sequence[Point], scale: Scale) -> Grade:
    possible = sum(point.possible for point in points)
    if not possible:
        return Grade(tuple(points), None, "")
    score = round(100 * sum(point.earned for point in points) / possible, 1)
    return Grade(tuple(points), score, scale.letter(score))
