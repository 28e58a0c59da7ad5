"""Cards are read: one's own, an agency's by its head, all by the provincial office; and computed again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from shuniu.assessment import store
from shuniu.assessment.api.scanning import findings
from shuniu.assessment.declare import (
    CardEvent,
    CardLine,
    CardState,
    CardView,
    Change,
    Facts,
    Finding,
    Level,
    Recomputed,
    Step,
)
from shuniu.assessment.models import Card
from shuniu.assessment.rules.scoring import months
from shuniu.base.periods import Period
from shuniu.procedures.api import oversight
from shuniu.trust.api import OVERSEE, record, require, verb
from shuniu.trust.declare import Actor, Json

HEAD = "assessment.read_officers"
"""The right of an agency's head: its officers' scores, and with them all of its cards."""


def in_sight(actor: Actor) -> QuerySet[Card]:
    """The cards that somebody may see: whose own they are, those of the agency for its head, all for the office."""
    if actor.may(OVERSEE):
        return Card.objects.all()
    own = Q(person=actor.person)
    return Card.objects.filter(own | Q(agency=actor.agency) if actor.agency and actor.may(HEAD) else own)


@verb("assessment.list_cards", "查看监察牌", reads=True)
def list_cards(
    *, actor: Actor, level: Level | None = None, state: CardState | None = None, agency: str = "", person: str = "",
    period: str = "", limit: int = 50, before: int = 0,
) -> tuple[CardLine, ...]:  # fmt: skip
    """The cards in the actor's sight, newest first, narrowed as asked; `before` is the number where the list goes on.

    `period` is a month or quarter. Raises Refused (assessment.period).
    """
    require()
    asked = {"level": level, "state": state, "agency": agency, "person": person, "pk__lt": before}
    found = in_sight(actor).filter(**{key: value for key, value in asked.items() if value})
    if period:
        spans = months(period)
        found = found.filter(at__date__range=(spans[0].start, spans[-1].end))
    rows = [store.line(row) for row in found.order_by("-pk")[:limit]]
    record("cards", detail={"agency": agency, "cards": len(rows)})
    return tuple(rows)


def _seen(actor: Actor, number: int) -> Card:
    """A card in the actor's sight. Raises Refused (assessment.unknown)."""
    row = in_sight(actor).filter(pk=number).first()
    if row is None:
        raise store.unknown(number)
    return row


@verb("assessment.read_card", "查看监察牌详情", reads=True)
def read_card(*, actor: Actor, number: int) -> CardView:
    """One card with the facts that it was computed from. Raises Refused (assessment.unknown)."""
    require()
    row = _seen(actor, number)
    record(f"card:{number}")
    return view(row)


def view(row: Card) -> CardView:
    """A card as its readers see it."""
    events = tuple(CardEvent(Step(one.step), one.person_name, one.at, one.said) for one in row.events.order_by("seq"))
    finding, facts = Finding.model_validate(row.finding), Facts.model_validate(row.facts)
    return CardView(store.line(row), row.object, finding, facts, row.calendar, row.appeal, events)


@verb("assessment.recompute", "重新计算监察牌", reads=True)
def recompute(*, actor: Actor, number: int) -> Recomputed:
    """Compute a card again from the log as it stood when it was issued, by the rules and the calendar of today.

    Says that all is equal, or each fact that is otherwise; the card itself stays as it was issued. Raises Refused
    (assessment.unknown).
    """
    require()
    row = _seen(actor, number)
    now = store.facts([row.matter], row.at)
    today = timezone.localdate(row.at)
    same = (row.rule, row.stage, row.ladder)
    found = [one for facts in now for one in findings(facts, today) if (one.rule, one.stage, one.ladder) == same]
    found.sort(key=lambda one: -one.late)
    changes = [
        *_changes("finding", row.finding, found[0].model_dump(mode="json") if found else {}),
        *_changes("facts", row.facts, now[0].model_dump(mode="json") if now else {}),
    ]
    record(f"card:{number}", detail={"changes": len(changes)})
    return Recomputed(timezone.now(), oversight.calendar_version(), tuple(changes))


def _changes(at: str, then: Json, now: Json) -> Iterator[Change]:
    """Every leaf that differs, named by its way down."""
    if isinstance(then, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*then, *now]):
            yield from _changes(f"{at}.{key}", then.get(key), now.get(key))
    elif isinstance(then, list) and isinstance(now, list):
        for place in range(max(len(then), len(now))):
            was, is_ = (side[place] if place < len(side) else None for side in (then, now))
            yield from _changes(f"{at}.{place}", was, is_)
    elif then != now:
        yield Change(at, *("" if one is None else str(one) for one in (then, now)))


def of(spans: tuple[Period, ...], agency: str = "", region: str = "") -> tuple[CardLine, ...]:
    """The cards of these months; the caller has checked who may see them."""
    asked = {"agency": agency, "region": region}
    first, last = spans[0].start, spans[-1].end or date.max
    rows = Card.objects.filter(at__date__range=(first, last), **{key: value for key, value in asked.items() if value})
    return tuple(store.line(row) for row in rows.order_by("-pk"))


def public_cards(period: str, agency: str = "", region: str = "") -> tuple[CardLine, ...]:
    """The cards behind a published score (a month or a quarter), without the officers, whom the public is not told of.

    Raises Refused (assessment.period).
    """
    return tuple(_nameless(line) for line in of(months(period), agency, region))


def _nameless(one: CardLine) -> CardLine:
    return CardLine(
        one.number, one.rule, one.rule_title, one.level, one.state, one.title, one.agency, one.region, "", "", one.at
    )
