"""What the rules find in the facts of a case on a day. Pure; the calendar and the limits of the day are handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from shuniu.assessment.declare import CardRule, Check, Clocked, Facts, Finding, Level, Limit, Moved
from shuniu.base.calendar import Calendar
from shuniu.procedures.declare import CORRECTION, Move


@dataclass(frozen=True)
class Day:
    """The day on which a case is judged, and how working days are counted there."""

    on: date
    calendar: Calendar

    def over(self, start: date, term: int, until: date) -> int:
        """How many working days `until` lies past a term of working days from `start`; negative: so many are left."""
        return self.calendar.working_days_between(start, until) - term


@dataclass(frozen=True)
class _Found:
    """Where a rule's condition holds: in which stage, since when, by how much, on which clock."""

    stage: str
    since: date
    late: int
    said: str
    clock: int | None = None
    ladder: str = ""


def judge(facts: Facts, rules: Iterable[CardRule], limits: Mapping[str, Limit], day: Day) -> tuple[Finding, ...]:
    """All that the rules find, gravest first; a rule whose limit is not in force finds nothing."""
    found = []
    for rule in rules:
        if rule.limit and rule.limit not in limits:
            continue
        limit = limits[rule.limit] if rule.limit else Limit()
        found += [_finding(facts, rule, limit, one) for one in _CHECKS[rule.check](facts, rule, limit.value, day)]
    return tuple(sorted(found, key=lambda one: -one.level.rank))


