"""How right the ladder is, measured on generated rows whose truth is known, as the bench measures it."""

from __future__ import annotations

import pytest

from bench import match

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
ROWS = 20_000


@pytest.mark.parametrize("seed", [3])
def test_firms_are_found_as_often_and_as_rightly_as_the_bench_asks(db: None, seed: int) -> None:
    match.prepare()
    found = match.legal_quality(ROWS, seed)
    assert found.precision >= 0.999 and found.recall >= 0.98, found
    assert found.precision_hard >= 0.995 and found.recall_hard >= 0.90, found
    assert found.queued <= 0.01, found


@pytest.mark.parametrize("seed", [3])
def test_people_are_found_as_often_and_as_rightly_as_the_bench_asks(db: None, seed: int) -> None:
    match.prepare()
    found = match.natural_quality(ROWS, seed)
    assert found.precision >= 0.999 and found.recall >= 0.98, found
    assert found.precision_hard >= 0.995 and found.recall_hard >= 0.90, found
    assert found.queued <= 0.01, found
