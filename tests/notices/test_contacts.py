"""Contacts: believed once a code came back from there; masked everywhere; the code lives in the message alone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from shuniu.directory.declare import SIGNED_IN
from shuniu.notices import api as notices
from shuniu.notices.models import Contact, Delivery, Notice
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.cast import Cast
from tests.notices.conftest import ADDRESS, MOBILE, NOON, WORKER, Clock, delivery
from tests.notices.post_office import Gateway, Mailbox

pytestmark = pytest.mark.django_db
ZHANG = Actor("citizen:7", "张三", capabilities=SIGNED_IN | {"notices.read_inbox"})


def sent_code(mailbox: Mailbox) -> str:
    notices.send_due(actor=WORKER, channel="email")
    found = re.search(r"\d{6}", mailbox.messages[-1].get_content())
    assert found is not None
    return found[0]


def test_an_address_is_in_use_once_its_code_came_back(mailbox: Mailbox) -> None:
    asked = notices.set_contact(actor=ZHANG, channel="email", address=ADDRESS)
    assert (asked.address, asked.waiting, asked.verified_at) == ("", "z***@example.test", None)
    code = sent_code(mailbox)
    assert notices.confirm_contact(actor=ZHANG, channel="email", code=code) is True
    (known,) = notices.contacts(actor=ZHANG)
    assert (known.address, known.waiting) == ("z***@example.test", "") and known.verified_at


def test_the_code_is_in_the_message_alone_and_gone_from_the_house_with_it(mailbox: Mailbox) -> None:
    notices.set_contact(actor=ZHANG, channel="email", address=ADDRESS)
    assert notices.read_inbox(actor=ZHANG) == [], "whoever has the session has not the mailbox"
    code = sent_code(mailbox)
    kept = [*Notice.objects.values(), *Delivery.objects.values(), *Entry.objects.values("object", "detail")]
    assert code not in str(kept) and ADDRESS not in str(kept)
    row = Contact.objects.get()
    assert code.encode() not in bytes(row.code or b"") and ADDRESS.encode() not in bytes(row.pending or b"")


def test_a_new_address_replaces_the_old_one_only_when_it_is_verified(mailbox: Mailbox, clock: Clock) -> None:
    clock(NOON)
    notices.set_contact(actor=ZHANG, channel="email", address=ADDRESS)
    notices.confirm_contact(actor=ZHANG, channel="email", code=sent_code(mailbox))
    clock(NOON + timedelta(minutes=2))
    notices.set_contact(actor=ZHANG, channel="email", address="other@example.test")
    (both,) = notices.contacts(actor=ZHANG)
    assert (both.address, both.waiting) == ("z***@example.test", "o***@example.test")
    notices.confirm_contact(actor=ZHANG, channel="email", code=sent_code(mailbox))
    assert notices.contacts(actor=ZHANG)[0].address == "o***@example.test"


def test_a_code_is_guessed_five_times_at_most_and_not_asked_for_again_at_once(mailbox: Mailbox, clock: Clock) -> None:
    clock(NOON)
    notices.set_contact(actor=ZHANG, channel="email", address=ADDRESS)
    code = sent_code(mailbox)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert [notices.confirm_contact(actor=ZHANG, channel="email", code=wrong) for _ in range(5)] == [False] * 5
    with pytest.raises(Refused, match="输错次数过多"):
        notices.confirm_contact(actor=ZHANG, channel="email", code=code)
    with pytest.raises(Refused, match="刚刚发出"):
        notices.set_contact(actor=ZHANG, channel="email", address=ADDRESS)
    notices.remove_contact(actor=ZHANG, channel="email")
    with pytest.raises(Refused, match="刚刚发出"):
        notices.set_contact(actor=ZHANG, channel="email", address="victim@example.test")
    clock(NOON + timedelta(minutes=2))
    notices.set_contact(actor=ZHANG, channel="email", address=ADDRESS)
    assert notices.confirm_contact(actor=ZHANG, channel="email", code=sent_code(mailbox)) is True


def test_nobodys_mailbox_is_flooded_with_codes(mailbox: Mailbox, clock: Clock) -> None:
    for number in range(10):
        clock(NOON + timedelta(minutes=2 * number))
        notices.set_contact(actor=ZHANG, channel="email", address=f"victim{number}@example.test")
    clock(NOON + timedelta(hours=2))
    with pytest.raises(Refused, match="次数过多"):
        notices.set_contact(actor=ZHANG, channel="email", address=ADDRESS)


def test_a_code_that_came_too_late_or_was_never_asked_for_is_refused(mailbox: Mailbox, clock: Clock) -> None:
    with pytest.raises(Refused, match="没有等待验证"):
        notices.confirm_contact(actor=ZHANG, channel="email", code="000000")
    clock(NOON)
    notices.set_contact(actor=ZHANG, channel="email", address=ADDRESS)
    code = sent_code(mailbox)
    clock(NOON + timedelta(minutes=10))
    with pytest.raises(Refused, match="已过期"):
        notices.confirm_contact(actor=ZHANG, channel="email", code=code)


def test_a_code_by_sms_goes_out_at_night_too(gateway: Gateway, clock: Clock) -> None:
    clock(NOON.replace(hour=23))
    asked = notices.set_contact(actor=ZHANG, channel="sms", address=f"+86 {MOBILE}")
    assert asked.waiting == "138****1234"
    assert notices.send_due(actor=WORKER, channel="sms") == 1
    assert next(iter(gateway.sent.values()))["to"] == MOBILE


def test_no_contact_is_taken_for_a_channel_that_is_not_set_up(db: None) -> None:
    for channel, address, rule in (("sms", MOBILE, "unready"), ("sms", "110", "address"), ("fax", "1", "channel")):
        with pytest.raises(Refused) as refusal:
            notices.set_contact(actor=ZHANG, channel=channel, address=address)
        assert refusal.value.rule == f"notices.{rule}"


def test_an_agencys_address_is_kept_by_its_administrator(mailbox: Mailbox, cast: Cast) -> None:
    notices.set_contact(actor=cast.market_admin, channel="email", address="office@example.test", for_agency=True)
    notices.confirm_contact(actor=cast.market_admin, channel="email", code=sent_code(mailbox), for_agency=True)
    assert Contact.objects.get().agency == "43.market"
    assert notices.contacts(actor=cast.tax_admin, for_agency=True) == ()
    with pytest.raises(Refused) as refusal:
        notices.set_contact(actor=cast.market_officer, channel="email", address="x@example.test", for_agency=True)
    assert refusal.value.rule == "right.missing"


def test_taking_an_address_back_stops_what_waits_to_go_there(mailbox: Mailbox) -> None:
    notices.set_contact(actor=ZHANG, channel="email", address=ADDRESS)
    notices.remove_contact(actor=ZHANG, channel="email")
    assert notices.contacts(actor=ZHANG) == ()
    assert (delivery("email").state, delivery("email").said) == ("given_up", "联系方式已删除")
    assert notices.send_due(actor=WORKER, channel="email") == 0 and not mailbox.messages
    notices.remove_contact(actor=ZHANG, channel="email")
