"""The pages of applying: one question a page, nothing typed is lost, the counter's dense form, nobody else's draft."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from django.test import Client

from shuniu.cases.api import drafts, items
from shuniu.directory.api import system
from shuniu.directory.models import Account
from tests.cases.drafting import ALL, service
from tests.cast import Cast, SignedIn, cast, signed_in, with_posts
from tests.portal.cases import Answer, text

__all__ = ["cast", "signed_in"]

PASSWORD = "长城脚下种三棵树"


@pytest.fixture
def draft(cast: Cast) -> int:
    return drafts.start(actor=cast.citizen, item=service(), version=1)


def seen(answer: Answer) -> str:
    found = re.search(r'name="seen" value="(\d+)"', text(answer))
    assert found is not None
    return found[1]


def test_a_citizen_goes_from_page_to_page_and_checks_the_answers(cast: Cast, signed_in: SignedIn, draft: int) -> None:
    client = signed_in(cast.citizen)
    root = f"/apply/{draft}/"
    assert "待填写" in text(client.get(root))
    answer = client.post(f"{root}whom/", {"ground": "own", "seen": "0"}, follow=True)
    assert "已完成" in text(answer)
    for key, posted, onward in (
        ("shop", {"q-shop": "湘味小馆"}, "page/food/"),
        ("food", {"q-sells_food": "true"}, "page/seats/"),
        ("seats", {"q-seats": "３０"}, "page/place/"),
        ("place", {"q-founded": "2020-01-02", "q-address": "芙蓉路 1 号"}, "check/"),
    ):
        shown = client.get(f"{root}page/{key}/")
        answer = client.post(f"{root}page/{key}/", {**posted, "seen": seen(shown)})
        assert answer.headers["Location"] == root + onward
    checked = text(client.get(f"{root}check/"))
    assert "湘味小馆" in checked and ">30<" in checked and f"{root}page/seats/?back=check" in checked
    assert "还不能提交" not in checked


def test_a_wrong_answer_is_asked_again_as_it_was_typed(cast: Cast, signed_in: SignedIn, draft: int) -> None:
    client = signed_in(cast.citizen)
    answer = client.post(f"/apply/{draft}/page/place/", {"q-founded": "昨天", "q-address": "芙蓉路", "seen": "0"})
    assert answer.status_code == 422
    assert "“成立日期”不是日期，或读法不止一种。请改为 YYYY-MM-DD。" in text(answer)
    assert 'value="昨天"' in text(answer) and "芙蓉路" in text(answer)
    later = client.post(f"/apply/{draft}/page/place/", {"q-founded": "", "seen": seen(answer), "act": "later"})
    assert later.headers["Location"] == f"/apply/{draft}/"


def test_a_page_saved_elsewhere_shows_what_was_typed_and_can_be_saved_again(
    cast: Cast, signed_in: SignedIn, draft: int
) -> None:
    client = signed_in(cast.citizen)
    where = f"/apply/{draft}/page/shop/"
    client.post(where, {"q-shop": "甲店", "seen": "0"})
    stale = client.post(where, {"q-shop": "乙店", "seen": "0"})
    assert stale.status_code == 422
    assert "又在别的窗口保存过" in text(stale) and 'value="乙店"' in text(stale)
    client.post(where, {"q-shop": "乙店", "seen": seen(stale)})
    assert drafts.view(actor=cast.citizen, draft=draft).answers == {"shop": "乙店"}


def test_a_session_that_ends_in_mid_form_loses_nothing_typed(cast: Cast, signed_in: SignedIn, draft: int) -> None:
    account = Account.objects.get(login="tianye")
    account.set_password(PASSWORD)
    account.save()
    client = signed_in(cast.citizen)
    where = f"/apply/{draft}/page/shop/"
    page = client.get(where)
    del client.cookies["sessionid"]
    sent = client.post(where, {"q-shop": "湘味小馆", "seen": seen(page)})
    kept = "/kept/"
    assert sent.status_code == 302 and unquote(sent.headers["Location"]).endswith(f"?next={kept}")
    entered = client.post(sent.headers["Location"], {"login": "tianye", "password": PASSWORD, "next": kept})
    assert entered.headers["Location"] == kept
    back = client.get(kept)
    assert "湘味小馆" in text(back) and f'action="{where}"' in text(back)
    assert drafts.view(actor=cast.citizen, draft=draft).answers == {}
    client.post(where, {"q-shop": "湘味小馆", "seen": seen(page)})
    assert drafts.view(actor=cast.citizen, draft=draft).answers == {"shop": "湘味小馆"}


def test_another_person_at_the_same_browser_is_not_shown_what_was_kept(
    cast: Cast, signed_in: SignedIn, draft: int
) -> None:
    client = Client()
    where = f"/apply/{draft}/page/shop/"
    client.post(where, {"q-shop": "湘味小馆", "seen": "0"})
    client.force_login(Account.objects.get(login="xingsha"))
    answer = client.get(where)
    assert answer.status_code == 403
    assert "湘味小馆" not in text(answer)


@pytest.mark.parametrize("part", ["", "whom/", "prefill/", "page/shop/", "all/", "check/", "discard/"])
def test_nobody_opens_another_s_draft(cast: Cast, signed_in: SignedIn, draft: int, part: str) -> None:
    for who in (cast.firm, cast.market_officer, cast.office, cast.auditor):
        answer = signed_in(who).get(f"/apply/{draft}/{part}")
        assert answer.status_code == 403
        assert "餐饮服务许可" not in text(answer)
        assert signed_in(who).post(f"/apply/{draft}/{part}", {"seen": "0"}).status_code in (403, 405)
    unknown = Client().get(f"/apply/{draft}/{part}")
    assert unknown.status_code == 302 and unknown.headers["Location"].startswith("/sign-in/")


def test_the_counter_enters_the_whole_form_at_once(cast: Cast, signed_in: SignedIn) -> None:
    clerk = with_posts(cast.tax_officer, "counter_clerk")
    client = signed_in(clerk)
    number = drafts.start(actor=clerk, item=service(), version=1)
    named = client.post(f"/apply/{number}/whom/", {"ground": "own", "kind": "natural", "name": "刘老五", "seen": "0"})
    assert named.headers["Location"] == f"/apply/{number}/"
    page = client.get(f"/apply/{number}/all/")
    assert 'accesskey="s"' in text(page) and 'accesskey="1"' in text(page)
    posted = {f"q-{name}": said for name, said in ALL.items() if name not in ("seats", "sells_food")}
    partly = client.post(f"/apply/{number}/all/", {**posted, "q-sells_food": "true", "seen": seen(page)})
    assert partly.status_code == 422
    assert re.search(r'<input[^>]*name="q-seats"[^>]*autofocus', text(partly))
    whole = client.post(
        f"/apply/{number}/all/", {**posted, "q-sells_food": "true", "q-seats": "30", "seen": seen(partly)}
    )
    assert whole.headers["Location"] == f"/apply/{number}/check/"
    assert drafts.view(actor=clerk, draft=number).ready


def test_a_draft_can_be_listed_and_deleted(cast: Cast, signed_in: SignedIn, draft: int) -> None:
    client = signed_in(cast.citizen)
    assert f"/apply/{draft}/" in text(client.get("/apply/"))
    assert "不能恢复" in text(client.get(f"/apply/{draft}/discard/"))
    client.post(f"/apply/{draft}/discard/")
    assert f"/apply/{draft}/" not in text(client.get("/apply/"))
    assert "内容已经清除" in text(client.get(f"/apply/{draft}/"))


def test_a_page_that_does_not_exist_is_not_found(cast: Cast, signed_in: SignedIn, draft: int) -> None:
    assert signed_in(cast.citizen).get(f"/apply/{draft}/page/nothing/").status_code == 404


def test_an_application_begins_at_the_item_and_is_found_again_there(cast: Cast, signed_in: SignedIn) -> None:
    items.ship(actor=system("install"), items=[service()])
    client = signed_in(cast.citizen)
    where = "/apply/new/43.market/restaurant/"
    assert "开始填写" in text(client.get(where))
    begun = client.post(where)
    assert client.post(where).headers["Location"] == begun.headers["Location"]
    client.post(begun.headers["Location"] + "page/shop/", {"q-shop": "湘味小馆", "seen": "0"})
    assert begun.headers["Location"] in text(client.get(where))
    assert client.get("/apply/new/43.market/nothing/").status_code == 404
