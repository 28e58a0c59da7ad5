"""Scores of a month or quarter: officers' for their head and the province, agencies' and regions' for everybody."""

from __future__ import annotations

from django.utils import timezone

from shuniu.assessment import store
from shuniu.assessment.api.cards import HEAD, of
from shuniu.assessment.declare import Score, Weights
from shuniu.assessment.rules.scoring import months, scores
from shuniu.base.periods import Period
from shuniu.directory import api as directory
from shuniu.trust.api import OVERSEE, record, require, verb
from shuniu.trust.declare import Actor


def _weights(spans: tuple[Period, ...]) -> Weights:
    """The weights in force on the last day of the months, or today while they run."""
    last = spans[-1].end or timezone.localdate()
    book, on = store.book(), min(last, timezone.localdate())
    reminder, yellow, red, excellent, good, passed = (
        book.resolve(f"supervision.{key}", on).integer()
        for key in (
            "weight.reminder", "weight.yellow", "weight.red", "grade.excellent", "grade.good", "grade.passed",
        )
    )  # fmt: skip
    return Weights(reminder, yellow, red, (("优秀", excellent), ("良好", good), ("合格", passed)))


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
    cards = of(spans, agency)
    names = {card.person: card.person_name for card in cards}
    found = scores(cards, lambda card: card.person, names, spans, _weights(spans))
    record(f"agency:{agency}", detail={"period": period, "officers": len(found)})
    return found


def read_agencies(period: str) -> tuple[Score, ...]:
    """The agencies' scores, the lowest first; those without a card are not named. Public. Raises Refused."""
    spans = months(period)
    names = {one.key: one.name for one in directory.agencies()}
    return scores(of(spans), lambda card: card.agency, names, spans, _weights(spans))


def read_regions(period: str) -> tuple[Score, ...]:
    """The regions' scores, the lowest first. Public. Raises Refused (assessment.period)."""
    spans = months(period)
    return scores(of(spans), lambda card: card.region, directory.region_names(), spans, _weights(spans))
