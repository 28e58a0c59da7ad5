"""The benches of the gateway run small, by their command, and say what the issue's table asks of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.test_benches_run import run

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.timeout(300)]


def test_every_question_is_answered_rightly_and_none_is_lost(var: Path) -> None:
    said = run("gateway", 200, var)
    assert said["must"].keys() == {"ratio", "ratio_guomi", "rate", "rate_guomi", "added_p95_ms", "wrong", "lost"}
    measures = said["measures"]
    assert measures["wrong"] == measures["lost"] == 0 and measures["answered"] == 2 * 400 + 6 * 200 + 100
    assert all(measures[name] > 0 for name in ("ratio", "ratio_guomi", "rate", "rate_guomi", "reference"))


def test_many_connections_at_once_get_answers_or_are_told_to_come_later(var: Path) -> None:
    said = run("concurrency", 60, var)
    assert said["must"] == {"errors": "==0", "lost": "==0", "growth_mb": "<=20"}
    assert said["measures"]["errors"] == said["measures"]["lost"] == 0
    assert said["measures"]["answered"] + said["measures"]["later"] == 1_280 + 2 * 600


def test_a_file_comes_whole_over_broken_connections_in_constant_memory(var: Path) -> None:
    said = run("bigfile", 24, var)
    assert said["must"].keys() == {
        "wrong", "ratio", "offer_growth_mb", "taking_growth_mb", "server_growth_mb", "client_growth_mb", "still_growth_mb"
    }  # fmt: skip
    measures = said["measures"]
    assert measures["wrong"] == 0 and measures["cuts"] >= 1 and measures["offer_cuts"] >= 1 and measures["ratio"] > 0
