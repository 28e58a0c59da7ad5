"""The demo world without a database: the shipped elements, codes, regions and dictionaries, read from their files."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from random import Random

from shuniu.catalogue import dictionary, importing
from shuniu.catalogue.declare import Resource
from shuniu.catalogue.recognition import Index
from shuniu.demo.facts import World
from shuniu.demo.firms import firms
from shuniu.demo.people import Place, people
from shuniu.project import province

FOLDER = Path(province.__file__).parent / "provinces" / "43"
TODAY = date(2026, 3, 17)
DEPARTMENTS = ("43.market", "43.court", "43.labour")
CODES = {one.key: {code.code: code.label for code in one.codes} for one in province.code_lists(FOLDER)}
CODES["region"] = {one.code: one.name for one in province.regions(FOLDER)}


def places() -> list[Place]:
    standing = [one for one in province.regions(FOLDER) if one.valid_to is None]
    cities = {one.code: one.name for one in standing if one.level == 2}
    return [Place(one.code, one.name, cities[one.parent or ""]) for one in standing if one.level == 3]


def world(seed: str = "test", *, persons: int = 300, units: int = 200) -> World:
    rng = Random(seed)
    everybody = people(rng, persons, places(), TODAY)
    adults = [one for one in everybody if (TODAY - one.born).days > 22 * 366]
    labels = {key: list(listed.items()) for key, listed in CODES.items() if key != "region"}
    agencies = {agency.key: agency for agency in province.agencies(FOLDER)}
    return World(TODAY, places(), everybody, firms(rng, units, places(), adults, TODAY), labels, agencies)


@cache
def resources() -> dict[str, Resource]:
    """All registers and the credit classes of three departments, as an import with every proposal accepted makes them.

    The checks of their elements stand in the items: what conforms to these conforms to less.
    """
    elements = {one.key: one for one in province.elements(FOLDER)}
    index = Index(elements)
    found: dict[str, Resource] = {}
    for agency, path in province.dictionaries(FOLDER):
        if path.parent.name == "registers" or agency in DEPARTMENTS:
            table = dictionary.read(path.read_bytes(), path.name)
            for one in importing.plan(table, path.name, agency, index, accept_likely=True).resources:
                items = tuple(
                    item.model_copy(update={"check": elements[item.element].check}) if item.element else item
                    for item in one.resource.items
                )
                found[one.resource.key] = one.resource.model_copy(update={"items": items})
    return found
