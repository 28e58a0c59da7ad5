"""A department's delivery in a real browser: a bad row comes back, is mended, and all of it is accepted."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Page, expect

from shuniu.directory.models import Account
from shuniu.exchange import api as exchange
from shuniu.exchange.models import Submission
from tests.browser.chromium import browser, serving
from tests.browser.looking import look as clean
from tests.cast import Cast, cast
from tests.exchange.conftest import WORKER, catalogued, firm, registration
from tests.exchange.test_submission import many_codes

__all__ = ["cast", "catalogued"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "densely-wooded-1"
GOOD = [f"{code},湘江机械有限公司,2010-03-05,{n},存续,430102" for n, code in enumerate(many_codes(40))]


@pytest.fixture
def site(catalogued: None, cast: Cast) -> Iterator[str]:
    account = Account.objects.get(login="wangmin")
    account.set_password(PASSWORD)
    account.save()
    with serving() as address:
        yield address


@pytest.fixture
def working() -> Iterator[threading.Event]:
    """The worker of this test: processes what has been received, once it is set going."""
    going, ended = threading.Event(), threading.Event()

    def work() -> None:
        try:
            while not ended.is_set():
                for number in Submission.objects.filter(state="received").values_list("pk", flat=True):
                    if going.wait(0.1):
                        exchange.process(actor=WORKER, number=number)
                time.sleep(0.05)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    yield going
    ended.set()
    thread.join()


def sign_in(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_role("link", name="工作人员登录").click()
    page.get_by_label("登录名").fill("wangmin")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="工作台").click()


def upload(page: Page, content: str) -> None:
    page.get_by_label("数据文件").set_input_files(
        {"name": "登记.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.get_by_role("button", name="报送").click()


@pytest.mark.parametrize("javascript", [True, False])
def test_an_officer_delivers_mends_what_came_back_and_delivers_again(
    site: str, working: threading.Event, javascript: bool, tmp_path: Path
) -> None:
    with browser() as chromium:
        page = chromium.new_context(java_script_enabled=javascript, accept_downloads=True).new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        look = partial(clean, scripts=javascript)
        sign_in(page, site)
        look(page)
        page.get_by_role("link", name="报送", exact=True).click()
        look(page)
        upload(page, registration(*GOOD, firm(0, founded="2024-13-05")))
        expect(page.get_by_text("已接收，排队等待处理")).to_be_visible()
        look(page)
        working.set()
        follow(page, "退回 1 行，其余已入库", javascript=javascript)
        look(page)
        page.get_by_role("link", name="退回 1", exact=True).click()
        expect(page.get_by_text("“2024-13-05”不是日期")).to_be_visible()
        look(page)
        with page.expect_download() as download:
            page.get_by_role("link", name="下载退回清单").click()
        download.value.save_as(tmp_path / "rejects.csv")
        assert "2024-13-05" in (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
        page.get_by_role("link", name="重新报送").click()
        upload(page, registration(*GOOD, firm(0, founded="2024-12-05")))
        follow(page, "全部入库，没有退回行", javascript=javascript)
        assert said == []


def follow(page: Page, words: str, *, javascript: bool) -> None:
    """Read these words on a page that follows the worker by itself, or without JavaScript whenever it is asked again."""
    found, until = page.get_by_text(words), time.monotonic() + 15
    while not (javascript or found.is_visible()) and time.monotonic() < until:
        page.get_by_role("link", name="刷新").click()
        page.wait_for_timeout(100)
    expect(found).to_be_visible(timeout=15_000)
