"""Who is told of a letter, and who is not: its writer, the agencies it comes to, never the accused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from shuniu.cases import letter_telling as telling
from shuniu.cases.api.letter_chasing import chase_letters
from shuniu.cases.api.letter_desk import decide_return, decline_letter, return_letter, split_letter
from shuniu.cases.api.letters import follow_letter, rate_letter, send_letter
from shuniu.cases.models import Letter
from shuniu.cases.rules.letters import reachable
from shuniu.directory import api as directory
from shuniu.notices.models import Delivery, Notice
from tests.cases.letters import BOX, CLERK, COMPLAINT, MARKET, REPORT, answered, sent
from tests.cast import Cast, cast

__all__ = ["cast"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(cast: Cast) -> None:
    cache.clear()


def told(**who: str) -> list[str]:
    """The kinds of notices that somebody was told, in order."""
    return [one.template.removeprefix("cases.letter_") for one in Notice.objects.filter(**who).order_by("pk")]


def first_part(number: str) -> int:
    return int(Letter.objects.get(number=number).parts.order_by("-pk").values_list("pk", flat=True)[0])


def test_a_writer_with_an_account_is_told_at_each_step(cast: Cast) -> None:
    it = send_letter(actor=cast.citizen, box=BOX, letter=COMPLAINT)
    answered(first_part(it.number))
    rate_letter(actor=cast.citizen, number=it.number, code=it.code, satisfied=False, words="没有退货")
    assert told(person=cast.citizen.person) == ["received", "taken", "answered", "reopened"]
    taken = Notice.objects.get(template=telling.TAKEN)
    due = follow_letter(number=it.number, code=it.code).parts[0].due
    assert f"{it.number} 已由省市场监督管理局签收办理，最迟 {due} 前答复" in taken.text
    assert it.code not in "".join(Notice.objects.values_list("text", flat=True))


def test_a_writer_without_an_account_is_reached_where_the_letter_says(settings: Settings) -> None:
    settings.SMS_URL, settings.SMS_SECRET = "http://127.0.0.1:9", "a shared secret of the test"
    it = sent(COMPLAINT.model_copy(update={"contact": "手机13873100001，邮箱 tian.ye@example.test"}))
    row = Letter.objects.get(number=it.number)
    assert told(person=row.object) == ["received"]
    (by_sms,) = Delivery.objects.filter(channel="sms")
    assert (by_sms.masked, it.number in by_sms.text, it.code in by_sms.text) == ("138****0001", True, False)
    assert reachable("手机13873100001，邮箱 tian.ye@example.test") == {
        "sms": "13873100001", "email": "tian.ye@example.test",
    }  # fmt: skip


@pytest.mark.parametrize("contact", ["", "请打单位电话", "0731-85123456"])
def test_who_left_no_way_to_be_reached_is_told_nothing(contact: str) -> None:
    sent(COMPLAINT.model_copy(update={"contact": contact}))
    assert not Notice.objects.filter(agency="").exists()


@given(st.text())
def test_whatever_was_left_as_a_contact_is_a_usable_address_or_none(text: str) -> None:
    for channel, address in reachable(text).items():
        assert address in text and (channel == "sms") == address.isdigit()


def test_who_wrote_a_report_is_told_nothing_and_nobody_accused_is_told_of_it(cast: Cast) -> None:
    it = send_letter(actor=cast.citizen, box=BOX, letter=REPORT)
    row = Letter.objects.get(number=it.number)
    assert not Notice.objects.exclude(person="").exists() and not Delivery.objects.filter(channel="sms").exists()
    assert told(agency=row.parts.get().agency) == ["assigned"]
    telling.tell_agency(row, "43.market", telling.ASSIGNED, by="")  # refused before anything is recorded
    telling.tell_agency(row, "430102.market", telling.ASSIGNED, by="")
    chase_letters(actor=directory.system("worker"), today=timezone.localdate() + timedelta(days=100))
    assert told(agency=row.parts.get().agency) == ["assigned", "overdue"]
    assert not Notice.objects.filter(agency__in=("43.market", "430102.market")).exists()
    assert not Notice.objects.exclude(person="").exists()
    said = "".join(Notice.objects.values_list("text", flat=True))
    assert REPORT.title not in said and "举报" not in said


def test_agencies_are_told_what_comes_to_them_and_how_a_return_was_decided() -> None:
    it = sent()
    part = first_part(it.number)
    assert told(agency="43.market") == ["assigned"]
    return_letter(actor=MARKET, part=part, reason="属税务职责")
    assert told(agency=BOX.centre) == ["returned"]
    decide_return(actor=CLERK, box=BOX, number=it.number, part=part)
    assert told(agency="43.market") == ["assigned", "kept"]
    split_letter(actor=CLERK, box=BOX, number=it.number, parts={"43.market": "退货", "43.tax": "发票"})
    assert told(agency="43.tax") == ["assigned"]
    assert COMPLAINT.title not in "".join(Notice.objects.filter(person="").values_list("text", flat=True))


def test_a_late_answer_is_told_once_to_the_agency_and_the_writer() -> None:
    it = sent()
    worker, row = directory.system("worker"), Letter.objects.get(number=it.number)
    due = follow_letter(number=it.number, code=it.code).parts[0].due
    assert due is not None
    assert chase_letters(actor=worker, today=due) == 0
    for _again in range(2):
        assert chase_letters(actor=worker, today=due + timedelta(days=1)) == 1
    assert told(agency="43.market") == ["assigned", "overdue"]
    assert told(person=row.object) == ["received", "late"]


def test_a_letter_that_is_not_accepted_tells_its_writer_the_right_channel() -> None:
    it = sent()
    ground = BOX.unaccepted[0]
    decline_letter(actor=CLERK, box=BOX, number=it.number, ground=ground.key)
    assert ground.channel in Notice.objects.get(template=telling.DECLINED).text
