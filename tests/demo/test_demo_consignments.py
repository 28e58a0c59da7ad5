"""What the departments send: enough classes, rows that conform, faults in the measure in which they are meant."""

from __future__ import annotations

from random import Random

import polars as pl
import pytest

from shuniu.catalogue.declare import Published, Resource
from shuniu.demo import classes, consignments, files, noise, registers
from shuniu.demo.consignments import Fate
from shuniu.demo.noise import AWFUL, USUAL, Row
from shuniu.registries.conform import LINE, Conformed, conform
from tests.demo.province import CODES, DEPARTMENTS, resources, world

WORLD = world()
PUBLISHED = [Published(table=n, version=1, resource=one) for n, one in enumerate(resources().values(), start=1)]
PLANNED = consignments.consignments(PUBLISHED)


def conformed(resource: Resource, rows: list[Row]) -> Conformed:
    columns = {item.name: [row[item.name] or None for row in rows] for item in resource.items}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return conform(frame.with_columns(pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias(LINE)), resource, CODES)


def test_every_department_has_rows_in_at_least_three_classes() -> None:
    credit = [one for one in resources().values() if one.credit]
    chosen = classes.chosen(credit)
    assert all(sum(one.agency == agency for one in chosen) >= 3 for agency in DEPARTMENTS)
    departments = 21
    assert sum(classes.MORE.values()) + (departments - len(classes.MORE)) * classes.OTHERS >= 120
    assert len({one.credit.nature for one in chosen if one.credit}) >= 6


def test_every_register_of_the_province_gets_a_file() -> None:
    assert set(registers.REGISTERS) == {key for key, one in resources().items() if not one.credit}
    assert {one.resource.key for one in PLANNED} >= set(registers.REGISTERS)


@pytest.mark.parametrize("key", sorted({one.resource.key for one in PLANNED}))
def test_without_mistakes_every_row_conforms_and_has_a_key_of_its_own(key: str) -> None:
    resource = resources()[key]
    rows = consignments._rows(resource, WORLD, 0.5)
    done = conformed(resource, rows)
    assert rows and done.faults.rows() == []
    assert done.rows["_key"].n_unique() == len(rows)


@pytest.mark.parametrize("seed", range(6))
def test_a_usual_file_stays_below_the_limit_and_an_awful_one_goes_past_it(seed: int) -> None:
    resource = resources()["43.market/registration"]
    rows = consignments._rows(resource, WORLD, 1)
    for how, refused in ((USUAL, False), (AWFUL, True)):
        spoiled = noise.spoiled(Random(seed), resource, rows, how)
        bad = conformed(resource, spoiled).faults[LINE].n_unique()
        assert (bad > len(spoiled) * 0.05) is refused
        assert len(spoiled) >= len(rows)


def test_spoiling_leaves_the_true_rows_as_they_are_and_spares_the_first() -> None:
    resource = resources()["43.market/registration"]
    rows = consignments._rows(resource, WORLD, 1)
    before = [dict(row) for row in rows]
    spoiled = noise.spoiled(Random(1), resource, rows, AWFUL)
    assert rows == before
    assert [row["uscc"] for row in spoiled[:3]] == [row["uscc"] for row in rows[:3]]


def test_a_file_is_marked_as_demo_data_and_comes_out_the_same_each_time() -> None:
    for one in PLANNED[::9]:
        assert files.MARK in one.name
        assert consignments.content(one, WORLD, 0.3) == consignments.content(one, WORLD, 0.3)
    assert len({one.batch + one.resource.key for one in PLANNED}) == len(PLANNED)


def test_one_delivery_is_awful_one_to_be_held_and_one_to_be_recalled() -> None:
    assert sum(one.how is AWFUL for one in PLANNED) == 1
    assert sorted(one.fate.value for one in PLANNED if one.fate is not Fate.PLAIN) == ["held", "recalled"]


def test_free_text_holds_telephones_and_identity_numbers_for_masking_to_find() -> None:
    penalties = [one for one in resources().values() if one.credit and one.credit.nature == "处罚"][:20]
    text = "".join(
        row[item.name]
        for one in penalties
        for row in consignments._rows(one, WORLD, 1)
        for item in one.items
        if item.element == "violation_fact"
    )
    assert "1540000" in text and "身份证号4399" in text
