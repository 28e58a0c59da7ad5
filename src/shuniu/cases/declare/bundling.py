"""A filed life event: its branches as the applicant and the agencies see them, and its materials before it is filed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shuniu.cases.declare.case import CaseState
from shuniu.cases.declare.material import Material, Planned


@dataclass(frozen=True)
class Holder:
    """Who has to act on a branch now: the stage, the agency, and the officer who took it (empty: nobody yet)."""

    stage: str
    agency: str
    person: str
    due: date | None


@dataclass(frozen=True)
class BranchView:
    """One item of a filed life event: the case that one agency handles.

    `waits_for` are the titles of the items that must be granted before it is handed over, `gives` the materials that they
    will give it, each with the item that does. `due` is what was promised, once it was accepted. `why` says on account of
    which items it cannot go on.
    """

    number: str
    item: str
    title: str
    agency: str
    agency_name: str
    state: CaseState
    waits_for: tuple[str, ...]
    gives: tuple[tuple[str, str], ...]
    holders: tuple[Holder, ...]
    due: date | None
    why: tuple[str, ...]
    bill: str


@dataclass(frozen=True)
class JointMaterial:
    """One material of the whole before it is filed: the items that want it and what satisfies it now.

    `material.key` is the whole's own name of it, by which uploads are offered and promises given.
    """

    material: Material
    items: tuple[str, ...]
    planned: Planned
