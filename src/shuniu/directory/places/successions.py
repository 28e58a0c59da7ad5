"""Who looks after what is an agency's that another has taken the place of.

Nothing that bears an agency's key is written anew by a merger: whoever asks whose a thing is now asks here. The engine that
carries mergers out says who took whose place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import overload


@dataclass
class _Registered:
    successors: Callable[[], Mapping[str, str]] = dict


_registered = _Registered()


def register_successors(read: Callable[[], Mapping[str, str]]) -> None:
    """Make known what reads who took whose place, by the agency that was left; called once."""
    _registered.successors = read


def keepers(agencies: Iterable[str]) -> dict[str, str]:
    """By each of these agencies, who looks after what is its: itself, or the last of those that took its place."""
    taken, found = _registered.successors(), dict[str, str]()
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


def estate(agency: str) -> list[str]:
    """The agencies whose things this one looks after: itself and all whose place it took; none where another took its own."""
    taken = _registered.successors()
    if agency in taken:
        return []
    found = [agency]
    for one in found:  # grows while it is walked
        found += sorted(left for left, successor in taken.items() if successor == one)
    return found
