"""Who took whose place, and whom the lanes of an item ask since. Called by `api` alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shuniu.cases.models import Succession
from shuniu.directory.api import estate, keeper, keepers, register_successors

__all__ = ["estate", "keeper", "keepers", "seated", "successors"]


def successors() -> dict[str, str]:
    """By agency whose place another took, who took it."""
    return dict(Succession.objects.values_list("agency", "successor"))


register_successors(successors)


def seated(lanes: Iterable[tuple[str, Sequence[str]]]) -> dict[str, tuple[str, ...]]:
    """The lanes of a service item, by stage, as they are asked today."""
    lanes = list(lanes)
    now = keepers(one for _stage, agencies in lanes for one in agencies) if lanes else {}
    return {stage: tuple(dict.fromkeys(now[one] for one in agencies)) for stage, agencies in lanes}
