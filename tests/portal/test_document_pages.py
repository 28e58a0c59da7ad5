"""公文 at the desk by browser: written, signed by two agencies, numbered, sent, received, handled; 信息; 督查."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from shuniu.cases.models import Dispatch, Document, GivenNumber, TaskGrade
from shuniu.directory.models import Account
from shuniu.notices.models import Notice
from tests.cast import Cast, cast, client_of, newcomer
from tests.portal.reading import words

__all__ = ["cast"]
pytestmark = pytest.mark.django_db

TITLE = "关于做好年度报告公示工作的通知"
WRITTEN = {
    "kind": "通知", "title": TITLE, "code": "湘市监发", "urgency": "加急",
    "to": ["43.tax"], "copies": ["43.office"], "body": "现就有关事项通知如下。\n一、按时公示。", "attachments": "公示格式",
    "note": "",
}  # fmt: skip
AT = "/desk/documents/"


@pytest.fixture(autouse=True)
def _fresh(cast: Cast) -> None:
    cache.clear()


def holder(login: str, agency: str, role: str, region: str = "430000") -> Client:
    """A browser of somebody of that agency who deals with documents."""
    return client_of(newcomer(agency, role, login=login, name=login, region=region))


@pytest.fixture
def author() -> Client:
    return holder("author", "43.market", "document_clerk")


@pytest.fixture
def reviewer() -> Client:
    return holder("reviewer", "43.market", "document_clerk")


@pytest.fixture
def chief() -> Client:
    return holder("chief", "43.market", "document_signer")


@pytest.fixture
def tax_clerk() -> Client:
    return holder("taxclerk", "43.tax", "document_clerk")


@pytest.fixture
def tax_chief() -> Client:
    return holder("taxchief", "43.tax", "document_signer")


def do(client: Client, address: str, said: Mapping[str, object] | None = None, status: int = 302) -> str:
    """Post a step; what the page then says."""
    response = client.post(address, said or {})
    page = unescape(response.content.decode())
    assert response.status_code == status, re.sub(r"<[^>]+>|\s+", " ", page)[:2000]
    return page


def written(author: Client, said: Mapping[str, object] | None = None, sort: str = "outgoing") -> int:
    do(author, f"{AT}new/{sort}/", {**WRITTEN, **(said or {})})
    return Document.objects.latest("pk").pk


def agreed(client: Client, number: int, stage: str, opinion: str = "", answer: str = "同意") -> None:
    do(client, f"{AT}{number}/do/answer-{stage}/", {"stage": stage, "answer": answer, "opinion": opinion})


def signed(author: Client, reviewer: Client, chief: Client) -> int:
    number = written(author)
    do(author, f"{AT}{number}/do/submit/")
    agreed(reviewer, number, "review", "情况属实")
    agreed(chief, number, "sign", "请印发")
    return number


def test_two_agencies_sign_and_the_last_signature_gives_the_number(
    author: Client, reviewer: Client, chief: Client, tax_clerk: Client, tax_chief: Client
) -> None:
    number = written(author)
    at = f"{AT}{number}/"
    assert "送审" in words(author, at) and "签发时编号" in words(author, at)
    do(author, f"{at}do/submit/", {"countersign": ["43.tax"], "joint": ["43.tax"]})
    assert "现在等待：审核：省市场监督管理局" in words(author, at)
    agreed(reviewer, number, "review", "情况属实")
    assert "提交会签意见" in words(tax_clerk, at) and "提交会签意见" not in words(reviewer, at)
    agreed(tax_clerk, number, "countersign", "无不同意见")
    agreed(chief, number, "sign", "请印发")
    assert not GivenNumber.objects.exists()
    agreed(tax_chief, number, "sign", "同意联合行文")
    page = words(author, at)
    assert f"湘市监发〔{timezone.localdate().year}〕1号" in page and "chief、taxchief" in page
    for said in ("省税务局 · taxclerk", "无不同意见", "同意联合行文", "未加盖电子印章"):
        assert said in page
    assert author.get(f"{at}document.pdf").content[:5] == b"%PDF-"


def test_a_draft_is_mended_between_rounds_and_the_versions_are_compared_in_words(
    author: Client, reviewer: Client
) -> None:
    number = written(author)
    do(author, f"{AT}{number}/do/submit/")
    assert "须写明理由" in words(reviewer, f"{AT}{number}/")
    refused = do(reviewer, f"{AT}{number}/do/answer-review/", {"stage": "review", "answer": "不同意"}, 422)
    assert "summary-error" in refused
    agreed(reviewer, number, "review", "缺少依据", "不同意")
    form = words(author, f"{AT}{number}/edit/")
    assert "一、按时公示。" in form and re.search(r'value="43.tax"[^>]*checked', form)
    do(author, f"{AT}{number}/edit/", {**WRITTEN, "body": "根据条例通知如下。\n一、按时公示。"})
    page = words(author, f"{AT}{number}/")
    assert "<del>现就有关事项通知如下。</del>" in page and "<ins>根据条例通知如下。</ins>" in page
    assert "删去：" in page and "增加：" in page and "<ins>一、按时公示。</ins>" not in page
    assert "第 1 稿（author" in page and "缺少依据" in page
    same = words(author, f"{AT}{number}/?old=2&new=2")
    assert "<del>" not in same


def test_what_may_not_be_submitted_or_kept_is_refused_beside_what_was_typed(author: Client) -> None:
    wrong = do(author, f"{AT}new/outgoing/", {**WRITTEN, "title": ""}, 422)
    assert "请填写标题" in wrong and "一、按时公示。" in wrong
    marked = do(author, f"{AT}new/outgoing/", {**WRITTEN, "body": "密级：机密\n内容"}, 422)
    assert "summary-error" in marked and not Document.objects.exists()
    assert Notice.objects.filter(capability="exchange.read_secrecy_alert").exists()
    number = written(author, {"title": "年度报告公示"})
    assert "为题" in do(author, f"{AT}{number}/do/submit/", status=422)


def test_a_document_is_sent_chased_signed_for_and_given_back(
    author: Client, reviewer: Client, chief: Client, tax_clerk: Client
) -> None:
    number = signed(author, reviewer, chief)
    office = holder("officeclerk", "43.office", "document_clerk")
    do(author, f"{AT}{number}/do/send/", {"to": ["43.tax"]})
    do(author, f"{AT}{number}/do/send/")
    assert set(Dispatch.objects.values_list("agency", flat=True)) == {"43.tax", "43.office"}
    Dispatch.objects.update(due=timezone.localdate() - timedelta(days=1))
    assert "逾期未签收" in words(author, f"{AT}{number}/")
    do(author, f"{AT}{number}/do/chase/")
    assert "已催 1 次" in words(author, f"{AT}{number}/")
    assert Notice.objects.filter(agency="43.tax", text__contains="催收公文").count() == 1
    to_tax, to_office = (Dispatch.objects.get(agency=one) for one in ("43.tax", "43.office"))
    assert "已逾期" in words(tax_clerk, f"{AT}incoming/?state=late")
    do(tax_clerk, f"{AT}incoming/{to_tax.pk}/receive/", {"digest": to_tax.digest})
    assert "请填写退文理由" in do(office, f"{AT}incoming/{to_office.pk}/return/", status=422)
    do(office, f"{AT}incoming/{to_office.pk}/return/", {"reason": "不属于本单位职责"})
    page = words(author, f"{AT}{number}/")
    assert "taxclerk" in page and "不属于本单位职责" in page
    assert "1 / 2 已签收" in words(author, AT)
    assert "已退文" in words(office, f"{AT}incoming/?state=returned")
    assert office.get(f"{AT}incoming/{to_tax.pk}/").status_code == 403


def test_what_came_is_proposed_instructed_circulated_handled_and_filed(
    author: Client, reviewer: Client, chief: Client, tax_clerk: Client, tax_chief: Client
) -> None:
    number = signed(author, reviewer, chief)
    do(author, f"{AT}{number}/do/send/", {"to": ["43.tax"]})
    came = Dispatch.objects.get()
    at = f"{AT}incoming/{came.pk}/"
    assert "签收和办理" in words(tax_clerk, f"{AT}{number}/")
    do(tax_clerk, f"{at}receive/", {"digest": came.digest})
    do(tax_clerk, f"{at}answer-propose/", {"stage": "propose", "answer": "同意", "opinion": "拟请征管处承办"})
    assert TITLE in words(tax_chief, f"{AT}waiting/")
    assert "没有等您办理" in words(tax_chief, f"{AT}waiting/?q=别的")
    do(tax_chief, f"{at}answer-instruct/", {"stage": "instruct", "answer": "同意", "opinion": "请征管处阅办"})
    reader = Account.objects.get(login="taxchief")
    do(tax_clerk, f"{at}circulate/", {"to": [f"officer:{reader.pk}"], "note": "请阅"})
    do(tax_chief, f"{at}read/")
    do(tax_clerk, f"{at}answer-handle/", {"stage": "handle", "answer": "同意", "opinion": "已转发各市"})
    do(tax_clerk, f"{at}answer-file/", {"stage": "file", "answer": "同意"})
    page = words(tax_clerk, at)
    for said in ("拟请征管处承办", "请征管处阅办", "已转发各市", "已办结", "传阅给谁"):
        assert said in page
    assert TITLE in words(tax_chief, f"{AT}done/")
    assert "情况属实" not in page  # the sender's own opinions stay at home


def test_lists_are_searched_by_title_and_by_number_and_narrowed_by_state(
    author: Client, reviewer: Client, chief: Client, tax_clerk: Client
) -> None:
    number = signed(author, reviewer, chief)
    written(author, {"title": "关于开展抽查的通知"})
    year = timezone.localdate().year
    for asked, found in (("q=公示", 1), ("q=通知", 2), (f"q=湘市监发〔{year}〕1号", 1), (f"q=湘市监发〔{year}〕2号", 0),
                         ("state=signed", 1), ("state=unsigned", 1), ("state=void", 0)):  # fmt: skip
        assert len(set(re.findall(r'href="/desk/documents/(\d+)/"', words(author, f"{AT}?{asked}")))) == found, asked
    assert TITLE not in words(tax_clerk, AT)
    assert tax_clerk.get(f"{AT}{number}/").status_code == 403


def test_information_goes_up_and_is_adopted_without_a_number(author: Client, reviewer: Client) -> None:
    chief = holder("officechief", "43.office", "document_signer")
    number = written(author, {"title": "一季度市场主体增长情况", "to": ["43.office"]}, "information")
    do(author, f"{AT}{number}/do/submit/")
    agreed(reviewer, number, "check", "数据已核")
    assert "一季度市场主体增长情况" in words(chief, f"{AT}information/")
    agreed(chief, number, "adopt", "拟刊发")
    page = words(author, f"{AT}{number}/")
    assert "办结" in page and "拟刊发" in page and not GivenNumber.objects.exists()


def test_a_matter_is_supervised_answered_by_several_agencies_checked_and_evaluated(
    author: Client, reviewer: Client, chief: Client, tax_clerk: Client
) -> None:
    county = holder("county", "430102.market", "document_clerk", "430102")
    day = timezone.localdate()
    tasks = {
        "agency1": "43.tax", "what1": "报送减税清单", "due1": day.isoformat(), "agency2": "430102.market",
        "what2": "核查食品摊点", "due2": (day + timedelta(days=3)).isoformat(), "agency3": "", "what3": "", "due3": "",
    }  # fmt: skip
    assert "没有写全" in do(author, f"{AT}new/supervision/", {**WRITTEN, **tasks, "what2": ""}, 422)
    number = written(author, {"title": "优化营商环境专项督查", **tasks}, "supervision")
    at = f"{AT}{number}/"
    do(author, f"{at}do/submit/")
    assert county.get(at).status_code == 403  # nothing is handed out before it is taken up
    agreed(chief, number, "approve", "同意立项")
    assert "优化营商环境专项督查" in words(county, f"{AT}supervision/")
    said = {"stage": "handle", "answer": "同意"}
    assert "请填写办理情况" in do(tax_clerk, f"{at}do/task-0-handle/", said, 422)
    do(tax_clerk, f"{at}do/task-0-handle/", {**said, "opinion": "清单已报"})
    do(reviewer, f"{at}do/task-0-check/", {"stage": "check", "answer": "不同意", "opinion": "缺少附表"})
    do(tax_clerk, f"{at}do/task-0-handle/", {**said, "opinion": "清单和附表已报"})
    do(reviewer, f"{at}do/task-0-check/", {"stage": "check", "answer": "同意"})
    do(county, f"{at}do/task-1-handle/", {**said, "opinion": "已核查 12 处"})
    assert "办结评价" not in words(chief, at).split("审签意见")[-1]
    do(author, f"{at}do/task-1-check/", {"stage": "check", "answer": "同意"})
    grades = {"grade:43.tax": "基本完成", "words:43.tax": "补报一次", "grade:430102.market": "完成"}
    assert do(chief, f"{at}do/close/", {"grade:43.tax": "完成"}, 422)
    do(chief, f"{at}do/close/", grades)
    page = words(author, at)
    assert "清单和附表已报" in page and "基本完成：补报一次" in page and "已反馈，通过" in page
    assert TaskGrade.objects.count() == 2
    assert county.get(at).status_code == 200


def test_a_step_that_somebody_else_has_taken_is_refused_with_the_way_back(author: Client, reviewer: Client) -> None:
    number = written(author)
    do(author, f"{AT}{number}/do/submit/")
    agreed(reviewer, number, "review")
    again = reviewer.post(f"{AT}{number}/do/answer-review/", {"stage": "review", "answer": "同意"})
    assert again.status_code >= 400 and "可能已经由他人办理" in again.content.decode()
    assert author.post(f"{AT}{number}/do/answer-sign/", {"stage": "sign", "answer": "同意"}).status_code >= 400


def test_who_has_no_right_to_documents_sees_none(cast: Cast, author: Client) -> None:
    number, other = written(author), Client()
    other.force_login(Account.objects.get(login="wangmin"))
    for address in (AT, f"{AT}incoming/", f"{AT}waiting/", f"{AT}done/", f"{AT}new/outgoing/", f"{AT}{number}/"):
        assert other.get(address).status_code == 403, address
    assert Client().get(AT).status_code in (302, 401, 403)


def test_the_work_list_calls_a_document_by_its_title(author: Client, reviewer: Client) -> None:
    number = written(author)
    do(author, f"{AT}{number}/do/submit/")
    page = words(reviewer, "/desk/work/")
    assert TITLE in page and f'href="{AT}{number}/"' in page and f"公文 第 {number} 号" not in page


def test_a_list_that_is_cut_says_so(author: Client, reviewer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    do(author, f"{AT}{written(author)}/do/submit/")
    assert "只列" not in words(reviewer, f"{AT}waiting/")
    monkeypatch.setattr("shuniu.portal.pages.document_lists._MOST_TASKS", 1)
    do(author, f"{AT}{written(author, {'title': '第二份通知'})}/do/submit/")
    assert "只列最先到期的 1 件" in words(reviewer, f"{AT}waiting/")
