"""The provincial office's overview, and the auditor's journal."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from shuniu.directory import api as directory
from shuniu.exchange.api.overview import overview
from shuniu.trust import api as trust
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.browser.chromium import browser
from tests.browser.looking import look_at_answers
from tests.cast import Cast, SignedIn
from tests.exchange.conftest import Deliver, firm, registration
from tests.portal.reading import text
from tests.trust.test_journal_verify import emptied, write
from tests.trust.test_noted import turned_back

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_number_of_the_overview_opens_the_resources_that_it_counts(
    deliver: Deliver, cast: Cast, signed_in: SignedIn
) -> None:
    deliver(registration(firm(0)), actor=cast.market_officer)
    office = signed_in(cast.office)
    page = text(office, "/office/")
    assert "省市场监督管理局" in page
    assert "/office/resources/?agency=43.market&amp;show=fresh" in page
    assert "/office/resources/?agency=43.tax&amp;show=never" in page
    assert "税务行政处罚" in text(office, "/office/resources/?agency=43.tax&show=never")
    assert "没有符合条件的行" in text(office, "/office/resources/?agency=43.tax&show=held")
    listed = text(office, "/office/resources/?show=fresh&agency=43.market")
    assert "/desk/submissions/?agency=43.market&amp;resource=43.market%2Fregistration" in listed
    assert ">税务行政处罚</a>" not in listed


def test_the_overview_of_all_is_the_offices_alone(deliver: Deliver, cast: Cast) -> None:
    receipt = deliver(registration(firm(0)), actor=cast.market_officer)
    (own,) = overview(actor=cast.market_officer, agency="43.market")
    assert (own.number, own.stored_at is not None, own.held) == (receipt.number, True, 0)
    assert len(overview(actor=cast.office)) == 2
    with pytest.raises(Refused):
        overview(actor=cast.market_officer)
    with pytest.raises(Refused):
        overview(actor=cast.tax_officer, agency="43.market")


def test_the_journal_is_searched_by_object_person_and_outcome(
    deliver: Deliver, cast: Cast, signed_in: SignedIn
) -> None:
    receipt = deliver(registration(firm(0)), actor=cast.market_officer)
    trust.sequence()
    auditor = signed_in(cast.auditor)
    by_object = text(auditor, f"/audit/?target=submission:{receipt.number}")
    assert "报送数据" in by_object
    assert "处理报送" in by_object
    details = by_object.partition("<tbody")[2].partition("</tbody")[0]
    assert "资源：43.market/registration" in details and "resource：" not in details
    assert "&quot;" not in details and "&#34;" not in details, "no JSON"
    assert "待封存" not in by_object.partition("<tbody")[2]
    by_name = text(auditor, f"/audit/?person={cast.market_officer.name}&outcome=done")
    assert "报送数据" in by_name
    assert "处理报送" not in by_name.partition("<tbody")[2]
    assert "没有符合条件的留痕" in text(auditor, "/audit/?person=officer:9999999")


def test_older_entries_follow_on_the_next_page(cast: Cast, catalogued: None) -> None:
    for _ in range(3):
        trust.search_journal(actor=cast.auditor, target="none")
    first = trust.search_journal(actor=cast.auditor, verb="trust.search_journal", limit=2)
    older = trust.search_journal(actor=cast.auditor, verb="trust.search_journal", limit=2, before=first.lines[-1].id)
    numbers = [line.id for line in (*first.lines, *older.lines)]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == len(numbers)


def test_a_head_taken_away_verifies_the_journal_later(catalogued: None, cast: Cast, signed_in: SignedIn) -> None:
    trust.sequence()
    auditor = signed_in(cast.auditor)
    taken = auditor.get("/audit/head.json")
    assert "attachment" in taken.headers["Content-Disposition"]
    head = taken.content.decode()
    trust.sequence()
    verified = auditor.post("/audit/verify/", {"head": head}).content.decode()
    assert "也与您持有的签名头相符" in verified
    forged = json.dumps({**json.loads(head), "root": "00" * 32})
    assert "处不符" in auditor.post("/audit/verify/", {"head": forged}).content.decode()
    wrong = auditor.post("/audit/verify/", {"head": "{}"})
    assert wrong.status_code == 403
    assert "不是签名头" in wrong.content.decode()


def test_the_auditor_is_told_that_signing_is_refused_why_what_to_do_and_how_much_waits(
    catalogued: None, cast: Cast, signed_in: SignedIn
) -> None:
    emptied()
    auditor = signed_in(cast.auditor)
    write(3)
    trust.sequence()
    write(2)
    assert "已停止签名" not in text(auditor, "/audit/") and "最早的写于" in text(auditor, "/audit/")
    trust.sequence()
    turned_back(3)
    write(1)
    since = Entry.objects.exclude(id__in=Entry.objects.order_by("id")[:3]).earliest("at").at
    page = text(auditor, "/audit/")
    warning = page.partition('aria-labelledby="stopped"')[2].partition("</section>")[0]
    assert "journal.turned_back" in warning and "数据库里签过名的只有 3 条" in warning
    assert "shuniu journal accept" in warning and f"{timezone.localtime(since):%Y-%m-%d %H:%M:%S}" in warning
    assert f"{Entry.objects.count() - 4} 条" in warning, "all but the three and the look itself"
    emptied()


@pytest.mark.browser
def test_the_warning_is_clean_in_a_browser(catalogued: None, cast: Cast, signed_in: SignedIn) -> None:
    emptied()
    write(3)
    trust.sequence()
    write(2)
    trust.sequence()
    turned_back(3)
    page = signed_in(cast.auditor).get("/audit/").content
    with browser() as chromium:
        look_at_answers(chromium, {"audit-stopped": page})
    emptied()


def test_only_the_auditor_reads_the_journal(catalogued: None, cast: Cast, signed_in: SignedIn) -> None:
    for who in (cast.office, cast.system_admin, cast.market_officer):
        text(signed_in(who), "/audit/", 403)
    assert "/audit/" not in text(signed_in(cast.market_officer), "/desk/")
    assert "/desk/submissions/" not in text(signed_in(cast.auditor), "/audit/")
    assert directory.anonymous().may("trust.search_journal") is False
