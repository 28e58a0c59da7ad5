"""The pages of supervision: the list, a card with its forms, officers' scores, and what the public sees."""

from __future__ import annotations

import csv
import re
from html import escape
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from shuniu.assessment.models import Card
from shuniu.cases.api import handling
from shuniu.trust.declare import Actor
from tests.assessment.told import accepted, scanned
from tests.cases.filing import clerk, published
from tests.cast import Cast, SignedIn, with_posts
from tests.portal.reading import text

__all__ = ["clerk", "published"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


@pytest.fixture
def examiner(cast: Cast) -> Actor:
    return with_posts(cast.market_officer, "case_examiner")


@pytest.fixture
def head(cast: Cast) -> Actor:
    return with_posts(cast.market_second, "agency_head")


@pytest.fixture
def late(cast: Cast, clerk: Actor, examiner: Actor) -> Card:
    """A yellow card on the examiner for his stage's day, which is the one for the promised day too."""
    handling.take(actor=examiner, number=accepted(cast, clerk).number)
    scanned(11)
    return Card.objects.get(rule="J02.stage")


def test_the_list_shows_ones_own_cards_and_is_narrowed_by_level_and_state(
    late: Card, cast: Cast, examiner: Actor, signed_in: SignedIn
) -> None:
    own = signed_in(examiner)
    assert "环节超时" in text(own, "/desk/cards/") and ">监察牌</a>" in text(own, "/")
    assert "没有这样的牌" in text(own, "/desk/cards/?level=red")
    assert "没有这样的牌" in text(own, "/desk/cards/?state=cancelled")
    assert "环节超时" in text(own, "/desk/cards/?level=yellow&state=issued&agency=43.market")
    assert "没有这样的牌" in text(signed_in(cast.tax_officer), "/desk/cards/")


def test_a_card_is_explained_appealed_and_cancelled_on_its_page(
    late: Card, cast: Cast, examiner: Actor, head: Actor, signed_in: SignedIn
) -> None:
    at = f"/desk/cards/{late.pk}/"
    own = signed_in(examiner)
    page = text(own, at)
    for words in ("超过环节时限4个工作日", "餐饮服务许可", "10个工作日", "领办", "王敏", "提交说明"):
        assert words in page
    assert "田野" not in page, "a card does not name the applicant"
    assert f"/desk/clocks/{late.finding['clock']}/" in page
    assert own.get(f"/desk/clocks/{late.finding['clock']}/").status_code == 200
    empty = own.post(f"{at}explain/", {"explain-text": ""})
    assert empty.status_code == 422 and "请填写" in empty.content.decode()
    assert own.post(f"{at}explain/", {"explain-text": "系统停机两日。"}).status_code == 302
    of_head = signed_in(head)
    assert "系统停机两日。" in text(of_head, at)
    assert of_head.post(f"{at}appeal/", {"appeal-text": "请撤销。"}).status_code == 302
    office = signed_in(cast.office)
    assert "作出复核决定" in text(office, at) and "作出复核决定" not in text(of_head, at)
    decided = office.post(f"{at}decide/", {"decide-answer": "cancel", "decide-reason": "停机属实。"})
    assert decided.status_code == 302
    assert "已撤销" in text(own, at) and "停机属实。" in text(own, at)
    assert text(signed_in(cast.tax_officer), at, 403)


def test_a_card_is_computed_again_on_its_page(late: Card, head: Actor, signed_in: SignedIn) -> None:
    at = f"/desk/cards/{late.pk}/"
    assert "重新计算并对照" in text(signed_in(head), at)
    assert "完全相同" in text(signed_in(head), f"{at}?again=1")


def test_officers_scores_are_shown_to_their_head_and_to_nobody_else(
    late: Card, examiner: Actor, head: Actor, signed_in: SignedIn
) -> None:
    month = f"{timezone.localtime(late.at):%Y-%m}"
    page = text(signed_in(head), f"/desk/cards/officers/?period={month}")
    assert "王敏" in page and "96" in page
    listed = f"/desk/cards/?person={quote(late.person)}&period={month}"
    assert escape(f"?person={quote(late.person, safe='')}&period={month}") in page
    assert "环节超时" in text(signed_in(head), listed)
    assert "没有这样的牌" in text(signed_in(head), listed.replace(month, "2020-01"))
    assert text(signed_in(examiner), "/desk/cards/officers/", 403)


def test_the_public_sees_agencies_and_regions_with_their_cards_and_no_officer(late: Card) -> None:
    month = f"{timezone.localtime(late.at):%Y-%m}"
    page = text(Client(), f"/supervision/?period={month}")
    assert "省市场监督管理局" in page and "湖南省" in page and "王敏" not in page
    listed = text(Client(), f"/supervision/?period={month}&agency=43.market")
    assert "环节超时" in listed and "待说明" in listed and "王敏" not in listed
    assert "环节超时" in text(Client(), f"/supervision/?period={month}&region=430000")
    assert "没有这样的牌" in text(Client(), f"/supervision/?period={month}&agency=43.market&level=red")
    assert "没有这样的牌" in text(Client(), f"/supervision/?period={month}&agency=43.market&state=cancelled")
    assert "没有出过牌" in text(Client(), "/supervision/?period=2020-Q1")
    assert "不是月份或季度" in text(Client(), "/supervision/?period=2026-13", 403)


def test_the_public_page_says_how_points_are_counted_by_which_rules_and_since_when(late: Card) -> None:
    page = text(Client(), f"/supervision/?period={timezone.localtime(late.at):%Y-%m}")
    for words in ("怎样计分", "一张红牌扣分", "平台自定，非法定", "超过法定时限", "行政许可法第32条", "起监察"):
        assert words in page
    assert f'<option value="{timezone.localtime(late.at):%Y-%m}" selected' in page
    assert f"{timezone.localtime(late.at):%Y}-Q" in page


def rows_of(client: Client, at: str) -> list[dict[str, str]]:
    answer = client.get(at)
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(answer.content.decode("utf-8-sig").splitlines()))


