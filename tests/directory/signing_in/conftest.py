"""People with passwords."""

from __future__ import annotations

import pytest

from shuniu.directory.models import Account
from tests.cast import Cast
from tests.directory.signing_in.hands import PASSWORD, number


@pytest.fixture
def passwords(cast: Cast) -> None:
    """王敏、田野、沈明、郭安 have the same password."""
    for who in ("market_officer", "citizen", "auditor", "security"):
        row = Account.objects.get(pk=number(getattr(cast, who)))
        row.set_password(PASSWORD)
        row.save(update_fields=["password"])
