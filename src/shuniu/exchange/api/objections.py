"""Reading objections: lists for their parties and the provincial office, and one by its number with the row as it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Q, QuerySet

from shuniu.base.masking import mask_name
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Published
from shuniu.directory import api as directory
from shuniu.exchange.access import Reader, about_persons
from shuniu.exchange.api.sharing import Rows, reader_of, shown_items, sight_of, visible
from shuniu.exchange.models import Objection
from shuniu.registries import api as registries
from shuniu.registries.api import versions
from shuniu.trust.api import OVERSEE, record, require, verb
from shuniu.trust.declare import Actor, Refused

State = Literal["raised", "accepted", "upheld", "corrected", "rejected", "declined"]
TITLES: dict[str, str] = {
    "raised": "已提出，待受理",
    "accepted": "已受理，核实中",
    "upheld": "核实属实，待更正",
    "corrected": "已更正",
    "rejected": "已驳回",
    "declined": "不予受理",
}
OPEN = ("raised", "accepted", "upheld")


@dataclass(frozen=True)
class ObjectionView:
    """An objection as its parties see it."""

    number: int
    resource: str
    resource_title: str
    agency: str
    row: int
    item: str
    item_title: str
    claim: str
    person_name: str
    state: str
    reason: str
    raised_at: datetime
    decided_at: datetime | None
    case: int | None

    @property
    def title(self) -> str:
        return TITLES[self.state]


@dataclass(frozen=True)
class Disputed:
    """What an objection is about, as its reader may see it: the subject's name, and the row as it stands now.

    `subject_name` is "" where the row is about nobody or the reader may not know. `present` has one row, or none when
    the row was withdrawn; None where the reader may see nothing of it, `withheld` says why.
    """

    subject_name: str
    present: Rows | None
    withheld: str = ""


@verb("exchange.read_objection", "查看数据异议详情", reads=True)
def objection(*, actor: Actor, number: int) -> tuple[ObjectionView, Disputed]:
    """One objection with the disputed row, for whoever raised it, its agency, the row's owner and the provincial office.

    The row is shown as far as `read` would show it to this reader. Raises `Refused` objection.unknown.
    """
    require()
    found = _party(actor).filter(pk=number).first()
    if found is None:
        raise Refused("objection.unknown", f"您没有第 {number} 号异议。", "请从异议列表进入。")
    published = catalogue.published(found.resource)
    told = _disputed(actor, found, published)
    shown = shown_items(told.present.items, len(told.present.rows)) if told.present is not None else {"rows": 0}
    subjects = [] if found.subject is None else [found.subject]
    record(f"objection:{number}", subjects=subjects, detail={"resource": found.resource, **shown})
    return view(found, published), told


def _party(actor: Actor) -> QuerySet[Objection]:
    """The objections that somebody has a part in."""
    if actor.may(OVERSEE):
        return Objection.objects.all()
    mine = Q(person=actor.person)
    return Objection.objects.filter(mine | _of(actor.agency) if actor.agency else mine)


def _of(agency: str) -> Q:
    """The objections that an agency answers, its own and those of agencies whose place it took, and raised."""
    return Q(agency__in=directory.estate(agency)) | Q(person_agency=agency)


def _disputed(actor: Actor, found: Objection, published: Published) -> Disputed:
    subject = registries.subject(found.subject) if found.subject is not None else None
    kind, name = (subject.kind, subject.name) if subject else ("", "")
    natural = about_persons(published.resource, kind)
    try:
        answers = bool(actor.agency) and directory.keeper(found.agency) == actor.agency
        reader = Reader.OWNER if answers else reader_of(actor, published.resource, found.subject)
        seen = sight_of(published.resource, reader, kind)
    except Refused as refusal:
        return Disputed("" if natural else name, None, refusal.message)
    now = versions.current(published, found.key)
    rows = versions.rows_numbered(published, [now.row]) if now else []
    shown = visible(rows, {row.row for row in rows}, seen)
    return Disputed(
        mask_name(name) if natural and seen.masked else name, Rows(published.resource, seen.items, shown, seen.masked)
    )


@verb("exchange.list_objections", "查看数据异议", reads=True)
def objections(
    *, actor: Actor, agency: str = "", resource: str = "", open_only: bool = False, limit: int = 50, before: int = 0
) -> list[ObjectionView]:
    """The objections that an agency answers and raised (`agency`), or those that the actor himself raised; newest first."""
    if agency:
        require(agency=agency)
        found = Objection.objects.filter(_of(agency))
    else:
        require()
        found = Objection.objects.all() if actor.may(OVERSEE) else Objection.objects.filter(person=actor.person)
    found = found.filter(resource=resource) if resource else found
    found = found.filter(state__in=OPEN) if open_only else found
    found = found.filter(pk__lt=before) if before else found
    listed = list(found.order_by("-id")[:limit])
    record("objections", detail={"agency": agency, "rows": len(listed)})
    return _views(listed)


def _views(found: Iterable[Objection]) -> list[ObjectionView]:
    known = {published.resource.key: published for published in catalogue.published_all()}
    return [view(one, known[one.resource]) for one in found if one.resource in known]


def view(found: Objection, published: Published) -> ObjectionView:
    """An objection as its parties see it."""
    titles = {item.name: item.title for item in published.resource.items}
    return ObjectionView(
        number=found.pk,
        resource=found.resource,
        resource_title=published.resource.title,
        agency=found.agency,
        row=found.row,
        item=found.item,
        item_title=titles.get(found.item, ""),
        claim=found.claim,
        person_name=found.person_name,
        state=found.state,
        reason=found.reason,
        raised_at=found.raised_at,
        decided_at=found.decided_at,
        case=found.case,
    )
