"""What the cards of a month or a quarter come to, pure: a hundred points less the weights of the cards that stand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import pairwise

from django.utils import timezone

from shuniu.assessment.declare import CardLine, CardState, Level, Score, Weights
from shuniu.base.periods import Period, add_months
from shuniu.trust.declare import Refused

_FULL = 100


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


def scores(
    cards: Iterable[CardLine], by: Callable[[CardLine], str], names: Mapping[str, str], months: Iterable[Period],
    weights: Weights,
) -> tuple[Score, ...]:  # fmt: skip
    """The score of everybody who has a card in these months, the lowest first; a quarter is the mean of its months."""
    spans = tuple(months)
    groups: dict[str, list[CardLine]] = defaultdict(list)
    for card in cards:
        if by(card) and any(timezone.localdate(card.at) in span for span in spans):
            groups[by(card)].append(card)
    made = [_score(key, names.get(key, key), group, spans, weights) for key, group in groups.items()]
    return tuple(sorted(made, key=lambda one: (one.points, one.key)))


def _score(key: str, name: str, cards: list[CardLine], spans: tuple[Period, ...], weights: Weights) -> Score:
    costs = {Level.REMINDER: weights.reminder, Level.YELLOW: weights.yellow, Level.RED: weights.red}
    standing = [card for card in cards if card.state is not CardState.CANCELLED]
    each = [
        max(0, _FULL - sum(costs[card.level] for card in standing if timezone.localdate(card.at) in span))
        for span in spans
    ]
    points = round(sum(each) / len(each), 1)
    grade = next((words for words, least in weights.grades if points >= least), "不合格")
    count = Counter(card.level for card in standing)
    return Score(
        key, name, points, grade, count[Level.REMINDER], count[Level.YELLOW], count[Level.RED],
        len(cards) - len(standing), tuple(sorted(card.number for card in cards)),
    )  # fmt: skip
