"""Reading and writing of who looked, as sets. Called by `api` alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet, Sum

from shuniu.assessment.looked.declare import CovertState, Found, Kind, Limits
from shuniu.assessment.looked.models import (
    CovertInquiry,
    ReadingFlag,
    ReadingPerson,
    ReadingScan,
    ReadingTally,
)
from shuniu.assessment.store import book as book
from shuniu.assessment.store import midnight
from shuniu.base.rules import NoRule, Rule
from shuniu.directory.api import posts_of
from shuniu.trust.api import Veil
from shuniu.trust.declare import Refused


class Hour(NamedTuple):
    """What a tally counts by."""

    agency: str
    person: str
    person_name: str
    day: date
    hour: int
    object: str
    purpose: str


def rule(key: str, on: date) -> Rule:
    """The dated rule of that key in force in the province. Raises Refused reading.rule where none is."""
    try:
        return book().resolve(key, on, settings.PROVINCE)
    except NoRule as missing:
        raise Refused("reading.rule", str(missing), "请由省级平台主管核对规则库。") from missing


def number(key: str, on: date) -> int:
    """The number that a dated rule gives."""
    return rule(key, on).integer()


def limits(on: date, machine: bool = False) -> Limits:
    """What a day of readings is judged by; a machine's day by other numbers, where one officer's would be its every day."""
    of = "reading.flag.machine" if machine else "reading.flag"
    keys = {
        Kind.VOLUME: f"{of}.volume.percent", Kind.OFF_DUTY: "reading.flag.offduty.count",
        Kind.FAMILY: "reading.flag.family.count", Kind.AGAIN: f"{of}.again.count", Kind.NO_CASE: f"{of}.caseless.count",
    }  # fmt: skip
    return Limits(
        volume_least=number(f"{of}.volume.least", on), volume_percent=number(keys[Kind.VOLUME], on),
        volume_days=number("reading.flag.volume.days", on), off_duty=number(keys[Kind.OFF_DUTY], on),
        family=number(keys[Kind.FAMILY], on), family_percent=number("reading.flag.family.percent", on),
        again=number(keys[Kind.AGAIN], on), caseless=number(keys[Kind.NO_CASE], on),
        rules=tuple((kind, rule(key, on).id) for kind, key in keys.items()),
    )  # fmt: skip


def posts(readers: Collection[tuple[str, str, str, date]]) -> dict[tuple[str, str, str, date], str]:
    """The post by which somebody (person, agency, verb, day) read: those that gave the right, or all held there then."""
    found = {}
    for day in {one[3] for one in readers}:
        asked = [one for one in readers if one[3] == day and one[0].startswith("officer:")]
        held = posts_of([int(one[0].partition(":")[2]) for one in asked], day)
        for one in asked:
            here = [post for post in held.get(int(one[0].partition(":")[2]), ()) if post.agency == one[1]]
            fitting = [post.title for post in here if one[2] in post.capabilities] or [post.title for post in here]
            found[one] = "、".join(dict.fromkeys(fitting))
    return found


def covert(subjects: Sequence[int]) -> QuerySet[CovertInquiry]:
    """The inquiries about a subject that were decided to be kept back, those that have ended too."""
    return CovertInquiry.objects.filter(subject__in=subjects, state=CovertState.CONFIRMED)


def veils(inquiries: Sequence[CovertInquiry], today: date) -> list[Veil]:
    """What is kept back on a day."""
    return [
        Veil(one.person, one.agency, one.decided_at, midnight(one.until + timedelta(days=1)))
        for one in inquiries
        if one.until >= today and one.decided_at is not None
    ]


def hold() -> ReadingScan:
    """How far the journal was looked through, locked; nobody else looks until this transaction ends."""
    ReadingScan.objects.get_or_create(pk=1)
    return ReadingScan.objects.select_for_update().get(pk=1)


def position() -> int:
    """How far the journal was looked through."""
    return ReadingScan.objects.filter(pk=1).values_list("position", flat=True).first() or 0


_GROW = """
insert into assessment_reading_tally
    (agency, person, person_name, day, hour, object, purpose, readings, caseless)
select * from unnest(%s::text[], %s::text[], %s::text[], %s::date[], %s::int[], %s::text[], %s::text[], %s::int[], %s::int[])
on conflict (person, agency, day, hour, object, purpose) do update set
    readings = assessment_reading_tally.readings + excluded.readings,
    caseless = assessment_reading_tally.caseless + excluded.caseless
