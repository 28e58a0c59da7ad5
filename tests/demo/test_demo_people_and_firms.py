"""The fictional province: the same from one seed, its numbers all different, its names as awkward as real ones."""

from __future__ import annotations

from collections import Counter

from shuniu.demo import words
from shuniu.demo.people import CITIZENS, age
from tests.demo.province import TODAY, world

BIG = world(persons=3000, units=1500)


def test_one_seed_gives_one_province_and_another_seed_another() -> None:
    assert world() == world()
    assert world().people != world("other").people
    assert world().firms != world("other").firms


def test_no_two_people_and_no_two_units_share_a_number() -> None:
    assert len({one.resident_id for one in BIG.people}) == len(BIG.people)
    for field in ("uscc", "organisation_code", "registration_number", "tax_number"):
        assert len({getattr(one, field) for one in BIG.firms}) == len(BIG.firms), field


def test_there_are_namesakes_and_renamed_and_closed_units() -> None:
    assert max(Counter(one.name for one in BIG.people).values()) > 1
    twins = [name for name, count in Counter(one.name for one in BIG.firms).items() if count > 1]
    assert twins
    assert any(one.old_name and one.old_name != one.name for one in BIG.firms)
    assert all(one.established <= one.closed <= TODAY for one in BIG.firms if one.closed)
    assert any(one.closed for one in BIG.firms) and BIG.firms[0].closed is None


def test_people_are_of_every_age_and_some_names_are_hard_to_write() -> None:
    ages = [age(one, TODAY) for one in BIG.people]
    assert min(ages) == 0 and max(ages) > 80 and all(one.born < TODAY for one in BIG.people)
    assert any(any(rare in one.name for rare in words.RARE_GIVEN) for one in BIG.people)
    assert [one.name for one in BIG.people[:2]] == [name for name, _, _ in CITIZENS]


def test_every_address_lies_in_the_road_that_there_is_not() -> None:
    addresses = [one.address for one in BIG.people] + [one.address for one in BIG.firms]
    assert all(words.ROAD in address for address in addresses)
