"""The summary that two sides compare: every differing row comes out, or it says that there are too many."""

from __future__ import annotations

import hashlib

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuniu.exchange.sketch import Builder, Mark, Sketch, TooMany, differing, width_for, with_marks
from shuniu.registries.conform import DIGEST, KEY

SECRET = "0123456789abcdef" * 4


def rows(numbers: range, version: int = 1) -> pl.DataFrame:
    """Marks of rows whose key is a number and whose content is a version."""
    frame = pl.DataFrame(
        {
            KEY: [hashlib.sha256(f"k{n}".encode()).hexdigest()[:32] for n in numbers],
            DIGEST: [hashlib.sha256(f"k{n}v{version}".encode()).hexdigest()[:32] for n in numbers],
        },
        schema={KEY: pl.String, DIGEST: pl.String},
    )
    return with_marks(frame, SECRET).select("a", "b", "w")


def sketch(*portions: pl.DataFrame, width: int = 200) -> Sketch:
    builder = Builder(width)
    for portion in portions:
        builder.add(portion)
    return builder.sketch()


def marks(frame: pl.DataFrame) -> set[Mark]:
    return {(int(a), int(b), int(w)) for a, b, w in frame.iter_rows()}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_every_row_of_one_side_alone_comes_out_whatever_is_common(missing: int, extra: int, changed: int) -> None:
    common = rows(range(1000, 1300))
    ours = sketch(common, rows(range(missing)), rows(range(100, 100 + changed), 1))
    theirs = sketch(common, rows(range(500, 500 + extra)), rows(range(100, 100 + changed), 2))
    alone, others = differing(ours, theirs)
    assert alone == marks(rows(range(missing))) | marks(rows(range(100, 100 + changed), 1))
    assert others == marks(rows(range(500, 500 + extra))) | marks(rows(range(100, 100 + changed), 2))


def test_the_order_and_the_portions_of_the_rows_do_not_matter() -> None:
    whole = sketch(rows(range(300)))
    parts = sketch(*(rows(range(start, start + 3)) for start in range(297, -1, -3)))
    assert whole.to_bytes() == parts.to_bytes()


def test_too_many_differing_rows_are_told_and_not_guessed() -> None:
    with pytest.raises(TooMany):
        differing(sketch(rows(range(600))), sketch())


def test_the_largest_summary_stays_below_a_megabyte_and_names_twenty_thousand_rows() -> None:
    width = width_for(10_000_000)
    ours = sketch(rows(range(20_000)), width=width)
    assert len(ours.to_bytes()) < 999_000
    assert len(differing(ours, sketch(width=width))[0]) == 20_000


def test_a_summary_survives_its_bytes_and_other_lengths_are_refused() -> None:
    made = sketch(rows(range(50)))
    assert Sketch.from_bytes(200, made.to_bytes()) == made
    with pytest.raises(ValueError, match="width"):
        Sketch.from_bytes(201, made.to_bytes())


def test_under_another_secret_nothing_of_the_marks_is_the_same() -> None:
    frame = pl.DataFrame({KEY: ["a" * 32], DIGEST: ["b" * 32]})
    one, other = (with_marks(frame, s).select("a", "b", "w").row(0) for s in ("x" * 64, "y" * 64))
    assert not set(one) & set(other)


def test_a_forged_summary_ends_in_a_refusal_and_not_in_a_loop() -> None:
    forged = sketch(rows(range(30)))
    for cell in range(0, 600, 7):
        forged.counts[cell] = 1
    with pytest.raises(TooMany):
        differing(forged, sketch())
