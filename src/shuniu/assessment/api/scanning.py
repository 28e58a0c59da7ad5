"""The rules are run over the cases of all systems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from django.utils import timezone

from shuniu.assessment import store, telling
from shuniu.assessment.api.judging import RULES, Bench
from shuniu.assessment.declare import Facts, Finding
from shuniu.assessment.models import Scan
from shuniu.assessment.rules.judging import fresh
from shuniu.procedures.api import oversight
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor

_CHUNK = 1000
_LATE_COMMIT = timedelta(hours=1)
"""An act that began before a scan may commit after it: each scan looks again at the hour before the last one."""


@verb("assessment.scan", "电子监察扫描")
def scan(*, actor: Actor, at: datetime | None = None) -> int:
    """Judge every case that moved since the last run, ended ones too, and once a day all that presses or stands still.

    Days alone make a case late: what did not move is judged again when the day, the calendar or the rules are others.
    One transaction: a kill leaves nothing half done. Run again it issues nothing again. Returns how many cards.
    """
    require()
    store.hold()
    now = at or timezone.now()
    this, bench = _begun(now)
    matters = _matters(this, bench)
    this.cases = len(matters)
    this.cards = sum(_judged(chunk, bench, actor, now) for chunk in _chunks(matters))
    this.save()
    record("assessment", detail={"cases": this.cases, "cards": this.cards})
    return this.cards


def to_scan(at: datetime | None = None) -> bool:
    """Whether a scan would judge anything, or is the first of its day, of a calendar or of rules; others leave no trace."""
    this, bench = _begun(at or timezone.now())
    last = _last(this)
    return last is None or _judged_by(last) != _judged_by(this) or bool(_matters(this, bench))


def _begun(now: datetime) -> tuple[Scan, Bench]:
    """A scan of that moment, not written yet, and the rules as they hold then."""
    bench = Bench(timezone.localdate(now), store.began(now))
    this = Scan(
        at=now,
        event=oversight.last_event(),
        calendar=oversight.calendar_version(),
        rules=bench.digest(),
        cases=0,
        cards=0,
    )
    return this, bench


def _last(this: Scan) -> Scan | None:
    return Scan.objects.filter(at__lte=this.at).order_by("-pk").first()


def _matters(this: Scan, bench: Bench) -> tuple[int, ...]:
    last = _last(this)
    seen = Scan.objects.filter(at__lte=this.at - _LATE_COMMIT).order_by("-pk").values_list("event", flat=True).first()
    found = {*oversight.moved(seen or 0, store.midnight(bench.began))}
    if last is None or _judged_by(last) != _judged_by(this):
        same = last is not None and _judged_by(last)[1:] == _judged_by(this)[1:]
        since = timezone.localdate(last.at) if last and same else bench.began
        found |= {*bench.pressing(since), *store.unanswered()}
    return tuple(sorted(found))


def _judged_by(one: Scan) -> tuple[object, ...]:
    """All but the events that can make a case late: where it is the same, so is what was found."""
    return timezone.localdate(one.at), one.calendar, one.rules


def _chunks(matters: Sequence[int]) -> Iterator[tuple[int, ...]]:
    left = iter(matters)
    while chunk := tuple(islice(left, _CHUNK)):
        yield chunk


def _judged(matters: Sequence[int], bench: Bench, actor: Actor, at: datetime) -> int:
    found: list[tuple[Facts, Finding]] = []
    for facts in store.facts(matters, at):
        found += [(facts, one) for one in fresh(facts, bench.findings(facts))]
    cards = store.issue(found, RULES, actor, at)
    telling.issued(cards)
    return len(cards)
