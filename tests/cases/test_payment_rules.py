"""Whatever order callbacks, refunds and expiries come in: money in = money owed + refunded, and never paid twice."""

from __future__ import annotations

import random
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from shuniu.cases.api.fees import ask_fee_change, decide_fee_change, read_bill
from shuniu.cases.api.payments import last_order, start_payment, take_payment
from shuniu.cases.declare.fee import BillMove, BillState, BillView, Difference, Trade
from shuniu.cases.models import BillEvent
from shuniu.cases.payments import Message
from shuniu.cases.payments.sandbox import Sandbox
from shuniu.cases.rules.fees import differences
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.cases.fees import (
    CLERK,
    OTHER,
    OWED,
    PAYER,
    SECOND,
    SECRET,
    Clock,
    balance,
    billed,
    cashier,
    refunds_to_do,
    told,
)
from tests.refusals import refused


@pytest.fixture
def books(db: None, settings: Settings) -> Sandbox:
    """The provider's books, without its server: what it would say is carried over by hand."""
    settings.PAYMENT_URL, settings.PAYMENT_SECRET = "http://provider.invalid", SECRET
    return Sandbox(SECRET, clock=Clock(timezone.now()), silent=True)


def ordered(books: Sandbox, number: str) -> str:
    order = start_payment(actor=PAYER, number=number)
    books.orders[order.number] = {"amount": order.amount, "title": "", "back": "", "notify": ""}
    return order.number


def take(books: Sandbox, trade: Trade) -> BillView:
    return take_payment(actor=cashier(), message=told(books, trade))


def moves(bill: BillView) -> list[BillMove]:
    return [one.move for one in bill.events]


def test_a_payment_settles_the_bill_and_its_notice_twice_changes_nothing(books: Sandbox) -> None:
    number = billed().number
    trade = books.pay(ordered(books, number))
    bill = take(books, trade)
    assert (bill.state, bill.due, bill.kept, bill.receipt) == (BillState.PAID, 0, OWED, f"{number}-S")
    assert take(books, trade) == bill
    with refused("fees.paid"):
        start_payment(actor=PAYER, number=number)


def test_a_double_click_gives_one_order_and_a_stranger_none(books: Sandbox) -> None:
    number = billed().number
    assert ordered(books, number) == ordered(books, number) == last_order(number)
    with refused("fees.unknown"):
        start_payment(actor=OTHER, number=number)


def test_a_forged_notice_is_refused_and_journalled_and_moves_no_money(books: Sandbox) -> None:
    number = billed().number
    good = told(books, books.pay(ordered(books, number)))
    for forged in (replace(good, signature="0" * 64), replace(good, body=good.body.replace(b"10000", b"10001"))):
        with refused("fees.signature"):
            take_payment(actor=cashier(), message=forged)
    assert not BillEvent.objects.exists()
    assert Entry.objects.filter(verb="cases.take_payment", outcome="refused").count() == 2


def test_a_notice_that_says_nothing_known_is_refused(books: Sandbox) -> None:
    trade = Trade("paid", "no such order", "T1", 100, timezone.now())
    cases: list[tuple[Message, str]] = [
        (books.message({"kind": "paid"}), "fees.form"),
        (told(books, trade), "fees.unknown_order"),
        (told(books, replace(trade, kind="refunded", number="no such bill-R1")), "fees.unknown"),
        (told(books, replace(trade, kind="refunded", number=f"{billed().number}-R9")), "fees.unknown_order"),
    ]
    for message, rule in cases:
        with refused(rule):
            take_payment(actor=cashier(), message=message)


def test_a_payment_after_the_order_expired_goes_back_by_itself(books: Sandbox) -> None:
    number = billed().number
    order = ordered(books, number)
    assert isinstance(books.clock, Clock)
    books.clock.pass_(minutes=31)
    bill = take(books, books.pay(order))
    assert (moves(bill), bill.state, bill.due) == ([BillMove.UNSETTLED], BillState.OWED, OWED)
    assert "有效期" in bill.events[0].reason
    (refund,) = refunds_to_do()
    bill = take(books, books.refund(refund.number, refund.trade, refund.amount))
    assert moves(bill) == [BillMove.UNSETTLED, BillMove.REFUNDED] and refunds_to_do() == ()
    assert balance(bill) == (OWED, OWED)


