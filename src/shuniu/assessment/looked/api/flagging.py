"""The journal is looked through as it grows: readings are counted, and what is out of the ordinary is flagged.

Whoever reads: an officer, or a department's machine that named none. An officer's look is one reading; a machine's call is
one for each subject, as by itself it asks of a hundred as easily as of one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone

from shuniu.assessment.looked import store, telling
from shuniu.assessment.looked.declare import Facts, Kind
from shuniu.assessment.looked.models import ReadingFlag
from shuniu.assessment.looked.rules import family_name, judge
from shuniu.assessment.store import midnight
from shuniu.base.masking import mask_free_text
from shuniu.procedures.api import oversight
from shuniu.registries.api.reading import names_of
from shuniu.trust.api import Watched, of_machine, placed_until, read_again, record, require, verb, watched
from shuniu.trust.declare import Actor

CHUNK = 20_000
"""Entries of the journal in one transaction."""
Day = tuple[str, str, date]
"""Who read (person, agency) on which day."""


@verb("assessment.flag_readings", "查看查阅是否异常")
def flag_readings(*, actor: Actor) -> tuple[int, int]:
    """Look through what has its position in the journal since the last time; called until nothing is left.

    By positions: an entry that commits late is met later and never passed over; one is never counted twice, however
    often this runs. Returns how many entries were passed and how many flags were raised.
    """
    require()
    scan = store.hold()
    last = min(placed_until(), scan.position + CHUNK)
    passed = last - scan.position
    found = watched(scan.position, last) if passed else []
    flags = _looked(found, timezone.now())
    scan.position, scan.at = last, timezone.now()
    scan.save()
    record("readings", detail={"entries": passed, "readings": len(found), "flags": len(flags)})
    return passed, len(flags)


def to_flag() -> bool:
    """Whether `flag_readings` has anything to look at: somebody read, or the journal has grown by a whole chunk.

    The job asks first: its own entry would otherwise be all that the next one finds, for ever.
    """
    first = store.position()
    last = placed_until()
    return last - first >= CHUNK or bool(watched(first, last))


def _looked(found: Sequence[Watched], now: datetime) -> list[ReadingFlag]:
    """Count these readings, and judge every day that they belong to."""
    _count(found)
    _meet(found)
    by_day: dict[Day, list[Watched]] = defaultdict(list)
    for one in found:
        by_day[one.person, one.agency, one.day].append(one)
    raised = store.raise_flags(list(_judged(by_day, now)))
    telling.flagged(raised)
    return raised


def _count(found: Sequence[Watched]) -> None:
    readings: Counter[store.Hour] = Counter()
    caseless: Counter[store.Hour] = Counter()
    for one in found:
        hour = store.Hour(
            one.agency, one.person, one.person_name, one.day, one.hour, one.object, mask_free_text(one.purpose)[:60]
        )
        counted = one.touched if one.machine else 1
        readings[hour] += counted
        caseless[hour] += 0 if one.cased else counted
    store.grow(readings, caseless)


def _meet(found: Sequence[Watched]) -> None:
    """Note the natural persons who were read of without a case, and who of them bears the reader's family name."""
    people = [one for one in found if not one.cased and not one.machine]
    names = names_of({subject for one in people for subject in one.subjects})
    met = {
        (one.person, one.day, subject, _same(one.person_name, names[subject][1]))
        for one in people
        for subject in one.subjects if names.get(subject, ("", ""))[0] == "natural"
    }  # fmt: skip
    store.meet(met)


def _same(reader: str, name: str) -> bool:
    own = family_name(reader)
    return bool(own) and own == family_name(name)


def _judged(by_day: dict[Day, list[Watched]], now: datetime) -> Iterator[ReadingFlag]:
    days = list(by_day)
    usual, met = store.usual(days), store.met(days)
    sums = store.sums(set(days), {day: _on_duty(day) for day in {one[2] for one in days}})
    repeated = _repeated(by_day)
    due = oversight.calendar("").add_working_days(
        timezone.localdate(now), store.number("reading.flag.explain.days", timezone.localdate(now))
    ).date  # fmt: skip
    for key, readings in by_day.items():
        machine = of_machine(key[0])
        limits, one = store.limits(key[2], machine), sums[key]
        mean, count = usual[key]
        family, persons = met.get((key[0], key[2]), (0, 0))
        facts = Facts(
            one.readings, mean, count, 0 if machine else one.off_duty, one.caseless, family, persons,
            tuple(repeated.get(key, ())),
        )  # fmt: skip
        for found in judge(facts, limits):
            about = [each.entry for each in readings if _about(found.kind, found.subject, each)]
            who = key[0], readings[-1].person_name, key[1], key[2]
            yield store.flag(who, found, limits.rule(found.kind), now, due, about)


def _about(kind: Kind, subject: int, one: Watched) -> bool:
    """Whether a reading is shown beside a flag: those of the subject, those without a case, or all."""
    if kind is Kind.AGAIN:
        return subject in one.subjects
    return not one.cased if kind in (Kind.FAMILY, Kind.NO_CASE) else True


def _on_duty(day: date) -> tuple[int, int]:
    """The first hour of a day's work and the hour when it ends; none on a day that is no working day."""
    if not oversight.calendar("").is_working(day):
        return 0, 0
    return store.number("reading.flag.duty.from", day), store.number("reading.flag.duty.until", day)


def _repeated(by_day: dict[Day, list[Watched]]) -> dict[Day, list[tuple[int, int]]]:
    """By day: the subjects that its reader read of again and again in the days up to now."""
    pairs: dict[tuple[str, int], set[Day]] = defaultdict(set)
    for key, readings in by_day.items():
        for one in readings:
            if not one.cased:
                for subject in one.subjects:
                    pairs[one.person, subject].add(key)
    found: dict[Day, list[tuple[int, int]]] = defaultdict(list)
    if not pairs:
        return found
    newest = max(key[2] for key in by_day)
    least = min(store.limits(newest, machine).again for machine in (False, True))
    since = midnight(newest - timedelta(days=store.number("reading.flag.again.days", newest) - 1))
    for (person, subject), (often, _) in _again(pairs, since, least).items():
        newest_of_pair = max(pairs[person, subject], key=lambda key: key[2])
        found[newest_of_pair].append((subject, often))
    return found


def _again(pairs: Collection[tuple[str, int]], since: datetime, least: int) -> dict[tuple[str, int], tuple[int, int]]:
    return read_again(sorted(pairs), since, least)
