"""Credit repair by browser: from the own report through the hall to the decision, the commitments, and repairs of before."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from shuniu.cases.api import handling, items
from shuniu.cases.models import Case as Filed
from shuniu.directory import api as directory
from shuniu.directory.models import Account
from shuniu.exchange import api as exchange
from shuniu.registries import api as registries
from shuniu.registries.api.files import who_is
from shuniu.systems.credit.declare import ITEM, Viewer
from shuniu.systems.credit.file import Fact
from shuniu.systems.credit.report import assemble
from tests.cases.papers import PDF, uploaded
from tests.cast import client_of, newcomer, with_posts
from tests.portal.reading import words
from tests.systems import credit_province
from tests.systems.credit_province import FIRM, LICENCE, NAME, OTHER, PENALTY, Case, deliver
from tests.systems.repairs import CLERK, NO, before, decided, officer

CORRECTED = {"q-corrected": "罚款已缴清", "q-corrected_on": "2026-07-01"}


def day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def firm_of(login: str, uscc: str) -> Client:
    """A browser in which a firm has signed in."""
    subject = registries.find_subject("uscc", uscc)
    made = Account.objects.create(kind="firm", login=login, name=login, password="!", subject=subject)
    return client_of(directory.actor_of(made.pk))


@pytest.fixture
def firm(db: None) -> Client:
    """The firm's own browser: one fact past the least time, one not, and a licence."""
    cache.clear()
    credit_province.found()
    items.ship(actor=directory.system("install"), items=[ITEM])
    deliver(PENALTY, Case("旧", day(-150).isoformat()).row, Case("新", day(-20).isoformat()).row)
    deliver(LICENCE, f"许一,{NAME},{FIRM},药品零售,2020-01-01,{day(10)}")
    return firm_of("xiangjiang", FIRM)


@pytest.fixture
def reviewer(firm: Client) -> Client:
    return client_of(newcomer("43.market", "repair_reviewer", login="zhou", name="zhou"))


def fact(number: str) -> Fact:
    who = who_is(registries.find_subject("uscc", FIRM) or 0)
    assert who is not None
    facts = assemble(who, Viewer.SUBJECT, None).facts
    return next(one for one in facts if dict(one.items).get("行政处罚决定书文号") == number)


def address(number: str) -> str:
    """Where a repair of the penalty of that number is begun."""
    return "/credit/mine/repairs/new/?" + urlencode({"resource": PENALTY.key, "row": fact(number).row})


def posted(client: Client, address: str, **said: str) -> str:
    """Where a post leads."""
    done = client.post(address, said)
    assert done.status_code == 302, unescape(done.content.decode())
    return done.headers["Location"]


def person() -> str:
    return f"firm:{Account.objects.get(login='xiangjiang').pk}"


def applied(firm: Client, commitment: str = "true") -> str:
    """The page of the case in which the firm asks for a repair, by every page of the hall."""
    draft = posted(firm, address("旧"))
    posted(firm, f"{draft}whom/", ground="representative", by="李四", seen="99")
    posted(firm, f"{draft}page/corrected/", **{**CORRECTED, "seen": "99"})
    posted(firm, f"{draft}page/commitment/", **{"q-commitment": commitment, "seen": "99"})
    number = draft.strip("/").rpartition("/")[2]
    proof = str(uploaded(directory.actor_of(int(person().rpartition(":")[2])), PDF, "缴款书.pdf").id)
    said = {"u-correction": proof, "u-proof-representative": proof, "act": "file"}
    receipt = posted(firm, f"/hall/cases/file/{number}/", **said)
    return receipt.removesuffix("receipt/")


def case_number(page: str) -> str:
    return page.strip("/").rpartition("/")[2]


def former(number: str = "旧") -> str:
    """The page of a repair that was asked for before it was a case."""
    who = directory.actor_of(int(person().rpartition(":")[2]))
    made = before(who, number)
    return f"/credit/repairs/{made}/"


def test_the_own_report_leads_to_what_can_be_repaired_and_from_what_day(firm: Client) -> None:
    own = words(firm, "/credit/mine/")
    assert own.count("看条件，提申请") == 2, "two penalties; a licence is nothing to repair"
    assert "/credit/mine/repairs/" in own
    listed = words(firm, "/credit/mine/repairs/")
    assert "申请修复" in listed and "看条件" in listed and "食品安全行政处罚信息" in listed
    early = words(firm, address("新"))
    assert "现在还不能申请" in early and "最短公示期 3 个月" in early and "开始申请" not in early
    open_ = words(firm, address("旧"))
    assert "起可以申请" in open_ and "开始申请" in open_ and "信用修复管理办法" in open_
    assert "公开作出信用承诺" in open_ and "/hall/guide/43.development/credit-repair/" in open_
    assert "认定单位" in words(firm, "/hall/guide/43.development/credit-repair/")


def test_a_repair_goes_from_the_report_through_the_hall_to_the_decision(firm: Client) -> None:
    page = applied(firm)
    said = words(firm, page)
    assert "罚款已缴清" in said and "省市场监督管理局" in said and "食品安全行政处罚信息 · 旧" in said
    assert page in words(firm, "/credit/mine/repairs/") and page in words(firm, "/hall/cases/").replace("'", '"')
    assert "正在办理" in words(firm, address("旧")) and "开始申请" not in words(firm, address("旧"))
    clerk = client_of(newcomer("43.market", "case_clerk", login="mali", name="mali"))
    assert f"/desk/cases/{case_number(page)}/" in words(clerk, "/desk/work/")
    decided(case_number(page))
    assert "准予" in words(firm, page)
    public = words(Client(), f"/credit/{FIRM}/")
    assert "新" in public and "旧" not in public


