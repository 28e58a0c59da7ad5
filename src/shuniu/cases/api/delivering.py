"""The term in which what was granted is issued and delivered: ten days from the decision (行政许可法 art. 44).

It begins with the decision whatever is owed: the law counts "自作出决定之日起". What must be paid before it is handed out
(an item's `pay_before`, its fees charged by a law as art. 58 and 59 ask) is for the applicant to do, though, so while its
bill is unpaid the term stands still, with the bill as evidence. That is the platform's own reading: art. 45 does not name
payment among what is not counted, nor does it set the agency a term for what it may not hand out yet. The day of payment
is not counted either; the ten days are given in full after it where the bill was unpaid from the decision on.

Called inside the verbs that grant, book a payment or a waiver, issue a licence and hand documents over.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils import timezone

from shuniu.base.rules import RuleBook
from shuniu.cases.api import items
from shuniu.cases.api.licence_kinds import KINDS
from shuniu.cases.declare.postal import HandoverState
from shuniu.cases.declare.timing import DELIVER, PAYMENT
from shuniu.cases.models import Case, Handover, Licence
from shuniu.cases.models.bills import Bill
from shuniu.cases.rules import fees as rules
from shuniu.cases.store import bills as store
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
    bill = Bill.objects.filter(case=case).values_list("number", flat=True).first()
    if bill is not None and (owed := _owed(found := store.loaded(bill))):
        basis = "；".join(dict.fromkeys(line.basis for line in found.lines))
        evidence = f"缴费单 {bill}，待缴 {owed / 100:.2f} 元"
        calendars.stop(case=matter_of(case), kind=PAYMENT, evidence=evidence, basis=basis, on=today)


def settled(bill: store.Loaded, on: date) -> None:
    """Let the term run from the day after that on which a bill was paid or waived, if it stood still for it."""
    matter = bill.case.matter
    if matter is None or _owed(bill):
        return
    today = timezone.localdate()
    stops = [one for one in calendars.stops(matter) if one.kind == PAYMENT and one.days.end is None]
    for one in stops:  # what was paid before the decision may be booked after it
        evidence = f"缴费单 {bill.row.number} 已没有待缴的金额"
        calendars.resume(case=matter, kind=PAYMENT, evidence=evidence, on=min(max(on, one.days.start), today))


def done(case: Case) -> None:
    """End the term once every licence is issued, and has arrived where the applicant wants it on paper.

    An electronic licence is delivered as it is issued: its holder has it in his account.
    """
    way = Handover.objects.filter(case=case).first()
    if case.matter is not None and not _waiting(case) and (way is None or HandoverState(way.state).ended):
        calendars.end([case.matter], stages=[DELIVER])


def _owed(bill: store.Loaded) -> int:
    return rules.due(bill.lines, bill.events)


def _waiting(case: Case) -> bool:
    """Whether a licence of the case's item is still to be issued by its agency; a life event issues none of its own."""
    if "/" not in case.item:
        return False
    item = items.version(case.item, case.version).item
    kinds = {key for key in item.licences if key in KINDS and KINDS[key].agency == case.agency}
    return bool(kinds - set(Licence.objects.filter(case=case, type__in=kinds).values_list("type", flat=True)))
