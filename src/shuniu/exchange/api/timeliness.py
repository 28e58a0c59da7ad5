"""Delivering in time: how every resource stands, and reminding those that are due or late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from shuniu.base.calendar import Calendar
from shuniu.base.periods import Term
from shuniu.base.rules import NoRule, RuleBook
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Cycle, Published, Resource
from shuniu.catalogue.declare import State as VersionState
from shuniu.exchange.declare import State
from shuniu.exchange.freshness import Freshness, Timing, punctual, timing
from shuniu.exchange.models import Submission
from shuniu.exchange.quality import Punctual
from shuniu.notices import api as notices
from shuniu.notices.declare import Letter, Recipient
from shuniu.trust.api import OVERSEE, record, require, verb
from shuniu.trust.declare import Actor


@dataclass(frozen=True)
class Standing:
    """A resource and whether it is delivered in time."""

    resource: Resource
    timing: Timing


@verb("exchange.read_freshness", "查看报送时效", reads=True)
def freshness(*, actor: Actor, agency: str = "", today: date | None = None) -> list[Standing]:
    """How every resource of an agency stands; of all agencies (`agency` empty) for the provincial office."""
    if agency:
        require(agency=agency)
    else:
        require(capability=OVERSEE)
    found = standings(catalogue.published_all(agency or None), today or timezone.localdate())
    record("submissions", detail={"agency": agency, "resources": len(found)})
    return found


def standings(published: Iterable[Published], today: date) -> list[Standing]:
    """How these resources stand on a day, in a fixed number of queries."""
    resources = [one.resource for one in published]
    stored = last_deliveries([one.key for one in resources], today)
    since = _published_on()
    limits, calendar = _Limits(today), Calendar.load()
    return [
        Standing(
            one,
            timing(
                one.cycle, stored.get(one.key), since.get(one.key, today), today,
                grace=limits.grace(one.cycle), remind=limits.remind, calendar=calendar,
            ),
        )
        for one in resources
    ]  # fmt: skip


def last_deliveries(resources: Iterable[str], until: date) -> Mapping[str, date]:
    """The day of each resource's last delivery or 零报告 that stands, up to a day; by resource key."""
    found = Submission.objects.filter(
        resource__in=list(resources), state=State.STORED.value, received_at__date__lte=until
    )
    newest = found.values_list("resource").annotate(last=Max("received_at"))
    return {resource: timezone.localdate(last) for resource, last in newest}


def _published_on() -> dict[str, date]:
    """The day on which each resource's present version was published."""
    every = catalogue.versions(states=[VersionState.PUBLISHED])
    return {one.resource: timezone.localdate(one.published_at) for one in every if one.published_at}


class _Limits:
    """The dated terms of one day."""

    def __init__(self, day: date) -> None:
        self._book, self._day = RuleBook.load(settings.RULE_PACK), day
        self.remind = self._book.resolve("exchange.remind_before.days", day).term()

    def grace(self, cycle: Cycle) -> Term | None:
        """None where no rule counts lateness, as for 不定期."""
        try:
            return self._book.resolve(f"exchange.overdue_grace.{cycle.value}", self._day).term()
        except NoRule:
            return None


@verb("exchange.remind_overdue", "催办逾期报送")
def remind_overdue(*, actor: Actor, today: date | None = None) -> int:
    """Leave a notice with every agency whose resource is about to be due, in grace or late: each stage once a due day.

    Returns how many notices were new. Run once a day by the worker.
    """
    require()
    day = today or timezone.localdate()
    wanted = [_reminder(one) for one in standings(catalogue.published_all(), day) if one.timing.state in _SAID]
    made = len(notices.tell_many(template="exchange.overdue", letters=wanted))
    record("submissions", detail={"reminders": made, "day": day.isoformat()})
    return made


_SAID = {
    Freshness.DUE: "应于 {due} 前报送，请按时办理。",
    Freshness.GRACE: "已过更新周期（{due}），宽限至 {until}，请尽快报送；本期没有数据的，请作“零报告”。",
    Freshness.OVERDUE: "已逾期：应于 {due} 前报送，宽限期 {until} 已过。请立即报送；本期没有数据的，请作“零报告”。",
}


def _reminder(one: Standing) -> Letter:
    text = f"“{one.resource.title}”" + _SAID[one.timing.state].format(due=one.timing.due, until=one.timing.until)
    return Letter(
        Recipient(agency=one.resource.agency),
        f"resource:{one.resource.key}",
        {"text": text},
        once=f"{one.resource.key} {one.timing.state.value} {one.timing.due}",
    )


def lateness(published: Iterable[Published], first: date, last: date) -> dict[str, Punctual]:
    """By resource, how many periods' grace ended within these days, and how many of them had no delivery by then.

    A period that ends today or later is not counted: it can still be kept.
    """
    resources = [one.resource for one in published]
    days: dict[str, set[date]] = {one.key: set() for one in resources}
    stood = Submission.objects.filter(resource__in=list(days), state=State.STORED.value, received_at__date__lte=last)
    earliest = first - timedelta(days=800)  # two years' cycle and its grace
    for resource, at in stood.filter(received_at__date__gte=earliest).values_list("resource", "received_at"):
        days[resource].add(timezone.localdate(at))
    since = _published_on()
    limits, calendar = _Limits(last), Calendar.load()
    end = min(last, timezone.localdate() - timedelta(days=1))
    return {
        one.key: punctual(
            one.cycle, days[one.key], since.get(one.key, end), first, end, limits.grace(one.cycle), calendar
        )
        for one in resources
    }
