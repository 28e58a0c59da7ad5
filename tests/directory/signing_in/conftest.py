"""People with passwords."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import make_password

from shuniu.directory.models import Account
from tests.cast import Cast, number
from tests.directory.signing_in.hands import PASSWORD


@pytest.fixture(scope="session")
def hashed() -> str:
    """What is kept of the password. Made once, as making it is meant to take its time."""
    return make_password(PASSWORD)


@pytest.fixture
def passwords(cast: Cast, hashed: str) -> None:
    """王敏、田野、沈明、郭安 have the same password."""
    holders = (cast.market_officer, cast.citizen, cast.auditor, cast.security)
    Account.objects.filter(pk__in=[number(one) for one in holders]).update(password=hashed)