def test_every_published_score_follows_from_the_rows_that_its_links_give_as_files(late: Card) -> None:
    month = f"{timezone.localtime(late.at):%Y-%m}"
    (score,) = rows_of(Client(), f"/supervision/?period={month}&as=csv")
    cards = rows_of(Client(), f"/supervision/?period={month}&agency=43.market&as=csv")
    cost = {"提示": 0, "黄牌": 4, "红牌": 10}
    standing = [one for one in cards if one["情况"] != "已撤销"]
    assert float(score["得分"]) == 100 - sum(cost[one["等级"]] for one in standing)
    assert int(score["全部"]) == len(cards) and int(score["黄牌"]) == 1
    (region,) = rows_of(Client(), f"/supervision/?period={month}&by=region&as=csv")
    assert (region["区划"], region["得分"]) == ("湖南省", score["得分"])
    (link,) = re.findall(
        r'href="(/supervision/\?period=[^"]*level=yellow[^"]*)"', text(Client(), f"/supervision/?period={month}")
    )[:1]
    assert "环节超时" in text(Client(), link.replace("&amp;", "&"))


def test_cards_and_officers_scores_are_taken_away_as_files_by_who_may_see_them(
    late: Card, cast: Cast, head: Actor, signed_in: SignedIn
) -> None:
    month = f"{timezone.localtime(late.at):%Y-%m}"
    cards = {(card["规则"], card["责任人"]) for card in rows_of(signed_in(head), "/desk/cards/?as=csv")}
    assert cards == {("环节超时", "王敏")}
    (score,) = rows_of(signed_in(head), f"/desk/cards/officers/?period={month}&as=csv")
    assert (score["人员"], score["得分"]) == ("王敏", "96.0")
    assert rows_of(signed_in(cast.tax_officer), "/desk/cards/?as=csv") == []


def test_the_office_sets_since_when_there_is_supervision_and_nobody_else(
    late: Card, cast: Cast, head: Actor, signed_in: SignedIn
) -> None:
    at, office = "/desk/cards/beginning/", signed_in(cast.office)
    assert at in text(office, "/desk/cards/") and at not in text(signed_in(head), "/desk/cards/")
    assert "导入历年旧事项" in text(office, at) and "只由省级平台设定" in text(signed_in(head), at, 403)
    wrong = office.post(at, {"since": "2099-01-01", "reason": "试"})
    assert wrong.status_code == 422 and "还没有到" in wrong.content.decode()
    assert office.post(at, {"since": "2026-01-05", "reason": "旧账已清。"}).status_code == 302
    assert "2026-01-05" in text(Client(), "/supervision/")
    refused = signed_in(head).post(at, {"since": "2026-01-06", "reason": "不想监察。"})
    assert refused.status_code == 403 and "2026-01-06" not in text(Client(), "/supervision/")
