"""Asking for government information: of which agency, the answer with its reasons, the year's numbers with what is behind them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shuniu.cases.api import handling
from shuniu.cases.models import Case
from shuniu.procedures.calendars.models import Clock
from shuniu.systems.disclosure.declare import ITEM
from shuniu.trust.declare import Actor
from tests.cast import Cast, SignedIn, cast
from tests.portal.cases import chief, clerk, examiner, offered, seat, text
from tests.systems.information import PARTLY, WHAT, answered, asked, shipped

__all__ = ["cast", "chief", "clerk", "examiner", "shipped"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]

BEGIN = f"/apply/new/{ITEM.key}/"


def test_the_agency_is_found_by_a_few_letters_or_chosen_of_several(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.citizen)
    assert "向哪个机关申请" in text(client.get(BEGIN))
    several = client.post(BEGIN, {"agency": "市场"})
    assert several.status_code == 422 and "?agency=430102.market" in text(several) and "2 个机关" in text(several)
    none = client.post(BEGIN, {"agency": "没有这个局"})
    assert none.status_code == 422 and "没有名称里含" in text(none)
    empty = client.post(BEGIN, {"agency": " "})
    assert empty.status_code == 422 and "请填写" in text(empty)
    chosen = text(client.get(f"{BEGIN}?agency=430102.market"))
    assert "芙蓉区市场监督管理局" in chosen and 'value="430102.market"' in chosen
    begun = client.post(BEGIN, {"agency": "省税务局"}, follow=True)
    assert "办理机关 省税务局" in text(begun)


def test_an_officer_answers_in_part_and_the_citizen_reads_why(
    cast: Cast, signed_in: SignedIn, clerk: Actor, examiner: Actor, chief: Actor
) -> None:
    number = asked(cast.citizen).number
    root = f"/desk/cases/{number}/"
    assert offered(text(signed_in(clerk).get(root))) == {"accept", "ask"}
    handling.accept(actor=clerk, number=number)
    handling.examine(actor=examiner, number=number, opinion="其中两家企业的配方属于商业秘密。")
    client = signed_in(chief)
    page = text(client.get(root))
    assert offered(page) == {"reply", "return"} and "不予公开：属于国家秘密" in page
    said = {"reply-seat": seat(page, "reply"), "reply-result": "partial", "reply-facts": PARTLY.facts}
    bare = client.post(f"{root}act/reply/", said)
    assert bare.status_code == 422 and "没有写明提供的内容" in text(bare) and PARTLY.facts in text(bare)
    done = client.post(f"{root}act/reply/", {**said, "reply-text": "其余部分见附表。"}, follow=True)
    assert "部分公开" in text(done)
    read = text(signed_in(cast.citizen).get(f"/hall/cases/{number}/"))
    for words in ("部分公开", PARTLY.facts, "第三十七条", "应当先自知道之日起60日内", "其余部分见附表。"):
        assert words in read
    assert "不予许可" not in read and "部分准予" not in read


def test_silence_past_the_term_says_what_to_do_next(cast: Cast, signed_in: SignedIn) -> None:
    made, client = asked(cast.citizen), signed_in(cast.citizen)
    page = f"/hall/cases/{made.number}/"
    assert "法定期限已于" not in text(client.get(page))
    past = timezone.localdate() - timedelta(days=3)
    Clock.objects.filter(case=made.matter.id).update(due=past)
    late = text(client.get(page))
    assert f"法定期限已于 {past.isoformat()} 届满" in late and "申请行政复议" in late and "投诉" in late


def test_each_number_of_the_year_opens_its_rows_and_they_name_nobody(cast: Cast, signed_in: SignedIn) -> None:
    first = answered(cast, asked(cast.citizen).number, "secret", grounds=PARTLY).number
    second = asked(cast.firm, kind="firm").number
    page = text(Client().get("/hall/information/"))
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/hall/information/rows/[^"]+)">1<', page)]
    assert len(links) == 6, (
        "each of the two among what came and what became of it, by kind; the answered and the left in all"
    )
    for link in links:
        rows = text(Client().get(link))
        assert "不列申请人" in rows and rows.count("<tr ") == 2
        assert WHAT not in rows and first not in rows and second not in rows and "田野" not in rows
    assert Client().get("/hall/information/rows/?line=nothing").status_code == 404
    assert "没有符合条件的行" in text(Client().get("/hall/information/rows/?line=open"))


def test_an_officer_of_the_agency_sees_which_cases_they_are(cast: Cast, signed_in: SignedIn, clerk: Actor) -> None:
    number = asked(cast.citizen).number
    link = "/hall/information/rows/?agency=43.market&line=%2Bnew&kind="
    assert f"/desk/cases/{number}/" in text(signed_in(clerk).get(link))
    assert number not in text(signed_in(cast.citizen).get(link))
    assert number not in text(signed_in(clerk).get(link.replace("43.market", "")))


def test_a_year_out_of_range_is_this_year_and_agencies_are_those_that_were_asked(cast: Cast) -> None:
    asked(cast.citizen)
    page = text(Client().get("/hall/information/?year=1900&agency=43.tax"))
    assert f"{timezone.localdate().year} 年，截至" in page and 'value="43.market"' in page
    assert 'value="430102.market"' not in page


def test_beside_the_case_stand_what_was_asked_before_and_the_fee_notice(
    cast: Cast, signed_in: SignedIn, clerk: Actor, chief: Actor
) -> None:
    earlier, again = (asked(cast.citizen).number for _ in range(2))
    handling.accept(actor=clerk, number=again)
    beside = f"/desk/information/{again}/"
    assert beside in text(signed_in(clerk).get(f"/desk/cases/{again}/"))
    page = text(signed_in(clerk).get(beside))
    assert earlier in page and "100%" in page and "开具收费通知</button>" not in page
    client = signed_in(chief)
    few = client.post(beside, {"by": "pages", "count": "30"})
    assert few.status_code == 422 and "这些数量不收费" in text(few)
    done = client.post(beside, {"by": "pages", "count": "31"}, follow=True)
    assert "收费通知已发给申请人" in text(done) and "开具收费通知</button>" not in text(done)
    assert Case.objects.get(number=again).bill.number in text(signed_in(cast.citizen).get(f"/hall/cases/{again}/"))


def test_another_agencys_officer_has_no_such_page(cast: Cast, signed_in: SignedIn, clerk: Actor) -> None:
    number = asked(cast.citizen, agency="43.tax").number
    assert signed_in(clerk).get(f"/desk/information/{number}/").status_code in (403, 404, 422)


def test_the_hall_leads_to_it(cast: Cast) -> None:
    assert "/hall/information/" in text(Client().get("/hall/"))
    assert "由申请人选定的机关" in text(Client().get(f"/hall/guide/{ITEM.key}/"))