def fresh(facts: Facts, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that make a card: of each ladder and stage the gravest, where it is graver than every card before it.

    Of one rule, stage and level there is never a second card; where a stage was late twice, the worse makes it.
    """
    highest: dict[tuple[str, str], int] = {}
    for card in facts.warned:
        at = card.ladder, card.stage
        highest[at] = max(card.level.rank, highest.get(at, -1))
    there = {(card.rule, card.stage, card.level) for card in facts.warned}
    made = []
    for one in sorted(findings, key=lambda finding: (-finding.level.rank, -finding.late)):
        at = one.ladder, one.stage
        if one.level.rank > highest.get(at, -1) and (one.rule, one.stage, one.level) not in there:
            highest[at] = one.level.rank
            there.add((one.rule, one.stage, one.level))
            made.append(one)
    return tuple(made)


def _finding(facts: Facts, rule: CardRule, limit: Limit, one: _Found) -> Finding:
    agency, person, name = responsible(facts, one.stage)
    return Finding(
        rule=rule.key, level=rule.level, ladder=one.ladder or rule.key, stage=one.stage, agency=agency, person=person,
        person_name=name, since=one.since, late=one.late, clock=one.clock, limit=limit, said=one.said,
    )  # fmt: skip


def responsible(facts: Facts, stage: str) -> tuple[str, str, str]:
    """The agency, person and name that hold a stage, or answered it; of the whole case, the stage handed out last."""
    handed = [one for one in facts.moves if one.move == Move.SEAT]
    if stage not in {one.stage for one in handed}:
        stage = handed[-1].stage if handed else ""
    agency, person, name = facts.agency, "", ""
    for one in facts.moves:
        if one.stage != stage:
            continue
        match one.move:
            case Move.SEAT:
                agency, person, name = (one.to[0] if one.to else facts.agency), "", ""
            case Move.TAKE | Move.AGREE | Move.DISAGREE:
                person, name = one.person, one.person_name
            case Move.TRANSFER if len(one.to) >= 2:
                person, name = one.to[0], one.to[1]
            case Move.RELEASE:
                person, name = "", ""
    return agency, person, name


def _looked_at(facts: Facts, rule: CardRule) -> list[Clocked]:
    return [one for one in facts.clocks if one.kind in rule.clocks and one.due is not None]


def _taking_up(facts: Facts) -> str:
    """The stage in which an application is taken up, whose lateness is NOT_TAKEN_UP's; "" for what is none."""
    handed = (one.stage for one in facts.moves if one.move == Move.SEAT)
    return next(handed, "") if facts.applied is not None else ""


def _near(facts: Facts, rule: CardRule, limit: int, day: Day) -> Iterable[_Found]:
    for one in _looked_at(facts, rule):
        if one.due and one.ended is None and day.on <= one.due:
            left = day.calendar.working_days_between(day.on, one.due)
            if left <= limit:
                yield _Found(one.stage, day.on, -left, f"{one.kind.words}还剩{left}个工作日", one.id, one.kind)


def _past(facts: Facts, rule: CardRule, limit: int, day: Day) -> Iterable[_Found]:
    for one in _looked_at(facts, rule):
        until = min(day.on, one.ended or day.on)
        if one.due is None or until <= one.due or (one.stage and one.stage == _taking_up(facts)):
            continue
        late = day.calendar.working_days_between(one.due, until)
        if late >= limit:
            yield _Found(one.stage, one.due, late, f"超过{one.kind.words}{late}个工作日", one.id, one.kind)


def _unanswered(facts: Facts, rule: CardRule, limit: int, day: Day) -> Iterable[_Found]:
    for card in facts.warned:
        late = day.over(card.on, limit, day.on)
        if card.level is Level.YELLOW and not card.answered and late > 0:
            yield _Found(card.stage, card.on, late, f"黄牌{card.rule}逾期未说明", ladder=card.ladder)


def _unreasoned(facts: Facts, rule: CardRule, limit: int, day: Day) -> Iterable[_Found]:
    said = [one for one in facts.moves if one.move == Move.DISAGREE]
    if facts.outcome == "refused" and said and not said[-1].reasoned:
        yield _Found(said[-1].stage, _on(said[-1]), 0, "没有写明理由")


def _corrections(facts: Facts) -> list[Moved]:
    return [one for one in facts.moves if one.move == Move.SUSPEND and one.to[:1] == (CORRECTION,)]


def _late_correction(facts: Facts, rule: CardRule, limit: int, day: Day) -> Iterable[_Found]:
    asked = _corrections(facts)
    if asked and facts.applied is not None:
        late = day.over(facts.applied, limit, _on(asked[0]))
        if late > 0:
            yield _Found(asked[0].stage, _on(asked[0]), late, f"收到申请后第{late + limit}个工作日才告知补正")


def _corrected_again(facts: Facts, rule: CardRule, limit: int, day: Day) -> Iterable[_Found]:
    asked = _corrections(facts)
    if len(asked) > limit:
        yield _Found(asked[limit].stage, _on(asked[limit]), 0, f"告知补正{len(asked)}次")


def _not_taken_up(facts: Facts, rule: CardRule, limit: int, day: Day) -> Iterable[_Found]:
    if facts.applied is None:
        return
    until = min(day.on, facts.taken_up or facts.ended or day.on)
    late = day.over(facts.applied, limit, until)
    if late > 0:
        yield _Found("", facts.applied, late, f"收到申请{late + limit}个工作日未告知，依法视为受理")


def _long_stop(facts: Facts, rule: CardRule, limit: int, day: Day) -> Iterable[_Found]:
    for one in facts.halts:
        if one.kind in rule.spared or (rule.stops and one.kind not in rule.stops):
            continue
        late = day.over(one.begun, limit, min(day.on, one.ended or day.on))
        if late > 0:
            yield _Found(one.kind, one.begun, late, f"{one.kind}停止计时{late + limit}个工作日")


def _charge(facts: Facts, rule: CardRule, limit: int, day: Day) -> Iterable[_Found]:
    outside = [one for one in facts.charges if not one.known]
    if outside:
        said = "、".join(f"{one.title} {one.amount / 100:.2f} 元" for one in outside)
        yield _Found("", facts.taken_up or day.on, 0, f"收费没有标准：{said}")


def _on(one: Moved) -> date:
    return timezone.localdate(one.at)


_CHECKS: Mapping[Check, Callable[[Facts, CardRule, int, Day], Iterable[_Found]]] = {
    Check.NEAR: _near,
    Check.PAST: _past,
    Check.UNANSWERED: _unanswered,
    Check.UNREASONED: _unreasoned,
    Check.LATE_CORRECTION: _late_correction,
    Check.CORRECTED_AGAIN: _corrected_again,
    Check.NOT_TAKEN_UP: _not_taken_up,
    Check.LONG_STOP: _long_stop,
    Check.CHARGE: _charge,
}
