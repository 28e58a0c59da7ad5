"""The bench of certificates runs small, by its command, and says what is asked of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.test_benches_run import run


@pytest.mark.slow
@pytest.mark.django_db
def test_certificates_are_issued_searched_and_revoked(var: Path) -> None:
    said = run("certificates", 300, var)
    assert (
        {"issued_international", "flat", "search_p95_ms", "crl_seconds"} <= set(said["must"]) <= set(said["measures"])
    )
    assert said["measures"]["certificates"] == 300 and said["measures"]["revoked"] >= 300 // 20
    assert said["must"]["issued_international"] == ">=1500" and said["must"]["search_p95_ms"] == "<=20"
