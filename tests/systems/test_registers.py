"""The golden registers: every source exists in a register's dictionary, the authority is who the law names."""

from __future__ import annotations

from pathlib import Path

import pytest

from shuniu.catalogue.dictionary import read
from shuniu.catalogue.importing import plan
from shuniu.catalogue.recognition import Index
from shuniu.registries import api as registries
from shuniu.registries.declare import Register
from shuniu.systems import legal_persons, population
from shuniu.systems.credit.header import LINES, REGISTERS
from shuniu.systems.legal_persons import declare as legal_persons_declared
from shuniu.systems.population import declare as population_declared
from shuniu.trust.declare import Actor
from tests.systems import credit_province
from tests.systems.credit_province import FIRM, NAME, PERSON_ID, REGISTER

FOLDER = Path(__file__).parents[2] / "src/shuniu/project/provinces/43/registers"
BOTH = (legal_persons_declared.REGISTER, population_declared.REGISTER)


@pytest.fixture(scope="module")
def items() -> dict[str, set[str]]:
    """Item names of every register resource of the province."""
    found: dict[str, set[str]] = {}
    for path in FOLDER.glob("*.csv"):
        table = read(path.read_bytes(), path.name)
        agency = table.rows[0]["资源代码"].partition("/")[0]
        planned = plan(table, path.name, agency, Index({}))
        found |= {one.resource.key: {item.name for item in one.resource.items} for one in planned.resources}
    return found


@pytest.mark.parametrize("register", BOTH, ids=lambda register: register.key)
def test_every_attribute_comes_from_items_that_the_registers_deliver(
    items: dict[str, set[str]], register: Register
) -> None:
    for attribute in register.attributes:
        for source in attribute.sources:
            assert source.item in items[source.resource], f"{attribute.title}: {source.resource} {source.item}"
        assert len({source.resource for source in attribute.sources}) == len(attribute.sources)
    assert {source.resource for one in register.attributes for source in one.sources} <= set(items)


def test_the_head_of_a_credit_report_reads_items_that_the_registers_deliver(items: dict[str, set[str]]) -> None:
    for title, names in LINES:
        spoken = [name in items[resource] for resource, name in zip(REGISTERS, names, strict=True)]
        assert any(spoken), title
    assert spoken


def test_the_authority_of_a_name_is_the_one_who_registers_it() -> None:
    named = {one.name: one.sources[0].resource for register in BOTH for one in register.attributes}
    assert named["legal_representative"] == "43.market/registration"
    assert named["tax_number"] == "43.tax/registration"
    assert named["industry"] == "43.statistics/unit"
    assert named["birth_date"] == "43.police/household"
    assert named["insured"] == "43.labour/insurance"
    assert legal_persons.__doc__ and population.__doc__


def test_a_golden_record_is_read_with_its_sources_and_a_persons_is_masked(db: None) -> None:
    credit_province.found()
    officer = Actor("officer:9", "赵敏", "43.tax", "省税务局", ("43",), frozenset({"registries.golden"}))
    firm, person = registries.find_subject("uscc", FIRM), registries.find_subject("resident_id", PERSON_ID)
    assert firm is not None and person is not None
    golden = registries.golden(actor=officer, register=legal_persons_declared.REGISTER, subject=firm)
    name = golden["name"].winner
    assert name is not None and (name.value, name.resource, name.rank) == (NAME, REGISTER.key, 0)
    masked = registries.golden(actor=officer, register=population_declared.REGISTER, subject=person)
    shown = masked["resident_id"].winner
    assert shown is not None and PERSON_ID not in shown.value and shown.value.startswith("430102")
