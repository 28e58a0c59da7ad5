"""Which stages may be rated, what a rating says, what is hidden of its words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.cases.declare.case import CaseState
from shuniu.cases.declare.rating import ONLINE, Level, RatedStage
from shuniu.cases.rules import ratings as rules
from shuniu.trust.declare import Refused

NAMES = ("田野", "李四")


@given(st.sampled_from(CaseState), st.booleans(), st.sets(st.sampled_from([RatedStage.ACCEPT, RatedStage.DECIDE])))
def test_a_rectification_is_rated_where_it_was_done_and_a_running_case_has_no_decision_to_rate(
    state: CaseState, accepted: bool, rectified: set[RatedStage]
) -> None:
    found = rules.rateable(state, accepted=accepted, rectified=rectified)
    assert {stage.rectified for stage in found} - {None} == rectified
    assert (RatedStage.DECIDE in found) == (state in (CaseState.GRANTED, CaseState.REFUSED))
    assert (RatedStage.ACCEPT in found) == (accepted or state is CaseState.DECLINED)


@given(st.text(), st.sampled_from(NAMES), st.text())
def test_no_text_shows_the_name_of_who_applied_or_acted(before: str, name: str, after: str) -> None:
    assert not any(one in rules.masked(before + name + after, NAMES) for one in NAMES)


@given(st.integers())
def test_only_the_five_grades_are_grades(level: int) -> None:
    if level in tuple(Level):
        assert rules.check(level, {}, "", ONLINE).level == level
    else:
        with pytest.raises(Refused):
            rules.check(level, {}, "", ONLINE)


def test_too_long_a_text_and_a_strange_sub_item_are_refused() -> None:
    for parts, text, rule in (({"attitude": 1}, "", "rating.parts"), ({"guide": 0}, "", "rating.parts"),
                              ({}, "长" * 1001, "rating.text")):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            rules.check(1, parts, text, ONLINE)
        assert refusal.value.rule == rule


def test_an_officer_hides_words_and_adds_none() -> None:
    assert rules.hide("三号窗口的张姐态度差", ["张姐", " "]) == "三号窗口的［已隐去］态度差"
    assert rules.hide("没有", []) == "没有"
