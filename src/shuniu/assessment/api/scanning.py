"""Rules are made known, and run over the cases of all systems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice

from django.utils import timezone

from shuniu.assessment import store, telling
from shuniu.assessment.declare import CardRule, Check, Facts, Finding
from shuniu.assessment.models import Scan
from shuniu.assessment.rules.judging import Day, fresh, judge
from shuniu.procedures.api import oversight
from shuniu.trust.api import record, require, verb
from shuniu.trust.declare import Actor

RULES: dict[str, CardRule] = {}
"""The supervision rules by key: what systems registered."""

_CHUNK = 1000
_LATE_COMMIT = timedelta(hours=1)
"""An act that began before a scan may commit after it: each scan looks again at the hour before the last one."""


def register(rules: Iterable[CardRule]) -> tuple[CardRule, ...]:
    """Make declared rules known. Raises ValueError for another rule under the same key."""
    made = tuple(rules)
    for rule in made:
        if RULES.setdefault(rule.key, rule) != rule:
            raise ValueError(f"监察规则“{rule.key}”登记了两种内容")
    return made


@verb("assessment.scan", "电子监察扫描")
def scan(*, actor: Actor, at: datetime | None = None) -> int:
    """Judge every running case that presses or stands still, and every case that moved, ended ones too; issue cards.

    One transaction: a kill leaves nothing half done. Run again it issues nothing again. Returns how many cards.
    """
    require()
    store.hold()
    now = at or timezone.now()
    last = oversight.last_event()
    matters = _matters(timezone.localdate(now), now)
    cards = sum(_judged(chunk, actor, now) for chunk in _chunks(matters))
    Scan.objects.create(at=now, event=last, cases=len(matters), cards=cards)
    record("assessment", detail={"cases": len(matters), "cards": cards})
    return cards


def _matters(today: date, now: datetime) -> tuple[int, ...]:
    before = Scan.objects.filter(at__lte=now - _LATE_COMMIT).order_by("-pk").values_list("event", flat=True).first()
    until = oversight.calendar("").add_working_days(today, _ahead(today)).date
    found = {*oversight.pressing(until), *oversight.moved(before or 0), *store.unanswered()}
    return tuple(sorted(found))


def _ahead(today: date) -> int:
    """How many working days ahead a clock may be due that a rule already looks at."""
    near = [rule for rule in RULES.values() if rule.check is Check.NEAR]
    return max((limit.value for limit in store.limits(near, today, "").values()), default=0)


def _chunks(matters: Sequence[int]) -> Iterator[tuple[int, ...]]:
    left = iter(matters)
    while chunk := tuple(islice(left, _CHUNK)):
        yield chunk


def _judged(matters: Sequence[int], actor: Actor, at: datetime) -> int:
    today = timezone.localdate(at)
    found: list[tuple[Facts, Finding]] = []
    for facts in store.facts(matters, at):
        found += [(facts, one) for one in fresh(facts, findings(facts, today))]
    cards = store.issue(found, RULES, actor, at)
    telling.issued(cards)
    return len(cards)


def findings(facts: Facts, today: date) -> tuple[Finding, ...]:
    """What the rules of today find in a case on a day."""
    limits = store.limits(RULES.values(), today, facts.region)
    return judge(facts, RULES.values(), limits, Day(today, oversight.calendar(facts.region)))
