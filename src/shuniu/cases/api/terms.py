"""When the terms of a case begin: with its acceptance, or with its receipt where the law says so.

Called inside the verbs that file, correct and accept. Source: 行政许可法 §42; 政府信息公开条例 (2019) §30, §33.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from shuniu.base.periods import Term, Unit
from shuniu.base.rules import RuleBook
from shuniu.cases.declare.case import CaseView
from shuniu.cases.declare.service import ServiceItem
from shuniu.cases.models import Case
from shuniu.cases.rules import deciding
from shuniu.cases.store.cases import matter_of
from shuniu.procedures.calendars import api as calendars
from shuniu.procedures.calendars.declare import Kind, Start


def received(case: Case, item: ServiceItem) -> None:
    """Begin the terms that run from receipt: of the application, or of its correction."""
    if item.from_receipt:
        _begin(case, item)


def accepted(case: Case, item: ServiceItem) -> None:
    """Begin the terms that run from acceptance."""
    if not item.from_receipt:
        _begin(case, item)


def correcting(case: Case, item: ServiceItem) -> None:
    """End the terms that ran from receipt: they begin anew with the correction."""
    if item.from_receipt:
        calendars.end([matter_of(case)], stages=[""])


def silence(it: CaseView) -> str:
    """What the applicant may do now that the law's term is over without a decision; empty while it is not."""
    today = timezone.localdate()
    dues = [one.due for one in it.clocks if one.kind is Kind.STATUTORY and one.ended is None and one.due]
    if not it.state.running or not any(due < today for due in dues):
        return ""
    return deciding.silence(RuleBook.load(settings.RULE_PACK), today, it.region, it.agency_name, min(dues))


def _begin(case: Case, item: ServiceItem) -> None:
    """The day itself is not counted (民法典 art. 201)."""
    today = timezone.localdate()
    promised = same_day(today, case.region) if item.on_the_spot else item.promised
    terms = ((Kind.STATUTORY, item.statutory), (Kind.PROMISED, promised))
    if starts := [Start(kind, today, term) for kind, term in terms if term is not None]:
        calendars.begin({matter_of(case): starts})


def same_day(today: date, region: str) -> Term:
    """What is done on the spot is done by the end of the day, or of the next working day where today is none."""
    worked = calendars.due(today - timedelta(days=1), Term(1, Unit.WORKING_DAY), region).date == today
    return Term(0 if worked else 1, Unit.WORKING_DAY)
