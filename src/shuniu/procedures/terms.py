"""When a case and its stages are due: counted from what happened, by the dated rule that held then, never counted down."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.conf import settings
from django.utils import timezone

from shuniu.base.calendar import Calendar, Due
from shuniu.base.periods import Term, Unit
from shuniu.base.rules import PACKS, NoRule, RuleBook
from shuniu.procedures.declare import Procedure, Seat, Stage, State
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


def stage_due(stage: Stage, seat: Seat) -> Due | None:
    """When the answer of a seat is due; None where its stage has no term of its own."""
    asked = timezone.localdate(seat.asked)
    if seat.rule:
        return ends(seat.rule, asked)
    return counted(Term(stage.term, Unit.WORKING_DAY), asked) if isinstance(stage.term, int) else None


def dues(procedure: Procedure, state: State) -> dict[str, Due]:
    """When each stage that has a term and has been handed out is due."""
    found = ((seat.stage, stage_due(procedure[seat.stage], seat)) for seat in state.seats)
    return {stage: due for stage, due in found if due is not None}


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
