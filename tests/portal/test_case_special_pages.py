"""The pages of what stops or extends a term: the desk does it with its evidence, the applicant reads it in plain words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from shuniu.cases.api import extensions, filing, handling, specials
from shuniu.cases.models import SpecialTime
from shuniu.procedures.calendars.models import Clock
from shuniu.trust.declare import Actor
from tests.cases.test_special_procedures import ORDER, whole, with_specials
from tests.cast import Cast, SignedIn, cast
from tests.portal.cases import chief, clerk, examiner, filed, text

__all__ = ["cast", "chief", "clerk", "examiner", "with_specials"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_specials")]


@pytest.fixture
def number(cast: Cast, clerk: Actor) -> str:
    return handling.accept(actor=clerk, number=filed(cast.citizen)).number


def test_an_examiner_begins_and_ends_one_and_the_page_keeps_both_kinds_of_evidence(
    cast: Cast, signed_in: SignedIn, examiner: Actor, chief: Actor, number: str
) -> None:
    root, client = f"/desk/cases/{number}/special/", signed_in(examiner)
    page = text(client.get(root))
    assert "没有启动过特别程序" in page and "听证（最长 15 个工作日）" in page and "第四十五条" in page
    assert "启动特别程序" not in text(signed_in(chief).get(root)), "no seat of the case is his now"
    wrong = client.post(f"{root}begin/", {"begin-kind": "检验", "begin-evidence": ORDER})
    assert wrong.status_code == 422 and "没有写明所需时间" in text(wrong) and ORDER in text(wrong)
    begun = client.post(f"{root}begin/", {"begin-kind": "听证", "begin-evidence": ORDER}, follow=True)
    assert "时限暂停，已告知申请人" in text(begun) and "进行中，时限暂停" in text(begun) and ORDER in text(begun)
    assert "还没有到期日，为什么" in text(begun)
    ended = client.post(f"{root}end/", {"end-kind": "听证", "end-evidence": "听证笔录〔2026〕3号"}, follow=True)
    assert "已结束" in text(ended) and "听证笔录〔2026〕3号" in text(ended)
    assert client.post(f"{root}nothing/").status_code == 404 and client.get(f"{root}begin/").status_code == 405


def test_the_applicant_reads_in_plain_words_that_the_term_stands_still_and_why_a_day_is_the_due_day(
    cast: Cast, signed_in: SignedIn, examiner: Actor, number: str
) -> None:
    client, today = signed_in(cast.citizen), timezone.localdate()
    first = whole(filing.read_case(actor=cast.citizen, number=number))[0]
    address = f"/hall/cases/{number}/clocks/{first.id}/"
    page = text(client.get(f"/hall/cases/{number}/"))
    assert address in page and "为什么是这一天到期？" in page and "时限暂停" not in page
    shown = text(client.get(address))
    assert f"为什么 {first.due} 到期" in shown and "起算当日不计入" in shown and "操作台" not in shown
    specials.begin(actor=examiner, number=number, kind="听证", evidence=ORDER)
    page = text(client.get(f"/hall/cases/{number}/"))
    assert f"时限暂停：正在听证，自 {today} 起，最迟到" in page and "不计入办理时限" in page
    assert ORDER in page and "启动特别程序：听证" in page
    assert "为什么还没有到期日" in text(client.get(address)) and ORDER in text(client.get(address))
    assert signed_in(cast.firm).get(address).status_code == 403
    assert client.get(f"/hall/cases/{number}/clocks/{first.id + 1000}/").status_code == 404
    assert signed_in(examiner).get(address).status_code == 404


def test_one_that_takes_longer_than_was_told_is_shown_as_late_to_both(
    cast: Cast, signed_in: SignedIn, examiner: Actor, number: str
) -> None:
    specials.begin(actor=examiner, number=number, kind="检验", evidence="送检单", days=1)
    SpecialTime.objects.update(until=timezone.localdate() - timedelta(days=1))
    assert "超过告知的时间" in text(signed_in(examiner).get(f"/desk/cases/{number}/special/"))
    assert "已经超过" in text(signed_in(cast.citizen).get(f"/hall/cases/{number}/"))
    filing.withdraw(actor=cast.citizen, number=number, reason="不办了")
    page = text(signed_in(examiner).get(f"/desk/cases/{number}/special/"))
    assert "随办件办结而止" in page and "<form" not in page.partition('id="clocks"')[2].partition("footer")[0]


def test_an_extension_is_asked_for_by_one_approved_by_another_and_told_with_its_reason(
    cast: Cast, signed_in: SignedIn, examiner: Actor, chief: Actor, number: str
) -> None:
    root, why = f"/desk/cases/{number}/special/", "须等待复检结果。"
    assert "申请延期" not in text(signed_in(chief).get(root))
    bare = signed_in(examiner).post(f"{root}ask/", {"ask-reason": ""})
    assert bare.status_code == 422 and "请填写延期理由" in text(bare)
    asked = signed_in(examiner).post(f"{root}ask/", {"ask-reason": why}, follow=True)
    assert "等待负责人批准" in text(asked) and "待批准" in text(asked)
    assert "act/approve" not in text(asked) and "special/approve" not in text(asked)
    assert why not in text(signed_in(cast.citizen).get(f"/hall/cases/{number}/")), "not told before it is approved"
    page = text(signed_in(chief).get(root))
    assert "special/approve" in page and "special/refuse" in page and why in page
    done = signed_in(chief).post(f"{root}approve/", follow=True)
    assert "已批准" in text(done) and "延长10 个工作日" in text(done) and "special/approve" not in text(done)
    told = text(signed_in(cast.citizen).get(f"/hall/cases/{number}/"))
    assert why in told and "延长 10 个工作日" in told


def test_a_refused_extension_says_why_and_one_too_late_comes_back_in_its_form(
    cast: Cast, signed_in: SignedIn, examiner: Actor, chief: Actor, number: str
) -> None:
    root = f"/desk/cases/{number}/special/"
    extensions.ask(actor=examiner, number=number, reason="须等待复检结果。")
    client = signed_in(chief)
    refused = client.post(f"{root}refuse/", {"refuse-why_not": "检测当天可以完成。"}, follow=True)
    assert "未批准" in text(refused) and "检测当天可以完成。" in text(refused)
    extensions.ask(actor=examiner, number=number, reason="设备停用。")
    Clock.objects.update(due=timezone.localdate() - timedelta(days=1))
    late = client.post(f"{root}approve/")
    assert late.status_code == 422 and "已于" in text(late) and "不能再延长" in text(late)


def test_a_case_that_is_not_accepted_offers_nothing_and_strangers_see_no_page(
    cast: Cast, signed_in: SignedIn, examiner: Actor
) -> None:
    root = f"/desk/cases/{filed(cast.citizen)}/special/"
    page = text(signed_in(examiner).get(root))
    assert "受理后才能停止计时或者延期" in page and "启动特别程序" not in page and "申请延期" not in page
    assert signed_in(cast.tax_officer).get(root).status_code == 403
