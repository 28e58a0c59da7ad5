"""Points of a month and a quarter follow from the cards alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.assessment.declare import Counted, Level, Score, Weights
from shuniu.assessment.rules.scoring import months, scores
from shuniu.trust.declare import Refused

WEIGHTS = Weights(0, 4, 10, (("优秀", 95), ("良好", 85), ("合格", 60)))


def card(level: Level, month: int = 11, stands: bool = True, agency: str = "a", cards: int = 1) -> Counted:
    return Counted(agency, agency, date(2026, month, 1), level, stands, cards)


def agencies(period: str, *cards: Counted) -> dict[str, Score]:
    return {one.key: one for one in scores(cards, months(period), WEIGHTS)}


def test_a_month_counts_its_own_standing_cards_and_says_how_many_were_cancelled() -> None:
    made = agencies(
        "2026-11", card(Level.REMINDER), card(Level.YELLOW), card(Level.RED), card(Level.RED, stands=False),
        card(Level.RED, month=10), card(Level.YELLOW, agency="b"),
    )  # fmt: skip
    assert made["a"] == Score("a", "a", 86.0, "良好", 1, 1, 1, 1, 4)
    assert (made["b"].points, made["b"].grade) == (96.0, "优秀")


def test_a_quarter_is_the_mean_of_its_months() -> None:
    made = agencies("2026-Q4", card(Level.RED), card(Level.YELLOW, month=12))
    assert made["a"].points == round((100 + 90 + 96) / 3, 1)


def test_points_never_fall_below_zero_and_the_lowest_comes_first() -> None:
    made = scores([card(Level.RED, cards=20), card(Level.YELLOW, agency="b")], months("2026-11"), WEIGHTS)
    assert [(one.key, one.points, one.grade) for one in made] == [("a", 0.0, "不合格"), ("b", 96.0, "优秀")]


@pytest.mark.parametrize(
    "said", ["", "2026", "2026-13", "2026-Q5", "2026-Q0", "2026-00", "26-11", "二〇-11", "9999-12", "2026-1"]
)
def test_what_is_no_month_and_no_quarter_is_refused(said: str) -> None:
    with pytest.raises(Refused) as refusal:
        months(said)
    assert refusal.value.rule == "assessment.period"


@given(
    levels=st.lists(st.tuples(st.sampled_from(Level), st.integers(min_value=1, max_value=9)), min_size=1, max_size=12),
    cancelled=st.integers(min_value=0, max_value=11),
)
def test_cancelling_a_card_never_costs_points(levels: list[tuple[Level, int]], cancelled: int) -> None:
    cards = [card(level, cards=many) for level, many in levels]
    less = [replace(one, stands=n != cancelled % len(cards)) for n, one in enumerate(cards)]
    assert agencies("2026-11", *less)["a"].points >= agencies("2026-11", *cards)["a"].points
