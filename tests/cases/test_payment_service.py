"""The whole way over HTTP: from the bill's page to the provider and back, its notices, refunds and daily statement."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from shuniu.cases import payments
from shuniu.cases.api.fees import ask_fee_change, decide_fee_change, read_bill
from shuniu.cases.api.payments import read_reconciliation, start_payment, take_payment
from shuniu.cases.api.refunds import list_reconciliations
from shuniu.cases.declare.fee import BillMove, BillState, RefundOrder
from shuniu.cases.models import Case
from shuniu.cases.partner import send
from shuniu.cases.payments.sandbox import Sandbox
from shuniu.cases.payments.tasks import pay_back, reconcile_day
from shuniu.directory.declare import ROLES
from shuniu.directory.models import Account
from shuniu.trust.declare import Actor
from tests.cases.fees import CLERK, OWED, PAYER, SECOND, SECRET, TAX, billed, cashier, refunds_to_do
from tests.refusals import refused

OFFICE = Actor("officer:9", "陈岚", "43.office", "省数据局", ("43",), ROLES["office"].capabilities)


@pytest.fixture
def sandbox(settings: Settings) -> Iterator[Sandbox]:
    """The provider at work, and this instance configured to use it."""
    books = Sandbox(SECRET).start()
    settings.PAYMENT_URL, settings.PAYMENT_SECRET = books.address, SECRET
    yield books
    books.stop()


@pytest.fixture
def number(db: None) -> str:
    """A bill of a citizen who can sign in."""
    found = billed()
    account = Account.objects.create(kind="citizen", login="tianye", name="田野", subject=PAYER.subject, password="!")
    Case.objects.update(account=f"citizen:{account.pk}")
    return found.number


@pytest.fixture
def citizen(number: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(login="tianye"))
    return client


def press_pay(address: str) -> str:
    """What the payer does at the provider; where the payer is sent then."""
    at = urlsplit(address)
    connection = HTTPConnection(at.hostname or "", at.port, timeout=5)
    connection.request("GET", at.path)
    assert "确认支付" in connection.getresponse().read().decode()
    connection.request("POST", at.path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 303
    return answer.headers["Location"]


def go(client: Client, number: str) -> str:
    """Press 缴费 on the bill's page; the address of the provider's page."""
    page = client.post(f"/hall/bills/{number}/pay/").content.decode()
    return re.search(r'href="(http://127[^"]*/pay/[^"]*)"', page)[1]  # type: ignore[index]  # a test that finds none fails


def test_a_citizen_pays_and_comes_back_to_a_paid_bill_though_the_notice_was_lost(
    sandbox: Sandbox, citizen: Client, number: str, settings: Settings
) -> None:
    settings.PUBLIC_URL = "http://testserver"
    assert "100.00 元" in citizen.get(f"/hall/bills/{number}/").content.decode()
    sandbox.silent = True
    back = press_pay(go(citizen, number))
    page = citizen.get(urlsplit(back).path, follow=True).content.decode()
    assert "已缴费 100.00 元" in page and f"{number}-S" in page and "缴费</button>" not in page
    again = citizen.post(f"/hall/bills/{number}/pay/", follow=True)  # back in the browser, and pay pressed again
    assert "已缴费 100.00 元" in again.content.decode() and len(sandbox.trades) == 1


def test_the_provider_is_not_reached_and_nothing_is_lost(citizen: Client, number: str, settings: Settings) -> None:
    assert "没有开通网上缴费" in citizen.get(f"/hall/bills/{number}/").content.decode()
    settings.PAYMENT_URL, settings.PAYMENT_SECRET = "http://127.0.0.1:9", SECRET
    assert "没有扣款" in citizen.post(f"/hall/bills/{number}/pay/").content.decode()
    assert citizen.get(f"/hall/bills/{number}/back/", follow=True).status_code == 200
    assert Client().get(f"/hall/bills/{number}/").status_code == 302  # to sign in


def test_notices_over_http_are_booked_once_and_forged_or_unknown_ones_refused(
    sandbox: Sandbox, citizen: Client, number: str, live_server: LiveServer, settings: Settings
) -> None:
    settings.PUBLIC_URL = live_server.url
    press_pay(go(citizen, number))
    (trade,) = sandbox.trades.values()
    assert sandbox.call_back(trade) == 200  # the second time
    door = f"{live_server.url}/hall/payments/notice/"
    assert send("POST", door, replace(sandbox.message(asdict(trade)), signature="forged"))[0] == 401
    assert send("POST", door, sandbox.message(asdict(replace(trade, trade="X", number="unknown"))))[0] == 404
    assert send("POST", door, sandbox.message({"kind": "paid"}))[0] == 422
    bill = read_bill(actor=CLERK, number=number)
    assert [one.move for one in bill.events] == [BillMove.PAID]


def test_what_must_go_back_goes_back_by_the_job_once(sandbox: Sandbox, number: str) -> None:
    order = _order(sandbox, number)
    for amount in (OWED, OWED, 1):
        take_payment(actor=cashier(), message=sandbox.message(asdict(sandbox.pay(order, amount))))
    ask_fee_change(actor=CLERK, number=number, change="refund", reason="多收", line="copies")
    asked = read_bill(actor=CLERK, number=number).events[-1]
    decide_fee_change(actor=SECOND, number=number, seq=asked.seq, agree=True)
    assert [refund.amount for refund in refunds_to_do()] == [OWED, 1, 2000]
    for _ in range(2):
        pay_back(0)
    assert refunds_to_do() == ()
    bill = read_bill(actor=CLERK, number=number)
    assert (bill.kept, bill.state) == (8000, BillState.PART_REFUNDED)
    money = {
        kind: sum(one.amount for one in sandbox.trades.values() if one.kind == kind) for kind in ("paid", "refunded")
    }
    assert money["paid"] - money["refunded"] == bill.kept


def _order(sandbox: Sandbox, number: str) -> str:
    sandbox.silent = True
    payer = replace(PAYER, person=Case.objects.get().account)
    order = start_payment(actor=payer, number=number)
    payments.provider().create(order, title="缴费", back="", notify="")
    return order.number


def test_a_refund_that_the_provider_will_not_make_waits_and_holds_up_no_other(sandbox: Sandbox, number: str) -> None:
    order = _order(sandbox, number)
    for amount in (1, 2):
        take_payment(actor=cashier(), message=sandbox.message(asdict(sandbox.pay(order, amount))))
    del sandbox.trades["SB00000001"]
    pay_back(0)
    assert [refund.amount for refund in refunds_to_do()] == [1]


def test_the_day_s_statement_is_compared_and_a_lost_payment_is_fetched(sandbox: Sandbox, number: str) -> None:
    order, today = _order(sandbox, number), timezone.localdate()
    sandbox.pay(order)  # its notice is lost
    assert reconcile_day(today) == ()
    assert read_bill(actor=CLERK, number=number).state is BillState.PAID
    (trade,) = list(sandbox.trades.values())
    sandbox.trades[trade.trade] = replace(trade, amount=OWED - 1)
    sandbox.trades["S9"] = replace(trade, trade="S9", number="of another shop")
    found = reconcile_day(today)
    assert [(one.kind, one.trade, one.here, one.there) for one in found] == [
        ("missing_here", "S9", None, OWED),
        ("amount", trade.trade, OWED, OWED - 1),
    ]
    del sandbox.trades[trade.trade]
    assert [one.kind for one in reconcile_day(today)] == ["missing_here", "missing_there"]
    kept = read_reconciliation(actor=OFFICE, day=today)
    assert kept is not None and [one.title for one in kept] == ["渠道有、平台无", "平台有、渠道无"]
    assert read_reconciliation(actor=OFFICE, day=today.replace(year=2020)) is None
    assert [(one.here, one.there, len(one.differences)) for one in list_reconciliations(actor=OFFICE)] == [(1, 1, 2)]


def test_an_agency_sees_of_the_day_s_differences_those_of_its_own_bills(sandbox: Sandbox, number: str) -> None:
    order, today = _order(sandbox, number), timezone.localdate()
    sandbox.pay(order)
    reconcile_day(today)
    (trade,) = list(sandbox.trades.values())
    sandbox.trades = {"S9": replace(trade, trade="S9", number="of another shop")}
    reconcile_day(today)
    stranger = replace(TAX, agency="43.labour", agency_name="省人社厅")
    for who, wanted in ((CLERK, ["missing_there"]), (TAX, ["missing_there"]), (stranger, [])):  # TAX has a line of it
        found = read_reconciliation(actor=who, day=today)
        assert found is not None and [one.kind for one in found] == wanted
        (day,) = list_reconciliations(actor=who)
        assert [one.kind for one in day.differences] == wanted and (day.here, day.there) == (None, None)
        assert read_reconciliation(actor=who, day=today.replace(year=2020)) is None


def test_a_statement_of_somebody_else_is_not_believed(sandbox: Sandbox, settings: Settings, db: None) -> None:
    sandbox.secret = f"another {os.urandom(4).hex()}"
    with pytest.raises(OSError, match="not signed"):
        payments.provider().statement(timezone.localdate())
    with pytest.raises(OSError, match="401"):
        payments.provider().refund(RefundOrder("x-R1", "x", 1))
    settings.PAYMENT_URL = ""
    with refused("fees.no_provider"):
        payments.provider()
