"""Refusals that tests expect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from shuniu.trust.declare import Refused


@contextmanager
def refused(rule: str) -> Iterator[None]:
    """What is done in this block must be refused by this rule."""
    with pytest.raises(Refused) as refusal:
        yield
    assert refusal.value.rule == rule


def rule_of(act: Callable[[], object]) -> str:
    """The rule by which an act is refused."""
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.rule