def test_a_notice_that_came_late_of_a_payment_in_time_settles(books: Sandbox) -> None:
    number = billed().number
    trade = books.pay(ordered(books, number))
    assert take(books, replace(trade, at=trade.at + timedelta(minutes=29))).state is BillState.PAID


def test_another_amount_and_a_second_payment_go_back(books: Sandbox) -> None:
    number = billed().number
    order = ordered(books, number)
    wrong, right, again = books.pay(order, OWED - 1), books.pay(order), books.pay(order)
    for trade in (wrong, right, again):
        bill = take(books, trade)
    assert moves(bill) == [BillMove.UNSETTLED, BillMove.PAID, BillMove.UNSETTLED]
    assert [refund.amount for refund in refunds_to_do()] == [OWED - 1, OWED]
    assert balance(bill) == (3 * OWED - 1, 3 * OWED - 1)


def test_a_trade_that_is_told_differently_the_second_time_is_refused(books: Sandbox) -> None:
    trade = books.pay(ordered(books, billed().number))
    take(books, trade)
    with refused("fees.conflict"):
        take(books, replace(trade, amount=1))


def test_a_waiver_between_order_and_payment_makes_the_payment_go_back(books: Sandbox) -> None:
    number = billed().number
    order = ordered(books, number)
    ask_fee_change(actor=CLERK, number=number, change="waiver", reason="免证书工本费", line="copies")
    decide_fee_change(actor=SECOND, number=number, seq=1, agree=True)
    bill = take(books, books.pay(order))
    assert (bill.events[-1].move, bill.due) == (BillMove.UNSETTLED, 8000)
    bill = take(books, books.pay(ordered(books, number)))
    assert (bill.state, bill.kept) == (BillState.PAID, 8000)


def test_a_refund_of_a_line_and_of_the_rest_is_carried_out_once_each(books: Sandbox) -> None:
    number = billed().number
    take(books, books.pay(ordered(books, number)))
    for line, state in (("copies", BillState.PART_REFUNDED), ("", BillState.REFUNDED)):
        asked = ask_fee_change(actor=CLERK, number=number, change="refund", reason="多收", line=line).events[-1]
        bill = decide_fee_change(actor=SECOND, number=number, seq=asked.seq, agree=True)
        assert bill.state is state
        (refund,) = refunds_to_do()
        trade = books.refund(refund.number, refund.trade, refund.amount)
        take(books, trade)
        assert take(books, trade) == read_bill(actor=PAYER, number=number)
    assert balance(read_bill(actor=PAYER, number=number)) == (OWED, OWED)
    with refused("fees.amount"):
        ask_fee_change(actor=CLERK, number=number, change="refund", reason="再退")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_payments_told_at_the_same_moment_one_settles_and_the_others_go_back(settings: Settings) -> None:
    settings.PAYMENT_URL, settings.PAYMENT_SECRET = "http://provider.invalid", SECRET
    books = Sandbox(SECRET, silent=True)
    number = billed().number
    order = ordered(books, number)
    trades = [books.pay(order) for _ in range(4)]

    def tell(trade: Trade) -> None:
        try:
            take(books, trade)
        finally:
            connection.close()

    threads = [threading.Thread(target=tell, args=(trade,)) for trade in trades * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bill = read_bill(actor=PAYER, number=number)
    assert moves(bill) == [BillMove.PAID, *[BillMove.UNSETTLED] * 3]
    assert balance(bill) == (4 * OWED, 4 * OWED)


STEPS = ("order", "pay", "pay wrong", "tell", "tell", "tell again", "wait", "waive", "ask refund", "decide", "refund")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(st.sampled_from(STEPS), max_size=25), seed=st.integers(0, 1000))
def test_money_in_is_money_owed_and_refunded_whatever_comes_in_what_order(
    books: Sandbox, steps: list[str], seed: int
) -> None:
    with transaction.atomic():
        _play(Sandbox(SECRET, clock=Clock(timezone.now()), silent=True), steps, random.Random(seed))
        transaction.set_rollback(True)


