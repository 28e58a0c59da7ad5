"""The demo province's people: nobody that there is, with numbers that nobody was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from shuniu.demo import numbers, words


@dataclass(frozen=True)
class Place:
    """A county of the province and its city."""

    code: str
    name: str
    city: str


@dataclass(frozen=True)
class Person:
    index: int
    name: str
    former_name: str
    male: bool
    born: date
    resident_id: str
    ethnicity: str  # label of GB/T 3304
    place: Place
    address: str
    mobile: str


ETHNICITIES = ("汉族",) * 85 + ("土家族",) * 6 + ("苗族",) * 5 + ("侗族", "瑶族", "白族", "回族")
CITIZENS = (("秦演溪", False, date(1990, 3, 7)), ("唐试舟", True, date(1984, 11, 20)))
"""The first two people: they have accounts."""


def people(rng: Random, count: int, places: Sequence[Place], today: date) -> list[Person]:
    """So many people between nought and ninety-five years old, one in twenty a namesake of somebody before."""
    made: list[Person] = []
    for index in range(count):
        place = rng.choice(places)
        if index < len(CITIZENS):
            name, male, born = CITIZENS[index]
        else:
            male, born = rng.random() < 0.51, _born(rng, index, today)
            namesake = index > 40 and rng.random() < 0.05
            name = rng.choice(made).name if namesake else person_name(rng, male=male)
        made.append(
            Person(
                index=index,
                name=name,
                former_name=person_name(rng, male=male) if rng.random() < 0.02 else "",
                male=male,
                born=born,
                # Place and serial from the index: two people born on one day never get one number.
                resident_id=numbers.resident_id(1 + index % 99, born, index // 99 % 499, male=male),
                ethnicity=rng.choice(ETHNICITIES),
                place=place,
                address=address(rng, place),
                mobile=numbers.mobile(index),
            )
        )
    return made


def _born(rng: Random, index: int, today: date) -> date:
    """Mostly adults; the youngest were born this year, for the birth register's sake."""
    days = rng.randrange(365) if index % 20 == 0 else int(rng.triangular(2 * 365, 95 * 365, 42 * 365))
    return today - timedelta(days=days + 1)


def person_name(rng: Random, *, male: bool) -> str:
    """Two or three characters; one in two hundred holds a rare one."""
    surname = rng.choice(words.RARE_SURNAMES if rng.random() < 0.01 else words.SURNAMES)
    if rng.random() < 0.005:
        return surname + rng.choice(words.RARE_GIVEN)
    first, second = (words.FIRST_MALE, words.SECOND_MALE) if male else (words.FIRST_FEMALE, words.SECOND_FEMALE)
    return surname + rng.choice(first) + rng.choice(second)


def address(rng: Random, place: Place) -> str:
    """An address in a real county, in a road that there is not."""
    street = rng.choice(words.STREETS)
    return f"湖南省{place.city}{place.name}{street}街道{words.ROAD}{rng.randrange(1, 400)}号{rng.randrange(1, 30)}室"


def age(person: Person, today: date) -> int:
    """Whole years."""
    return today.year - person.born.year - ((today.month, today.day) < (person.born.month, person.born.day))
