"""A file is offered under an agreement in a real browser: with scripts its progress is shown, without them it goes all the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache

from shuniu.exchange.gateway import files
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cast import Cast, cast, client_of
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


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_file_is_offered_and_withdrawn(at: tuple[str, str], cast: Cast, tmp_path: Path, scripts: bool) -> None:
    site, agreement = at
    (tmp_path / "湖南省企业登记信息.csv").write_bytes(b"0123456789abcdef" * 400_000)
    owner, consumer = client_of(cast.market_officer), client_of(cast.tax_officer)
    with browser() as chromium:
        with page_of(chromium, owner, site, scripts=scripts) as page:
            page.goto(agreement)
            page.get_by_role("link", name="提供文件").click()
            look(page, "file-new", scripts=scripts)
            page.get_by_role("button", name="提供", exact=True).click()
            page.get_by_role("heading", name="有 1 处需要改正").wait_for()
            look(page, "file-wrong", scripts=scripts)
            page.get_by_label("文件", exact=True).set_input_files(tmp_path / "湖南省企业登记信息.csv")
            page.get_by_label("保留多少天").fill("7")
            page.get_by_role("button", name="提供", exact=True).click()
            page.get_by_text("文件已提供，使用单位的机器现在起可以取用。").wait_for()
            assert page.url == agreement
            look(page, "file-offered", scripts=scripts)
        with page_of(chromium, consumer, site, scripts=scripts) as page:
            page.goto(agreement)
            page.get_by_role("heading", name="湖南省企业登记信息.csv").wait_for()
            assert page.get_by_role("button", name="撤回").count() == 0
            look(page, "file-taken", scripts=scripts)
        with page_of(chromium, owner, site, scripts=scripts) as page:
            page.goto(agreement)
            page.get_by_role("button", name="撤回").click()
            page.get_by_text("文件已撤回，不能再取用。").wait_for()
            look(page, "file-withdrawn", scripts=scripts)
