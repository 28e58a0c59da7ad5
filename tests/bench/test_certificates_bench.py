"""The bench of certificates runs small, by its command, and says what is asked of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.test_benches_run import run


@pytest.mark.slow
@pytest.mark.django_db
def test_certificates_are_issued_searched_and_revoked(var: Path) -> None:
    said = run("certificates", 300, var)
    assert said["must"] == {"issued": ">=500", "search_p95_ms": "<=100", "key_p95_ms": "<=1"}
    assert said["measures"]["certificates"] == 300 and said["measures"]["revoke_p95_ms"] > 0
