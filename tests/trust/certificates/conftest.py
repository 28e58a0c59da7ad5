"""The cast, and a licensed authority, for the tests of certificates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.cast import cast
from tests.trust.certificates import licensed as authorities
from tests.trust.certificates.licensed import Licensed

__all__ = ["cast"]


@pytest.fixture
def licensed() -> Iterator[Licensed]:
    """An authority that this instance believes, for as long as the test lasts."""
    made = authorities.authority()
    made.trust()
    yield made
    (Path(settings.KEYS) / "trusted-licensed.crt").unlink()
