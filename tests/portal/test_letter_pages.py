"""Letters by browser: written without an account, split, answered, reopened; the accused comes to a report by no page."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from shuniu.cases.api import letter_desk as desk
from shuniu.cases.api import letters as api
from shuniu.cases.declare.letters import LetterIn, Sent
from shuniu.cases.models import Letter, LetterPart
from shuniu.directory import api as directory
from shuniu.directory.declare import ROLES
from shuniu.portal import urls
from shuniu.portal.hall import letter_urls
from shuniu.systems.petitions.declare import PETITIONS
from shuniu.trust.models import Entry
from tests.cases.letters import CLERK, COMPLAINT, MARKET, MARKET_CHIEF, REPORT
from tests.cast import Cast, SignedIn, cast, client_of, newcomer
from tests.portal.cases import text

__all__ = ["cast"]
pytestmark = pytest.mark.django_db

WRITTEN = {
    "category": "complaint", "region": "430102", "title": "超市不给退货", "text": "超市卖坏电扇不退货", "once": "a1",
    "consent": "on", "name": "田野", "contact": "13873100001",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh(cast: Cast) -> None:
    cache.clear()


def holder(agency: str, *roles: str, name: str = "某人") -> Client:
    """A browser of somebody of that agency who holds these roles."""
    region = "430102" if agency.startswith("430102") else "430000"
    return client_of(newcomer(agency, *roles, login=f"{agency}-{'-'.join(roles)}", name=name, region=region))


LETTER = COMPLAINT.model_copy(update={"text": COMPLAINT.text.replace("，也不给开发票", "")})


def sent(letter: LetterIn = LETTER) -> Sent:
    return api.send_letter(actor=directory.anonymous(), box=PETITIONS, letter=letter)


def test_anybody_writes_once_gets_number_and_code_and_follows_by_them() -> None:
    browser = Client()
    page = browser.get("/letters/new/")
    assert page.status_code == 200 and "不用登录" in text(page)
    first = browser.post("/letters/new/", WRITTEN, follow=True)
    number, code = Letter.objects.get().number, re.search(r"\b[0-9A-F]{12}\b", text(first))
    assert code is not None and number in text(first)
    assert all(code[0] not in url for url, _status in first.redirect_chain)
    browser.post("/letters/new/", {**WRITTEN, "seen": "1"})  # a second click
    assert Letter.objects.count() == 1
    seen = Client().post("/letters/follow/", {"number": number, "code": code[0]})
    assert "办理中" in text(seen) and "省市场监督管理局" in text(seen)
    wrong = Client().post("/letters/follow/", {"number": number, "code": "0"})
    assert wrong.status_code == 422 and "对不上" in text(wrong)
    assert Client().get("/letters/sent/").status_code == 302


def test_what_is_like_it_or_belongs_elsewhere_is_shown_before_sending() -> None:
    sent()
    asked = {**WRITTEN, "text": LETTER.text + "法院判决也不理"}
    shown = Client().post("/letters/new/", asked)
    assert "相近的来信" in text(shown) and "人民法院" in text(shown) and Letter.objects.count() == 1
    Client().post("/letters/new/", {**asked, "seen": "1", "once": "b2"})
    assert Letter.objects.count() == 2
    empty = Client().post("/letters/new/", {"once": "c3"})
    assert empty.status_code == 422 and "请填写标题" in text(empty)
    marked = Client().post("/letters/new/", {**WRITTEN, "text": "机密★10年 名单", "once": "d4"})
    assert marked.status_code == 422 and "国家秘密" in text(marked) and Letter.objects.count() == 2


def test_a_complaint_is_split_answered_reopened_and_answered_again() -> None:
    receipt = sent()
    at = f"/desk/letters/{receipt.number}/"
    clerk = holder("43.office", "letter_clerk")
    market, chief = holder("43.market", "letter_handler"), holder("43.market", "letter_reviewer")
    tax, tax_chief = holder("43.tax", "letter_handler"), holder("43.tax", "letter_reviewer")
    assert "分办" in text(clerk.get(at)) and "内容含“退货”“超市”" in text(clerk.get(at))
    asked = {"agency1": "43.market", "task1": "退货", "agency2": "43.tax", "task2": "发票", "agency3": "", "task3": ""}
    assert clerk.post(f"{at}split/", asked).status_code == 302
    for _round in (1, 2):
        for handler, reviewer, agency in ((market, chief, "43.market"), (tax, tax_chief, "43.tax")):
            part = str(LetterPart.objects.filter(agency=agency).latest("pk").pk)
            assert "签收" in text(handler.get(at))
            handler.post(f"{at}sign/", {"part": part})
            handler.post(f"{at}answer/", {"part": part, "answer": "已经办妥。"})
            assert "审核答复" in text(reviewer.get(at))
            reviewer.post(f"{at}review/", {"part": part, "good": "yes"})
        page = Client().post("/letters/follow/", {"number": receipt.number, "code": receipt.code})
        assert "已经办妥" in text(page) and "评价答复" in text(page)
        rated = {"do": "rate", "number": receipt.number, "code": receipt.code, "satisfied": "no"}
        wordless = Client().post("/letters/follow/", rated)
        assert wordless.status_code == 422 and "没有写明不满意的原因" in text(wordless)
        Client().post("/letters/follow/", {**rated, "words": "没有解决"})
    letter = Letter.objects.get()
    assert (letter.round, letter.state, letter.ratings.count()) == (2, "answered", 2)


def test_a_return_is_asked_and_decided_and_what_is_not_accepted_is_told_to_its_writer() -> None:
    receipt = sent()
    at = f"/desk/letters/{receipt.number}/"
    clerk, market = holder("43.office", "letter_clerk"), holder("43.market", "letter_handler")
    part = str(LetterPart.objects.get().pk)
    assert market.post(f"{at}return/", {"part": part, "reason": ""}).status_code == 422
    market.post(f"{at}return/", {"part": part, "reason": "属于税务"})
    assert "申请退单" in text(clerk.get("/desk/letters/?state=returning"))
    clerk.post(f"{at}decide/", {"part": part, "to": "43.tax"})
    assert market.get(at).status_code in (403, 404, 422) and "超市不给退货" not in text(market.get("/desk/letters/"))
    clerk.post(f"{at}decline/", {"ground": "court", "note": ""})
    seen = Client().post("/letters/follow/", {"number": receipt.number, "code": receipt.code})
    assert "不予受理" in text(seen) and "人民法院" in text(seen)
    assert clerk.post(f"{at}dance/").status_code == 404


def test_every_public_number_opens_its_list_and_a_text_only_once_it_is_confirmed() -> None:
    receipt = sent()
    sent(REPORT)
    clerk = holder("43.office", "letter_clerk")
    page = text(Client().get("/letters/"))
    assert receipt.number in page and "超市不给退货" not in page and REPORT.title not in page
    assert Client().get(f"/letters/{receipt.number}/").status_code == 404
    for href, count in re.findall(r'<li><a href="([^"]+)">[^<]+<span>(\d+)</span>', page):
        listed = text(Client().get(href.replace("&amp;", "&").partition("#")[0]))
        assert len(re.findall(r"20\d{12}", listed)) == int(count), href
    said = desk.read_letter(actor=CLERK, box=PETITIONS, number=receipt.number)
    clerk.post(f"/desk/letters/{receipt.number}/publish/", {"title": "退货难", "text": said.text})
    opened = text(Client().get(f"/letters/{receipt.number}/"))
    assert "退货难" in opened and "13873100001" not in opened and "田野" not in opened


def test_a_caller_is_entered_and_the_table_is_shown_and_tried() -> None:
    clerk = holder("43.office", "letter_clerk")
    assert clerk.get("/desk/letters/new/").status_code == 200
    made = clerk.post("/desk/letters/new/", {**WRITTEN, "channel": "telephone"})
    assert "来信已录入" in text(made) and Letter.objects.get().channel == "telephone"
    assert clerk.post("/desk/letters/new/", {**WRITTEN, "channel": "telephone"}).status_code == 302
    assert Letter.objects.count() == 1
    asked = {"category": "complaint", "region": "430102", "text": "超市", "row": "market", "to": ""}
    tried = text(clerk.post("/desk/letters/routes/", asked))
    assert "改动后有 1 封派给别的单位" in tried and Letter.objects.get().number in tried
    assert "消费维权和市场秩序" in text(clerk.get("/desk/letters/routes/"))


def test_an_officer_of_the_accused_comes_to_a_report_by_no_page_whatever_the_rights(cast: Cast) -> None:
    receipt = sent(REPORT)
    part = LetterPart.objects.get()
    accused = holder("43.market", *(role for role in ROLES if not role.endswith("administrator")))
    patterns = [f"/{one.pattern}" for one in (*letter_urls.urlpatterns, *urls.urlpatterns)]
    pages = [one.replace("<str:number>", receipt.number) for one in patterns if "letters/" in one]
    steps = ("sign", "return", "answer", "review", "decide", "split", "decline", "publish", "writer", "reporter")
    answers = [(page, accused.get(page)) for page in pages if "<" not in page]
    answers += [(page, accused.get(page)) for page in ("/desk/letters/?q=抽检", "/desk/letters/?state=handling")]
    said = {
        "part": str(part.pk), "reason": "看", "answer": "无", "good": "yes", "to": "", "agency1": "43.tax",
        "ground": "court", "title": "题", "text": "文",
    }  # fmt: skip
    answers += [(step, accused.post(f"/desk/letters/{receipt.number}/{step}/", said, follow=True)) for step in steps]
    others = [reverse("portal:case_place", args=[part.matter]), reverse("portal:work"), "/desk/", "/desk/notices/"]
    answers += [(page, accused.get(page)) for page in others]
    for page, response in answers:
        typed = page in steps or receipt.number in page  # the page may say back what the officer typed
        secrets = {REPORT.title, "走过场", REPORT.name, REPORT.contact} | (set() if typed else {receipt.number})
        for secret in secrets:
            assert secret not in text(response), page
    assert LetterPart.objects.get().state == "sent" and Letter.objects.get().published is None


def test_a_reporter_is_unsealed_only_with_the_right_and_a_reason_and_leaves_a_trace() -> None:
    at = f"/desk/letters/{sent(REPORT).number}/"
    clerk, keeper = holder("43.office", "letter_clerk"), holder("43.office", "report_keeper")
    assert REPORT.name not in text(clerk.get(at)) and "启封" not in text(clerk.get(at))
    assert REPORT.name not in text(clerk.post(f"{at}writer/"))
    assert keeper.post(f"{at}reporter/", {"reason": ""}).status_code == 422
    assert REPORT.name in text(keeper.post(f"{at}reporter/", {"reason": "核实线索"}))
    assert Entry.objects.filter(verb="cases.read_reporter", outcome="done").count() == 1


def test_a_report_sent_by_who_has_signed_in_leaves_nothing_in_the_session(cast: Cast, signed_in: SignedIn) -> None:
    citizen = signed_in(cast.citizen)
    said = {**WRITTEN, "category": "report", "accused": "43.market", "consent": ""}
    page = text(citizen.post("/letters/new/", said))
    number = Letter.objects.get().number
    assert number in page and re.search(r"\b[0-9A-F]{12}\b", page)
    assert number not in str(dict(citizen.session))
    assert set(Entry.objects.filter(verb="cases.send_letter").values_list("person", flat=True)) == {"anonymous"}


def test_who_holds_no_right_of_letters_sees_no_desk_of_them(cast: Cast, signed_in: SignedIn) -> None:
    stranger = signed_in(replace(cast.stranger))
    for page in ("/desk/letters/", "/desk/letters/routes/"):
        assert stranger.get(page).status_code == 403
    assert stranger.post("/desk/letters/new/", {**WRITTEN, "channel": "counter"}).status_code in (403, 422)
    assert Letter.objects.count() == 0


def test_the_work_list_names_a_letter_by_its_number_and_leads_to_it() -> None:
    number = sent().number
    page = text(holder("43.market", "letter_handler").get("/desk/work/"))
    assert f"群众来信 {number}" in page and f'href="/desk/letters/{number}/"' in page
    assert Letter.objects.get(number=number).object.removeprefix("letter:") not in page


def test_the_late_ones_are_found_behind_newer_letters_and_the_list_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shuniu.portal.pages.letters.SIZE", 2)
    made = [sent().number for _ in range(3)]
    LetterPart.objects.filter(letter__number=made[0]).update(sign_by="2026-01-01T00:00:00Z")
    client = holder("43.market", "letter_handler")
    page = text(client.get("/desk/letters/"))
    assert made[2] in page and made[1] in page and made[0] not in page and f"before={made[1]}" in page
    assert made[0] in text(client.get(f"/desk/letters/?before={made[1]}"))
    late = text(client.get("/desk/letters/?state=overdue"))
    assert made[0] in late and made[1] not in late


def test_a_writer_with_an_account_finds_the_letter_and_its_answer_without_the_code(
    cast: Cast, signed_in: SignedIn
) -> None:
    browser = signed_in(cast.citizen)
    receipt = browser.post("/letters/new/", {**WRITTEN, "seen": "1", "once": "own1"}, follow=True)
    letter = Letter.objects.get()
    at = f"/letters/mine/{letter.number}/"
    assert "已列在“我的来信”里" in text(receipt) and 'href="/letters/mine/"' in receipt.content.decode()
    assert at in browser.get("/letters/mine/").content.decode()
    notice = browser.get("/desk/notices/").content.decode()
    told = re.search(r'action="(/desk/notices/\d+/[^"]*)"', notice)
    assert told is not None
    assert browser.post(told[1], {"open": "1"}).headers["Location"] == at
    number = letter.parts.get().pk
    desk.sign_letter(actor=MARKET, part=number)
    desk.answer_letter(actor=MARKET, part=number, answer="已责令退货。")
    desk.review_letter(actor=MARKET_CHIEF, part=number, good=True)
    page = text(browser.get(at))
    assert "已责令退货。" in page and "评价答复" in page and WRITTEN["text"] in page
    wordless = browser.post(at, {"satisfied": "no"})
    assert wordless.status_code == 422 and "已责令退货。" in text(wordless)
    assert browser.post(at, {"satisfied": "yes"}).status_code == 302
    assert letter.ratings.get().satisfied and "评价答复" not in text(browser.get(at))
    assert signed_in(cast.firm).get(at).status_code in (403, 404)
    assert Client().get("/letters/mine/").status_code in (302, 403)


def test_a_report_written_signed_in_is_not_among_ones_own(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.citizen)
    said = {**WRITTEN, "category": "report", "seen": "1", "once": "own2", "consent": ""}
    assert "遗失不能补" in text(browser.post("/letters/new/", said))
    assert Letter.objects.get().number not in text(browser.get("/letters/mine/"))
    assert "不会出现在这里" in text(browser.get("/letters/mine/"))
