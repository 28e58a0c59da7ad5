"""Deliveries as those see them who answer for them: listed, tried again, given up, and proven."""

from __future__ import annotations

import pytest

from shuniu.notices import api as notices
from shuniu.notices.declare import Recipient, State
from shuniu.trust.declare import Refused
from tests.cast import Cast
from tests.notices.conftest import ADDRESS, MOBILE, NOON, WORKER, Clock, delivery, have_contacts, tell
from tests.notices.post_office import Gateway, Mailbox
from tests.notices.test_receipts import call

pytestmark = pytest.mark.django_db


@pytest.fixture
def bounced(mailbox: Mailbox, cast: Cast) -> int:
    """A mail of the market's that its server refused; its number."""
    have_contacts("email")
    tell()
    mailbox.moods = {"RCPT": "550 no such user"}
    notices.send_due(actor=WORKER, channel="email")
    mailbox.moods = {}
    return delivery("email").pk


def test_what_did_not_arrive_shows_to_its_owner_and_to_oversight_masked_and_without_text(
    bounced: int, cast: Cast
) -> None:
    for actor in (cast.market_admin, cast.office):
        (row,) = notices.deliveries(actor=actor, state="trouble", channel="email")
        assert (row.number, row.state, row.address, row.owner) == (
            bounced,
            State.GIVEN_UP,
            "z***@example.test",
            "43.market",
        )
        assert (row.said, row.state_title) == ("550 no such user", "未能送达，已停止")
        assert "餐饮" not in str(row) and ADDRESS not in str(row)
    assert notices.deliveries(actor=cast.tax_admin) == ()
    assert (
        notices.deliveries(actor=cast.office, before=bounced)
        == ()
        == notices.deliveries(actor=cast.office, state="sent")
    )
    for state, channel in (("lost", ""), ("", "fax")):
        with pytest.raises(Refused):
            notices.deliveries(actor=cast.office, state=state, channel=channel)


def test_its_owner_has_it_tried_again_and_nobody_else(bounced: int, cast: Cast, mailbox: Mailbox) -> None:
    with pytest.raises(Refused, match="不由您的单位负责"):
        notices.retry(actor=cast.tax_admin, number=bounced)
    assert notices.retry(actor=cast.market_admin, number=bounced).state is State.QUEUED
    assert notices.send_due(actor=WORKER, channel="email") == 1
    row = delivery("email")
    assert row.state == "delivered" and row.attempts == 1 and row.reference.endswith(".email")
    with pytest.raises(Refused, match="已送达"):
        notices.retry(actor=cast.market_admin, number=bounced)
    with pytest.raises(Refused, match="已送达"):
        notices.give_up(actor=cast.market_admin, number=bounced, reason="x")


def test_an_sms_reported_dead_goes_out_anew_under_another_reference(gateway: Gateway, cast: Cast, clock: Clock) -> None:
    have_contacts("sms")
    clock(NOON)
    tell()
    notices.send_due(actor=WORKER, channel="sms")
    call(delivery("sms"), "failed", said="手机停机")
    notices.retry(actor=cast.office, number=delivery("sms").pk)
    notices.send_due(actor=WORKER, channel="sms")
    first, second = gateway.sent
    assert second == f"{first}~2" == delivery("sms").reference
    assert call(delivery("sms")) is State.DELIVERED, "the receipt of the second round is its own"


def test_giving_up_takes_a_reason_and_ends_it(mailbox: Mailbox, cast: Cast) -> None:
    have_contacts("email")
    tell()
    number = delivery("email").pk
    with pytest.raises(Refused, match="须说明原因"):
        notices.give_up(actor=cast.office, number=number, reason=" ")
    done = notices.give_up(actor=cast.office, number=number, reason="改为电话告知")
    assert done.state is State.GIVEN_UP and notices.send_due(actor=WORKER, channel="email") == 0
    last = delivery("email").occurrences.latest("id")
    assert (last.what, last.said, last.by) == ("given_up", "改为电话告知", cast.office.person)


def test_a_one_time_code_is_not_sent_twice(mailbox: Mailbox, cast: Cast) -> None:
    notices.set_contact(actor=cast.stranger, channel="email", address=ADDRESS)
    number = delivery("email").pk
    notices.give_up(actor=cast.office, number=number, reason="停用")
    with pytest.raises(Refused, match="不能重发"):
        notices.retry(actor=cast.office, number=number)


def test_the_evidence_says_who_was_told_what_when_how_and_what_came_back(bounced: int, cast: Cast) -> None:
    number = delivery("email").notice_id
    found = notices.evidence(actor=cast.market_officer, notice=number)
    assert (found.recipient, found.text, found.read_at) == ("citizen:7", "您申请的“餐饮许可”已办结。", None)
    inbox, mail = found.deliveries
    assert (inbox.delivery.channel, inbox.delivery.state_title, inbox.happened) == ("inbox", "已放入收件箱", ())
    assert [(one.what, one.said) for one in mail.happened] == [
        ("begun", ""),
        ("refused", "550 no such user"),
        ("given_up", ""),
    ]
    assert mail.delivery.address == "z***@example.test" and mail.words == found.text and MOBILE not in str(found)
    with pytest.raises(Refused, match="不由您的单位负责"):
        notices.evidence(actor=cast.tax_officer, notice=number)
    orphan = tell(to=Recipient(person="citizen:8"), owner="")
    assert notices.evidence(actor=cast.office, notice=orphan).object == "case:12"
    with pytest.raises(Refused):
        notices.evidence(actor=cast.market_officer, notice=orphan)
