"""Golden records: each attribute from its one authoritative source, with who said so, what contradicts it, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.catalogue import api as catalogue
from shuniu.registries import api, gold
from shuniu.registries.declare import Attribute, Register, Said, Source
from shuniu.registries.store import subject_rows
from shuniu.trust.declare import Refused
from tests.registries.conftest import (
    HOUSEHOLD,
    INSURANCE,
    MATCHER,
    PENALTY,
    REGISTRATION,
    TAX,
    WORKER,
    Load,
    organisation,
    resident,
    uscc,
)

LEGAL = Register(
    key="legal_persons", title="法人单位库", subject="legal",
    attributes=(
        Attribute("name", "名称", "enterprise_name", (Source(REGISTRATION.key, "name"), Source(TAX.key, "name"))),
        Attribute("address", "住所", "address", (Source(REGISTRATION.key, "address"), Source(TAX.key, "address"))),
        Attribute("tax_number", "税号", "tax_number", (Source(TAX.key, "tax_number"),)),
        Attribute("none", "无人提供", "name", (Source("43.nobody/nothing", "x"),)),
    ),
)  # fmt: skip
POPULATION = Register(
    key="population", title="人口库", subject="natural",
    attributes=(
        Attribute("name", "姓名", "person_name", (Source(HOUSEHOLD.key, "person_name"), Source(INSURANCE.key, "person_name"))),
        Attribute("region", "户籍", "region_code", (Source(HOUSEHOLD.key, "region"),)),
    ),
)  # fmt: skip
NUMBER = resident("1980-05-01", 11)


@pytest.fixture
def firm(load: Load) -> int:
    load(REGISTRATION, {"uscc": uscc(1), "name": "湖南省湘江机械有限公司"})
    load(
        TAX,
        {"tax_number": "430102" + organisation(1), "uscc": uscc(1), "name": "湘江机械厂", "address": "五一大道一号"},
    )
    load(REGISTRATION, {"uscc": uscc(1), "name": "湖南省星沙重工有限公司"})
    found = api.find_subject("uscc", uscc(1))
    assert found is not None
    return found


@pytest.mark.django_db
def test_the_authority_wins_the_next_source_fills_gaps_and_conflicts_are_shown(firm: int) -> None:
    found = api.golden(actor=MATCHER, register=LEGAL, subject=firm)
    name, address = found["name"], found["address"]
    assert name.winner is not None and address.winner is not None
    assert (name.winner.value, name.winner.agency, name.winner.batch, name.winner.line) == (
        "湖南省星沙重工有限公司", "43.market", 2, 2,
    )  # fmt: skip
    assert [said.value for said in name.conflicts] == ["湘江机械厂"] and name.why == "取自该项的权威来源"
    assert (address.winner.value, address.winner.resource) == ("五一大道一号", TAX.key)
    assert address.why == "权威来源无此项，取自第 2 顺位来源"
    assert found["none"].winner is None
    with pytest.raises(KeyError):
        found["absent"]


@pytest.mark.django_db
def test_a_person_sees_the_own_record_whole_and_others_masked(load: Load) -> None:
    load(HOUSEHOLD, {"resident_id": NUMBER, "person_name": "张伟", "region": "430102"})
    load(INSURANCE, {"number": "1", "resident_id": NUMBER, "person_name": "张伟", "region": "431000"})
    subject = api.find_subject("resident_id", NUMBER) or 0
    others = api.golden(actor=MATCHER, register=POPULATION, subject=subject)
    own = api.golden(actor=replace(MATCHER, subject=subject), register=POPULATION, subject=subject)
    shown = [(record["name"].winner, record["region"].winner) for record in (others, own)]
    assert [(name and name.value, region and region.value) for name, region in shown] == [
        ("张*", "******"), ("张伟", "430102"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_wrong_register_and_an_unknown_subject_are_refused(firm: int) -> None:
    for register, subject, rule in ((POPULATION, firm, "golden.kind"), (LEGAL, 0, "golden.unknown")):
        with pytest.raises(Refused) as refused:
            api.golden(actor=MATCHER, register=register, subject=subject)
        assert refused.value.rule == rule


@pytest.mark.django_db
def test_rows_of_many_resources_come_in_one_reading_with_where_they_may_be(firm: int) -> None:
    every = [catalogue.published(one.key) for one in (REGISTRATION, TAX, PENALTY)]
    found = api.subject_rows_of(firm, every)
    assert {key: len(rows) for key, rows in found.items()} == {REGISTRATION.key: 1, TAX.key: 1}
    assert found[TAX.key][0].values["address"] == "五一大道一号"
    assert subject_rows.where_rows(api.members(firm)) == {
        catalogue.published(one.key).table for one in (REGISTRATION, TAX)
    }
    assert api.rows_of([], every) == {}


@pytest.mark.django_db
def test_a_legal_person_is_found_by_code_or_name_and_a_person_by_neither(firm: int, load: Load) -> None:
    load(HOUSEHOLD, {"resident_id": NUMBER, "person_name": "湘江机械"})
    for text in (uscc(1), uscc(1)[:10].lower(), "星沙重工", "湘江机械", "湖南省 星沙重工（有限公司）"):
        assert [view.id for view in api.search_subjects(text)] == [firm], text
    assert api.search_subjects(NUMBER) == [] == api.search_subjects("重") == api.search_subjects("100%")
    view = api.subject(firm)
    assert view is not None and view.names and ("uscc", uscc(1)) in view.identifiers
    assert api.subject(0) is None


@given(st.lists(st.tuples(st.sampled_from("甲乙丙"), st.integers(0, 3), st.integers(0, 5)), min_size=1))
def test_the_winner_has_the_best_rank_and_within_it_the_latest_time(told: list[tuple[str, int, int]]) -> None:
    attribute = LEGAL.attributes[0]
    start = datetime(2026, 1, 1, tzinfo=UTC)
    said = [Said(value, rank, "a", "r", "i", 1, 1, start + timedelta(days=days)) for value, rank, days in told]
    chosen = gold.choose(attribute, said)
    assert chosen.winner is not None
    best = [one for one in said if one.rank == min(each.rank for each in said)]
    assert chosen.winner in best and chosen.winner.at == max(one.at for one in best)
    assert {one.value for one in chosen.conflicts} == {one.value for one in said} - {chosen.winner.value}


def test_a_register_without_a_source_or_with_an_attribute_twice_is_no_register() -> None:
    with pytest.raises(ValueError, match="没有来源"):
        Register("r", "库", "legal", (Attribute("a", "甲", "e", ()),))
    with pytest.raises(ValueError, match="重复"):
        Register("r", "库", "legal", (LEGAL.attributes[0], LEGAL.attributes[0]))


@pytest.mark.django_db
def test_where_every_row_stands_is_told_line_by_line(firm: int, load: Load) -> None:
    load(PENALTY, {"number": "1", "uscc": uscc(1)}, {"number": "2", "name": "无人知晓商行"}, {"number": "3"})
    told = list(api.export_matches(actor=WORKER, resources=[PENALTY.key]))
    assert [(one.source, one.line, one.state) for one in told] == [
        ("submission:1", 2, "known"), ("submission:1", 3, "awaiting"), ("submission:1", 4, "none"),
    ]  # fmt: skip
    assert told[0].subject == firm and told[2].subject is None
