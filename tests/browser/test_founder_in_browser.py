"""A founder files a life event in a real browser: from the questions that decide to every agency's branch; clean for axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from shuniu.cases.api import draft_facts, drafts
from shuniu.cases.declare.draft import Whom
from shuniu.cases.models import BundleDraft, Case
from shuniu.trust.declare import Actor
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cases.founding import COMPANY, KEY, SEAL, desk, shipped, typed
from tests.cases.papers import PDF, uploaded
from tests.cast import Cast, SignedIn, cast, signed_in

__all__ = ["cast", "shipped", "signed_in"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shipped")]


def filled(actor: Actor, draft: int) -> None:
    """What the pages of the form do, one by one, as tests/browser/test_apply_in_browser.py shows."""
    draft_facts.name_applicant(actor=actor, draft=draft, whom=Whom(), seen=0)
    found = drafts.view(actor=actor, draft=draft)
    pages = [one.key for one in found.form.form.pages]
    drafts.save_page(actor=actor, draft=draft, pages=pages, posted=typed(draft, actor), seen=found.version)


def begin(page: Page, site: str) -> None:
    page.goto(f"{site}/hall/events/{KEY}/")
    for question in ("开业时就雇用职工吗", "马上要开发票吗"):
        page.get_by_role("group", name=question).get_by_label("是", exact=True).check()
    page.get_by_role("button", name="看要办哪些").click()
    look(page)
    page.get_by_role("link", name="开始办理").click()
    look(page)
    page.get_by_role("button", name="开始填写").click()
    expect(page.get_by_role("heading", name="开办企业")).to_be_visible()


def file(page: Page, site: str, draft: int) -> None:
    page.goto(f"{site}/apply/{draft}/check/")
    page.get_by_role("button", name="确认提交").click()
    expect(page.get_by_text("还缺 3 份材料")).to_be_visible()
    look(page)
    for title in ("居民身份证", "公司章程", "住所使用证明"):
        one = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=title, exact=True))
        one.get_by_label(f"{title}.pdf").check()
    page.get_by_role("button", name="提交申请").press("Enter")
    expect(page.get_by_text("6 个事项，已办结 0 个")).to_be_visible()
    expect(page.get_by_text("等“公司设立登记”准予后自动开始")).to_have_count(4)
    look(page)


def test_a_founder_answers_once_files_once_and_sees_every_agency(cast: Cast, signed_in: SignedIn) -> None:
    founder = cast.citizen
    client = signed_in(founder)
    for at, title in enumerate(("居民身份证", "公司章程", "住所使用证明")):
        uploaded(founder, PDF + str(at).encode(), f"{title}.pdf")
    with serving() as site, browser() as chromium, page_of(chromium, client, site) as page:
        begin(page, site)
    draft = BundleDraft.objects.get().draft_id
    filled(founder, draft)
    with serving() as site, browser() as chromium, page_of(chromium, client, site) as page:
        file(page, site, draft)
        address = page.url.removeprefix(site)
    desk(cast, COMPANY).answer(Case.objects.get(item=COMPANY).number, granted=True)
    desk(cast, SEAL).answer(Case.objects.get(item=SEAL).number, granted=False)
    with serving() as site, browser() as chromium, page_of(chromium, client, site) as page:
        page.goto(f"{site}{address}")
        expect(page.get_by_text("6 个事项，已办结 2 个")).to_be_visible()
        expect(page.get_by_text("受理 省人社厅")).to_be_visible()
        look(page)
        page.get_by_role("link", name="不办了，撤回整件事").click()
        page.get_by_label("撤回理由").fill("不开了")
        page.get_by_role("button", name="撤回申请").press("Enter")
        expect(page.get_by_text("申请已撤回")).to_be_visible()