"""


def grow(readings: Counter[Hour], caseless: Counter[Hour]) -> None:
    """Add to the tallies."""
    hours = list(readings)
    if not hours:
        return
    columns = [list(column) for column in zip(*hours, strict=True)]
    with connection.cursor() as cursor:
        counts = [[readings[hour] for hour in hours], [caseless[hour] for hour in hours]]
        cursor.execute(_GROW, [*columns, *counts])


def meet(persons: Collection[tuple[str, date, int, bool]]) -> None:
    """Note of whom an officer read without a case on a day, each once."""
    rows = [ReadingPerson(person=who, day=day, subject=whom, family=own) for who, day, whom, own in sorted(persons)]
    ReadingPerson.objects.bulk_create(rows, 1000, ignore_conflicts=True)


_USUAL = """
select w.person, w.agency, w.day, coalesce(avg(d.readings), 0)::float8, count(d.readings)
from unnest(%s::text[], %s::text[], %s::date[]) w(person, agency, day)
left join lateral (
    select sum(t.readings) as readings from assessment_reading_tally t
    where t.person = w.person and t.agency = w.agency and t.day < w.day and t.day >= w.day - 30
    group by t.day) d on true
group by 1, 2, 3
"""


def usual(days: Sequence[tuple[str, str, date]]) -> dict[tuple[str, str, date], tuple[float, int]]:
    """Of (person, agency, day): the mean of the thirty days before that had readings, and how many had."""
    if not days:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_USUAL, [list(column) for column in zip(*days, strict=True)])
        return {(who, agency, day): (mean, count) for who, agency, day, mean, count in cursor.fetchall()}


class Sums(NamedTuple):
    """An officer's day in numbers."""

    readings: int
    off_duty: int
    caseless: int


def sums(
    days: Collection[tuple[str, str, date]], on_duty: Mapping[date, tuple[int, int]]
) -> dict[tuple[str, str, date], Sums]:
    """Of (person, agency, day): the sums of the tallies; `on_duty` gives a day's first hour and the hour when it ends."""
    rows = (
        ReadingTally.objects.filter(person__in={one[0] for one in days}, day__in={one[2] for one in days})
        .values_list("person", "agency", "day", "hour")
        .annotate(readings=Sum("readings"), caseless=Sum("caseless"))
        .order_by()
    )
    found: dict[tuple[str, str, date], Sums] = {}
    for who, agency, day, hour, count, caseless in rows:
        if (who, agency, day) not in days:
            continue
        first, last = on_duty[day]
        before = found.get((who, agency, day), Sums(0, 0, 0))
        off = 0 if first <= hour < last else count
        found[who, agency, day] = Sums(before.readings + count, before.off_duty + off, before.caseless + caseless)
    return found


def met(days: Collection[tuple[str, str, date]]) -> dict[tuple[str, date], tuple[int, int]]:
    """Of (person, day): how many persons of the officer's own family name were read of without a case, and how many in all."""
    rows = ReadingPerson.objects.filter(person__in={one[0] for one in days}, day__in={one[2] for one in days})
    own: Counter[tuple[str, date]] = Counter()
    every: Counter[tuple[str, date]] = Counter()
    for who, day, family in rows.values_list("person", "day", "family"):
        every[who, day] += 1
        own[who, day] += family
    return {key: (own[key], count) for key, count in every.items()}


def raise_flags(rows: Sequence[ReadingFlag]) -> list[ReadingFlag]:
    """Write flags that are not there yet; returns those that are new."""
    same = ("person", "agency", "day", "kind", "subject")
    asked = Q(pk=None)
    for row in rows:
        asked |= Q(**{key: getattr(row, key) for key in same})
    there = set(ReadingFlag.objects.filter(asked).values_list(*same)) if rows else set()
    fresh = [row for row in rows if tuple(getattr(row, key) for key in same) not in there]
    with transaction.atomic():
        return ReadingFlag.objects.bulk_create(fresh, 1000)


def flag(
    who: tuple[str, str, str, date], found: Found, rule_id: str, at: datetime, due: date, entries: Sequence[int]
) -> ReadingFlag:
    """A flag to be written: `who` is person, name, agency and day."""
    person, name, agency, day = who
    return ReadingFlag(
        kind=found.kind, person=person, person_name=name, agency=agency, day=day, subject=found.subject, said=found.said,
        rule=rule_id, at=at, due=due, entries=sorted(entries, reverse=True)[:20],
    )  # fmt: skip


def tallies(
    agency: str, since: date, until: date, person: str, object: str, hour: int | None
) -> QuerySet[ReadingTally]:
    """An agency's tallies of some days, narrowed as asked, the newest first."""
    rows = ReadingTally.objects.filter(agency=agency, day__gte=since, day__lte=until)
    asked = {"person": person, "object": object}
    rows = rows.filter(**{key: value for key, value in asked.items() if value})
    rows = rows if hour is None else rows.filter(hour=hour)
    return rows.order_by("-day", "-hour", F("readings").desc(), "pk")
