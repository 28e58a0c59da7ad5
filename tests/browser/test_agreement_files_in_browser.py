"""A file is offered under an agreement in a real browser: with scripts its progress is shown, without them it goes all the same."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Page

from shuniu.directory.models import Account
from shuniu.exchange.gateway import files
from shuniu.trust.declare import Actor
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cast import Cast, cast
from tests.exchange.conftest import catalogued
from tests.exchange.gateway.road import agree

__all__ = ["cast", "catalogued"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at(cast: Cast, catalogued: None) -> Iterator[tuple[str, str]]:
    """Where the platform is, and the page of an agreement."""
    cache.clear()
    number = agree("uscc", "name", purposes=("inspection",)).pk
    with serving() as address:
        yield address, f"{address}/desk/agreements/{number}/"
    for path in files.folder().iterdir():
        path.unlink()


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=int(actor.person.split(":")[1])))
    return client


def seen(page: Page, name: str, *, scripts: bool) -> None:
    if scripts:  # axe is one itself
        look(page)
    if folder := os.environ.get("SHUNIU_SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
        page.set_viewport_size({"width": 360, "height": 800})
        page.screenshot(path=f"{folder}/{name}-360.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_file_is_offered_and_withdrawn(at: tuple[str, str], cast: Cast, tmp_path: Path, scripts: bool) -> None:
    site, agreement = at
    (tmp_path / "湖南省企业登记信息.csv").write_bytes(b"0123456789abcdef" * 400_000)
    owner, consumer = client_of(cast.market_officer), client_of(cast.tax_officer)
    with browser() as chromium:
        with page_of(chromium, owner, site, scripts=scripts) as page:
            page.goto(agreement)
            page.get_by_role("link", name="提供文件").click()
            seen(page, "file-new", scripts=scripts)
            page.get_by_role("button", name="提供", exact=True).click()
            page.get_by_role("heading", name="有 1 处需要改正").wait_for()
            seen(page, "file-wrong", scripts=scripts)
            page.get_by_label("文件", exact=True).set_input_files(tmp_path / "湖南省企业登记信息.csv")
            page.get_by_label("保留多少天").fill("7")
            page.get_by_role("button", name="提供", exact=True).click()
            page.get_by_text("文件已提供，使用单位的机器现在起可以取用。").wait_for()
            assert page.url == agreement
            seen(page, "file-offered", scripts=scripts)
        with page_of(chromium, consumer, site, scripts=scripts) as page:
            page.goto(agreement)
            page.get_by_role("heading", name="湖南省企业登记信息.csv").wait_for()
            assert page.get_by_role("button", name="撤回").count() == 0
            seen(page, "file-taken", scripts=scripts)
        with page_of(chromium, owner, site, scripts=scripts) as page:
            page.goto(agreement)
            page.get_by_role("button", name="撤回").click()
            page.get_by_text("文件已撤回，不能再取用。").wait_for()
            seen(page, "file-withdrawn", scripts=scripts)
