"""The bench's generated rows are those that the road writes, and the command that runs it keeps its form."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from bench import reconcile as bench
from bench.result import Result
from shuniu.catalogue import api as catalogue
from shuniu.directory.declare import ROLES
from shuniu.registries.store.tables import name_of
from shuniu.trust.declare import Actor
from tests.exchange.conftest import Deliver

ROOT = Path(bench.__file__).parents[1]
SENDER = Actor("officer:40", "基准", "43.bench", "基准测试单位", ("43",), ROLES["data_officer"].capabilities)


def test_a_bench_holds_only_when_every_bounded_measure_keeps_its_bound() -> None:
    assert Result("x", {"seconds": 30, "lost": 0}, {"seconds": "<=30", "lost": "==0"}).holds
    assert not Result("x", {"seconds": 30.1}, {"seconds": "<=30"}).holds
    assert not Result("x", {}, {"ratio": ">=0.7"}).holds, "what was not measured does not hold"
    with pytest.raises(ValueError, match="not a bound"):
        _ = Result("x", {"ratio": 1}, {"ratio": "0.7"}).holds


@pytest.mark.django_db(transaction=True)
def test_generated_rows_are_what_the_road_writes(deliver: Deliver, tmp_path: Path) -> None:
    published = bench.mounted()
    path = bench.write_file(tmp_path, 1000)
    deliver(path.read_bytes(), actor=SENDER, resource=bench.RESOURCE.key, name=path.name)
    written = _stored(published.table)
    with connection.cursor() as cursor:
        cursor.execute(f"truncate {name_of(published.table)}")
    bench.hold(catalogue.published(bench.RESOURCE.key), 1000, bench.Faults(frozenset(), frozenset(), frozenset()))
    assert len(written) == 1000 and _stored(published.table) == written


def _stored(table: int) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select _row, _subject, _key, _digest, _since, _until, _version, number, name, decided, amount"
            f" from {name_of(table)} order by _row"
        )
        return list(cursor.fetchall())


@pytest.mark.slow
def test_the_command_prints_one_object_last_and_ends_with_its_verdict(var: Path) -> None:
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("SHUNIU", "DJANGO"))}
    done = subprocess.run(
        [sys.executable, "-m", "shuniu.project.main", "bench", "reconcile", "--json", "--rows", "2000", "--seed", "3"],
        cwd=var, env={**outside, "SHUNIU_VAR": str(var), "PYTHONPATH": str(ROOT / "src")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = json.loads(done.stdout.splitlines()[-1])
    assert (done.returncode, said["bench"], said["holds"], said["measures"]["named"]) == (0, "reconcile", True, 100)
    assert said["must"] and said["machine"] and not (var / "bench").exists()
