"""The province in which the tests of grants play."""

from __future__ import annotations

import pytest

from tests.exchange.people import have_agencies


@pytest.fixture
def province(catalogued: None) -> None:
    """The resources, with regions and agencies."""
    have_agencies()
