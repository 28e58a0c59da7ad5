"""Money at the window: booked by its slip once, never beside the provider's, given back by another than who agreed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone

from shuniu.cases.api.fees import ask_fee_change, decide_fee_change, list_bills, read_bill
from shuniu.cases.api.payments import reconcile_payments
from shuniu.cases.api.till import give_back_at_counter, read_till, take_at_counter
from shuniu.cases.declare.fee import BillMove, BillState
from shuniu.notices.models import Notice
from shuniu.trust.declare import Actor
from shuniu.trust.models import Entry
from tests.cases.fees import CLERK, OWED, PAYER, SECOND, TAX, balance, billed, cashier, refunds_to_do
from tests.cast import Cast, SignedIn, cast, signed_in
from tests.portal.cases import officer, text
from tests.refusals import refused

__all__ = ["cast", "signed_in"]
pytestmark = pytest.mark.django_db
SLIP = "YS-0001"
THIRD = replace(CLERK, person="officer:4", name="第三人")


def taken(number: str, slip: str = SLIP, amount: int = OWED, actor: Actor = CLERK) -> None:
    take_at_counter(actor=actor, number=number, slip=slip, amount=amount)


def test_what_was_paid_at_the_window_settles_the_bill_once_and_the_payer_is_told() -> None:
    number = billed().number
    taken(number)
    taken(number, f" {SLIP} ")
    bill = read_bill(actor=CLERK, number=number)
    assert (bill.state, bill.due, bill.kept) == (BillState.PAID, 0, OWED)
    (event,) = bill.events
    assert (event.move, event.slip, event.person) == (BillMove.PAID, SLIP, CLERK.person)
    booked = Entry.objects.filter(verb="cases.take_at_counter", object=f"bill:{number}", outcome="done")
    assert [one.detail.get("repeated", False) for one in booked.order_by("id") if "slip" in one.detail] == [False, True]
    assert Notice.objects.filter(person=PAYER.person, text__contains=SLIP).count() == 1
    assert [one.state for one in list_bills(actor=CLERK)] == [BillState.PAID]


def test_the_amount_is_what_is_owed_and_a_slip_stands_for_one_payment() -> None:
    first, second = billed().number, billed("430000202611200002").number
    for amount in (OWED - 1, OWED + 1, 0):
        with refused("fees.amount"):
            taken(first, amount=amount)
    for slip in ("", "  ", "ab", "票据一号", "x" * 41):
        with refused("fees.slip"):
            taken(first, slip)
    taken(first)
    with refused("fees.slip_used"):
        taken(second)
    with refused("fees.paid"):
        taken(first, "YS-0002")
    assert read_bill(actor=CLERK, number=second).state is BillState.OWED


def test_only_who_handles_the_case_takes_its_money() -> None:
    number = billed().number
    elsewhere, stranger = replace(CLERK, regions=("44",)), replace(CLERK, agency="43.labour", agency_name="省人社厅")
    for other, rule in ((TAX, "right.agency"), (elsewhere, "right.region"), (stranger, "fees.unknown")):
        with refused(rule):
            taken(number, actor=other)
    with refused("right.missing"):
        taken(number, actor=replace(CLERK, capabilities=frozenset({"cases.read_bill"})))


def refunding(number: str, asker: Actor = CLERK, decider: Actor = SECOND) -> int:
    """A refund of one line that was agreed to; its event."""
    asked = ask_fee_change(actor=asker, number=number, change="refund", reason="多收", line="copies").events[-1]
    return decide_fee_change(actor=decider, number=number, seq=asked.seq, agree=True).events[-1].seq


def test_who_took_the_money_does_not_agree_to_its_refund_and_who_agreed_does_not_hand_it_out() -> None:
    number = billed().number
    taken(number)
    with refused("fees.taker"):
        refunding(number, asker=SECOND, decider=CLERK)
    asked = read_bill(actor=CLERK, number=number).events[-1]
    agreed = decide_fee_change(actor=THIRD, number=number, seq=asked.seq, agree=True).events[-1]
    with refused("fees.second_person"):
        give_back_at_counter(actor=THIRD, number=number, seq=agreed.seq, slip="TK-0001")
    for _ in range(2):
        give_back_at_counter(actor=CLERK, number=number, seq=agreed.seq, slip="TK-0001")
    bill = read_bill(actor=CLERK, number=number)
    assert (bill.state, bill.kept) == (BillState.PART_REFUNDED, OWED - 2000)
    assert balance(bill) == (OWED, OWED)
    with refused("fees.unknown"):
        give_back_at_counter(actor=CLERK, number=number, seq=agreed.seq, slip="TK-0002")


def test_what_was_paid_at_the_window_is_not_asked_of_the_provider_but_counted_with_the_day() -> None:
    number, today = billed().number, timezone.localdate()
    taken(number)
    agreed = refunding(number)
    assert refunds_to_do() == ()
    give_back_at_counter(actor=CLERK, number=number, seq=agreed, slip="TK-0001")
    assert reconcile_payments(actor=cashier(), day=today, statement=()) == (), "it is none of the provider's"
    counted = read_till(actor=CLERK, day=today)
    assert [(one.kind, one.slip, one.amount) for one in counted] == [
        ("paid", SLIP, OWED),
        ("refunded", "TK-0001", 2000),
    ]
    assert read_till(actor=TAX, day=today) == () == read_till(actor=CLERK, day=today.replace(year=2020))


@pytest.mark.django_db(transaction=True)
def test_the_pages_take_money_give_it_back_and_show_the_day(cast: Cast, signed_in: SignedIn) -> None:
    number = billed().number
    first, second = officer("fee_officer", "shoukuan", "收款人"), officer("fee_officer", "fuhe", "复核人")
    desk, other = signed_in(first), signed_in(second)
    at = f"/desk/fees/{number}/"
    assert "登记窗口收款" in text(desk.get(at)) and 'value="100.00"' in text(desk.get(at))
    wrong = desk.post(f"{at}take/", {"slip": SLIP, "amount": "99"})
    assert wrong.status_code == 422 and "金额不符" in text(wrong) and SLIP in text(wrong)
    assert "已登记窗口收款" in text(desk.post(f"{at}take/", {"slip": SLIP, "amount": "100.00"}, follow=True))
    assert "登记窗口收款" not in text(desk.get(at)) and SLIP in text(desk.get(at))
    desk.post(f"{at}ask/refund/", {"line": "registration", "reason": "多收"})
    seq = read_bill(actor=CLERK, number=number).events[-1].seq
    other.post(f"{at}decide/{seq}/", {f"{seq}-agree": "yes"})
    assert "须由另一名收费经办付款" in text(other.get(at))
    seq += 1
    assert "退款票据号" in text(desk.get(at))
    done = desk.post(f"{at}give-back/{seq}/", {f"{seq}-slip": "TK-0009"}, follow=True)
    assert "已登记窗口退款" in text(done)
    day = text(desk.get(f"/desk/reconciliations/{timezone.localdate()}/"))
    assert "收款 100.00 元，退款 80.00 元" in day and "TK-0009" in day
    assert "今天的窗口收款" in text(desk.get("/desk/fees/"))
