"""The benches of cases run small, by their command, and say what the issue's table asks of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.test_benches_run import run


@pytest.mark.slow
@pytest.mark.django_db
def test_cases_are_listed_and_opened_among_copies_proven_to_be_what_the_verbs_write(var: Path) -> None:
    said = run("cases", 300, var)
    assert said["must"] == {"list_p95_ms": "<=50", "open_p95_ms": "<=50", "errors": "==0", "differing": "==0"}
    assert said["measures"]["proven"] == 20
    assert said["measures"]["differing"] == said["measures"]["errors"] == 0


@pytest.mark.slow
@pytest.mark.django_db
def test_every_filing_of_the_peak_is_receipted_and_a_second_click_files_nothing(var: Path) -> None:
    said = run("peak", 40, var)
    assert said["must"] == {"rate": ">=150", "lost": "==0", "double": "==0", "errors": "==0"}
    measures = said["measures"]
    assert (measures["accepted"], measures["clicked_twice"], measures["errors"]) == (40, 4, 0)
    assert measures["lost"] == measures["double"] == 0
