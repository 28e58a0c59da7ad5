"""A second version of the ordinary procedure, in which the law is looked at before the decision, for tests of migrating."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from shuniu.cases.procedure import DECIDE, EXAMINE, SIMPLE
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Procedure, Stage

STRICTER = SIMPLE.model_copy(
    update={
        "version": SIMPLE.version + 1,
        "stages": (
            SIMPLE["accept"],
            SIMPLE["examine"],
            Stage(key="law", title="法制审核", lane="cases.examine", needs=(EXAMINE,)),
            SIMPLE[DECIDE].model_copy(update={"needs": ("law",)}),
        ),
    }
)
RENAMED = SIMPLE.model_copy(
    update={
        "version": SIMPLE.version + 1,
        "stages": (
            SIMPLE["accept"],
            SIMPLE["examine"].model_copy(update={"key": "check", "title": "核查"}),
            SIMPLE[DECIDE].model_copy(update={"needs": ("check",)}),
        ),
    }
)


@pytest.fixture
def revised() -> Iterator[Callable[[Procedure], None]]:
    """Put a new version of the ordinary procedure in force, until the test ends."""

    def put(procedure: Procedure) -> None:
        procedures.PROCEDURES[SIMPLE.key] = procedure

    yield put
    procedures.PROCEDURES[SIMPLE.key] = SIMPLE
