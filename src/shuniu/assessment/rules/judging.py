"""What the rules find in the facts of a case on a day. Pure; the calendar and the limits of the day are handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from shuniu.assessment.declare import CardRule, Check, Clocked, Facts, Finding, Halt, Level, Limit, Moved
from shuniu.assessment.rules.holding import held, late_in, responsible
from shuniu.assessment.rules.repeating import repeats
from shuniu.base.calendar import Calendar
from shuniu.procedures.calendars.declare import Kind
from shuniu.procedures.declare import CORRECTION, Move


@dataclass(frozen=True)
class Day:
    """The day on which a case is judged, how working days are counted there, and since when cases are supervised."""

    on: date
    calendar: Calendar
    began: date = date.min

    def over(self, start: date, term: int, until: date) -> int:
        """How many working days `until` lies past a term of working days from `start`; negative: so many are left."""
        return self.calendar.working_days_between(start, until) - term


_Whose = tuple[int, str, str, str] | None
"""Seat, agency, person and name, where the stage alone does not say."""


@dataclass(frozen=True)
class _Found:
    """Where a rule's condition holds: in which stage, since when, by how much, on which clock, whose.

    `last`: see `Finding`; None: the day `since`.
    """

    stage: str
    since: date
    late: int
    said: str
    last: date | None = None
    clock: int | None = None
    ladder: str = ""
    whose: _Whose = None


def judge(facts: Facts, rules: Iterable[CardRule], limits: Mapping[str, Limit], day: Day) -> tuple[Finding, ...]:
    """All that the rules find, gravest first; a rule whose limit is not in force finds nothing.

    What went wrong before supervision began (`day.began`) is not found.
    """
    found = []
    for rule in rules:
        if (rule.limit and rule.limit not in limits) or not _speaks_of(rule, facts.object):
            continue
        limit = limits[rule.limit] if rule.limit else Limit()
        found += [_finding(facts, rule, limit, one) for one in _CHECKS[rule.check](facts, rule, limit.value, day)]
    standing = [one for one in found if one.last >= day.began]
    return tuple(sorted(standing, key=lambda one: -one.level.rank))


def _speaks_of(rule: CardRule, object: str) -> bool:
    kind = object.partition(":")[0]
    return kind not in rule.elsewhere and (not rule.about or kind in rule.about)


def fresh(facts: Facts, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that make a card: of each ladder, stage and seat the gravest, where it is graver than every card before it.

    Of one rule, stage, seat and level there is never a second card; where a stage was late twice, the worse makes it. For
    one lateness of one officer, of a stage and with it of the whole case, there is one yellow card (`repeats`).
    """
    findings = tuple(findings)
    highest: dict[tuple[str, str, int], int] = {}
    for card in facts.warned:
        at = card.ladder, card.stage, card.seat
        highest[at] = max(card.level.rank, highest.get(at, -1))
    there = {(card.rule, card.stage, card.seat, card.level) for card in facts.warned}
    made: list[Finding] = []
    for one in sorted(findings, key=lambda finding: (-finding.level.rank, -finding.late, finding.since)):
        at, same = (one.ladder, one.stage, one.seat), (one.rule, one.stage, one.seat, one.level)
        new = one.level.rank > highest.get(at, -1) and same not in there
        if new and not repeats(facts, one, findings, (*facts.warned, *made)):
            highest[at] = one.level.rank
            there.add(same)
            made.append(one)
    return tuple(made)


def _finding(facts: Facts, rule: CardRule, limit: Limit, one: _Found) -> Finding:
    seat, agency, person, name = one.whose or (0, *responsible(facts, one.stage))
    return Finding(
        rule=rule.key, level=rule.level, ladder=one.ladder or rule.key, stage=one.stage, seat=seat, agency=agency,
        person=person, person_name=name, since=one.since, last=one.last or one.since, late=one.late, clock=one.clock,
        limit=limit, said=one.said,
    )  # fmt: skip


def _looked_at(facts: Facts, rule: CardRule) -> Iterable[tuple[Clocked, date, _Whose]]:
    """The clocks of a rule that have a due day; of a stage's, once for each seat that it is late in.

    A stage in which nobody is asked (the delivery of what was granted) is the whole agency's.
    """
    for one in facts.clocks:
        if one.kind not in rule.clocks or one.due is None or (one.kind is not Kind.STAGE and one.own != rule.own):
            continue
        if rule.stages and one.stage not in rule.stages:
            continue
        seats = late_in(facts, one) if one.stage else ()
        for seat in seats:
            yield one, one.due, (seat.number, seat.agency, seat.person, seat.person_name)
        if not seats:
            yield one, one.due, (0, facts.agency, "", "") if one.stage else None


def _words(one: Clocked) -> str:
    return "规定时限" if one.own and one.kind is not Kind.STAGE else one.kind.title


def _taking_up(facts: Facts) -> str:
    """The stage in which an application is taken up, whose lateness is NOT_TAKEN_UP's; "" for what is none."""
    handed = (one.stage for one in facts.moves if one.move == Move.SEAT)
    return next(handed, "") if facts.applied is not None else ""


def _near(facts: Facts, rule: CardRule, limit: int, day: Day) -> Iterable[_Found]:
    for one, due, whose in _looked_at(facts, rule):
        if one.ended is None and day.on <= due:
            left = day.calendar.working_days_between(day.on, due)
            if left <= limit:
                yield _Found(one.stage, day.on, -left, f"{_words(one)}还剩{left}个工作日", due, one.id, one.kind, whose)


