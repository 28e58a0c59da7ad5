"""What supervision reads, always as sets: which cases to look at, and their logs and clocks as they stood at a moment.

Nothing here is for a reader of one case: the verb that calls has required the right to look over all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from shuniu.base.calendar import Calendar
from shuniu.base.periods import Period
from shuniu.procedures import clocks as pure
from shuniu.procedures import store
from shuniu.procedures.calendars.declare import ClockView, Stopped
from shuniu.procedures.calendars.models import Clock
from shuniu.procedures.calendars.models import Stop as StopRow
from shuniu.procedures.calendars.store import running, tables
from shuniu.procedures.declare import Event, Move
from shuniu.procedures.models import Case
from shuniu.procedures.models import Event as EventRow


@dataclass(frozen=True)
class Log:
    """A case as it stood at a moment: its events until then, and its clocks and stops as these made them.

    `titles` are the stages' by key. `outcome` is "" where the case ended only afterwards.
    """

    case: int
    title: str
    titles: dict[str, str]
    object: str
    agency: str
    region: str
    opened_at: datetime
    outcome: str
    events: tuple[Event, ...]
    clocks: tuple[ClockView, ...]
    stops: tuple[Stopped, ...]


def pressing(since: date, until: date, stopped: date) -> tuple[int, ...]:
    """The cases with a running clock due between these days, or that stand still since `stopped` or later; by their ids."""
    due = Clock.objects.filter(due__range=(since, until), ended__isnull=True)
    still = StopRow.objects.filter(begun__gte=stopped, ended__isnull=True)
    return tuple(sorted({*due.values_list("case_id", flat=True), *still.values_list("case_id", flat=True)}))


def moved(after: int, since: datetime) -> tuple[int, ...]:
    """The cases with an event behind that number (`last_event`) that happened at that moment or later; by their ids."""
    rows = EventRow.objects.filter(pk__gt=after, at__gte=since).order_by().values_list("case_id", flat=True).distinct()
    return tuple(sorted(rows))


def last_event() -> int:
    """The number of the newest event; an act that commits later may still bring a lower one."""
    return EventRow.objects.aggregate(last=Max("pk"))["last"] or 0


def calendar(region: str) -> Calendar:
    """The calendar in force by which working days are counted in a region."""
    return tables.calendars().of(region)


def calendar_version() -> int:
    """The number of the last recount; 0 while the days shipped with the platform hold."""
    return tables.version()


def logs(cases: Sequence[int], at: datetime) -> tuple[Log, ...]:
    """These cases as they stood at a moment, by the calendar now in force; in four statements, in order of their ids.

    The logs are not folded: one that breaks a rule (imported from elsewhere) is told as it is. Clocks and stops know
    days, not hours: of what changed on the day itself, an event before and one after it tell.
    """
    rows = list(Case.objects.filter(pk__in=list(cases), opened_at__lte=at).order_by("pk"))
    stops = running.stops_of([row.pk for row in rows])
    clocks: dict[int, list[Clock]] = defaultdict(list)
    for clock in Clock.objects.filter(case__in=rows).order_by("case_id", "stage", "start", "pk"):
        clocks[clock.case_id].append(clock)
    events: dict[int, list[Event]] = defaultdict(list)
    for row in EventRow.objects.filter(case__in=rows).order_by("case_id", "seq"):
        events[row.case_id].append(_event(row))
    calendars = tables.calendars()
    return tuple(
        _log(row, events[row.pk], clocks[row.pk], stops.get(row.pk, ()), calendars.of(row.region), at) for row in rows
    )


def _event(row: EventRow) -> Event:
    return Event(
        row.seq, Move(row.verb), row.person, row.person_name, row.at, row.stage, row.seat, tuple(row.to), row.reason,
        row.rule,
    )  # fmt: skip


def _log(
    row: Case,
    events: Sequence[Event],
    clocks: Iterable[Clock],
    stops: Iterable[Stopped],
    counted: Calendar,
    at: datetime,
) -> Log:
    procedure = store.declared(row.declaration_id)
    kept = tuple(event for event in events if event.at <= at)
    moment = _Moment(timezone.localdate(at), kept, len(kept) < len(events), events)
    met = tuple(moment.stop(stop) for stop in stops if moment.begun(stop.days.start))
    found = [moment.clock(clock, met, counted) for clock in clocks if moment.begun(clock.start)]
    return Log(
        row.pk, procedure.title, {stage.key: stage.title for stage in procedure.stages}, row.object, row.agency,
        row.region, row.opened_at, "" if moment.cut else row.outcome, kept, tuple(found), met,
    )  # fmt: skip


class _Moment:
    """What had happened by a moment, of what is known by days alone."""

    def __init__(self, day: date, kept: Sequence[Event], cut: bool, events: Sequence[Event]) -> None:
        self.day, self.cut = day, cut
        self.before = any(timezone.localdate(event.at) == day for event in kept)
        self.after = any(timezone.localdate(event.at) == day for event in events[len(kept) :])

    def begun(self, day: date) -> bool:
        return day < self.day or (day == self.day and (self.before or not self.after))

    def ended(self, day: date | None) -> date | None:
        """The day on which something had ended by then; None: it had not."""
        return None if day is None or day > self.day or (day == self.day and self.after) else day

    def stop(self, one: Stopped) -> Stopped:
        return replace(one, days=Period(one.days.start, self.ended(one.days.end)))

    def clock(self, row: Clock, stops: Iterable[Stopped], counted: Calendar) -> ClockView:
        ended = self.ended(row.ended)
        spans = [one.days for one in stops if ended is None or one.days.start <= ended]
        found = pure.clock(row.start, running.term_of(row), spans, counted, running.extension_of(row))
        return replace(running.view(row), due=found.due, provisional=found.provisional, ended=ended, left=found.left)
