"""The pages through Django's test client: signing in, rights, an agency's accounts."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from shuniu.directory import api
from shuniu.directory.models import Account
from shuniu.directory.signing_in.api import passwords
from shuniu.trust.models import Entry
from tests.cast import Cast, SignedIn, number
from tests.directory.signing_in.hands import PASSWORD, shown


def test_a_code_sets_a_password_and_a_password_signs_in_and_out(cast: Cast, client: Client) -> None:
    made = api.reset_access(actor=cast.market_admin, account=number(cast.market_officer))
    asked = {"login": "wangmin", "code": made.code, "password": PASSWORD, "next": "/rights/"}
    answer = client.post("/enrol/", asked)
    assert (answer.status_code, answer["Location"]) == (302, "/rights/")
    assert "王敏" in shown(client.get("/rights/"))
    assert client.post("/sign-out/")["Location"] == "/"
    assert client.get("/rights/")["Location"] == "/sign-in/?next=%2Frights%2F"
    wrong = client.post("/sign-in/", {"login": "wangmin", "password": "wrong-password"})
    assert wrong.status_code == 422 and "登录名、密码或激活码不正确" in shown(wrong)
    assert "wrong-password" not in shown(wrong)
    for page in (wrong, client.get("/sign-in/"), client.get("/enrol/")):
        assert "个人和企业请带身份证件到政务服务窗口领取激活码。" in shown(page), "who has no agency is told where"
    right = client.post("/sign-in/", {"login": "wangmin", "password": PASSWORD, "next": "https://evil.example/"})
    assert right["Location"] == "/start/"
    done = Entry.objects.filter(verb__in=["directory.enrol", "directory.sign_in", "directory.sign_out"])
    assert [entry.outcome for entry in done.order_by("id")] == ["done", "done", "refused", "done"]


def test_signing_out_takes_a_post_and_sign_in_pages_are_never_kept(client: Client, db: None) -> None:
    assert client.get("/sign-out/").status_code == 405
    assert "no-store" in client.get("/sign-in/")["Cache-Control"]
    assert client.get("/enrol/").status_code == 200


def test_the_hint_names_the_length_that_the_dated_rule_asks_for(
    cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(cast.market_officer)
    for path in ("/enrol/", "/password/"):
        assert "至少 10 位，" in shown(client.get(path))
    monkeypatch.setattr(passwords, "dated", {"account.password.min_length": 14}.__getitem__)
    for path in ("/enrol/", "/password/"):
        assert "至少 14 位，" in shown(client.get(path))
    assert "至少应有 14 位" in shown(client.post("/password/", {"old": PASSWORD, "new": "thirteen-long"}))


def test_an_agency_that_nobody_watches_over_is_told_so(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.market_admin)
    assert "没有数据保护专员" in shown(client.get("/accounts/"))
    account = int(cast.market_cataloguer.person.partition(":")[2])
    role = "data_protection_officer"
    api.appoint(actor=cast.market_admin, account=account, role=role, regions=["430000"])
    assert "没有数据保护专员" not in shown(client.get("/accounts/"))


def test_an_actor_costs_one_query_and_an_anonymous_reader_none(
    cast: Cast, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert Client().get("/sign-in/").status_code == 200
    client = signed_in(cast.market_officer)
    with django_assert_num_queries(2):  # the session, and the actor
        assert client.get("/start/").status_code == 302


def test_a_session_ends_when_the_password_changes_or_the_account_is_closed(cast: Cast, signed_in: SignedIn) -> None:
    here, there = signed_in(cast.market_officer), signed_in(cast.market_officer)
    api.reset_access(actor=cast.market_admin, account=number(cast.market_officer))
    assert here.get("/rights/").status_code == there.get("/rights/").status_code == 302
    other = signed_in(cast.tax_officer)
    api.close_account(actor=cast.tax_admin, account=number(cast.tax_officer), reason="退休")
    assert other.get("/rights/").status_code == 302


def test_changing_the_password_keeps_this_session_and_ends_the_others(cast: Cast) -> None:
    made = api.reset_access(actor=cast.market_admin, account=number(cast.market_officer))
    here, there = Client(), Client()
    here.post("/enrol/", {"login": "wangmin", "code": made.code, "password": PASSWORD})
    there.post("/sign-in/", {"login": "wangmin", "password": PASSWORD})
    short = here.post("/password/", {"old": PASSWORD, "new": "short"})
    assert short.status_code == 422 and "至少应有 10 位" in shown(short)
    changed = here.post("/password/", {"old": PASSWORD, "new": "另一个更长的密码-2027"})
    assert changed["Location"] == "/rights/"
    assert here.get("/rights/").status_code == 200
    assert there.get("/rights/").status_code == 302


def test_ones_own_rights_say_from_which_post_and_where(cast: Cast, signed_in: SignedIn) -> None:
    page = shown(signed_in(cast.county_clerk).get("/rights/"))
    assert "县区经办" in page and "湖南省长沙市芙蓉区" in page and "每个账号都有" in page
    assert "您现在没有岗位" in shown(signed_in(cast.stranger).get("/rights/"))
    assert "您现在没有岗位" in shown(signed_in(cast.citizen).get("/rights/"))


def test_an_administrator_makes_appoints_and_closes_by_page(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.market_admin)
    made = client.post("/accounts/", {"login": "qianduo", "name": "钱多"})
    assert re.search(r"<code>[A-Z2-7]{4}(-[A-Z2-7]{4}){3}</code>", shown(made))
    account = Account.objects.get(login="qianduo").pk
    page = f"/accounts/{account}/"
    offered = shown(client.get(page))
    assert 'value="data_officer"' in offered and 'value="auditor"' not in offered
    refused = client.post(page, {"act": "appoint", "role": "data_officer", "regions": "44", "title": ""})
    assert refused.status_code == 422 and "不在单位所在区划" in shown(refused)
    asked = {"act": "appoint", "role": "data_officer", "regions": "430100，431000", "title": "登记数据专员"}
    assert client.post(page, asked)["Location"] == page
    assert "登记数据专员" in shown(client.get(page))
    assert api.actor_of(account).regions == ("430100", "431000")
    (post,) = api.own_posts(api.actor_of(account))
    client.post(page, {"act": "end", "post": post.id})
    assert not api.actor_of(account).regions
    assert "一次性激活码" in shown(client.post(page, {"act": "code"}))
    assert client.post(page, {"act": "close", "reason": ""}).status_code == 422
    client.post(page, {"act": "close", "reason": "调离"})
    assert "已停用" in shown(client.get(page))
    taken = client.post("/accounts/", {"login": "wangmin", "name": "王敏"})
    assert taken.status_code == 422 and "已被使用" in shown(taken)


def test_an_agencys_accounts_are_searched_and_other_agencies_are_closed_to_it(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.market_admin)
    page = shown(client.get("/accounts/?text=李华"))
    assert "lihua" in page and "zhaoyun" not in page
    beyond = client.get(f"/accounts/?page={'9' * 18}")
    assert beyond.status_code == 200 and "lihua" not in shown(beyond)
    refused = client.get("/accounts/?agency=43.tax")
    assert refused.status_code == 403 and "只能在本单位范围内" in shown(refused)
    assert client.get(f"/accounts/{number(cast.tax_officer)}/").status_code == 403
    assert client.get("/accounts/999999999/").status_code == 403, (
        "as another agency's: what there is not is not told apart"
    )
    assert "zhoujie" in shown(signed_in(cast.security).get("/accounts/?agency=43.tax"))


def test_who_administers_all_agencies_chooses_one_and_stays_there_while_searching(
    cast: Cast, signed_in: SignedIn
) -> None:
    page = shown(signed_in(cast.system_admin).get("/accounts/"))
    for agency, name in (("43.tax", "省税务局"), ("43.office", "省政务信息化办公室")):
        assert re.search(rf'<option value="{agency}"[^>]*>{name}</option>', page), agency
    found = shown(signed_in(cast.system_admin).get("/accounts/?agency=43.tax&text=周"))
    search = found.partition('<form class="filters" action=""')[2].partition("</form>")[0]
    assert '<option value="43.tax" selected>' in search and "43.market" not in search
    assert "zhoujie" in found and "wufang" not in found
    own = shown(signed_in(cast.market_admin).get("/accounts/"))
    assert "<select" not in own and "43.tax" not in own


def test_who_has_not_the_right_reads_which_and_what_to_do(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.market_officer).get("/accounts/")
    assert page.status_code == 403
    assert "没有“查看单位账号”的权限" in shown(page) and "联系本单位管理员" in shown(page)
    answer = signed_in(cast.market_officer).get("/accounts/", headers={"accept": "application/json"})
    assert answer["Content-Type"] == "application/problem+json"
    assert Client().get("/accounts/")["Location"] == "/sign-in/?next=%2Faccounts%2F"
