"""Reading of facts, as sets, and writing of cards. Called by `api` alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Case, Count, Exists, Max, Min, OuterRef, QuerySet, When
from django.db.models.functions import TruncMonth
from django.utils import timezone

from shuniu.assessment.declare import (
    CardLine,
    CardRule,
    CardState,
    Charge,
    Clocked,
    Counted,
    Facts,
    Finding,
    Halt,
    Level,
    Limit,
    Moved,
    Step,
    Warned,
)
from shuniu.assessment.models import Beginning, Card, CardEvent
from shuniu.base.periods import Period
from shuniu.base.rules import Certainty, NoRule, Rule, RuleBook
from shuniu.cases.api import oversight as applications
from shuniu.procedures.api import oversight
from shuniu.procedures.calendars.declare import ClockView
from shuniu.procedures.declare import CORRECTION, Event, Move
from shuniu.trust.declare import Actor, Refused

_LOCK = 0x5348_4E02
"""The advisory lock of scans: one at a time, so that two workers never judge the same case at once."""


def hold() -> None:
    """Until this transaction ends, let no other scan begin."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])


def book() -> RuleBook:
    """The pack of dated rules in force here."""
    return RuleBook.load(settings.RULE_PACK)


def limits(rules: Iterable[CardRule], on: date, region: str) -> dict[str, Limit]:
    """The numbers that these rules go by on a day in a region, by the key of the dated rule."""
    found: dict[str, Limit] = {}
    for key in {rule.limit for rule in rules} - {""}:
        try:
            rule = book().resolve(key, on, region)
        except NoRule:
            continue
        found[key] = Limit(rule=rule.id, value=rule.integer())
    return found


def dated(key: str, on: date) -> Rule | None:
    """The dated rule of that key in force on a day in the province; None for none."""
    try:
        return book().resolve(key, on, settings.PROVINCE) if key else None
    except NoRule:
        return None


def began(at: datetime) -> date:
    """Since which day cases were supervised, as it was set by a moment; where nothing was set, since ever."""
    found = Beginning.objects.filter(at__lte=at).order_by("-pk").values_list("since", flat=True).first()
    return found or date.min


def facts(matters: Sequence[int], at: datetime) -> tuple[Facts, ...]:
    """All that is known of these cases at a moment, in a fixed number of statements."""
    applied = applications.supervised(matters)
    cards = _warned(matters, at)
    known = {rule.id: rule for rule in book().rules}
    return tuple(
        _facts(log, applied.get(log.case), cards.get(log.case, ()), known) for log in oversight.logs(matters, at)
    )


def _facts(
    log: oversight.Log, one: applications.Supervised | None, warned: tuple[Warned, ...], known: Mapping[str, Rule]
) -> Facts:
    moves = tuple(_moved(event) for event in log.events)
    taken_up, stages = _taken_up(log.events) if one else None, {clock.stage for clock in log.clocks}
    return Facts(
        matter=log.case,
        object=log.object,
        title=one.title if one else log.title,
        agency=log.agency,
        region=log.region,
        outcome=log.outcome,
        applied=timezone.localdate(one.filed_at) if one else None,
        taken_up=taken_up,
        ended=timezone.localdate(log.events[-1].at) if log.outcome else None,
        titles=(
            *log.titles.items(),
            *((key, title) for key, title in applications.AFTERWARDS.items() if key in stages),
        ),
        clocks=tuple(_clocked(clock, known) for clock in log.clocks),
        moves=moves,
        halts=tuple(Halt(kind=stop.kind, begun=stop.days.start, ended=stop.days.end) for stop in log.stops),
        charges=_charges(one, known) if one and taken_up else (),
        warned=warned,
    )


def _charges(one: applications.Supervised, known: Mapping[str, Rule]) -> tuple[Charge, ...]:
    return tuple(
        Charge(
            title=line.title, amount=line.amount, rule=line.rule, known=line.rule in known, unit=line.unit,
            standard=known[line.rule].integer() if line.rule in known else 0,
        )
        for line in one.charges
    )  # fmt: skip


def _taken_up(events: Iterable[Event]) -> date | None:
    """When the agency first said yes, no, or what must be corrected; the first stage of an application is 受理."""
    for event in events:
        asked = event.move is Move.SUSPEND and event.to[:1] == (CORRECTION,)
        if asked or event.move in (Move.AGREE, Move.DISAGREE):
            return timezone.localdate(event.at)
    return None


def _moved(event: Event) -> Moved:
    """An event without what was said, and without the name of who made it unless in a seat: applicants are not told of."""
    seated = event.seat > 0
    return Moved(
        seq=event.seq, move=event.move, stage=event.stage, person=event.person if seated else "",
        person_name=event.person_name if seated else "", at=event.at, to=event.to, reasoned=bool(event.reason.strip()),
        seat=event.seat,
    )  # fmt: skip


_FOUNDED = (Certainty.VERIFIED, Certainty.KNOWN)


def _clocked(one: ClockView, known: Mapping[str, Rule]) -> Clocked:
    term = str(one.term) + (f"，延长{one.extension}" if one.extension else "")
    rule = known.get(one.rule)
    return Clocked(
        id=one.id, kind=one.kind, stage=one.stage, start=one.start, term=term, due=one.due, ended=one.ended,
        provisional=one.provisional, own=rule is not None and rule.certainty not in _FOUNDED,
    )  # fmt: skip


