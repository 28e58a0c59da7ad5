"""What may become of a licence, and the numbers that it bears."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.base.identifiers import licence_id_valid
from shuniu.cases.declare import ByLicence
from shuniu.cases.declare.licence import LicenceState, LicenceType
from shuniu.cases.rules import licences as rules
from shuniu.systems.licences.declare import BY_KEY, TYPES
from shuniu.systems.service_hall.declare import ITEMS
from shuniu.trust.declare import Refused

STATES = st.sampled_from(LicenceState)
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@given(st.lists(STATES, max_size=12))
def test_no_sequence_of_changes_brings_a_dead_licence_back(wanted: list[LicenceState]) -> None:
    state, dead = LicenceState.VALID, False
    for after in wanted:
        try:
            rules.change(state, after, "查实", "依据")
        except Refused as refusal:
            assert refusal.rule == "licence.state" and refusal.remedy
            continue
        state = after
        assert not (dead and state in rules.IN_FORCE)
        dead = dead or state not in rules.IN_FORCE
    if state is LicenceState.CANCELLED:
        assert not rules.NEXT[state]


def test_every_state_is_reached_and_has_its_word() -> None:
    assert set(rules.NEXT) == set(LicenceState)
    assert frozenset().union(*rules.NEXT.values()) == set(LicenceState)
    assert [one.title for one in LicenceState] == ["有效", "暂扣", "撤销", "注销", "失效", "吊销"]


@pytest.mark.parametrize(("reason", "basis", "rule"), [(" ", "条", "licence.reason"), ("因", "", "licence.basis")])
def test_a_change_says_why_and_on_what_basis(reason: str, basis: str, rule: str) -> None:
    with pytest.raises(Refused) as refusal:
        rules.change(LicenceState.VALID, LicenceState.SUSPENDED, reason, basis)
    assert refusal.value.rule == rule


@given(STATES, st.none() | DAYS, DAYS)
def test_time_ends_only_what_is_in_force(kept: LicenceState, last: date | None, day: date) -> None:
    seen = rules.state_on(kept, last, day)
    ran_out = last is not None and last < day and kept in rules.IN_FORCE
    assert seen is (LicenceState.EXPIRED if ran_out else kept)


def test_five_years_end_on_the_day_before() -> None:
    food = BY_KEY["food_business"]
    assert rules.last_day(food, date(2026, 3, 1)) == date(2031, 2, 28)
    assert rules.last_day(food, date(2024, 2, 29)) == date(2029, 2, 27)
    assert rules.last_day(food.model_copy(update={"valid_years": None}), date(2026, 3, 1)) is None


@given(st.sampled_from(TYPES), st.text("0123456789ABCXYZ", min_size=1, max_size=20), st.integers(1, 999))
def test_an_identifier_is_one_by_the_standard(kind: LicenceType, serial: str, version: int) -> None:
    made = rules.identifier(kind, "11430000006122244L", serial, version)
    assert licence_id_valid(made)
    assert not licence_id_valid(made[:-1] + ("0" if made[-1] != "0" else "1"))


def test_the_reference_identifier_is_reproduced() -> None:
    housing = LicenceType(
        key="k", title="t", agency="43.housing", definer="11100000000013338W", number="011", fields=()
    )
    made = rules.identifier(housing, "11430000006122244L", "20230000403")
    assert made == "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=4), st.none() | DAYS)
def test_a_digest_changes_with_anything_that_a_licence_says(facts: list[tuple[str, str]], last: date | None) -> None:
    first = date(2000, 1, 1)
    one = rules.digest("43", facts, first, last)
    assert one == rules.digest("43", facts, first, last)
    others = {rules.digest("44", facts, first, last), rules.digest("43", [*facts, ("", "")], first, last)}
    others.add(rules.digest("43", facts, date(2000, 1, 2), last))
    assert one not in others


def test_the_declared_types_have_codes_of_their_own() -> None:
    assert len({one.definer + one.number for one in TYPES}) == len(TYPES) == len(BY_KEY)
    assert {one.holder for one in TYPES} == {"legal", "natural", "any"}


def test_every_shipped_item_names_only_types_that_are_declared() -> None:
    named = {name for item in ITEMS for name in item.licences}
    instead = {
        one.licence for item in ITEMS for m in item.materials for one in m.satisfied_by if isinstance(one, ByLicence)
    }
    assert named | instead <= BY_KEY.keys()
    issuing = [(item, BY_KEY[name]) for item in ITEMS for name in item.licences]
    assert all(item.agency == kind.agency for item, kind in issuing)
    for item, kind in issuing:
        asked = {question.name for question in item.form.questions} | {"name", "code"}
        assert asked & {name for name, _title in kind.fields}, f"{item.key}: nothing would be printed"
    assert all(one.basis for one in TYPES)


def test_a_term_that_the_law_sets_by_the_holder_is_stated_and_no_other() -> None:
    passport, first = BY_KEY["passport"], date(2026, 3, 1)
    assert rules.last_day(passport, first, date(2036, 2, 29)) == date(2036, 2, 29)
    wrong = [(passport, None), (passport, date(2026, 2, 28)), (BY_KEY["nurse"], date(2036, 2, 29))]
    for kind, stated in wrong:
        with pytest.raises(Refused) as refusal:
            rules.last_day(kind, first, stated)
        assert refusal.value.rule == "licence.term" and refusal.value.remedy
