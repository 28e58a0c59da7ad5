"""The bench of decisions runs small, by its command, and every page and decision is what the policies were made to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.test_benches_run import run


@pytest.mark.slow
@pytest.mark.django_db
def test_pages_and_decisions_are_what_the_policies_say(var: Path) -> None:
    said = run("decide", 6_000, var)
    assert said["must"] == {"page_p95_ms": "<=150", "decision_p95_ms": "<=1", "wrong": "==0"}
    assert said["measures"]["wrong"] == 0 and said["measures"]["reads"] < 2_000
