"""One field of an answer is proven without the others; nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.trust.evidence.commitments import SEED, commit, prove, shows

SEED_1, SEED_2 = b"1" * SEED, b"2" * SEED
ROWS = st.lists(
    st.dictionaries(st.text(min_size=1, max_size=8), st.none() | st.text(max_size=12), min_size=1, max_size=5),
    min_size=1, max_size=6,
)  # fmt: skip


@given(ROWS)
def test_every_field_is_shown_and_no_other_value_row_or_item_is(rows: list[dict[str, str | None]]) -> None:
    root, fields = commit(rows, SEED_1)
    assert fields == sum(len(row) for row in rows)
    for number, row in enumerate(rows):
        for item, value in row.items():
            found = prove(rows, SEED_1, number, item)
            assert found.value == value and shows(found, root, fields)
            for wrong in (
                replace(found, value=f"{value}x"), replace(found, row=number + 1), replace(found, item=f"{item}x"),
                replace(found, salt=bytes(SEED)), replace(found, position=found.position + 1),
                replace(found, path=(*found.path, root)),
            ):  # fmt: skip
                assert not shows(wrong, root, fields)


@given(ROWS)
def test_the_same_answer_has_another_root_under_another_seed(rows: list[dict[str, str | None]]) -> None:
    assert commit(rows, SEED_1) == commit([dict(reversed(row.items())) for row in rows], SEED_1)
    assert commit(rows, SEED_1)[0] != commit(rows, SEED_2)[0]


def test_equal_values_have_unequal_leaves_so_that_none_can_be_guessed_from_another() -> None:
    rows = [{"sex": "男"}, {"sex": "男"}]
    first, second = prove(rows, SEED_1, 0, "sex"), prove(rows, SEED_1, 1, "sex")
    assert first.salt != second.salt and first.path != second.path


def test_what_an_answer_does_not_have_is_not_proven() -> None:
    with pytest.raises(KeyError):
        prove([{"name": "王敏"}], SEED_1, 0, "address")
    with pytest.raises(KeyError):
        prove([{"name": "王敏"}], SEED_1, 1, "name")


def test_an_empty_answer_has_a_root_too() -> None:
    assert commit([], SEED_1) == commit([], SEED_2)
