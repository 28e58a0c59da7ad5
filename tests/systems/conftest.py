"""The credit tests' province, founded once per test."""

from __future__ import annotations

import pytest

from tests.systems import credit_province


@pytest.fixture
def province(db: None) -> None:
    credit_province.found()
