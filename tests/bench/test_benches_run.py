"""The benches of the journal and of the look-up run small, by their command, and say what the issue's table asks of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bench import subjects
from bench.deliveries import uscc_of
from bench.generated import DifferentError, over_the_road, prove
from bench.lookup_sides import resident_id, uscc

ROOT = Path(__file__).parents[2]


def run(name: str, rows: int, var: Path) -> dict[str, Any]:
    """What `shuniu bench NAME` prints last, from a database of its own on the tests' server."""
    env = os.environ | {"SHUNIU_VAR": str(var), "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "shuniu.project.main", "bench", name, "--rows", str(rows), "--json"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert said["bench"] == name and set(said["must"]) <= set(said["measures"])
    assert done.returncode == (0 if said["holds"] else 1)
    return said


@pytest.mark.slow
@pytest.mark.django_db
def test_the_journal_loses_nothing_under_32_clients_with_sleeps_and_rollbacks(var: Path) -> None:
    said = run("journal", 15_000, var)
    assert said["must"] == {"ratio": ">=0.8", "p99_ms": "<=2000", "lost": "==0"}
    assert said["measures"]["lost"] == 0 and said["measures"]["entries"] > 0


@pytest.mark.slow
@pytest.mark.django_db
def test_the_look_up_measures_both_sides_on_rows_proven_equal(var: Path) -> None:
    said = run("lookup", 3_000, var)
    assert said["must"] == {"ratio": ">=0.5", "ratio_open": ">=0.5", "p99_ms": "<=5"}
    assert said["measures"]["proven"] == 2_000
    assert all(said["measures"][side] > 0 for side in ("ours", "reference", "ours_open", "reference_open"))


@pytest.mark.django_db
def test_the_proof_finds_a_row_that_the_road_would_have_stored_otherwise() -> None:
    people, _ = subjects.mounted()
    over_the_road(people, subjects.people(0, 50))
    prove(people, subjects.people(0, 50))
    with pytest.raises(DifferentError):
        prove(people, subjects.people(0, 50).with_columns(pl.lit("别人").alias("姓名")))


def test_made_up_numbers_are_valid_and_the_same_for_one_and_for_many() -> None:
    numbers = [0, 7, 999, 1_000, 9_999_999]
    frame = pl.DataFrame({"n": numbers}).select(subjects.resident_id(pl.col("n")), uscc_of(pl.col("n")).alias("uscc"))
    assert frame.to_series(0).to_list() == [resident_id(number) for number in numbers]
    assert frame["uscc"].to_list() == [uscc(number) for number in numbers]
