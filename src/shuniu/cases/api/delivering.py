"""The term in which what was granted is issued and delivered: ten days from the decision (行政许可法 art. 44).

Called inside the verbs that grant, issue a licence and hand documents over.
"""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import RuleBook
from shuniu.cases.api import items
from shuniu.cases.api.licence_kinds import KINDS
from shuniu.cases.declare.postal import HandoverState
from shuniu.cases.declare.timing import DELIVER
from shuniu.cases.models import Case, Handover, Licence
from shuniu.cases.store.cases import matter_of
from shuniu.procedures.calendars import api as calendars
from shuniu.procedures.calendars.declare import Kind, Start


def begin(case: Case) -> None:
    """Begin the term, for a case whose item issues licences of its agency."""
    if not _waiting(case):
        return
    today = timezone.localdate()
    rule = RuleBook.load(settings.RULE_PACK).resolve("licensing.deliver.days", today, case.region)
    calendars.begin({matter_of(case): [Start(Kind.STAGE, today, rule.term(), rule.id, DELIVER)]})


def done(case: Case) -> None:
    """End the term once every licence is issued, and has arrived where the applicant wants it on paper.

    An electronic licence is delivered as it is issued: its holder has it in his account.
    """
    way = Handover.objects.filter(case=case).first()
    if case.matter is not None and not _waiting(case) and (way is None or HandoverState(way.state).ended):
        calendars.end([case.matter], stages=[DELIVER])


def _waiting(case: Case) -> bool:
    """Whether a licence of the case's item is still to be issued by its agency; a life event issues none of its own."""
    if "/" not in case.item:
        return False
    item = items.version(case.item, case.version).item
    kinds = {key for key in item.licences if key in KINDS and KINDS[key].agency == case.agency}
    return bool(kinds - set(Licence.objects.filter(case=case, type__in=kinds).values_list("type", flat=True)))
