"""What one row is about: one happening between one agency and one subject, from which all its cells follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from shuniu.catalogue.declare import Resource
from shuniu.demo.firms import Firm
from shuniu.demo.people import Person, Place
from shuniu.directory.declare import Agency

CodeLabels = Mapping[str, Sequence[tuple[str, str]]]
"""Code list key → its codes with their labels."""


@dataclass(frozen=True)
class World:
    """The demo province as everybody's files tell of it, on one day."""

    today: date
    places: Sequence[Place]
    people: Sequence[Person]
    firms: Sequence[Firm]
    codes: CodeLabels
    agencies: Mapping[str, Agency]

    @property
    def adults(self) -> list[Person]:
        """Who may sign, drive or own."""
        return [one for one in self.people if (self.today - one.born).days > 22 * 366]


@dataclass(frozen=True)
class Facts:
    """One row's facts. A happening begins on `day`, holds until `until`, and may have been ended on `ended`."""

    rng: Random
    world: World
    resource: Resource
    agency: Agency
    serial: int
    firm: Firm | None
    person: Person | None
    day: date
    until: date
    ended: date | None
    written: Mapping[str, str] = field(default_factory=dict)  # cells that are given, by item name

    @property
    def place(self) -> Place:
        """Where the subject is at home."""
        if self.firm is not None:
            return self.firm.place
        return self.person.place if self.person else self.world.places[0]

    @property
    def human(self) -> Person:
        """The person concerned: the subject, or whoever answers for it."""
        if self.person is not None:
            return self.person
        return self.firm.representative if self.firm else self.world.people[0]

    @property
    def subject_name(self) -> str:
        return self.firm.name if self.firm else self.human.name

    @property
    def matter(self) -> str:
        """What the class is about, without the words that every class of its nature has."""
        title = self.resource.title
        for ending in ("信息", "行政处罚", "许可", "备案", "登记", "名单"):
            title = title.removesuffix(ending)
        return title or self.resource.title

    def later(self, days: int) -> date:
        """A day up to so many after the happening, not after today."""
        return min(self.world.today, self.day + timedelta(days=self.rng.randrange(1, days)))


def happening(
    rng: Random,
    world: World,
    resource: Resource,
    serial: int,
    firm: Firm | None,
    person: Person | None,
    written: Mapping[str, str] | None = None,
) -> Facts:
    """Facts of the last five years, more of the late ones; some are over, most still hold."""
    today = world.today
    day = today - timedelta(days=1 + int(rng.betavariate(1, 1.6) * 5 * 365))
    until = day + timedelta(days=rng.choice((365, 365, 1095, 1095, 1826)))
    ended = None
    if rng.random() < 0.25 and (today - day).days > 40:
        ended = day + timedelta(days=rng.randrange(30, (today - day).days))
    agency = world.agencies[resource.agency]
    return Facts(rng, world, resource, agency, serial, firm, person, day, until, ended, written or {})
