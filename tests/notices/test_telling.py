"""Telling: with the act or not at all, once where it says so, by the channels that there are; read and counted."""

from __future__ import annotations

import pytest
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries

from shuniu.directory.declare import ROLES, SIGNED_IN
from shuniu.notices import api as notices
from shuniu.notices.declare import Letter, Recipient
from shuniu.notices.models import Delivery, Notice
from shuniu.trust.declare import Actor, Refused
from shuniu.trust.models import Entry
from tests.notices.conftest import ADDRESS, MOBILE, PERSON, delivery, have_contacts, tell, tell_many
from tests.notices.post_office import Gateway, Mailbox

pytestmark = pytest.mark.django_db
READING = frozenset({"notices.read_inbox", "notices.mark_read", "notices.read_agency", "test.duty"})


def reader(person: str = PERSON, agency: str = "") -> Actor:
    return Actor(person, "田野", agency, agency, capabilities=READING)


def test_without_any_channel_set_up_the_inbox_alone_works_and_says_so() -> None:
    have_contacts("email", "sms")
    tell()
    assert [(one.channel, one.state) for one in Delivery.objects.all()] == [("inbox", "delivered")]
    assert [(way.channel.key, way.ready, way.quiet_hours) for way in notices.ways()] == [
        ("inbox", True, ""), ("email", False, ""), ("sms", False, "21:00–08:00"),
    ]  # fmt: skip
    assert not ProcrastinateJob.objects.exists()


def test_a_notice_takes_every_channel_that_is_set_up_and_verified(mailbox: Mailbox, gateway: Gateway) -> None:
    have_contacts("email", "sms")
    tell()
    assert {one.channel: one.state for one in Delivery.objects.all()} == {
        "inbox": "delivered", "email": "queued", "sms": "queued",
    }  # fmt: skip
    assert sorted(job.args["channel"] for job in ProcrastinateJob.objects.all()) == ["email", "sms"]
    assert delivery("sms").text == "“餐饮许可”已办结，详见枢纽。"
    tell(to=Recipient(person="citizen:8"))
    assert [one.channel for one in Notice.objects.latest("id").deliveries.all()] == ["inbox"], "no verified address"
    stated = Recipient(person="citizen:8", addresses={"email": "li@example.test"}, language="en")
    tell(to=stated)
    assert (delivery("email").masked, delivery("email").title) == ("l***@example.test", "Decision")
    with pytest.raises(Refused, match="手机号码"):
        tell(to=Recipient(person="citizen:8", addresses={"sms": "110"}))


def test_an_act_that_fails_has_told_nobody(mailbox: Mailbox) -> None:
    have_contacts("email")
    with pytest.raises(RuntimeError):
        tell(fail=True)
    assert not (Notice.objects.exists() or Delivery.objects.exists() or ProcrastinateJob.objects.exists())


def test_what_may_be_said_but_once_is(mailbox: Mailbox) -> None:
    have_contacts("email")
    assert tell(once="due:1") and not tell(once="due:1") and tell(once="due:2")
    letters = [
        Letter(Recipient(person=PERSON), "case:1", {"item": "x"}, once=once) for once in ("due:2", "due:3", "due:3")
    ]
    assert len(tell_many(letters)) == 1
    assert Notice.objects.count() == 3 == Delivery.objects.filter(channel="email").count()


def test_many_are_told_by_as_many_statements_as_few(
    mailbox: Mailbox, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    have_contacts("email")
    letters = [Letter(Recipient(person=f"citizen:{number}"), f"case:{number}", {"item": "x"}) for number in range(500)]
    with django_assert_max_num_queries(12):
        assert len(tell_many(letters)) == 500
    assert Delivery.objects.filter(channel="email").count() == 1
    entry = Entry.objects.latest("id")
    assert entry.detail == {"template": "test.decided", "notices": 500}


def test_neither_address_nor_words_enter_the_journal_or_the_table_of_contacts_in_clear(mailbox: Mailbox) -> None:
    have_contacts("email", "sms")
    number = tell(values={"item": "张三的餐饮许可"})
    entry = Entry.objects.get(object=f"notice:{number}")
    kept = str(entry.detail)
    assert "张三" not in kept and ADDRESS not in kept and len(str(entry.detail["words"])) == 32
    assert ADDRESS.encode() not in bytes(delivery("email").address or b"") and ADDRESS not in delivery("email").masked


def test_a_person_reads_what_he_his_agency_and_his_duties_were_told_and_nothing_else() -> None:
    mine = tell()
    theirs = tell(to=Recipient(agency="43.market"))
    duty = tell(to=Recipient(capability="test.duty"))
    tell(to=Recipient(person="citizen:8"))
    tell(to=Recipient(capability="test.other"))
    officer = reader("citizen:7", "43.market")
    assert [one.number for one in notices.read_inbox(actor=officer)] == [duty, theirs, mine]
    assert [one.number for one in notices.read_inbox(actor=officer, limit=1, before=duty)] == [theirs]
    assert notices.count_unread(officer) == 3
    assert notices.count_unread(reader("citizen:9")) == 1, "the duty's"
    unposted = Actor("citizen:7", "田野", "43.market", "43.market", capabilities=SIGNED_IN)
    assert [one.number for one in notices.read_inbox(actor=unposted)] == [mine], "the agency's are read by its posts"
    with pytest.raises(Refused, match="没有第"):
        notices.mark_read(actor=unposted, number=theirs)
    first = notices.mark_read(actor=officer, number=mine)
    assert notices.mark_read(actor=officer, number=mine).read_at == first.read_at
    assert [one.number for one in notices.read_inbox(actor=officer, unread=True)] == [duty, theirs]
    with pytest.raises(Refused, match="没有第"):
        notices.mark_read(actor=reader("citizen:9"), number=mine)


def test_whoever_has_signed_in_reads_his_own_inbox_and_no_single_role_gives_it() -> None:
    own = {"notices.read_inbox", "notices.mark_read"}
    assert own <= SIGNED_IN
    assert [key for key, role in ROLES.items() if role.capabilities & own] == []
    for administrator in ("system_administrator", "security_administrator", "auditor", "agency_administrator"):
        assert "notices.read_agency" not in ROLES[administrator].capabilities, "his agency's business is none of his"


def test_a_notice_is_read_in_the_readers_language() -> None:
    tell()
    with translation.override("en"):
        (told,) = notices.read_inbox(actor=reader())
    assert (told.title, told.text) == ("Decision", "Your application “餐饮许可” has been decided.")
    (told,) = notices.read_inbox(actor=reader())
    assert told.title == "办理结果" and MOBILE not in told.text
