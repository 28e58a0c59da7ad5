"""When a case and its stages are due: counted from what happened, by the dated rule that held then, never counted down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.utils import timezone

from shuniu.base.calendar import Calendar, Due
from shuniu.base.periods import Term, Unit
from shuniu.base.rules import PACKS, NoRule, RuleBook
from shuniu.procedures.clocks import days_of
from shuniu.procedures.declare import Procedure, Seat, Stage
from shuniu.trust.declare import Refused


def whole(procedure: Procedure, opened: date, region: str) -> tuple[Due | None, str]:
    """When a case opened on that day in that region is due, and the id of the rule that says so. Raises Refused."""
    if procedure.term_rule is None:
        return None, ""
    rule = _resolved(procedure.term_rule, opened, region)
    return ends(rule, opened), rule


def stage_rule(stage: Stage, asked: date, region: str) -> str:
    """The id of the rule that gives a stage handed out on that day its term; "" where none does. Raises Refused."""
    return _resolved(stage.term, asked, region) if isinstance(stage.term, str) else ""


def _resolved(key: str, on: date, region: str) -> str:
    try:
        return RuleBook.load(settings.RULE_PACK).resolve(key, on, region or None).id
    except NoRule as error:
        raise Refused("procedures.term", f"{error}。", "请联系平台管理员补充办理期限后再提出。") from error


def stage_term(stage: Stage, rule: str, whole: Term | None, asked: date) -> Term | None:
    """The time that a stage has which was handed out on that day: by its rule's id, its own days, or its share of the whole.

    A share is rounded up to whole days, working ones of a term of working days and natural ones else. None where it has no
    term: neither has a share of nothing (即办, which is decided on the day itself).
    """
    if rule:
        return term(rule)
    if isinstance(stage.term, int):
        return Term(stage.term, Unit.WORKING_DAY)
    if not stage.share or whole is None or not whole.amount:
        return None
    unit = Unit.WORKING_DAY if whole.unit is Unit.WORKING_DAY else Unit.DAY
    return Term(-(-days_of(asked, whole) * stage.share // 100), unit)


def stage_terms(procedure: Procedure, whole: Term | None, on: date, region: str = "") -> dict[str, tuple[str, Term]]:
    """The time of each stage that has one, were it handed out on that day, and the id of the rule that gives it, if one does.

    `whole` is what stages have their share of. Raises Refused (procedures.term).
    """
    rules = {stage.key: stage_rule(stage, on, region) for stage in procedure.stages}
    found = {stage.key: stage_term(stage, rules[stage.key], whole, on) for stage in procedure.stages}
    return {key: (rules[key], given) for key, given in found.items() if given is not None}


def seat_due(stage: Stage, seat: Seat, share_of: Term | None, whole: Due | None) -> Due | None:
    """When the answer of a seat is due: by its stage's term or with the whole case, whichever comes first."""
    own = stage_due(stage, seat, share_of)
    return min((one for one in (own, whole) if one is not None), key=lambda one: one.date, default=None)


def stage_due(stage: Stage, seat: Seat, share_of: Term | None) -> Due | None:
    """When the answer of a seat is due by its stage's own term; None where it has none."""
    asked = timezone.localdate(seat.asked)
    given = stage_term(stage, seat.rule, share_of, asked)
    return None if given is None else counted(given, asked)


def dues(procedure: Procedure, seats: Iterable[Seat], share_of: Term | None, whole: Due | None) -> dict[str, Due]:
    """When each stage that has a term and has been handed out is due, none after the whole case."""
    found = {}
    for seat in seats:
        stage = procedure[seat.stage]
        if stage_due(stage, seat, share_of) and (due := seat_due(stage, seat, share_of, whole)):
            found[seat.stage] = due
    return found


def ends(rule: str, since: date) -> Due:
    """When a term that a rule gives, named by its id, ends if it runs from that day. Raises KeyError for no such rule."""
    return counted(term(rule), since)


@lru_cache(maxsize=4096)
def counted(term: Term, since: date) -> Due:
    """When a term ends by the days shipped with the platform; a holiday table entered since moves it (`calendars`)."""
    return Calendar.load().due(since, term)


@lru_cache(maxsize=256)
def term(rule: str) -> Term:
    """The term that a rule gives. The id names its pack: a case goes on by the rule that it was opened under, whatever
    pack is used now. Raises KeyError for no such rule."""
    for pack in PACKS:
        book = RuleBook.load(pack)
        if any(one.id == rule for one in book.rules):
            return book.by_id(rule).term()
    raise KeyError(rule)
