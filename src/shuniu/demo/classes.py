"""The rows of the credit classes: which classes hold some, and what happened to whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import zip_longest
from random import Random

from shuniu.catalogue.declare import Resource, SubjectType
from shuniu.demo.facts import Facts, World, happening
from shuniu.demo.firms import Firm
from shuniu.demo.people import Person

MORE = {"43.market": 18, "43.tax": 10, "43.police": 10, "43.court": 9, "43.labour": 9, "43.ecology": 7, "43.housing": 7}
OTHERS = 5
"""How many classes of an agency hold rows."""

PUNISHES = "43.market"
PUNISHED = {1: 200, 2: 45}
"""In its penalties the first firm comes first: so many days ago, one late enough for a repair and one not yet."""

MANY = 0.12
"""The share of rows that fall on few firms."""


def chosen(resources: Sequence[Resource]) -> list[Resource]:
    """The credit classes that get rows: for each agency its number, of every nature in turn, always the same ones."""
    by_agency: dict[str, dict[tuple[str, str], list[Resource]]] = defaultdict(lambda: defaultdict(list))
    for one in sorted(resources, key=lambda one: one.key):
        if one.credit is not None:
            by_agency[one.agency][one.credit.nature, one.subject.value].append(one)
    found: list[Resource] = []
    for agency, natures in sorted(by_agency.items()):
        rounds = zip_longest(*natures.values())
        rows = [one for queue in rounds for one in queue if one is not None]
        found += rows[: MORE.get(agency, OTHERS)]
    return found


def happenings(rng: Random, world: World, resource: Resource, count: int) -> Iterator[Facts]:
    """So many rows of a class. A few firms have very many: reports must stay quick and pages readable."""
    adults = world.adults
    for serial in range(1, count + 1):
        firm: Firm | None = _firm(rng, world)
        person: Person | None = None
        both = resource.subject is SubjectType.BOTH and rng.random() < 0.6
        if resource.subject is SubjectType.NATURAL or both:
            # The people with accounts come first everywhere: each has something to look up.
            firm, person = None, adults[serial % 2] if serial < 3 else rng.choice(adults)
        if serial in PUNISHED and _punishes(resource):
            firm = world.firms[0]
        fine = f"{rng.lognormvariate(0.3, 1.1):.2f}" if rng.random() < 0.85 else ""
        facts = happening(rng, world, resource, serial, firm, person, {"fine": fine})
        if serial in PUNISHED and _punishes(resource):
            day = world.today - timedelta(days=PUNISHED[serial])
            facts = replace(facts, day=day, until=day + timedelta(days=365), ended=None)
        yield facts


def _punishes(resource: Resource) -> bool:
    """Whether a class holds penalties of the department whose repairs are decided in the demo, for firms, of a year."""
    terms = resource.credit
    return (
        resource.agency == PUNISHES
        and resource.subject is SubjectType.LEGAL
        and terms is not None
        and (terms.nature, terms.term_rule) == ("处罚", "credit.disclosure.general")
    )


def _firm(rng: Random, world: World) -> Firm:
    if rng.random() < MANY:
        return world.firms[min(len(world.firms) - 1, int(rng.paretovariate(0.6)) - 1)]
    return rng.choice(world.firms)
