"""The auditor walks from a number to the right of that day, in a real browser; axe clean, at a phone's width too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from shuniu.directory import api as directory
from shuniu.trust import api as trust
from shuniu.trust.evidence import api as evidence
from shuniu.trust.evidence import file, stamps, verify
from tests.browser.chromium import browser, serving
from tests.browser.looking import look, page_of
from tests.cast import Cast, cast, client_of
from tests.exchange.conftest import Deliver, catalogued, deliver, firm, registration
from tests.trust import evidence_files as files
from tests.trust.test_evidence_witnesses import crossed
from tests.trust.test_journal_verify import emptied

__all__ = ["cast", "catalogued", "deliver"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(cast: Cast, catalogued: None) -> Iterator[str]:
    cache.clear()
    with serving() as address:
        yield address


def test_the_auditor_walks_from_a_submission_to_the_right_of_that_day(site: str, cast: Cast, deliver: Deliver) -> None:
    emptied()
    receipt = deliver(registration(firm(0)), actor=cast.market_officer)
    trust.sequence()
    head = trust.export_head(actor=cast.auditor)
    assert head is not None
    evidence.take_cross(actor=cast.auditor, crossed=crossed(head))
    data = verify.stamped_bytes(file.of_head(head).data, bytes.fromhex(head.signature))
    token = stamps.token(files.stamp(stamps.question(data, 1)), data, 1)
    evidence.keep_stamp(actor=directory.system("worker"), head=head, token=token)
    client = client_of(cast.auditor)
    with browser() as chromium, page_of(chromium, client, site, scripts=False) as page:
        page.goto(f"{site}/audit/")
        page.get_by_role("link", name="追查编号").first.click()
        page.get_by_label("编号").fill(f"submission:{receipt.number}")
        page.get_by_role("button", name="追查").click()
        assert receipt.digest in page.content()
        with page.expect_download() as taken:
            page.get_by_role("link", name="取走证据文件").click()
        assert taken.value.suggested_filename == f"evidence-submission-{receipt.number}.json"
    with browser() as chromium, page_of(chromium, client, site) as page:
        page.goto(f"{site}/audit/trace/?number=submission:{receipt.number}")
        look(page, "trace")
        page.get_by_role("link", name=cast.market_officer.name).first.click()
        assert "当日所任岗位允许这项操作" in page.content()
        look(page, "rights")
        page.goto(f"{site}/audit/witnesses/")
        assert "长沙市节点" in page.content()
        look(page, "witnesses")
        page.goto(f"{site}/audit/")
        look(page, "audit")
