"""The ten days of delivery stand still while the applicant's bill is unpaid, with the bill as evidence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from shuniu.base.calendar import Calendar
from shuniu.cases.api import fees, filing, handling, items
from shuniu.cases.api.delivering import settled
from shuniu.cases.api.till import take_at_counter
from shuniu.cases.declare import FeeLine
from shuniu.cases.declare.timing import DELIVER, PAYMENT
from shuniu.cases.models import Case
from shuniu.cases.store import bills
from shuniu.cases.store.cases import matter_of
from shuniu.portal.hall.clocks import explanation
from shuniu.procedures.calendars import api as calendars
from shuniu.procedures.calendars.declare import ClockView
from shuniu.procedures.calendars.models import Clock, Stop
from shuniu.systems.licences.declare import BY_KEY
from shuniu.trust.declare import Actor
from tests.assessment.told import scanned
from tests.cases import licensed
from tests.cases.filing import ITEM, chief, clerk, examiner, filed, officer
from tests.cast import Cast, cast

__all__ = ["cast", "chief", "clerk", "examiner"]
pytestmark = pytest.mark.django_db
FEE = FeeLine(key="book", title="工本费", rule="fees.passport", basis="某法第一条")
OWED = 12_000
KIND = BY_KEY["business-licence"]


@pytest.fixture
def cashier(cast: Cast) -> Actor:
    return officer(cast, "fee_officer", 906, "收费")


@pytest.fixture
def accepted(cast: Cast, clerk: Actor) -> str:
    """The number of an accepted case of an item that costs something and issues a licence."""
    licensed.agencies()
    items.ship(actor=cast.installer, items=[ITEM.model_copy(update={"fees": (FEE,), "licences": (KIND.key,)})])
    number = filed(cast.citizen).number
    handling.accept(actor=clerk, number=number)
    return number


def grant(number: str, examiner: Actor, chief: Actor) -> None:
    handling.examine(actor=examiner, number=number, opinion="符合要求，建议准予。")
    handling.decide(actor=chief, number=number)


def pay(cashier: Actor, number: str) -> None:
    take_at_counter(actor=cashier, number=f"{number}-F", slip=f"YS-{number[-4:]}", amount=OWED)


def delivery(number: str, who: Actor) -> ClockView:
    (found,) = [one for one in filing.read_case(actor=who, number=number).clocks if one.stage == DELIVER]
    return found


def backdate(days: int) -> None:
    """Let the decision, and what stands still since, have been so many days earlier."""
    Clock.objects.filter(stage=DELIVER).update(start=timezone.localdate() - timedelta(days=days))
    Stop.objects.update(begun=timezone.localdate() - timedelta(days=days))


def ten_after(days: int = 0) -> date:
    return Calendar.load().add_working_days(timezone.localdate() - timedelta(days=days), 10).date


def test_while_the_bill_is_unpaid_the_delivery_is_not_due_and_the_page_says_why(
    cast: Cast, accepted: str, examiner: Actor, chief: Actor
) -> None:
    grant(accepted, examiner, chief)
    found = delivery(accepted, cast.citizen)
    assert (found.due, found.left, found.ended) == (None, 10, None)
    facts = explanation(calendars.explained(found.id))["facts"]
    assert isinstance(facts, list)
    today = timezone.localdate().isoformat()
    said = f"待缴费（某法第一条）：{today} 至 尚未恢复；凭据：缴费单 {accepted}-F，待缴 120.00 元"
    assert ("停止计时", said) in facts


def test_from_the_day_after_the_payment_the_ten_days_run_in_full(
    cast: Cast, accepted: str, examiner: Actor, chief: Actor, cashier: Actor
) -> None:
    grant(accepted, examiner, chief)
    backdate(30)
    pay(cashier, accepted)
    assert delivery(accepted, cast.citizen).due == ten_after()
    (stop,) = calendars.stops(matter_of(Case.objects.get()))
    assert (stop.kind, stop.days.end) == (PAYMENT, timezone.localdate())
    assert stop.ended_evidence == f"缴费单 {accepted}-F 已没有待缴的金额"


def test_a_payment_that_is_booked_late_counts_from_its_own_day(
    cast: Cast, accepted: str, examiner: Actor, chief: Actor, cashier: Actor
) -> None:
    grant(accepted, examiner, chief)
    backdate(30)
    Stop.objects.update(ended=None)
    bill = bills.loaded(f"{accepted}-F")
    settled(bill, timezone.localdate())
    assert delivery(accepted, cast.citizen).due is None, "nothing was paid yet"
    pay(cashier, accepted)
    Stop.objects.update(ended=None)
    settled(bills.loaded(f"{accepted}-F"), timezone.localdate() - timedelta(days=7))
    assert delivery(accepted, cast.citizen).due == ten_after(7)


def test_a_waived_bill_lets_it_run_too_and_part_of_it_does_not(
    cast: Cast, accepted: str, examiner: Actor, chief: Actor, cashier: Actor
) -> None:
    grant(accepted, examiner, chief)
    second, number = officer(cast, "fee_officer", 907, "复核"), f"{accepted}-F"
    for amount, due in ((2_000, None), (10_000, ten_after())):
        asked = fees.ask_fee_change(
            actor=cashier, number=number, change="waiver", reason="低保家庭。", line="book", amount=amount
        )
        fees.decide_fee_change(actor=second, number=number, seq=asked.events[-1].seq, agree=True)
        assert delivery(accepted, cast.citizen).due == due


def test_what_was_paid_before_the_decision_never_stood_still(
    cast: Cast, accepted: str, examiner: Actor, chief: Actor, cashier: Actor
) -> None:
    pay(cashier, accepted)
    grant(accepted, examiner, chief)
    assert delivery(accepted, cast.citizen).due == ten_after() and not Stop.objects.exists()


def test_supervision_does_not_hold_it_against_the_agency(
    cast: Cast, accepted: str, examiner: Actor, chief: Actor
) -> None:
    Clock.objects.filter(stage="").update(due=timezone.localdate() - timedelta(days=1))
    grant(accepted, examiner, chief)
    assert [scanned(day) for day in (0, 11, 60, 200)] == [0, 0, 0, 0]
