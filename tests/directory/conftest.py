"""The cast and the journal, for the directory's tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shuniu.trust.models import Entry
from tests.cast import cast, signed_in

__all__ = ["cast", "signed_in"]


@pytest.fixture
def entries(db: None) -> Callable[[str], list[Entry]]:
    """Journal entries of one verb, oldest first."""

    def of(verb: str) -> list[Entry]:
        return list(Entry.objects.filter(verb=verb).order_by("id"))

    return of
