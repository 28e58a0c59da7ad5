"""Quality grades by resource and department, and the provincial office's monthly report (通报)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from shuniu.base.periods import add_months
from shuniu.base.rules import RuleBook
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Published, Resource
from shuniu.directory import api as directory
from shuniu.exchange import store
from shuniu.exchange.api.timeliness import lateness
from shuniu.exchange.declare import NOTHING, State
from shuniu.exchange.models import Objection, Submission
from shuniu.exchange.quality import AWAITING, OBJECTION, Delivered, Dimension, Grade, Scale, grade, together
from shuniu.registries.declare import Counts
from shuniu.trust.api import OVERSEE, record, require, verb
from shuniu.trust.declare import Actor, Refused


@dataclass(frozen=True)
class ResourceMonth:
    """One resource over one month: its deliveries, its counts, its grade. `submissions` opens each of them."""

    resource: Resource
    grade: Grade
    counts: Counts
    submissions: tuple[int, ...]
    refused: tuple[int, ...]
    due: int
    late: int


@dataclass(frozen=True)
class AgencyMonth:
    """One department over one month: its resources, and their mean."""

    agency: str
    name: str
    grade: Grade
    resources: tuple[ResourceMonth, ...]

    @property
    def counts(self) -> Counts:
        return _sum(one.counts for one in self.resources)


@dataclass(frozen=True)
class MonthlyReport:
    """The month's 通报: every department, best first; those that had nothing due come last."""

    month: str
    made_on: date
    agencies: tuple[AgencyMonth, ...]


@verb("exchange.read_quality", "查看数据质量", reads=True)
def quality(*, actor: Actor, agency: str, month: str, resource: str = "") -> AgencyMonth:
    """A department's quality over a month (`2026-11`), of all its resources or of one.

    Raises `Refused` right.agency, quality.month.
    """
    require(agency=agency)
    wanted = [one for one in catalogue.published_all(agency) if resource in ("", one.resource.key)]
    first = month_of(month)
    (found,) = _months(wanted, [agency], first)
    record("submissions", detail={"agency": agency, "month": month, "resources": len(found.resources)})
    return found


@verb("exchange.monthly_report", "编制月度通报", reads=True)
def monthly_report(*, actor: Actor, month: str) -> MonthlyReport:
    """Every department's month, for the provincial office. Raises `Refused` right.missing, quality.month."""
    require(capability=OVERSEE)
    published = catalogue.published_all()
    agencies = _months(published, sorted({one.resource.agency for one in published}), month_of(month))
    ordered = sorted(agencies, key=lambda one: (one.grade.score is None, -(one.grade.score or 0), one.agency))
    record("submissions", detail={"month": month, "agencies": len(ordered)})
    return MonthlyReport(month, timezone.localdate(), tuple(ordered))


def month_of(text: str) -> date:
    """The first day of a month written 2026-11. Raises `Refused` quality.month."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Refused("quality.month", f"“{text}”不是月份。", "请写作 2026-11。") from None


def scale_on(day: date) -> Scale:
    """The weights and thresholds in force on a day."""
    book = RuleBook.load(settings.RULE_PACK)
    return Scale(
        {one: book.resolve(f"quality.weight.{one.value}", day).integer() for one in Dimension},
        {letter: book.resolve(f"quality.grade.{letter}", day).integer() for letter in "ABCD"},
    )


def _months(published: Sequence[Published], agencies: Iterable[str], first: date) -> list[AgencyMonth]:
    last = add_months(first, 1) - timedelta(days=1)
    scale = scale_on(last)
    resources = _resources(published, first, last, scale)
    names = directory.agency_names()
    return [
        AgencyMonth(
            agency,
            names.get(agency, agency),
            together(
                (one.grade for one in resources if one.resource.agency == agency and one.grade.score is not None), scale
            ),
            tuple(one for one in resources if one.resource.agency == agency),
        )
        for agency in agencies
    ]


def _resources(published: Sequence[Published], first: date, last: date, scale: Scale) -> list[ResourceMonth]:
    keys = [one.resource.key for one in published]
    rows = Submission.objects.filter(
        resource__in=keys, received_at__date__range=(first, last), state__in=[State.STORED.value, State.REFUSED.value]
    ).order_by("id")
    by_resource: dict[str, list[Submission]] = {key: [] for key in keys}
    for row in rows:
        by_resource[row.resource].append(row)
    broken = store.broken_rules([row.pk for row in rows])
    upheld = _upheld(keys, first, last)
    punctual = lateness(published, first, last)
    found = []
    for one in published:
        mine = by_resource[one.resource.key]
        delivered = [_delivered(row, broken.get(row.pk, {}), upheld) for row in mine if row.channel != NOTHING]
        timely = punctual[one.resource.key]
        found.append(
            ResourceMonth(
                resource=one.resource,
                grade=grade(delivered, timely, scale),
                counts=_sum(_counts(row) for row in mine),
                submissions=tuple(row.pk for row in mine),
                refused=tuple(row.pk for row in mine if row.state == State.REFUSED.value),
                due=timely.due,
                late=timely.late,
            )
        )
    return found


def _delivered(row: Submission, broken: Mapping[str, int], upheld: Mapping[tuple[str, int], int]) -> Delivered:
    said = dict(broken)
    if row.awaiting:
        said[AWAITING] = row.awaiting
    if row.batch is not None and (wrong := upheld.get((row.resource, row.batch))):
        said[OBJECTION] = wrong
    unread = row.rule if row.state == State.REFUSED.value and not row.received else ""
    return Delivered(row.pk, row.received, said, unread)


def _upheld(keys: Sequence[str], first: date, last: date) -> dict[tuple[str, int], int]:
    """Rows that objections decided in the month proved wrong, by resource and the batch that had brought them."""
    found: dict[tuple[str, int], int] = {}
    decided = Objection.objects.filter(
        resource__in=keys, state__in=["upheld", "corrected"], decided_at__date__range=(first, last)
    )
    for resource, row in decided.values_list("resource", "row"):
        found[resource, row >> 32] = found.get((resource, row >> 32), 0) + 1
    return found


def _counts(row: Submission) -> Counts:
    return Counts(**{name: getattr(row, name) for name in Counts.__dataclass_fields__})


def _sum(counts: Iterable[Counts]) -> Counts:
    every = list(counts)
    return Counts(**{name: sum(getattr(one, name) for one in every) for name in Counts.__dataclass_fields__})
