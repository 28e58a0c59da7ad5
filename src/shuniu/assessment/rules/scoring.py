"""What the cards of a month or a quarter come to, pure: a hundred points less the weights of the cards that stand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from shuniu.assessment.declare import Counted, Level, Score, Weights
from shuniu.base.periods import Period, add_months
from shuniu.trust.declare import Refused

_FULL = 100
GRADES = ("优秀", "良好", "合格")
WORST = "不合格"
"""The words of a rating, the best first; the dated rules say from which points on."""


def months(said: str) -> tuple[Period, ...]:
    """The months of `2026-11` or of a quarter `2026-Q4`. Raises Refused (assessment.period)."""
    year, _, part = said.partition("-")
    digits = part.removeprefix("Q")
    digital = said.isascii() and year.isdigit() and digits.isdigit()
    if not (digital and len(year) == 4 and "1900" <= year < "9999" and len(part) == 2):
        raise _no_period(said)
    quarter, number = part.startswith("Q"), int(digits)
    if not 1 <= number <= (4 if quarter else 12):
        raise _no_period(said)
    first = date(int(year), 3 * number - 2 if quarter else number, 1)
    starts = [add_months(first, step) for step in range(4 if quarter else 2)]
    return tuple(Period(start, date.fromordinal(after.toordinal() - 1)) for start, after in pairwise(starts))


def _no_period(said: str) -> Refused:
    return Refused("assessment.period", f"“{said}”不是月份或季度。", "请写成 2026-11 或 2026-Q4。")


def scores(counted: Iterable[Counted], months: Iterable[Period], weights: Weights) -> tuple[Score, ...]:
    """The score of everybody who has a card in these months, the lowest first; a quarter is the mean of its months."""
    starts = [one.start for one in months]
    groups: dict[str, list[Counted]] = defaultdict(list)
    for one in counted:
        if one.key and one.month in starts:
            groups[one.key].append(one)
    made = [_score(key, group, starts, weights) for key, group in groups.items()]
    return tuple(sorted(made, key=lambda one: (one.points, one.key)))


def _score(key: str, counted: list[Counted], starts: Iterable[date], weights: Weights) -> Score:
    costs = {Level.REMINDER: weights.reminder, Level.YELLOW: weights.yellow, Level.RED: weights.red}
    lost, by_level = Counter[date](), Counter[Level]()
    for one in counted:
        if one.stands:
            lost[one.month] += costs[one.level] * one.cards
            by_level[one.level] += one.cards
    each = [max(0, _FULL - lost[start]) for start in starts]
    points = round(sum(each) / len(each), 1)
    grade = next((words for words, least in weights.grades if points >= least), WORST)
    every = sum(one.cards for one in counted)
    return Score(
        key, max(one.name for one in counted), points, grade, by_level[Level.REMINDER], by_level[Level.YELLOW],
        by_level[Level.RED], every - by_level.total(), every,
    )  # fmt: skip