def _play(books: Sandbox, steps: list[str], dice: random.Random) -> None:
    bill = billed()
    number, untold, told_already = bill.number, list[Trade](), list[Trade]()
    for step in steps:
        try:
            with transaction.atomic():
                _step(books, step, number, untold, told_already, dice)
        except Refused as refusal:
            assert refusal.rule in {"fees.paid", "fees.not_paid", "fees.amount", "fees.unknown", "fees.answered"}
        bill = read_bill(actor=PAYER, number=number)
        _check(bill)
    for trade in untold:
        take(books, trade)
    for refund in refunds_to_do():
        take(books, books.refund(refund.number, refund.trade, refund.amount))
    bill = read_bill(actor=PAYER, number=number)
    _check(bill)
    paid_there = sum(one.amount for one in books.trades.values() if one.kind == "paid")
    back_there = sum(one.amount for one in books.trades.values() if one.kind == "refunded")
    assert paid_there - back_there == bill.kept and refunds_to_do() == ()


def _step(books: Sandbox, step: str, number: str, untold: list[Trade], told_: list[Trade], dice: random.Random) -> None:
    asked = [one.seq for one in read_bill(actor=PAYER, number=number).events if one.move.value.endswith("_asked")]
    if step == "order":
        ordered(books, number)
    elif step.startswith("pay") and books.orders:
        untold.append(books.pay(dice.choice(sorted(books.orders)), dice.randint(1, OWED) if "wrong" in step else None))
    elif step == "tell" and untold:
        told_.append(untold.pop(dice.randrange(len(untold))))
        take(books, told_[-1])
    elif step == "tell again" and told_:
        take(books, dice.choice(told_))
    elif step == "wait":
        assert isinstance(books.clock, Clock)
        books.clock.pass_(minutes=20)
    elif step in ("waive", "ask refund"):
        change, line = "waiver" if step == "waive" else "refund", dice.choice(["", "copies", "registration"])
        ask_fee_change(actor=CLERK, number=number, change=change, reason="依据", line=line)  # type: ignore[arg-type]  # one of the two
    elif step == "decide" and asked:
        decide_fee_change(actor=SECOND, number=number, seq=dice.choice(asked), agree=dice.random() < 0.8, reason="复核")
    elif step == "refund" and (todo := refunds_to_do()):
        refund = dice.choice(todo)
        untold.append(books.refund(refund.number, refund.trade, refund.amount))


def _check(bill: BillView) -> None:
    money_in, accounted = balance(bill)
    assert money_in == accounted
    settled = [one for one in bill.events if one.move is BillMove.PAID]
    waived = sum(one.amount for one in bill.events if one.move is BillMove.WAIVED)
    assert len(settled) <= 1 and sum(one.amount for one in settled) in (0, bill.total - waived)
    assert (bill.state in (BillState.OWED, BillState.WAIVED)) == (not settled)
    assert min(bill.due, bill.kept) == 0 and bill.due + bill.kept <= bill.total


trades = st.builds(
    Trade, st.sampled_from(["paid", "refunded"]), st.sampled_from(["n1", "n2"]), st.sampled_from(["a", "b", "c"]),
    st.integers(1, 3), st.just(timezone.now()),
)  # fmt: skip


@given(
    here=st.lists(trades, unique_by=lambda one: (one.kind, one.trade)),
    there=st.lists(trades, unique_by=lambda one: (one.kind, one.trade)),
)
def test_a_reconciliation_names_each_difference_and_equal_books_have_none(
    here: list[Trade], there: list[Trade]
) -> None:
    found = differences(here, there)
    assert differences(here, here) == differences(there, there) == ()
    assert sum(one.here or 0 for one in found) - sum(one.there or 0 for one in found) == sum(
        one.amount for one in here
    ) - sum(one.amount for one in there)
    mirrored = {"missing_here": "missing_there", "missing_there": "missing_here", "amount": "amount"}
    back = [Difference(mirrored[one.kind], one.trade, "", one.there, one.here) for one in found]  # type: ignore[arg-type]  # its kinds
    assert [replace(one, number="") for one in differences(there, here)] == back