def test_the_form_offers_the_own_facts_by_name_and_the_fact_can_be_changed_there(firm: Client) -> None:
    draft = posted(firm, address("旧"))
    asked = words(firm, f"{draft}page/fact/")
    assert "食品安全行政处罚信息 · 旧" in asked and "· 新" not in asked and 'type="radio"' in asked


def test_a_refused_repair_says_why_and_may_be_asked_for_again(firm: Client) -> None:
    page = applied(firm)
    decided(case_number(page), NO)
    assert "只缴了一半" in words(firm, page) and "行政复议" in words(firm, page)
    assert "再次申请" in words(firm, "/credit/mine/repairs/")
    again = words(firm, address("旧"))
    assert "不予修复" in again and "开始申请" in again and page in again
    assert applied(firm) != page


def test_what_the_day_does_not_allow_is_refused_where_it_is_filed(firm: Client) -> None:
    with pytest.raises(AssertionError, match="没有作出信用承诺"):
        applied(firm, "false")
    assert not Filed.objects.exists()
    assert firm.post(address("新")).status_code == 200, "too early: the page says from what day"


def test_commitments_are_published_without_the_fact(firm: Client) -> None:
    assert "还没有公开的信用承诺" in words(Client(), "/credit/commitments/")
    page = applied(firm)
    handling.accept(actor=officer(*CLERK), number=case_number(page))
    shown = words(Client(), "/credit/commitments/")
    assert NAME in shown and FIRM in shown and "诚实守信" in shown and "食品安全" not in shown
    assert "/credit/commitments/" in words(Client(), "/credit/")


def test_the_period_rules_ask_for_the_mending_alone(firm: Client, settings: Settings) -> None:
    settings.RULE_PACK = "period-2010"
    said = words(firm, address("新"))
    assert "随时可以申请" in said and "公开作出信用承诺" not in said
    assert "按平台设定，未经核对" in said, "our own default is not passed off as law"
    assert applied(firm, "false")


def test_anothers_fact_is_not_there(firm: Client) -> None:
    other = firm_of("other", OTHER)
    assert "没有这条可以修复" in words(other, address("旧"), 403)
    assert Client().get(applied(firm)).status_code == 302


# --- repairs of before they were cases ----------------------------------------------------------------------------------


def test_a_repair_of_before_goes_on_to_its_decision(firm: Client, reviewer: Client) -> None:
    at = former()
    page = words(firm, at)
    assert "审核中" in page and "缴款书" in page and "今后守法" in page
    assert f"{at}decide/" not in page and at in words(firm, "/credit/mine/repairs/")
    assert at in words(reviewer, "/desk/repairs/") and at in words(reviewer, "/desk/work/")
    assert f"{at}decide/" in words(reviewer, at)
    unsaid = reviewer.post(f"{at}decide/", {"answer": "yes", "reason": " "})
    assert unsaid.status_code == 422 and "核查经过和理由" in unescape(unsaid.content.decode())
    assert posted(reviewer, f"{at}decide/", answer="yes", reason="缴款凭证属实") == at
    assert "没有等您决定的申请" in words(reviewer, "/desk/repairs/")
    page = words(firm, at)
    assert "已修复" in page and "缴款凭证属实" in page and "已经不再公示" in page
    assert "同意修复，自即日起不再公示" in words(firm, "/desk/notices/")
    assert "旧" not in words(Client(), f"/credit/{FIRM}/")
    again = reviewer.post(f"{at}decide/", {"answer": "yes", "reason": "再来一次"})
    assert again.status_code == 200 and "已修复" in unescape(again.content.decode())


def test_who_has_no_part_in_a_repair_of_before_sees_nothing_of_it(firm: Client, reviewer: Client) -> None:
    at = former()
    other = firm_of("other", OTHER)
    elsewhere = client_of(newcomer("43.tax", "repair_reviewer", login="qian", name="qian"))
    clerk = client_of(newcomer("43.market", "data_officer", login="sun", name="sun"))
    assert "缴款书" not in words(other, at, 403)
    assert "缴款书" not in words(elsewhere, at, 403)
    assert at not in words(elsewhere, "/desk/repairs/")
    assert elsewhere.post(f"{at}decide/", {"answer": "yes", "reason": "同意"}).status_code == 403
    seen = words(clerk, at)
    assert "缴款书" in seen and f"{at}decide/" not in seen, "the agency's officer sees it and does not decide"
    assert words(clerk, "/desk/repairs/", 403)
    assert Client().get(at).status_code == 302


def test_an_officer_with_both_posts_has_the_task_on_the_desk(firm: Client, reviewer: Client) -> None:
    at = former()
    with_posts(directory.actor_of(Account.objects.get(login="zhou").pk), "data_officer")
    assert at in words(reviewer, "/desk/")


def test_an_objection_to_a_fact_is_among_ones_own_matters_and_in_its_agencys_work(firm: Client) -> None:
    who = directory.actor_of(int(person().rpartition(":")[2]))
    raised = exchange.raise_objection(
        actor=who, resource=PENALTY.key, row=fact("新").row, item="CF_SY", claim="处罚对象不是本企业。"
    )
    mine = words(firm, "/hall/cases/")
    assert f"/desk/objections/{raised.number}/" in mine and "已提出，待受理" in mine
    assert "数据异议：食品安全行政处罚信息" in mine and "省市场监督管理局" in mine
    keeper = client_of(newcomer("43.market", "data_officer", login="sun", name="sun"))
    assert f"/desk/objections/{raised.number}/" in words(keeper, "/desk/work/")
    other = firm_of("other", OTHER)
    assert "数据异议：" not in words(other, "/hall/cases/")
