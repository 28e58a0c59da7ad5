"""Scores of a month or quarter: officers' for their head and the province, agencies' and regions' for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.utils import timezone

from shuniu.assessment import store
from shuniu.assessment.api.cards import HEAD
from shuniu.assessment.declare import Counted, Score, Weights
from shuniu.assessment.rules.scoring import GRADES, months, scores
from shuniu.base.periods import Period, add_months
from shuniu.base.rules import Rule
from shuniu.directory import api as directory
from shuniu.trust.api import OVERSEE, record, require, verb
from shuniu.trust.declare import Actor

_KEYS = ("weight.reminder", "weight.yellow", "weight.red", "grade.excellent", "grade.good", "grade.passed")


def weighing(period: str) -> tuple[Rule, ...]:
    """The dated rules by which a month or quarter is scored: what each level costs, from which points on a grade is given.

    Public, in this order: reminder, yellow, red, 优秀, 良好, 合格. Raises Refused (assessment.period).
    """
    return _weighing(months(period))


def _weighing(spans: tuple[Period, ...]) -> tuple[Rule, ...]:
    """Those in force on the last day of the months, or today while they run."""
    on = min(spans[-1].end or date.max, timezone.localdate())
    return tuple(store.book().resolve(f"supervision.{key}", on) for key in _KEYS)


def _weights(spans: tuple[Period, ...]) -> Weights:
    reminder, yellow, red, *grades = (rule.integer() for rule in _weighing(spans))
    return Weights(reminder, yellow, red, tuple(zip(GRADES, grades, strict=True)))


def published() -> tuple[str, ...]:
    """The months from the first card's to this one, the newest first, as `2026-11`. Public."""
    today, span = timezone.localdate(), store.span_of_cards()
    last = max(span.end or today, today) if span else today
    month, found = (span.start if span else today).replace(day=1), list[str]()
    while month <= last:
        found.append(f"{month:%Y-%m}")
        month = add_months(month, 1)
    return tuple(reversed(found))


@verb(HEAD, "查看人员监察得分", reads=True)
def read_officers(*, actor: Actor, period: str, agency: str = "") -> tuple[Score, ...]:
    """The officers' scores of an agency, for its head; of any or all agencies (`agency` empty) for the provincial office.

    `period` is a month `2026-11` or a quarter `2026-Q4`. Raises Refused: assessment.period, right.agency.
    """
    if agency:
        require(agency=agency)
    else:
        require(capability=OVERSEE)
    spans = months(period)
    cards = store.given(spans).filter(**({"agency": agency} if agency else {}))
    found = scores(store.counted(cards, "person"), spans, _weights(spans))
    record(f"agency:{agency}", detail={"period": period, "officers": len(found)})
    return found


def read_agencies(period: str) -> tuple[Score, ...]:
    """The agencies' scores, the lowest first; those without a card are not named. Public. Raises Refused."""
    return _public("agency", directory.agency_names(), months(period))


def read_regions(period: str) -> tuple[Score, ...]:
    """The regions' scores, the lowest first. Public. Raises Refused (assessment.period)."""
    return _public("region", directory.region_names(), months(period))


def _public(by: str, names: Mapping[str, str], spans: tuple[Period, ...]) -> tuple[Score, ...]:
    return scores(_named(store.counted(store.given(spans), by), names), spans, _weights(spans))


def _named(counted: Iterable[Counted], names: Mapping[str, str]) -> Iterable[Counted]:
    return (replace(one, name=names.get(one.key, one.key)) for one in counted)
