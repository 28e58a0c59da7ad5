"""Sending by a real mail server and a real gateway, on good days and bad ones: each delivery ends, and is never sent unknown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from shuniu.notices import api as notices
from shuniu.notices import tasks
from shuniu.notices.declare import Letter, Recipient
from shuniu.notices.models import Delivery
from shuniu.trust.models import Entry
from tests.notices.conftest import (
    ADDRESS,
    MOBILE,
    NIGHT,
    NOON,
    WORKER,
    Clock,
    delivery,
    have_contacts,
    tell,
    tell_many,
)  # fmt: skip
from tests.notices.post_office import Gateway, Mailbox

pytestmark = pytest.mark.django_db


def occurred(row: Delivery) -> list[str]:
    return list(row.occurrences.order_by("id").values_list("what", flat=True))


def test_a_mail_goes_out_and_what_the_server_said_is_kept_and_journalled(mailbox: Mailbox) -> None:
    have_contacts("email")
    tell()
    assert notices.send_due(actor=WORKER, channel="email") == 1
    row = delivery("email")
    assert (row.state, row.said, row.due_at) == ("delivered", "250 2.0.0 queued as 4711", None)
    (message,) = mailbox.messages
    assert (message["To"], message["Subject"], message["Auto-Submitted"]) == (ADDRESS, "办理结果", "auto-generated")
    assert message["Message-ID"] == f"<{row.reference}@hub.test>" and "餐饮许可" in message.get_content()
    begun, ended = Entry.objects.filter(object=f"delivery:{row.pk}").order_by("id")
    assert (begun.outcome, ended.outcome) == ("begun", "ended")
    assert ended.detail["said"] == "250 2.0.0 queued as 4711" and ended.detail["state"] == "delivered"
    assert ADDRESS not in str(ended.detail) and "餐饮" not in str(ended.detail)
    assert occurred(row) == ["begun", "accepted"]


@pytest.mark.parametrize("mood", [{"RCPT": f"550 5.1.1 <{ADDRESS}> unknown"}, {"end": "554 5.7.1 not wanted"}])
def test_what_a_server_refuses_for_good_is_given_up_at_once(mailbox: Mailbox, mood: dict[str, str]) -> None:
    have_contacts("email")
    tell()
    mailbox.moods = mood
    notices.send_due(actor=WORKER, channel="email")
    row = delivery("email")
    assert (row.state, row.attempts, row.due_at) == ("given_up", 1, None)
    assert row.said[:3] in ("550", "554") and ADDRESS not in row.said
    assert occurred(row) == ["begun", "refused", "given_up"]


@pytest.mark.parametrize(
    "mood",
    [
        {"RCPT": "450 4.2.1 busy"}, {"DATA": "451 4.3.0 later"}, {"end": "452 4.3.1 full"}, {"RCPT": "421 closing"},
        {"connect": "554 no service"}, {"MAIL": "553 5.1.8 sender refused"}, {"EHLO": "drop", "HELO": "drop"},
    ],
)  # fmt: skip
def test_what_may_pass_is_tried_again_later_and_arrives(mailbox: Mailbox, clock: Clock, mood: dict[str, str]) -> None:
    have_contacts("email")
    clock(NOON)
    tell()
    mailbox.moods = mood
    assert notices.send_due(actor=WORKER, channel="email") == 0
    row = delivery("email")
    assert (row.state, row.attempts, row.due_at) == ("failed", 1, NOON + timedelta(minutes=5)) and row.said
    mailbox.moods = {}
    assert notices.send_due(actor=WORKER, channel="email") == 0, "not yet due"
    clock(NOON + timedelta(minutes=5))
    assert notices.send_due(actor=WORKER, channel="email") == 1
    assert delivery("email").state == "delivered" and len(mailbox.messages) == 1


@pytest.mark.parametrize("mood", [{"end": "hang"}, {"end": "drop"}])
def test_a_message_whose_answer_was_lost_is_repeated_under_the_same_message_id(
    mailbox: Mailbox, clock: Clock, mood: dict[str, str]
) -> None:
    have_contacts("email")
    clock(NOON)
    tell()
    mailbox.moods = mood
    notices.send_due(actor=WORKER, channel="email")
    assert delivery("email").state == "failed", "nobody knows whether it was taken"
    mailbox.moods = {}
    clock(NOON + timedelta(minutes=5))
    notices.send_due(actor=WORKER, channel="email")
    first, second = mailbox.messages
    assert first["Message-ID"] == second["Message-ID"] and first.as_bytes() == second.as_bytes()


def test_one_mail_that_is_refused_stops_no_other_and_all_go_by_one_connection(mailbox: Mailbox) -> None:
    mailbox.moods = {}
    letters = [
        Letter(Recipient(person=f"citizen:{n}", addresses={"email": f"c{n}@example.test"}), f"case:{n}", {"item": "x"})
        for n in range(4)
    ]
    tell_many(letters)
    assert notices.send_due(actor=WORKER, channel="email") == 4
    assert mailbox.connections == 1 and len(set(mailbox.ids())) == 4


def test_a_dead_channel_costs_one_wait_a_run_and_everything_on_it_ends_in_the_end(
    settings: Settings, clock: Clock
) -> None:
    settings.MAIL_URL, settings.MAIL_FROM = "smtp://127.0.0.1:1", "no-reply@hub.test"
    have_contacts("email")
    clock(NOON)
    for _ in range(3):
        tell()
    moment = NOON
    for attempt in range(1, 7):
        assert notices.send_due(actor=WORKER, channel="email") == 0
        rows = Delivery.objects.filter(channel="email")
        assert {row.attempts for row in rows} == {attempt}, "one attempt is counted for all that were due"
        moment += timedelta(minutes=5 * 2 ** (attempt - 1))
        clock(moment)
    assert {(row.state, row.due_at) for row in rows} == {("given_up", None)}
    assert all("refused" in row.said.lower() for row in rows) and occurred(rows[2])[-1] == "given_up"
    assert notices.send_due(actor=WORKER, channel="email") == 0


def test_a_channel_that_is_taken_out_of_use_ends_what_waits_for_it(
    mailbox: Mailbox, settings: Settings, clock: Clock
) -> None:
    have_contacts("email")
    clock(NOON)
    tell()
    settings.MAIL_URL = ""
    for hours in range(0, 24, 3):
        clock(NOON + timedelta(hours=hours))
        notices.send_due(actor=WORKER, channel="email")
    assert delivery("email").state == "given_up" and "未配置" in delivery("email").said


def test_a_wrong_address_of_the_mail_server_is_said(mailbox: Mailbox, settings: Settings) -> None:
    have_contacts("email")
    tell()
    settings.MAIL_URL = "http://mail.test"
    notices.send_due(actor=WORKER, channel="email")
    assert "SHUNIU_MAIL_URL" in delivery("email").said


def test_an_sms_goes_out_short_and_signed_and_waits_for_its_receipt(gateway: Gateway, clock: Clock) -> None:
    have_contacts("sms")
    clock(NOON)
    tell()
    assert notices.send_due(actor=WORKER, channel="sms") == 1
    row = delivery("sms")
    assert (row.state, row.said) == ("sent", "202")
    assert gateway.sent == {
        row.reference: {"reference": row.reference, "to": MOBILE, "text": "“餐饮许可”已办结，详见枢纽。"}
    }


def test_no_sms_disturbs_the_night_unless_it_is_urgent(gateway: Gateway, clock: Clock) -> None:
    have_contacts("sms")
    clock(NIGHT)
    tell()
    assert notices.send_due(actor=WORKER, channel="sms") == 0
    tell("test.urgent")
    assert notices.send_due(actor=WORKER, channel="sms") == 1
    assert [one["text"] for one in gateway.sent.values()] == ["今夜停电。"]
    clock(NIGHT.replace(day=21, hour=7, minute=59))
    assert notices.send_due(actor=WORKER, channel="sms") == 0
    clock(NIGHT.replace(day=21, hour=8, minute=0))
    assert notices.send_due(actor=WORKER, channel="sms") == 1


@pytest.mark.parametrize(("status", "state"), [(400, "given_up"), (429, "failed"), (503, "failed"), (401, "failed")])
def test_what_the_gateway_answers_decides_whether_it_is_tried_again(
    gateway: Gateway, clock: Clock, status: int, state: str
) -> None:
    have_contacts("sms")
    clock(NOON)
    tell()
    gateway.status, gateway.said = status, f"not to {MOBILE}"
    assert notices.send_due(actor=WORKER, channel="sms") == 0
    row = delivery("sms")
    assert row.state == state and str(status) in row.said and MOBILE not in row.said


def test_the_job_sends_what_was_told_and_the_sweep_what_has_become_due(
    mailbox: Mailbox, gateway: Gateway, clock: Clock
) -> None:
    have_contacts("email", "sms")
    clock(NOON)
    tell()
    tasks.send(channel="email")
    assert len(mailbox.messages) == 1 and not gateway.sent
    tasks.sweep(timestamp=0)
    assert len(mailbox.messages) == 1 and delivery("sms").state == "sent"
    gateway.states[delivery("sms").reference] = "delivered"
    clock(NOON + timedelta(minutes=30))
    tasks.sweep(timestamp=0)
    assert delivery("sms").state == "delivered"


def test_two_workers_do_not_both_send(gateway: Gateway, clock: Clock) -> None:
    from shuniu.notices.api import sending
    from shuniu.trust.declare import Refused

    have_contacts("sms")
    clock(NOON)
    tell()
    row = delivery("sms")
    assert sending.begin(actor=WORKER, number=row.pk) is not None
    with pytest.raises(Refused, match="另一进程"):
        sending.begin(actor=WORKER, number=row.pk)
