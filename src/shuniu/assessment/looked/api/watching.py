"""A department's data-protection officer sees what its officers and its machine read: by reader, hour, resource, purpose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from shuniu.assessment.looked import store
from shuniu.assessment.looked.api.looking import purpose, resource_titles, what
from shuniu.assessment.looked.declare import Tally
from shuniu.assessment.looked.models import ReadingTally
from shuniu.directory import api as directory
from shuniu.exchange.grants.purposes import purpose_title
from shuniu.trust.api import Reading, readings_by, record, require, verb
from shuniu.trust.declare import Actor


@dataclass(frozen=True)
class Line:
    """One reading by an officer or the machine, without whom it concerned."""

    entry: int
    person: str
    person_name: str
    what: str
    object: str
    resource: str
    purpose: str
    at: str


@dataclass(frozen=True)
class Watch:
    """What an agency's readers read: counted, as asked, and the last readings one by one of a reader who was chosen."""

    tallies: tuple[Tally, ...]
    titles: dict[str, str]
    lines: tuple[Line, ...]
    last: int | None
    more: bool


@verb("assessment.watch_readings", "查看本单位的查阅", reads=True)
def watch_readings(
    *, actor: Actor, since: date, until: date, person: str = "", object: str = "", hour: int | None = None,
    limit: int = 200, before: int = 0,
) -> Watch:  # fmt: skip
    """What was read for one's agency between two days, both included; of one reader also reading by reading.

    The subjects are not shown: who watches readers need not know whom they read of. Raises Refused (right.agency).
    """
    require(agency=actor.agency)
    rows = list(store.tallies(actor.agency, since, until, person, object, hour)[: limit + 1])
    found = readings_by([person], actor.agency, object=object, before=before, limit=51) if person else []
    titles = {
        target: one[0]
        for target, one in resource_titles([*(one.object for one in found), *(row.object for row in rows)]).items()
    }
    record("readings", detail={"agency": actor.agency, "person": person, "rows": len(rows) + len(found)})
    return Watch(
        tuple(_tally(row) for row in rows[:limit]), titles, tuple(_lines(found[:50], titles)),
        found[49].entry if len(found) > 50 else None, len(rows) > limit,
    )  # fmt: skip


def _tally(row: ReadingTally) -> Tally:
    """A call's purpose by its title; what officers wrote themselves as it is."""
    said = purpose_title(row.purpose, row.day) if row.object.startswith("resource:") else row.purpose
    return Tally(row.day, row.hour, row.person, row.person_name, row.object, said, row.readings, row.caseless)


def _lines(found: Sequence[Reading], titles: dict[str, str]) -> list[Line]:
    names = directory.names([one.person for one in found])
    return [
        Line(
            one.entry, one.person, names.get(one.person, one.person), what(one), one.object, titles.get(one.object, ""),
            purpose(one), f"{timezone.localtime(one.at):%Y-%m-%d %H:%M}",
        )
        for one in found
    ]  # fmt: skip


def officers(actor: Actor) -> tuple[tuple[str, str], ...]:
    """The readers of the actor's agency who read anything, by name: for the filter of `watch_readings`."""
    rows = ReadingTally.objects.filter(agency=actor.agency).values_list("person", "person_name").distinct()
    return tuple(sorted({str(person): str(name) for person, name in rows}.items(), key=lambda one: one[1]))
