"""代办委托: the pages on which it is given, accepted, looked at and ended, and the question in whose name."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from shuniu.cases.api import filing
from shuniu.cases.declare.draft import Ground, Whom
from shuniu.directory.models import Delegation
from shuniu.trust.declare import Actor
from tests.cases.filing import ITEM, drafted, published
from tests.cast import Cast, cast
from tests.directory.delegating.people import browser_of, citizen, given, in_days

__all__ = ["cast", "published"]
pytestmark = pytest.mark.usefixtures("published")


@pytest.fixture
def helper(cast: Cast) -> Actor:
    return citizen("tangqiao", "唐巧", 7_000_003)


def shown(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return unescape(answer.content.decode())


def fields(**more: object) -> dict[str, object]:
    return {
        "login": "tangqiao", "name": "唐巧", "acts": ["file"], "items": "餐饮", "until": in_days(30).isoformat()
    } | more  # fmt: skip


def test_a_firm_gives_it_its_employee_accepts_and_files_and_both_read_what_was_done(cast: Cast, helper: Actor) -> None:
    firm, _sitting = browser_of(cast.firm)
    assert "没有委托过别人" in shown(firm, "/hall/delegations/")
    where = firm.post("/hall/delegations/new/", fields())["Location"]
    page = shown(firm, where)
    assert "等对方接受后生效" in page and "待接受" in page and ITEM.title in page and "撤销委托" in page
    taker, _sitting = browser_of(helper)
    assert "星沙演示有限公司" in shown(taker, "/hall/delegations/")
    assert "接受委托" in shown(taker, where) and "不接受" in shown(taker, where)
    taker.post(where, {"act": "accept"})
    made = Delegation.objects.get().pk
    whom = shown(taker, f"/apply/{drafted(helper)}/whom/")
    assert f"为星沙演示有限公司代办：第 {made} 号委托" in whom
    number = filing.file(actor=helper, draft=drafted(helper, Whom(ground=Ground.DELEGATE, delegation=made))).number
    for browser in (firm, taker):
        page = shown(browser, where)
        assert "提交申请" in page and number in page and "唐巧" in page
        assert f"由 唐巧 代办（第 {made} 号委托）" in shown(browser, f"/hall/cases/{number}/")
    firm.post(where, {"act": "end"})
    assert "已终止" in shown(firm, where) and "撤销委托" not in shown(firm, where)
    assert taker.get(f"/hall/cases/{number}/").status_code == 403
    assert "不必重复办理" in unescape(taker.post(where, {"act": "end"}, follow=True).content.decode())


def test_the_question_in_whose_name_takes_a_delegation(cast: Cast, helper: Actor) -> None:
    made = given(cast.firm, helper)
    taker, _sitting = browser_of(helper)
    draft = drafted(helper)
    path = f"/apply/{draft}/whom/"
    assert taker.post(path, {"ground": f"delegate:{made}", "seen": "9"}).status_code == 302
    assert re.search(rf'value="delegate:{made}"[^>]* checked', shown(taker, path))
    assert taker.post(path, {"ground": "delegate:999", "seen": "9"}).status_code == 422


def test_giving_asks_for_a_fresh_second_factor_and_officers_give_none(cast: Cast, helper: Actor) -> None:
    stale, _sitting = browser_of(cast.citizen, 20)
    assert stale.get("/hall/delegations/new/")["Location"].startswith("/sign-in/confirm/?next=")
    assert stale.post("/hall/delegations/new/", fields())["Location"].startswith("/sign-in/confirm/")
    officer, _sitting = browser_of(cast.market_officer)
    assert officer.get("/hall/delegations/new/").status_code == 403
    assert officer.get("/hall/delegations/").status_code == 403
    assert Client().get("/hall/delegations/")["Location"].startswith("/sign-in/")
    assert not Delegation.objects.exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"login": ""}, "请填写对方的登录名"),
        ({"name": "别人"}, "没有登录名和姓名（名称）都相符的"),
        ({"acts": []}, "请选择让对方办什么"),
        ({"items": "没有的事项"}, "没有事项“没有的事项”"),
        ({"until": "2020-01-01"}, "已经过去"),
        ({"until": "2999-01-01"}, "委托最长 365 天"),
        ({"until": ""}, "请填写到哪一天为止"),
    ],
)
def test_a_wrong_answer_is_said_beside_its_field(cast: Cast, helper: Actor, more: dict[str, object], said: str) -> None:
    browser, _sitting = browser_of(cast.citizen)
    answer = browser.post("/hall/delegations/new/", fields(**more))
    assert answer.status_code == 422 and said in unescape(answer.content.decode())


def test_a_stranger_sees_none_of_it(cast: Cast, helper: Actor) -> None:
    where = f"/hall/delegations/{given(cast.citizen, helper)}/"
    stranger, _sitting = browser_of(cast.firm)
    assert stranger.get(where).status_code == 403
    assert stranger.post(where, {"act": "end"}).status_code == 403
    assert Delegation.objects.get().ended is None
