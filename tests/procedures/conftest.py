"""The office's procedures are registered for one test at a time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shuniu.procedures import api
from tests.procedures.hall import ALL
from tests.procedures.office import JOINT, REVIEW


@pytest.fixture(autouse=True)
def _procedures() -> Iterator[None]:
    for procedure in (REVIEW, JOINT, *ALL):
        api.register(procedure)
    yield
    for procedure in (REVIEW, JOINT, *ALL):
        del api.PROCEDURES[procedure.key]
