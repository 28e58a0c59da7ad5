"""Whether there is anybody to answer: stages whose posts nobody holds at the agency that is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shuniu.cases.declare import ServiceItem
from shuniu.cases.declare.case import CaseView
from shuniu.directory import api as directory
from shuniu.directory.declare import ROLES
from shuniu.procedures import api as procedures
from shuniu.procedures.declare import Procedure

Lanes = tuple[tuple[str, tuple[str, ...]], ...]
"""Stage → agencies that sit in it, where not the case's own."""


@dataclass(frozen=True)
class Unmanned:
    """A stage that nobody at an agency can answer, and the roles of which one would do."""

    stage: str
    agency: str
    agency_name: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class _Lane:
    """A stage as one agency is asked in it, about something in a region."""

    stage: str
    agency: str
    capability: str
    region: str

    @property
    def asked(self) -> tuple[str, str, str]:
        return self.agency, self.capability, self.region


def of_items(found: Sequence[ServiceItem]) -> dict[str, tuple[Unmanned, ...]]:
    """By item key, the stages of its procedure that nobody could answer today; items without any are left out."""
    regions = {one.key: one.region for one in directory.agencies()}
    lanes = {
        item.key: [*_lanes(procedure, item.lanes, item.agency, regions.get(item.agency, ""))]
        for item in found
        if (procedure := procedures.PROCEDURES.get(item.procedure)) is not None
    }
    empty = _empty([lane for each in lanes.values() for lane in each])
    return {key: told for key, each in lanes.items() if (told := tuple(empty[one] for one in each if one in empty))}


def of_case(it: CaseView, named: Lanes = ()) -> tuple[Unmanned, ...]:
    """The stages of a running case, now asked or still to come, that nobody could answer today. The caller may read it.

    `named` are the lanes of its item.
    """
    if not it.state.running:
        return ()
    matter, seats = it.matter, it.matter.seats
    done = {stage for stage, result in matter.results.items() if result} | {seat.stage for seat in seats}
    wanted = [
        _Lane(matter.procedure[seat.stage].title, seat.agency, matter.procedure[seat.stage].lane, matter.region)
        for seat in seats
        if not seat.answer and not seat.person and seat.counts
    ]
    if matter.object == f"case:{it.number}":  # else it waits in its whole, whose procedure is not its own
        titles = {stage.title for stage in matter.procedure.stages if stage.key not in done}
        ahead = _lanes(matter.procedure, named, matter.agency, matter.region)
        wanted += [one for one in ahead if one.stage in titles]
    empty = _empty(wanted)
    return tuple(dict.fromkeys(empty[one] for one in wanted if one in empty))


def _lanes(procedure: Procedure, named: Lanes, agency: str, region: str) -> Iterator[_Lane]:
    """The stages that take part in every case, at the agencies that sit in them."""
    sitting = dict(named)
    for stage in procedure.stages:
        if stage.lane and not stage.optional:
            for one in sitting.get(stage.key) or (agency,):
                yield _Lane(stage.title, one, stage.lane, region)


def _empty(lanes: Sequence[_Lane]) -> dict[_Lane, Unmanned]:
    nobody = directory.unheld({one.asked for one in lanes}) if lanes else frozenset()
    names = directory.agency_names() if nobody else {}
    return {
        one: Unmanned(one.stage, one.agency, names.get(one.agency, one.agency), _roles(one.capability))
        for one in lanes
        if one.asked in nobody
    }


def _roles(capability: str) -> tuple[str, ...]:
    return tuple(role.title for role in ROLES.values() if capability in role.capabilities)
