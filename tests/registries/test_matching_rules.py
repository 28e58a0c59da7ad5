"""The ladder's judgement by itself: points, margins and vetoes over pairs, without a database."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuniu.registries import facts, matching
from tests.registries.conftest import PENALTY, VOLUNTEER, organisation, registration_number, resident, uscc

Pair = dict[str, str | int | bool]


def pair(candidate: int, **said: str | int | bool) -> Pair:
    plain: Pair = {"subject": 1, "candidate": candidate, "via": candidate, "natural": False, "number": "", "name": "form",
                   "alone": True, **dict.fromkeys(matching.PARTS, 0)}  # fmt: skip
    return plain | said


def judged(*pairs: Pair) -> tuple[list[int], list[int]]:
    """The candidates linked, and those queued."""
    found = matching.judge(pl.DataFrame(pairs, schema=matching.PAIRS))
    return found.links.get_column("candidate").to_list(), found.doubts.get_column("candidate").to_list()


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([pair(2)], ([2], [])),  # a whole name that nobody else has
        ([pair(2, place=-1)], ([], [])),  # elsewhere: another firm
        ([pair(2, person=-1, place=2)], ([], [2])),  # the representative differs: a person looks
        ([pair(2, alone=False), pair(3, alone=False)], ([], [2, 3])),  # namesakes
        (
            [pair(2, alone=False, place=2), pair(3, alone=False, place=-1)],
            ([2], []),
        ),  # one of them is there, the other is not
        ([pair(2, alone=False, person=1), pair(3, alone=False)], ([2], [])),
        ([pair(2, name="plain")], ([], [])),  # a shop's name says too little
        ([pair(2, name="plain", person=1)], ([2], [])),
        ([pair(2, name="edit", person=1, place=2)], ([2], [])),
        ([pair(2, name="edit", person=1, place=-1)], ([], [])),
        ([pair(2, name="", number="registration_number")], ([2], [])),
        ([pair(2, name="other", number="registration_number", person=1)], ([], [2])),
        ([pair(2, natural=True, name="whole", day=1)], ([2], [])),
        ([pair(2, natural=True, name="whole", day=1), pair(3, natural=True, name="whole", day=1)], ([], [2, 3])),
        ([pair(2, natural=True, name="whole", day=1, sex=-1)], ([], [])),
    ],
)
def test_evidence_decides(pairs: list[Pair], expected: tuple[list[int], list[int]]) -> None:
    assert judged(*pairs) == expected


Evidence = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["form", "prefix", "plain", "core_form", "core", "edit", "other", ""]),
        "number": st.sampled_from(["", "registration_number"]),
        "person": st.integers(-1, 1), "day": st.integers(-1, 1), "place": st.integers(-1, 2), "address": st.integers(0, 1),
    }
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(Evidence, min_size=1, max_size=4))
def test_a_subject_is_linked_once_at_most_and_never_against_equal_evidence(
    evidence: list[dict[str, str | int]],
) -> None:
    pairs = [pair(at, alone=False, **said) for at, said in enumerate(evidence, start=2)]
    links, doubts = judged(*pairs)
    assert len(links) <= 1 and not set(links) & set(doubts)
    doubled, _ = judged(*pairs, *(pair(at + 100, alone=False, **said) for at, said in enumerate(evidence)))
    assert doubled == []


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("湘江机械制造", "湘江机诫制造", True),
        ("湘江机械制造", "湘江械制造", True),
        ("湘江机械制造", "湘江机械制造", False),
        ("湘江机械制造", "湘江制造", False),
        ("好又多第一门店", "好又多第二门店", False),
        ("华兴商贸", "新华商贸", False),
    ],
)
def test_a_slip_is_one_character_that_tells_no_sisters_apart(one: str, other: str, slip: bool) -> None:
    assert matching.one_edit(one, other) is matching.one_edit(other, one) is slip


def told(resource_rows: list[dict[str, str | None]], natural: bool = False) -> pl.DataFrame:
    resource = VOLUNTEER if natural else PENALTY
    rows = pl.DataFrame(
        [{"_line": at, **{i.name: row.get(i.name) for i in resource.items}} for at, row in enumerate(resource_rows, 2)],
        schema={"_line": pl.UInt32, **{item.name: pl.String for item in resource.items}},
    )
    return facts.facts(rows, resource, ["湖南省", "长沙市"], {"430122": "430112"})


def test_what_a_row_says_of_a_legal_person_is_brought_to_one_form() -> None:
    found = told(
        [
            {"number": "1", "uscc": uscc(1), "name": "湖南省 湘江（集团）有限责任公司", "region": "430122",
             "representative": "张 伟", "registration_number": registration_number(1), "address": "长沙市五一大道1号"},
            {"number": "2", "registration_number": "000000000000000"},
        ]
    )  # fmt: skip
    first = found.row(0, named=True)
    assert (first["key"], first["core"]) == ("湖南省湘江集团有限公司", "湘江集团有限公司")
    assert (first["person"], first["place"], first["address"]) == ("张伟", "430112", "五一大道1号")
    pairs = {tuple(one.split(facts.KIND_END)) for one in first["seconds"].split(facts.PAIR_END)}
    assert pairs == {("registration_number", registration_number(1)), ("organisation_code", organisation(1))}
    assert found.row(1, named=True)["identity"] is None, "a row that says nothing names nobody"


def test_a_resident_id_says_birth_date_and_sex() -> None:
    number = resident("1980-05-01", 11)
    row = told([{"number": "1", "resident_id": number, "person_name": "买买提•艾力", "region": "430100"}], True).row(
        0, named=True
    )
    assert (row["day"], row["sex"], row["key"], row["place"]) == ("1980-05-01", "1", "买买提·艾力", "4301")


@settings(deadline=None)
@given(st.permutations(["name", "representative", "region"]), st.text("甲乙丙", max_size=2))
def test_the_same_words_have_the_same_identity_and_others_another(order: list[str], name: str) -> None:
    row: dict[str, str | None] = {"number": "1", "name": "便民超市", "representative": "李娜", "region": "430102"}
    one, two = told([row, {key: row[key] for key in [*order, "number"]}]).get_column("identity").to_list()
    other = told([row | {"name": f"便民超市{name}"}]).get_column("identity").item()
    assert one == two and (other == one) is (name == "")
