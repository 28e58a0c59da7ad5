"""Points of a month and a quarter follow from the cards alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.assessment.declare import CardLine, CardState, Level, Score, Weights
from shuniu.assessment.rules.scoring import months, scores
from shuniu.trust.declare import Refused

WEIGHTS = Weights(0, 4, 10, (("优秀", 95), ("良好", 85), ("合格", 60)))


def card(
    number: int, level: Level, month: int = 11, state: CardState = CardState.ISSUED, agency: str = "a"
) -> CardLine:
    at = datetime(2026, month, 15, 4, tzinfo=UTC)
    return CardLine(number, "J", "规则", level, state, "事项", agency, "430000", "", "", at)


def agencies(period: str, *cards: CardLine) -> dict[str, Score]:
    return {one.key: one for one in scores(cards, lambda one: one.agency, {}, months(period), WEIGHTS)}


def test_a_month_counts_its_own_standing_cards_and_lists_every_one() -> None:
    made = agencies(
        "2026-11", card(1, Level.REMINDER), card(2, Level.YELLOW), card(3, Level.RED, state=CardState.UPHELD),
        card(4, Level.RED, state=CardState.CANCELLED), card(5, Level.RED, month=10),
        card(6, Level.YELLOW, agency="b"),
    )  # fmt: skip
    assert made["a"] == Score("a", "a", 86.0, "良好", 1, 1, 1, 1, (1, 2, 3, 4))
    assert (made["b"].points, made["b"].grade) == (96.0, "优秀")


def test_a_quarter_is_the_mean_of_its_months() -> None:
    made = agencies("2026-Q4", card(1, Level.RED), card(2, Level.YELLOW, month=12))
    assert made["a"].points == round((100 + 90 + 96) / 3, 1)


def test_points_never_fall_below_zero_and_the_lowest_comes_first() -> None:
    many = [card(number, Level.RED) for number in range(20)]
    made = scores([*many, card(99, Level.YELLOW, agency="b")], lambda one: one.agency, {}, months("2026-11"), WEIGHTS)
    assert [(one.key, one.points, one.grade) for one in made] == [("a", 0.0, "不合格"), ("b", 96.0, "优秀")]


@pytest.mark.parametrize(
    "said", ["", "2026", "2026-13", "2026-Q5", "2026-Q0", "2026-00", "26-11", "二〇-11", "9999-12", "2026-1"]
)
def test_what_is_no_month_and_no_quarter_is_refused(said: str) -> None:
    with pytest.raises(Refused) as refusal:
        months(said)
    assert refusal.value.rule == "assessment.period"


@given(levels=st.lists(st.sampled_from(Level), max_size=12), cancelled=st.integers(min_value=0, max_value=11))
def test_cancelling_a_card_never_costs_points(levels: list[Level], cancelled: int) -> None:
    cards = [card(number, level) for number, level in enumerate(levels)]
    if not cards:
        return
    place = cancelled % len(cards)
    less = [card(n, one.level, state=CardState.CANCELLED) if n == place else one for n, one in enumerate(cards)]
    assert agencies("2026-11", *less)["a"].points >= agencies("2026-11", *cards)["a"].points
