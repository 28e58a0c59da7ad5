"""Conforming whole columns: the quick way gives what the careful way gives, and region codes that moved are followed."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.base import columns
from shuniu.catalogue.declare import Item, ItemType, Resource
from shuniu.registries import cells
from shuniu.registries.conform import DIGEST, ISSUED, KEY, LINE, Conformed, conform
from shuniu.registries.declare import Fault
from shuniu.registries.rules import explain

HOUSES = Resource(
    key="43.housing/house", title="房屋", agency="43.housing",
    items=(
        Item(name="number", title="编号", key=True, required=True),
        Item(name="region", title="行政区划", check="region"),
        Item(name="note", title="备注", length=5),
    ),
)  # fmt: skip
CODES = {ISSUED: {"43": "43", "430000": "430000", "430124": "430182", "430182": "430182", "430124000": "430182000"}}
SPICE = " \u3000\u200b，（）〔〕《》“#N/A!\ue001\uf8ff\ufffd\U000f0001⼀Ａ１-/.年月日"
TEXTS = st.one_of(
    st.text(), st.text("0123456789" + SPICE, max_size=12), st.dates().map(str), st.integers().map(str),
    st.decimals(allow_nan=False, allow_infinity=False).map(str), st.sampled_from(["", "#N/A", "#REF!", "2023-02-29", "-0"]),
)  # fmt: skip
CAREFUL: dict[ItemType, Callable[[pl.Expr], pl.Expr]] = {
    ItemType.TEXT: lambda e: e,
    ItemType.DATE: lambda e: columns.date_text(columns.parse_date(e)),
    ItemType.DECIMAL: columns.parse_amount,
    ItemType.BOOLEAN: lambda e: columns.bool_text(columns.parse_bool(e)),
}


@pytest.mark.parametrize("kind", CAREFUL)
@given(delivered=st.lists(st.none() | TEXTS, max_size=8))
def test_what_is_passed_at_a_look_is_what_careful_reading_gives(kind: ItemType, delivered: list[str | None]) -> None:
    given_cells = pl.Series("a", delivered, pl.String)
    found, odd = cells.read(given_cells, Item(name="a", title="甲", type=kind), {})
    careful = given_cells.to_frame().select(CAREFUL[kind](columns.normalise_text(pl.col("a")))).to_series()
    assert found.to_list() == careful.to_list() and given_cells.to_list() == delivered
    plain = [text for place, text in enumerate(delivered) if place not in set(odd.to_list()) and text is not None]
    assert not [text for text in plain if any("\ue000" <= c <= "\uf8ff" or c == "\ufffd" or c == "#" for c in text)]


def houses(*rows: tuple[str | None, ...]) -> Conformed:
    columns_ = list(zip(*rows, strict=True))
    frame = {item.name: list(column) for item, column in zip(HOUSES.items, columns_, strict=True)}
    schema = {LINE: pl.Int64, **{item.name: pl.String for item in HOUSES.items}}
    return conform(pl.DataFrame({LINE: range(2, len(rows) + 2), **frame}, schema=schema), HOUSES, CODES)


def test_an_abolished_region_code_becomes_the_one_that_followed_it_and_is_told() -> None:
    found = houses(("1", "430124", None), ("2", "430182", None), ("3", "430124", None), ("4", "430124000", None))
    assert found.faults.is_empty()
    assert found.rows.get_column("region").to_list() == ["430182", "430182", "430182", "430182000"]
    assert found.moved.rows() == [("region", "430124", "430182", 2, 2), ("region", "430124000", "430182000", 1, 5)]
    moved, stayed = houses(("1", "430124", None)).rows, houses(("1", "430182", None)).rows
    assert moved.get_column(DIGEST).to_list() == stayed.get_column(DIGEST).to_list()


@pytest.mark.parametrize("code", ["430199", "4399", "430", "43018", "望城县", "4301820"])
def test_a_region_code_that_was_never_issued_or_has_no_such_form_is_refused(code: str) -> None:
    (fault,) = houses(("1", code, None)).faults.rows(named=True)
    assert (fault["item"], fault["rule"], fault["value"]) == ("region", "cell.region", code)
    assert "从未启用" in explain(Fault(2, "region", fault["rule"], code), HOUSES)


@pytest.mark.parametrize("code", ["43", "430000", "110101", "11", "430199001", "430182001002", None])
def test_other_provinces_and_the_codes_of_towns_and_villages_pass_by_their_form(code: str | None) -> None:
    found = houses(("1", code, None))
    assert found.faults.is_empty() and found.moved.is_empty()
    assert found.rows.item(0, "region") == code


def test_characters_are_counted_not_bytes() -> None:
    found = houses(("1", None, "五个字正好"), ("2", None, "六个字太长了"), ("3", None, "abcdef"))
    assert found.faults.select(LINE, "rule").rows() == [(3, "cell.length"), (4, "cell.length")]


def test_key_and_digest_do_not_tell_an_empty_column_from_none() -> None:
    with_notes = houses(("1", "43", None), ("2", "43", "注")).rows
    without = houses(("1", "43", None)).rows
    assert with_notes.select(KEY, DIGEST).row(0) == without.select(KEY, DIGEST).row(0)
    assert with_notes.select(KEY, DIGEST).row(0) != with_notes.select(KEY, DIGEST).row(1)