def _past(facts: Facts, rule: CardRule, limit: int, day: Day) -> Iterable[_Found]:
    for one, due, whose in _looked_at(facts, rule):
        until = min(day.on, one.ended or day.on)
        if until <= due or (one.stage and one.stage == _taking_up(facts)):
            continue
        late = day.calendar.working_days_between(due, until)
        if late >= limit:
            yield _Found(one.stage, due, late, f"超过{_words(one)}{late}个工作日", due, one.id, one.kind, whose)


def _unanswered(facts: Facts, rule: CardRule, limit: int, day: Day) -> Iterable[_Found]:
    for card in facts.warned:
        late = day.over(card.on, limit, day.on)
        if card.level is Level.YELLOW and not card.answered and late > 0:
            whose = card.seat, card.agency, card.person, card.person_name
            yield _Found(card.stage, card.on, late, f"黄牌{card.rule}逾期未说明", ladder=card.ladder, whose=whose)


def _unreasoned(facts: Facts, rule: CardRule, limit: int, day: Day) -> Iterable[_Found]:
    said = [one for one in facts.moves if one.move == Move.DISAGREE]
    if facts.outcome == "refused" and said and not said[-1].reasoned:
        yield _Found(said[-1].stage, _on(said[-1]), 0, "没有写明理由")


def _sent_back(facts: Facts, rule: CardRule, limit: int, day: Day) -> Iterable[_Found]:
    """A return, or a no after which a stage was asked again."""
    for place, one in enumerate(facts.moves):
        back = one.move == Move.RETURN or (one.move == Move.DISAGREE and _asked_again(facts.moves, place))
        if back and not one.reasoned:
            whose = one.seat, _agency(facts, one), one.person, one.person_name
            yield _Found(one.stage, _on(one), 0, "退回没有写明理由", whose=whose)


def _asked_again(moves: Sequence[Moved], place: int) -> bool:
    """Whether a stage that had been asked before this place is asked after it."""
    before, after = ({one.stage for one in part if one.move == Move.SEAT} for part in (moves[:place], moves[place:]))
    return bool(before & after)


def _agency(facts: Facts, one: Moved) -> str:
    return next((seat.agency for seat in held(facts) if seat.number == one.seat), responsible(facts, one.stage)[0])


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
    taken_up = facts.taken_up if facts.taken_up and facts.taken_up <= day.on else None
    until = min(day.on, taken_up or facts.ended or day.on)
    late = day.over(facts.applied, limit, until)
    if late > 0:
        said = "才受理或者告知" if taken_up else "仍未受理或者告知"
        last = day.calendar.add_working_days(facts.applied, limit).date
        yield _Found("", facts.applied, late, f"收到申请第{late + limit}个工作日{said}，依法视为受理", last)


def _halted(facts: Facts, rule: CardRule) -> Iterable[Halt]:
    return (one for one in facts.halts if one.kind not in rule.spared and (not rule.stops or one.kind in rule.stops))


def _long_stop(facts: Facts, rule: CardRule, limit: int, day: Day) -> Iterable[_Found]:
    for one in _halted(facts, rule):
        late = day.over(one.begun, limit, min(day.on, one.ended or day.on))
        if late > 0:
            last = day.calendar.add_working_days(one.begun, limit).date
            yield _Found(one.kind, one.begun, late, f"{one.kind}停止计时{late + limit}个工作日", last)


def _late_stop(facts: Facts, rule: CardRule, limit: int, day: Day) -> Iterable[_Found]:
    for one in _halted(facts, rule):
        run_out = [
            clock.due
            for clock in facts.clocks
            if clock.due and clock.due < one.begun <= (clock.ended or one.begun) and clock.kind is not Kind.STAGE
        ]
        if run_out:
            late = day.calendar.working_days_between(min(run_out), one.begun)
            said = f"到期{late}个工作日以后才以“{one.kind}”停止计时"
            yield _Found(one.kind, one.begun, late, said)


def _charge(facts: Facts, rule: CardRule, limit: int, day: Day) -> Iterable[_Found]:
    outside = [one for one in facts.charges if not one.known]
    if outside:
        said = "、".join(f"{one.title} {one.amount / 100:.2f} 元" for one in outside)
        yield _Found("", facts.taken_up or day.on, 0, f"收费没有标准：{said}")


def _overcharge(facts: Facts, rule: CardRule, limit: int, day: Day) -> Iterable[_Found]:
    above = [one for one in facts.charges if one.known and one.unit > one.standard]
    if above:
        said = "、".join(f"{one.title} {one.unit / 100:.2f} 元，标准 {one.standard / 100:.2f} 元" for one in above)
        yield _Found("", facts.taken_up or day.on, 0, f"收费超过标准：{said}")


def _on(one: Moved) -> date:
    return timezone.localdate(one.at)


_CHECKS: Mapping[Check, Callable[[Facts, CardRule, int, Day], Iterable[_Found]]] = {
    Check.NEAR: _near,
    Check.PAST: _past,
    Check.UNANSWERED: _unanswered,
    Check.UNREASONED: _unreasoned,
    Check.SENT_BACK: _sent_back,
    Check.LATE_CORRECTION: _late_correction,
    Check.CORRECTED_AGAIN: _corrected_again,
    Check.NOT_TAKEN_UP: _not_taken_up,
    Check.LONG_STOP: _long_stop,
    Check.LATE_STOP: _late_stop,
    Check.CHARGE: _charge,
    Check.OVERCHARGE: _overcharge,
}
