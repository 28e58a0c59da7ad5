"""Who looks after what was an agency's that another has taken the place of. Called by `api` alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import overload

from shuniu.cases.models import Succession


def successors() -> dict[str, str]:
    """By agency whose place another took, who took it."""
    return dict(Succession.objects.values_list("agency", "successor"))


def keepers(agencies: Iterable[str]) -> dict[str, str]:
    """By each of these agencies, who looks after what is its: itself, or the last of those that took its place."""
    taken, found = successors(), dict[str, str]()
    for one in agencies:
        found[one] = one
        while found[one] in taken:
            found[one] = taken[found[one]]
    return found


@overload
def keeper(agency: str) -> str: ...
@overload
def keeper(agency: None) -> None: ...
def keeper(agency: str | None) -> str | None:
    """As `keepers`, of one; None for none."""
    return keepers([agency])[agency] if agency is not None else None


def seated(lanes: Iterable[tuple[str, Sequence[str]]]) -> dict[str, tuple[str, ...]]:
    """The lanes of a service item, by stage, as they are asked today."""
    lanes = list(lanes)
    now = keepers(one for _stage, agencies in lanes for one in agencies) if lanes else {}
    return {stage: tuple(dict.fromkeys(now[one] for one in agencies)) for stage, agencies in lanes}


def estate(agency: str) -> list[str]:
    """The agencies whose things this one looks after: itself and all whose place it took; none where another took its own."""
    taken = successors()
    if agency in taken:
        return []
    found = [agency]
    for one in found:  # grows while it is walked
        found += sorted(left for left, successor in taken.items() if successor == one)
    return found
