"""Credit repair by browser: from the own report to the application, the officer's queue, the decision, the notices."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from shuniu.directory.models import Account, Appointment
from shuniu.registries import api as registries
from shuniu.registries.api.files import who_is
from shuniu.systems.credit.declare import Viewer
from shuniu.systems.credit.report import assemble
from tests.systems import credit_province
from tests.systems.credit_province import FIRM, LICENCE, NAME, OTHER, PENALTY, Case, deliver

SAID = {"corrected": "罚款已缴清", "material": "缴款书 湘财票 001 号", "commitment": "今后守法经营，同意公开本承诺。"}


def day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def account(kind: str, login: str, *, uscc: str = "", agency: str = "", role: str = "") -> Client:
    """A browser in which somebody new has signed in."""
    made = Account.objects.create(
        kind=kind, login=login, name=login, agency_id=agency or None, password="!",
        subject=registries.find_subject("uscc", uscc) if uscc else None,
    )  # fmt: skip
    if role:
        Appointment.objects.create(
            account=made, agency_id=agency, title=role, role=role, regions=["430000"], since=day(-9)
        )
    client = Client()
    client.force_login(made)
    return client


@pytest.fixture
def firm(db: None) -> Client:
    """The firm's own browser: one fact past the least time, one not, and a licence."""
    cache.clear()
    credit_province.found()
    deliver(PENALTY, Case("旧", day(-150).isoformat()).row, Case("新", day(-20).isoformat()).row)
    deliver(LICENCE, f"许一,{NAME},{FIRM},药品零售,2020-01-01,{day(10)}")
    return account("firm", "xiangjiang", uscc=FIRM)


@pytest.fixture
def officer(firm: Client) -> Client:
    return account("officer", "zhou", agency="43.market", role="repair_reviewer")


def text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return unescape(response.content.decode())


def address(number: str) -> str:
    """Where a repair of the penalty of that number is applied for."""
    who = who_is(registries.find_subject("uscc", FIRM) or 0)
    assert who is not None
    facts = assemble(who, Viewer.SUBJECT, None).facts
    fact = next(one for one in facts if dict(one.items).get("行政处罚决定书文号") == number)
    return "/credit/mine/repairs/new/?" + urlencode({"resource": PENALTY.key, "row": fact.row})


def applied(firm: Client) -> str:
    done = firm.post(address("旧"), SAID)
    assert done.status_code == 302, done.content.decode()
    return done.headers["Location"]


def test_the_own_report_leads_to_what_can_be_repaired_and_from_what_day(firm: Client) -> None:
    own = text(firm, "/credit/mine/")
    assert own.count("看条件，提申请") == 2, "two penalties; a licence is nothing to repair"
    assert "/credit/mine/repairs/" in own
    listed = text(firm, "/credit/mine/repairs/")
    assert "申请修复" in listed and "看条件" in listed and "食品安全行政处罚信息" in listed
    early = text(firm, address("新"))
    assert "现在还不能申请" in early and "最短公示期 3 个月" in early and "<textarea" not in early
    form = text(firm, address("旧"))
    assert "起可以申请" in form and form.count("<textarea") == 3 and "信用修复管理办法" in form
    assert "公开作出信用承诺" in form


def test_a_repair_goes_from_the_application_to_the_decision_and_everybody_is_told(
    firm: Client, officer: Client
) -> None:
    at = applied(firm)
    page = text(firm, at)
    assert "审核中" in page and "缴款书 湘财票 001 号" in page and "今后守法经营" in page and "旧" in page
    assert f"{at}decide/" not in page
    assert "已受理" in text(firm, "/desk/notices/") and at in text(firm, "/credit/mine/repairs/")
    assert "正在审核" in text(firm, address("旧"))
    assert at in text(officer, "/desk/repairs/")
    assert "收到对一条" in text(officer, "/desk/notices/")
    assert f"{at}decide/" in text(officer, at)
    unsaid = officer.post(f"{at}decide/", {"answer": "yes", "reason": " "})
    assert unsaid.status_code == 422 and "核查经过和理由" in unescape(unsaid.content.decode())
    assert officer.post(f"{at}decide/", {"answer": "yes", "reason": "缴款凭证属实"}).status_code == 302
    assert "没有等您决定的申请" in text(officer, "/desk/repairs/")
    page = text(firm, at)
    assert "已修复" in page and "缴款凭证属实" in page and "已经不再公示" in page
    assert "同意修复，自即日起不再公示" in text(firm, "/desk/notices/")
    public = text(Client(), f"/credit/{FIRM}/")
    assert "新" in public and "旧" not in public
    again = officer.post(f"{at}decide/", {"answer": "yes", "reason": "再来一次"})
    assert again.status_code == 200 and "已修复" in unescape(again.content.decode())


def test_a_refused_repair_says_why_and_may_be_asked_for_again(firm: Client, officer: Client) -> None:
    at = applied(firm)
    officer.post(f"{at}decide/", {"answer": "no", "reason": "罚款没有缴清"})
    assert "未予修复" in text(firm, at) and "罚款没有缴清" in text(firm, at)
    assert "再次申请" in text(firm, "/credit/mine/repairs/")
    form = text(firm, address("旧"))
    assert "未予修复" in form and "<textarea" in form
    assert applied(firm) != at


def test_what_is_left_out_is_asked_for_by_name(firm: Client) -> None:
    page = firm.post(address("旧"), {**SAID, "material": " "})
    assert page.status_code == 422
    assert "请填写证明材料" in unescape(page.content.decode())
    assert firm.post(address("新"), SAID).status_code == 200, "too early: the page says from what day"
    assert "没有申请" in text(firm, "/credit/mine/repairs/")


def test_the_period_rules_ask_for_the_mending_alone(firm: Client, settings: Settings) -> None:
    settings.RULE_PACK = "period-2010"
    form = text(firm, address("新"))
    assert "随时可以申请" in form and "公开作出信用承诺" not in form
    assert "按平台设定，未经核对" in form, "our own default is not passed off as law"
    assert firm.post(address("新"), {**SAID, "commitment": ""}).status_code == 302


def test_who_has_no_part_in_it_sees_nothing_of_it(firm: Client, officer: Client) -> None:
    at = applied(firm)
    other = account("firm", "other", uscc=OTHER)
    elsewhere = account("officer", "qian", agency="43.tax", role="repair_reviewer")
    clerk = account("officer", "sun", agency="43.market", role="data_officer")
    assert "缴款书" not in text(other, at, 403)
    assert "缴款书" not in text(elsewhere, at, 403)
    assert at not in text(elsewhere, "/desk/repairs/")
    assert elsewhere.post(f"{at}decide/", {"answer": "yes", "reason": "同意"}).status_code == 403
    seen = text(clerk, at)
    assert "缴款书" in seen and f"{at}decide/" not in seen, "the agency's officer sees it and does not decide"
    assert text(clerk, "/desk/repairs/", 403)
    assert Client().get(at).status_code == 302
    assert "没有这条可以修复" in text(other, address("旧"), 403)


def test_an_officer_with_both_posts_has_the_task_on_the_desk(firm: Client, officer: Client) -> None:
    at = applied(firm)
    both = Account.objects.get(login="zhou")
    Appointment.objects.create(
        account=both, agency_id="43.market", title="数据专员", role="data_officer", regions=["430000"], since=day(-9)
    )
    assert at in text(officer, "/desk/")
