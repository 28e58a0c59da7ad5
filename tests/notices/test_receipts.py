"""Receipts of SMS: called in and asked for; forged, old, twice, unknown, contradicting, late and never."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import path
from ninja import NinjaAPI

from shuniu.directory import api as directory
from shuniu.notices import api as notices
from shuniu.notices.channels.sms import signature
from shuniu.notices.declare import State
from shuniu.notices.http import router
from shuniu.notices.models import Delivery
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.notices.conftest import MOBILE, NOON, WORKER, Clock, delivery, have_contacts, tell
from tests.notices.post_office import Gateway

pytestmark = pytest.mark.django_db
_api = NinjaAPI(urls_namespace="notices-test")
_api.add_router("/notices", router)
urlpatterns = [path("api/", _api.urls)]


@pytest.fixture
def sent(gateway: Gateway, clock: Clock) -> Delivery:
    """An SMS that the gateway has taken."""
    have_contacts("sms")
    clock(NOON)
    tell()
    notices.send_due(actor=WORKER, channel="sms")
    return delivery("sms")


def call(row: Delivery, state: str = "delivered", *, age: int = 0, said: str = "DELIVRD", **wrong: str) -> State:
    body = json.dumps({"reference": row.reference, "state": state, "said": said} | wrong).encode()
    stamp = str(int(time.time()) - age)
    return notices.take_receipt(
        actor=directory.system("sms_gateway"), body=body, stamp=stamp, signature=signature(stamp, body)
    )


def refused(rule: str) -> Any:
    return pytest.raises(Refused, check=lambda refusal: refusal.rule == rule)


def test_a_receipt_ends_the_delivery_and_is_journalled(sent: Delivery) -> None:
    assert call(sent) is State.DELIVERED
    row = delivery("sms")
    assert (row.state, row.said, row.due_at) == ("delivered", "DELIVRD", None)
    entry = Entry.objects.filter(object=f"delivery:{row.pk}", verb="notices.take_receipt").get()
    assert entry.detail["state"] == "delivered" and entry.person == "system:sms_gateway"


def test_a_bad_receipt_gives_up_and_says_why_without_the_number(sent: Delivery) -> None:
    assert call(sent, "failed", said=f"UNDELIV {MOBILE}") is State.GIVEN_UP
    assert delivery("sms").said.startswith("UNDELIV") and MOBILE not in delivery("sms").said


def test_a_forged_receipt_changes_nothing_and_is_journalled(sent: Delivery) -> None:
    body = json.dumps({"reference": sent.reference, "state": "delivered"}).encode()
    for stamp, forged in ((str(int(time.time())), "0" * 64), ("1", signature("2", body)), ("", ""), ("1", "签名")):
        with refused("notices.receipt_forged"):
            notices.take_receipt(actor=directory.system("sms_gateway"), body=body, stamp=stamp, signature=forged)
    assert delivery("sms").state == "sent"
    assert Entry.objects.latest("id").detail == {"rule": "notices.receipt_forged"}


@pytest.mark.parametrize("age", [301, -400])
def test_a_recorded_call_is_worth_nothing_later(sent: Delivery, age: int) -> None:
    with refused("notices.receipt_old"):
        call(sent, age=age)
    assert delivery("sms").state == "sent"


def test_a_receipt_twice_counts_once(sent: Delivery) -> None:
    call(sent)
    assert call(sent) is State.DELIVERED
    assert delivery("sms").occurrences.filter(what="receipt_delivered").count() == 1


def test_a_contradicting_receipt_is_noted_and_the_first_stands(sent: Delivery) -> None:
    call(sent)
    assert call(sent, "failed") is State.DELIVERED
    assert delivery("sms").occurrences.filter(what="contradicted_failed").exists()


def test_a_receipt_for_nobody_or_of_no_form_is_refused(sent: Delivery) -> None:
    with refused("notices.receipt_unknown"):
        call(sent, reference="another.sms")
    with refused("notices.receipt_form"):
        call(sent, state="perhaps")


def test_a_receipt_that_overtakes_the_answer_to_sending_stands(gateway: Gateway, clock: Clock) -> None:
    from shuniu.notices.api import sending
    from shuniu.notices.channels.outcome import Answer, Outcome

    have_contacts("sms")
    clock(NOON)
    tell()
    row = delivery("sms")
    sending.begin(actor=WORKER, number=row.pk)
    call(row)
    assert sending.note(actor=WORKER, number=row.pk, outcome=Outcome(Answer.ACCEPTED, "202")) is State.DELIVERED


def test_receipts_that_nobody_brings_are_asked_for(sent: Delivery, gateway: Gateway, clock: Clock) -> None:
    assert notices.look_for_receipts(actor=WORKER) == 0, "not yet"
    clock(NOON + timedelta(minutes=30))
    assert notices.look_for_receipts(actor=WORKER) == 1 and delivery("sms").state == "sent"
    gateway.states[sent.reference] = "delivered"
    clock(NOON + timedelta(minutes=60))
    notices.look_for_receipts(actor=WORKER)
    assert (delivery("sms").state, gateway.asked) == ("delivered", 2)


@pytest.mark.parametrize("status", [202, 503])
def test_what_is_never_answered_for_ends_and_a_late_receipt_is_believed(
    sent: Delivery, gateway: Gateway, clock: Clock, status: int
) -> None:
    gateway.status = status
    for hour in range(1, 74, 12):
        clock(NOON + timedelta(hours=hour))
        notices.look_for_receipts(actor=WORKER)
    row = delivery("sms")
    assert (row.state, row.said) == ("given_up", "期限内没有回执")
    assert call(row) is State.DELIVERED
    assert [one.what for one in row.occurrences.order_by("id")] == [
        "begun",
        "accepted",
        "given_up",
        "receipt_delivered",
    ]


@pytest.mark.urls("tests.notices.test_receipts")
def test_the_gateway_calls_over_http(sent: Delivery) -> None:
    body, stamp = json.dumps({"reference": sent.reference, "state": "delivered"}), str(int(time.time()))
    headers = {"X-Shuniu-Timestamp": stamp, "X-Shuniu-Signature": signature(stamp, body.encode())}
    answer = Client().post("/api/notices/sms-receipt", body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"state": "delivered"})


def test_without_a_gateway_no_receipt_is_taken(db: None) -> None:
    with refused("notices.unready"):
        notices.take_receipt(actor=directory.system("sms_gateway"), body=b"{}", stamp="1", signature="")
