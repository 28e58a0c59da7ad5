"""How each resource's delivering stands, what waits for a second officer, how far a running submission is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Published, Resource
from shuniu.exchange import exports, store
from shuniu.exchange.declare import Progress, State
from shuniu.exchange.freshness import Freshness as Freshness  # what `timeliness` answers with, for pages
from shuniu.exchange.freshness import Timing as Timing
from shuniu.exchange.models import Submission
from shuniu.trust.api import OVERSEE, record, require, verb
from shuniu.trust.declare import Actor, Refused


@dataclass(frozen=True)
class Standing:
    """One published resource and its delivering: the newest submission, the last one stored, what is open."""

    resource: Resource
    number: int | None = None  # the newest submission
    state: State | None = None
    received_at: datetime | None = None
    rejected: int = 0  # rows that the newest submission got back
    stored_at: datetime | None = None  # when a batch was last stored and not recalled
    held: int = 0  # batches that wait for a second officer


@dataclass(frozen=True)
class HeldBatch:
    """A batch that waits for a second officer: who delivered it, why it waits, and samples by key of what it would do."""

    number: int
    resource: str
    title: str
    person: str
    officer: str
    received_at: datetime
    reason: str
    remedy: str
    sample_withdrawn: tuple[str, ...]
    sample_changed: tuple[str, ...]


@verb("exchange.read_overview", "查看报送情况", reads=True)
def overview(*, actor: Actor, agency: str = "") -> list[Standing]:
    """The standing of every published resource of an agency; of all agencies (`agency` empty) for the provincial office."""
    if agency:
        require(agency=agency)
    else:
        require(capability=OVERSEE)
    published = catalogue.published_all(agency or None)
    found = _standings(published, agency)
    record("submissions", detail={"agency": agency, "resources": len(found)})
    return found


def _standings(published: Sequence[Published], agency: str) -> list[Standing]:
    mine = Submission.objects.filter(agency=agency) if agency else Submission.objects.all()
    newest = {s.resource: s for s in mine.order_by("resource", "-id").distinct("resource")}
    stored = mine.filter(state=State.STORED.value).order_by("resource", "-id").distinct("resource")
    stored_at = dict(stored.values_list("resource", "finished_at"))
    held = dict(mine.values_list("resource").annotate(n=Count("id", filter=Q(state=State.HELD.value))))
    return [_standing(one.resource, newest.get(one.resource.key), stored_at, held) for one in published]


def _standing(
    resource: Resource, newest: Submission | None, stored_at: dict[str, datetime | None], held: dict[str, int]
) -> Standing:
    if newest is None:
        return Standing(resource)
    return Standing(
        resource,
        newest.pk,
        State(newest.state),
        newest.received_at,
        newest.rejected,
        stored_at.get(resource.key),
        held.get(resource.key, 0),
    )


@verb("exchange.read_held", "查看待复核批次", reads=True)
def held_batches(*, actor: Actor, number: int | None = None) -> list[HeldBatch]:
    """The batches of the actor's own agency that wait for a second officer, oldest first; or the one of that number.

    Samples name rows: the owning agency alone sees them. Raises `Refused` batch.not_held.
    """
    require(agency=actor.agency)
    waiting = Submission.objects.filter(agency=actor.agency, state=State.HELD.value).order_by("id")
    found = list(waiting if number is None else waiting.filter(pk=number))
    if number is not None and not found:
        raise Refused("batch.not_held", f"本单位没有待复核的第 {number} 号报送。", "请核对回执编号。")
    record(f"submission:{number}" if number else "submissions", detail={"held": len(found)})
    return [_held(one) for one in found]


def _held(one: Submission) -> HeldBatch:
    return HeldBatch(
        number=one.pk,
        resource=one.resource,
        title=catalogue.published(one.resource).resource.title,
        person=one.person,
        officer=one.officer,
        received_at=one.received_at,
        reason=one.reason,
        remedy=one.remedy,
        sample_withdrawn=tuple(one.sample_withdrawn),
        sample_changed=tuple(one.sample_changed),
    )


def progress(actor: Actor, number: int) -> tuple[State, Progress | None]:
    """How far a submission of the actor's agency is. No verb: asked once a second, and it tells no more than counts.

    Raises `Refused` right.agency, also for a number that does not exist.
    """
    found = Submission.objects.filter(pk=number).only("agency", "state").first()
    if found is None or (found.agency != actor.agency and not actor.may(OVERSEE)):
        raise Refused("right.agency", f"第 {number} 号报送不属于本单位。", "请核对回执编号。")
    return State(found.state), store.progress(number)


def template(resource: str) -> exports.Written:
    """The empty file that a department fills in: public, like the catalogue that it follows. Raises `NotFound`."""
    return exports.template_file(catalogue.published(resource).resource)
