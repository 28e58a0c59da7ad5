"""Under which versions of its procedure cases run, and what moving them to the newest does, told by groups."""

from __future__ import annotations

from dataclasses import dataclass

from shuniu.procedures.declare import Procedure


@dataclass(frozen=True)
class VersionInUse:
    """A version under which cases run: how many, and how many wait at each stage (one may wait at several)."""

    procedure: Procedure
    cases: int
    waiting: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Group:
    """Cases to which a migration does the same. `waits` and `dropped` are stages of the old version, the rest of the new.

    They wait at `waits` and will at `goes`; answers in `stand` stand, those in `anew` are asked again, those in `dropped`
    fall with their stage. `problem` says why they stay as they are. `examples` are the first of them.
    """

    waits: tuple[str, ...]
    goes: tuple[str, ...]
    stand: tuple[str, ...]
    anew: tuple[str, ...]
    dropped: tuple[str, ...]
    problem: str
    cases: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Moved:
    """What a migration does, or did, to all: how many move, how many cannot, and the groups, the greatest first."""

    old: Procedure
    new: Procedure
    moved: int
    stuck: int
    groups: tuple[Group, ...]