def _warned(matters: Sequence[int], at: datetime) -> dict[int, tuple[Warned, ...]]:
    """The cards that these cases had before a moment, and whether they were answered by then."""
    found: dict[int, tuple[Warned, ...]] = defaultdict(tuple)
    rows = Card.objects.filter(matter__in=list(matters), at__lt=at).defer("facts", "finding").order_by("pk")
    answered = set(
        CardEvent.objects.filter(card__in=rows, at__lte=at).exclude(step=Step.ISSUED).values_list("card_id", flat=True)
    )
    for row in rows:
        one = Warned(
            rule=row.rule, level=Level(row.level), ladder=row.ladder, stage=row.stage, on=timezone.localdate(row.at),
            answered=row.pk in answered, seat=row.seat, agency=row.agency, person=row.person,
            person_name=row.person_name,
        )  # fmt: skip
        found[row.matter] = (*found[row.matter], one)
    return found


def unanswered() -> tuple[int, ...]:
    """The cases with a yellow card that nobody has explained and that did not turn red yet."""
    same = {key: OuterRef(key) for key in ("matter", "ladder", "stage", "seat")}
    red = Card.objects.filter(**same, level=Level.RED)
    rows = Card.objects.filter(~Exists(red), state=CardState.ISSUED, level=Level.YELLOW)
    return tuple(rows.order_by("matter").values_list("matter", flat=True).distinct())


def issue(
    found: Sequence[tuple[Facts, Finding]], rules: Mapping[str, CardRule], actor: Actor, at: datetime
) -> list[Card]:
    """Write cards with their first event. Raises IntegrityError where one of a rule, case, stage and level is there."""
    calendar = oversight.calendar_version()
    cards = [
        Card(
            rule=one.rule, rule_title=rules[one.rule].title, level=one.level, ladder=one.ladder, matter=facts.matter,
            object=facts.object, title=facts.title, stage=one.stage, seat=one.seat, agency=one.agency,
            region=facts.region, person=one.person, person_name=one.person_name, at=at, finding=one.model_dump(mode="json"),
            facts=facts.model_dump(mode="json"), calendar=calendar,
        )
        for facts, one in found
    ]  # fmt: skip
    Card.objects.bulk_create(cards, 1000)
    CardEvent.objects.bulk_create(
        [
            CardEvent(
                card=card, seq=0, step=Step.ISSUED, person=actor.person, person_name=actor.name, at=at, said=one.said
            )
            for card, (_, one) in zip(cards, found, strict=True)
        ],
        1000,
    )
    return cards


def midnight(day: date) -> datetime:
    """When a day begins."""
    return timezone.make_aware(datetime.combine(max(day, date(1900, 1, 1)), time()))


def given(spans: Sequence[Period]) -> QuerySet[Card]:
    """The cards of these months, which follow one another."""
    first, last = spans[0].start, spans[-1].end or date.max
    moments = [timezone.make_aware(datetime.combine(day, time())) for day in (first, last + timedelta(days=1))]
    return Card.objects.filter(at__gte=moments[0], at__lt=moments[1])


def counted(cards: QuerySet[Card], by: str) -> tuple[Counted, ...]:
    """How many cards each agency, region or person (`by`) was given, by month and level; in one statement."""
    rows = (
        cards.annotate(month=TruncMonth("at"), stands=Case(When(state=CardState.CANCELLED, then=False), default=True))
        .values(by, "month", "level", "stands")
        .annotate(cards=Count("pk"), name=Max("person_name"))
        .order_by()
    )
    return tuple(
        Counted(
            one[by], one["name"], timezone.localdate(one["month"]), Level(one["level"]), one["stands"], one["cards"]
        )
        for one in rows
    )


def span_of_cards() -> Period | None:
    """From the day of the first card to that of the last."""
    found = Card.objects.aggregate(first=Min("at"), last=Max("at"))
    return Period(timezone.localdate(found["first"]), timezone.localdate(found["last"])) if found["first"] else None


def locked(number: int) -> Card:
    """A card, locked. Raises Refused (assessment.unknown)."""
    row = Card.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise unknown(number)
    return row


def unknown(number: int) -> Refused:
    """The refusal of a card that is not there, or not for this reader: the two are not told apart."""
    return Refused("assessment.unknown", f"您没有第 {number} 号监察牌。", "请从监察牌列表进入。")


def add(card: Card, step: Step, state: CardState, actor: Actor, said: str) -> None:
    """Write what happened to a locked card, and where it stands now."""
    CardEvent.objects.create(
        card=card, seq=card.events.count(), step=step, person=actor.person, person_name=actor.name,
        at=timezone.now(), said=said,
    )  # fmt: skip
    card.state = state
    card.save(update_fields=["state", "appeal"])


def line(row: Card) -> CardLine:
    """A card as lists show it."""
    return CardLine(
        row.pk, row.rule, row.rule_title, Level(row.level), CardState(row.state), row.title, row.agency, row.region,
        row.person, row.person_name, row.at,
    )  # fmt: skip
