"""Money that goes back: split over agencies, tried until it ends, never twice; and the day's differences lead to bills."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from shuniu.cases.api import refunds
from shuniu.cases.api.fees import ask_fee_change, decide_fee_change, list_bills, read_bill
from shuniu.cases.api.payments import start_payment, take_payment
from shuniu.cases.declare.fee import BillEvent, BillLine, BillMove, BillState, Trade
from shuniu.cases.models.bills import Bill, PayOrder, RefundTry
from shuniu.cases.models.bills import BillEvent as EventRow
from shuniu.cases.payments.sandbox import Sandbox
from shuniu.cases.payments.tasks import pay_back, reconcile_day
from shuniu.cases.rules import fees as rules
from shuniu.trust.declare import Actor
from tests.cases.fees import CLERK, NOW, OWED, PAYER, SECOND, SECRET, TAX, billed, cashier, told
from tests.cast import Cast, SignedIn, cast, signed_in
from tests.portal.cases import officer, text
from tests.refusals import refused

__all__ = ["cast", "signed_in"]
pytestmark = pytest.mark.django_db
LINES = (
    BillLine("registration", "登记费", "b", "43.market", "r", 8000, 1),
    BillLine("copies", "工本费", "b", "43.tax", "r", 1000, 2),
)


@pytest.fixture
def sandbox(settings: Settings) -> Iterator[Sandbox]:
    books = Sandbox(SECRET, silent=True).start()
    settings.PAYMENT_URL, settings.PAYMENT_SECRET = books.address, SECRET
    yield books
    books.stop()


def paid(sandbox: Sandbox) -> str:
    """A bill that was paid; its number."""
    number = billed().number
    order = start_payment(actor=PAYER, number=number)
    sandbox.orders[order.number] = {"amount": order.amount, "notify": "", "title": "", "back": ""}
    take_payment(actor=cashier(), message=told(sandbox, sandbox.pay(order.number)))
    return number


def given_back(number: str, asker: Actor, decider: Actor, line: str = "", amount: int | None = None) -> None:
    asked = ask_fee_change(actor=asker, number=number, change="refund", reason="多收", line=line, amount=amount)
    decide_fee_change(actor=decider, number=number, seq=asked.events[-1].seq, agree=True)


def test_each_agency_gives_back_its_own_income_and_who_handles_the_case_any(sandbox: Sandbox) -> None:
    number = paid(sandbox)
    with refused("right.agency"):
        ask_fee_change(actor=TAX, number=number, change="refund", reason="多收", line="registration")
    with refused("right.agency"):
        ask_fee_change(actor=TAX, number=number, change="refund", reason="多收")
    given_back(number, TAX, CLERK, "copies", 500)
    given_back(number, CLERK, SECOND, "registration", 3000)
    bill = read_bill(actor=CLERK, number=number)
    shares = {one.agency: (one.charged, one.refunded, one.kept) for one in rules.shares(bill.lines, bill.events)}
    assert shares == {"43.market": (8000, 3000, 5000), "43.tax": (2000, 500, 1500)}
    given_back(number, CLERK, SECOND)
    bill = read_bill(actor=CLERK, number=number)
    assert bill.state is BillState.REFUNDED
    assert [one.kept for one in rules.shares(bill.lines, bill.events)] == [0, 0]


@given(st.lists(st.tuples(st.sampled_from(["", "registration", "copies"]), st.integers(1, 9000)), max_size=6))
def test_shares_add_up_to_what_is_kept_whatever_goes_back(changes: list[tuple[str, int]]) -> None:
    events = [BillEvent(1, BillMove.PAID, OWED, NOW, "p", "p", trade="T", happened=NOW)]
    for line, amount in changes:
        most = rules.left(LINES, events, line)
        back = most if not line else min(amount, most)
        if back:
            events.append(BillEvent(len(events) + 1, BillMove.REFUND_AGREED, back, NOW, "p", "p", line))
    assert sum(one.kept for one in rules.shares(LINES, events)) == rules.kept(LINES, events)


def test_the_database_gives_no_line_back_twice_and_books_no_refund_twice(sandbox: Sandbox) -> None:
    number = paid(sandbox)
    given_back(number, CLERK, SECOND, "copies")
    bill = Bill.objects.get(number=number)
    more = {"bill": bill, "amount": 1, "at": timezone.now(), "person": "p", "person_name": "p"}
    with pytest.raises(IntegrityError, match="given back"), transaction.atomic():
        EventRow.objects.create(seq=4, move="refund_agreed", line="copies", **more)
    pay_back(0)
    (done,) = (one for one in EventRow.objects.all() if one.move == BillMove.REFUNDED)
    again = {**more, "trade": done.trade, "order": "other", "happened": timezone.now()}
    with pytest.raises(IntegrityError, match="bill_refund_taken_once"), transaction.atomic():
        EventRow.objects.create(seq=9, move="refunded", answers=99, **again)


def test_a_refund_that_fails_is_tried_ever_later_and_ends(sandbox: Sandbox) -> None:
    number = paid(sandbox)
    given_back(number, CLERK, SECOND, "copies")
    sandbox.trades.clear()  # the provider knows nothing of the payment
    (order,) = refunds.due_refunds()
    waits = []
    for _ in range(10):
        pay_back(0)
        row = RefundTry.objects.get(order=order.number)
        waits.append(round((row.due - timezone.now()).total_seconds() / 60) if row.due else None)
        assert refunds.due_refunds() == (), "not before it is due"
        RefundTry.objects.exclude(due=None).update(due=timezone.now())
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, None]
    (waiting,) = refunds.list_refunds(actor=CLERK)
    assert (waiting.tries, waiting.why, waiting.due) == (10, "已试 10 次", None) and "409" in waiting.said


def test_an_officer_begins_it_anew_or_ends_it_and_what_is_confirmed_is_gone(sandbox: Sandbox) -> None:
    number = paid(sandbox)
    given_back(number, CLERK, SECOND, "copies")
    kept = dict(sandbox.trades)
    sandbox.trades.clear()
    pay_back(0)
    (order,) = (one.order.number for one in refunds.list_refunds(actor=CLERK))
    with refused("fees.reason"):
        refunds.stop_refund(actor=CLERK, order=order, reason=" ")
    refunds.stop_refund(actor=CLERK, order=order, reason="线下退")
    assert refunds.due_refunds() == ()
    with refused("right.agency"):
        refunds.retry_refund(actor=TAX, order=order)
    with refused("fees.unknown"):
        refunds.retry_refund(actor=replace(TAX, agency="43.labour"), order=order)
    refunds.retry_refund(actor=CLERK, order=order)
    sandbox.trades.update(kept)
    pay_back(0)
    assert refunds.list_refunds(actor=CLERK) == [] and refunds.due_refunds() == ()
    with refused("fees.unknown"):
        refunds.retry_refund(actor=CLERK, order=order)
    for nonsense in ("", "x-R1", f"{number}-R99"):
        with refused("fees.unknown"):
            refunds.stop_refund(actor=CLERK, order=nonsense, reason="无")


def test_bills_are_listed_by_what_is_to_be_done(sandbox: Sandbox) -> None:
    number = paid(sandbox)
    assert [one.number for one in list_bills(actor=TAX)] == [number], "an agency with a line sees it"
    assert list_bills(actor=CLERK, which="owed") == list_bills(actor=CLERK, which="asked") == []
    ask_fee_change(actor=CLERK, number=number, change="refund", reason="多收", line="copies")
    (asked,) = list_bills(actor=CLERK, which="asked")
    assert (asked.asked, asked.going_back, asked.state, asked.kept) == (1, 0, BillState.PAID, OWED)
    decide_fee_change(actor=SECOND, number=number, seq=2, agree=True)
    (going,) = list_bills(actor=CLERK, which="refunding")
    assert (going.going_back, going.kept, going.state) == (2000, 8000, BillState.PART_REFUNDED)
    pay_back(0)
    assert list_bills(actor=CLERK, which="refunding") == []
    assert list_bills(actor=replace(CLERK, agency="43.police")) == []
    assert list_bills(actor=replace(CLERK, regions=("44",))) == []
    assert list_bills(actor=CLERK, before=going.id) == []


@pytest.mark.parametrize(
    ("number", "bill"), [("4300-F-1", "4300-F"), ("4300-F-R3", "4300-F"), ("S9", ""), ("x-1", ""), ("4300-F-x", "")]
)
def test_an_order_says_which_bill_it_is_about(number: str, bill: str) -> None:
    assert rules.bill_of(number) == bill


# --- the pages ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def first(cast: Cast) -> Actor:
    return officer("fee_officer", "caiqin", "蔡琴")


@pytest.fixture
def second(cast: Cast) -> Actor:
    return officer("fee_officer", "fuyong", "傅勇")


def test_a_refund_is_asked_for_decided_by_another_and_followed(
    sandbox: Sandbox, first: Actor, second: Actor, signed_in: SignedIn
) -> None:
    number = paid(sandbox)
    asker, decider, at = signed_in(first), signed_in(second), f"/desk/fees/{number}/"
    page = text(asker.get(at))
    assert "提出退费" in page and "发改价格规〔2016〕2559号" in page and "各单位的收入" in page
    wrong = asker.post(f"{at}ask/refund/", {"line": "copies", "amount": "50", "reason": "多收了一本"})
    assert wrong.status_code == 422 and "不超过余额" in text(wrong) and "多收了一本" in text(wrong)
    asker.post(f"{at}ask/refund/", {"line": "copies", "amount": "5.5", "reason": "多收了一本"})
    assert "须由提出人以外的" in text(asker.get(at)) and "复核意见" not in text(asker.get(at))
    assert asker.post(f"{at}decide/2/", {"2-agree": "yes"}).status_code == 422
    assert "1 项待复核" in text(decider.get("/desk/fees/?show=asked"))
    assert decider.post(f"{at}decide/2/", {"2-agree": "no", "2-reason": ""}).status_code == 422
    assert "已同意" in text(decider.post(f"{at}decide/2/", {"2-agree": "yes"}, follow=True))
    assert "退款在途 5.50 元" in text(decider.get("/desk/fees/?show=refunding"))
    waiting = text(decider.get("/desk/refunds/"))
    assert f"{number}-R3" in waiting and "等支付机构退款" in waiting
    pay_back(0)
    assert "没有待退的款项" in text(decider.get("/desk/refunds/"))
    assert "退款完成" in text(asker.get(at))


def test_a_refund_is_stopped_and_begun_anew_on_its_page(sandbox: Sandbox, first: Actor, signed_in: SignedIn) -> None:
    number = paid(sandbox)
    given_back(number, CLERK, SECOND, "copies")
    sandbox.trades.clear()
    pay_back(0)
    client, order = signed_in(first), f"{number}-R3"
    assert "409" in text(client.get("/desk/refunds/"))
    assert client.post(f"/desk/refunds/{order}/stop/", {f"{order}-reason": ""}).status_code == 422
    said = text(client.post(f"/desk/refunds/{order}/stop/", {f"{order}-reason": "线下退"}, follow=True))
    assert "不再自动重试" in said and "线下退" in said
    assert "下次重试" in text(client.post(f"/desk/refunds/{order}/retry/", follow=True))
    other = signed_in(officer("fee_officer", "lulin", "陆林", "43.office"))
    assert (
        order not in text(other.get("/desk/refunds/"))
        and other.post(f"/desk/refunds/{order}/retry/").status_code == 403
    )


def test_a_lost_notice_is_asked_for_at_the_desk(sandbox: Sandbox, first: Actor, signed_in: SignedIn) -> None:
    number = billed().number
    order = start_payment(actor=PAYER, number=number)
    sandbox.orders[order.number] = {"amount": order.amount, "notify": "", "title": "", "back": ""}
    client, at = signed_in(first), f"/desk/fees/{number}/"
    assert "没有收款记录" in text(client.post(f"{at}look/", follow=True))
    sandbox.pay(order.number)
    assert "现已入账" in text(client.post(f"{at}look/", follow=True))
    assert read_bill(actor=CLERK, number=number).state is BillState.PAID


def test_the_day_s_differences_lead_to_their_bills_and_say_who_must_act(
    sandbox: Sandbox, first: Actor, signed_in: SignedIn, cast: Cast
) -> None:
    number, today = paid(sandbox), timezone.localdate()
    (trade,) = sandbox.trades.values()
    sandbox.trades = {"S9": Trade("paid", "of another shop", "S9", 7, trade.at)}
    reconcile_day(today)
    reconcile_day(today - timedelta(days=1))
    client, at = signed_in(first), "/desk/reconciliations/"
    days = text(client.get(at))
    assert "1 笔有差异" in days and "相符" in days and days.index(today.isoformat()) < days.index("相符")
    page = text(client.get(f"{at}{today.isoformat()}/"))
    assert f"/desk/fees/{number}/" in page and "省市场监督管理局收费经办" in page and "平台主管单位" not in page
    office = signed_in(cast.office)
    assert "2 笔有差异" in text(office.get(at)) and "平台笔数" not in days
    whole = text(office.get(f"{at}{today.isoformat()}/"))
    assert "/desk/fees/" not in whole and "省市场监督管理局收费经办" in whole and "平台主管单位" in whole
    other = signed_in(officer("fee_officer", "lulin", "陆林", "43.office"))
    assert "本单位的收款和退款与支付机构相符" in text(other.get(f"{at}{today.isoformat()}/"))
    assert "还没有对账" in text(client.get(f"{at}2020-01-01/")) and client.get(f"{at}gestern/").status_code == 404
    assert signed_in(cast.citizen).get(at).status_code == 403


def test_a_paid_bill_offers_no_second_payment_after_going_back(sandbox: Sandbox) -> None:
    number = paid(sandbox)
    with refused("fees.paid"):
        start_payment(actor=PAYER, number=number)
    assert PayOrder.objects.filter(bill__number=number).count() == 1
