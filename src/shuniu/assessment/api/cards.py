"""Cards are read: one's own, an agency's by its head, all by the provincial office; and computed again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.db.models import Q, QuerySet
from django.utils import timezone

from shuniu.assessment import store
from shuniu.assessment.api.judging import Bench
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
from shuniu.cases.api import withheld
from shuniu.procedures.api import oversight
from shuniu.trust.api import OVERSEE, record, require, verb
from shuniu.trust.declare import Actor, Json

HEAD = "assessment.read_officers"
"""The right of an agency's head: its officers' scores, and with them all of its cards."""


def in_sight(actor: Actor) -> QuerySet[Card]:
    """The cards that somebody may see: whose own they are, those of the agency for its head, all for the office.

    Never one about a letter in which the reader's own agency is accused.
    """
    if actor.may(OVERSEE):
        return Card.objects.exclude(matter__in=withheld.hidden_from(actor.agency))
    own = Q(person=actor.person)
    return Card.objects.filter(own | Q(agency=actor.agency) if actor.agency and actor.may(HEAD) else own)


@verb("assessment.list_cards", "查看监察牌", reads=True)
def list_cards(
    *, actor: Actor, level: Level | None = None, state: CardState | None = None, agency: str = "", person: str = "",
    period: str = "", standing: bool = False, limit: int = 50, before: int = 0,
) -> tuple[CardLine, ...]:  # fmt: skip
    """The cards in the actor's sight, newest first, narrowed as asked; `before` is the number where the list goes on.

    `standing` leaves out the cancelled ones, `period` is a month or quarter. Raises Refused (assessment.period).
    """
    require()
    asked = {"level": level, "state": state, "agency": agency, "person": person, "pk__lt": before}
    found = _narrowed(in_sight(actor), asked, standing)
    if period:
        found &= store.given(months(period))
    rows = [store.line(row) for row in found.defer("facts", "finding").order_by("-pk")[:limit]]
    record("cards", detail={"agency": agency, "cards": len(rows)})
    return tuple(rows)


def _narrowed(cards: QuerySet[Card], asked: Mapping[str, object], standing: bool) -> QuerySet[Card]:
    found = cards.filter(**{key: value for key, value in asked.items() if value})
    return found.exclude(state=CardState.CANCELLED) if standing else found


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
    """Compute a card again from the log and the beginning as they stood then, by the rules and the calendar of today.

    Says that all is equal, or each fact that is otherwise; the card itself stays as it was issued. Raises Refused
    (assessment.unknown).
    """
    require()
    row = _seen(actor, number)
    now = store.facts([row.matter], row.at)
    bench = Bench(timezone.localdate(row.at), store.began(row.at))
    same = (row.rule, row.stage, row.seat, row.ladder)
    found = [
        one for facts in now for one in bench.findings(facts) if (one.rule, one.stage, one.seat, one.ladder) == same
    ]
    found.sort(key=lambda one: -one.late)
    changes = [
        *_changes("finding", row.finding, found[0].model_dump(mode="json") if found else {}),
        *_changes("facts", row.facts, now[0].model_dump(mode="json") if now else {}),
    ]
    record(f"card:{number}", detail={"changes": len(changes)})
    return Recomputed(timezone.now(), oversight.calendar_version(), tuple(changes))


def _changes(at: str, then: Json, now: Json) -> Iterator[Change]:
    """Every leaf of the card that differs, named by its way down; what only a later release looks at is no difference."""
    if isinstance(then, dict) and isinstance(now, dict):
        for key in then:
            yield from _changes(f"{at}.{key}", then.get(key), now.get(key))
    elif isinstance(then, list) and isinstance(now, list):
        for place in range(max(len(then), len(now))):
            was, is_ = (side[place] if place < len(side) else None for side in (then, now))
            yield from _changes(f"{at}.{place}", was, is_)
    elif then != now:
        yield Change(at, *("" if one is None else str(one) for one in (then, now)))


def public_cards(
    period: str, agency: str = "", region: str = "", level: Level | None = None, state: CardState | None = None,
    standing: bool = False, limit: int = 50, before: int = 0,
) -> tuple[CardLine, ...]:  # fmt: skip
    """The cards behind a published score (a month or a quarter), newest first; `standing`, `before` as in `list_cards`.

    Without the officers, of whom the public is not told, and without what is never public: a card about a report stands
    by its number, level and day alone. Raises Refused (assessment.period).
    """
    asked = {"agency": agency, "region": region, "level": level, "state": state, "pk__lt": before}
    found = _narrowed(store.given(months(period)), asked, standing)
    rows = list(found.defer("facts", "finding").order_by("-pk")[:limit])
    secret = withheld.never_public([row.matter for row in rows])
    return tuple(_public(store.line(row), row.matter in secret) for row in rows)


def _public(one: CardLine, secret: bool) -> CardLine:
    seen = replace(one, rule="", rule_title="", title="") if secret else one
    return replace(seen, person="", person_name="")
