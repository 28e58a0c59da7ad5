"""What a case still owes: what waits until it is paid, and what its applicant is told of where and until when to pay.

Called inside the verbs that charge, decide and deliver.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from shuniu.cases import telling
from shuniu.cases.api import items
from shuniu.cases.api.till import yuan
from shuniu.cases.declare.case import CaseState
from shuniu.cases.declare.fee import BillView
from shuniu.cases.declare.service import PayBefore, ServiceItem
from shuniu.cases.models import Case
from shuniu.cases.models.bills import Bill
from shuniu.cases.rules import fees as rules
from shuniu.cases.store import bills as store
from shuniu.directory import api as directory
from shuniu.procedures.calendars import api as calendars
from shuniu.trust.declare import Refused

_DELIVERED = (CaseState.GRANTED, CaseState.PARTIAL)


@dataclass(frozen=True)
class PayAt:
    """Where the window is at which a bill can be paid, and until when it must be."""

    window: str
    until: str


def told(case: Case, item: ServiceItem, bill: BillView | None) -> None:
    """Tell the applicant of a bill that was made out just now: how much, where, until when."""
    if bill is not None:
        at = _at(case, item, bill)
        said = {"bill": bill.number, "amount": yuan(bill.due), "window": at.window, "until": at.until}
        telling.tell(case, telling.CHARGED, item.title, **said)


def pay_at(it: BillView) -> PayAt:
    """Where and until when a bill that was read is to be paid."""
    case = Case.objects.get(pk=it.case)
    return _at(case, items.version(case.item, case.version).item, it)


def check_decision(case: Case, item: ServiceItem) -> None:
    """Refuse to grant what is granted only once it is paid. Raises Refused fees.unpaid."""
    if item.pay_before is PayBefore.DECISION:
        _check(case, "作出决定")


def check_delivery(case: Case) -> None:
    """Refuse to hand out what was granted while it is not paid; a refusal is delivered all the same. Raises Refused fees.unpaid."""
    if CaseState(case.state) in _DELIVERED:
        _check(case, "制发证照、送达文书")


def _check(case: Case, what: str) -> None:
    number = Bill.objects.filter(case=case).values_list("number", flat=True).first()
    bill = store.loaded(number) if number else None
    owed = rules.due(bill.lines, bill.events) if bill is not None else 0
    if owed:
        raise Refused(
            "fees.unpaid",
            f"缴费单 {number} 还有 {yuan(owed)} 元没有缴，缴清以后才能{what}。",
            "请申请人在网上缴费，或者到窗口缴费后由收费经办登记；依法可以减免的，由收费经办提出减免。",
        )


def _at(case: Case, item: ServiceItem, bill: BillView) -> PayAt:
    window = item.address or f"{directory.agency_name(case.agency)}的窗口"
    until = {PayBefore.DECISION: "作出决定", PayBefore.DELIVERY: f"领取{item.result or '办理结果'}"}[item.pay_before]
    if item.pay_term is not None:
        until = calendars.due(timezone.localdate(bill.issued_at), item.pay_term, case.region).date.isoformat()
    return PayAt(f"{window}（{item.hours}）" if item.hours else window, until)
