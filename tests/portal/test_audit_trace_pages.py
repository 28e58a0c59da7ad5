"""The auditor's walk: any number, its entries, batch, original, officer and the right of that day; and an extract to take."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from shuniu.directory import api as directory
from shuniu.directory.api import read_rights_on
from shuniu.directory.declare import ROLES
from shuniu.exchange.api.tracing import trace_submission
from shuniu.trust import api as trust
from shuniu.trust.declare import Refused
from shuniu.trust.evidence import api as evidence
from shuniu.trust.evidence import file, verify
from tests.cast import Cast, SignedIn
from tests.exchange.conftest import Deliver, firm, registration
from tests.portal.reading import text
from tests.trust.test_journal_verify import emptied

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_a_number_to_the_original_the_officer_the_right_and_an_extract_that_verifies_alone(
    deliver: Deliver, cast: Cast, signed_in: SignedIn
) -> None:
    receipt = deliver(registration(firm(0)), actor=cast.market_officer)
    trust.sequence()
    auditor = signed_in(cast.auditor)
    assert "追查编号" in text(auditor, "/audit/")
    for number in (f"submission:{receipt.number}", f"batch:{receipt.resource}/{receipt.batch}"):
        page = text(auditor, f"/audit/trace/?number={number}")
        assert receipt.digest in page and cast.market_officer.name in page
    address = re.search(r'href="(/audit/rights/[^"]+verb=exchange.submit)"', page)
    assert address is not None
    right = text(auditor, address[1].replace("&amp;", "&"))
    assert "当日所任岗位允许这项操作" in right and ROLES["data_officer"].title in right
    taken = auditor.get(f"/audit/trace/evidence.json?number=submission:{receipt.number}")
    assert "attachment" in taken.headers["Content-Disposition"]
    trusted = verify.trust(auditor.get("/audit/keys.pem").content)
    found = file.read(taken.content)
    assert verify.verify(found, trusted).holds
    assert any(receipt.digest in one.text for one in found.entries)
    # every step of the walk is in the journal itself
    done = {one.verb for one in trust.search_journal(actor=cast.auditor, person=cast.auditor.person).lines}
    assert done >= {"exchange.trace_submission", "directory.read_rights_on", "trust.export_evidence"}


def test_an_entry_leads_to_itself_and_an_unknown_number_says_so(
    deliver: Deliver, cast: Cast, signed_in: SignedIn
) -> None:
    deliver(registration(firm(0)), actor=cast.market_officer)
    trust.sequence()
    line = trust.search_journal(actor=cast.auditor, verb="exchange.process").lines[0]
    auditor = signed_in(cast.auditor)
    assert line.object in text(auditor, f"/audit/trace/?number=entry:{line.id}")
    assert (
        file.read(auditor.get(f"/audit/trace/evidence.json?number=entry:{line.id}").content).number
        == f"entry:{line.id}"
    )
    assert "没有与这个编号有关的留痕" in text(auditor, "/audit/trace/?number=case:999999")
    assert "请核对编号" in text(auditor, "/audit/trace/?number=submission:999999", 403)
    assert "第 7 批" in text(auditor, "/audit/trace/?number=batch:43.market/registration/7", 403)
    text(auditor, "/audit/trace/evidence.json?number=case:999999", 403)
    text(auditor, "/audit/trace/evidence.json?number=call:999999", 403)


def test_rights_without_a_day_are_asked_for_in_words(cast: Cast, signed_in: SignedIn) -> None:
    for asked in ("", "?day=", "?day=2026-02-30", "?day=x&person=officer:1"):
        said = text(signed_in(cast.auditor), f"/audit/rights/{asked}", 422)
        assert "没有写明是哪一天" in said and "请从追查页点人名进入" in said
        text(signed_in(cast.office), f"/audit/rights/{asked}", 403)


def test_only_the_auditor_walks(cast: Cast, signed_in: SignedIn) -> None:
    for who in (cast.market_officer, cast.office, cast.system_admin):
        client = signed_in(who)
        for page in (
            "trace/",
            "trace/?number=submission:1",
            "trace/evidence.json?number=entry:1",
            "witnesses/",
            "witnesses/present.json",
        ):
            text(client, f"/audit/{page}", 403)
        text(client, f"/audit/rights/?person={cast.auditor.person}&day=2026-01-01&verb=exchange.submit", 403)
    with pytest.raises(Refused):
        trace_submission(actor=cast.office, number=1)


def test_the_right_is_that_of_the_day_and_not_of_today(cast: Cast) -> None:
    day, person = timezone.localdate(), cast.market_second.person
    post = next(one for one in directory.own_posts(cast.market_second))
    directory.end_appointment(actor=cast.security, appointment=post.id)
    assert read_rights_on(actor=cast.auditor, person=person, day=day, capability="exchange.release") == ()
    before = day.replace(year=day.year - 1)
    held = read_rights_on(actor=cast.auditor, person=person, day=max(before, post.since), capability="exchange.release")
    assert [one.allows for one in held] == ([True] if post.since < day else [])
    for nobody in ("system:worker", "officer:x", "officer:99999999", "anonymous"):
        with pytest.raises(Refused, match="不是平台上的单位人员"):
            read_rights_on(actor=cast.auditor, person=nobody, day=day, capability="exchange.submit")


def test_the_page_of_witnesses_says_how_stamping_stands_and_takes_what_another_node_gave(
    cast: Cast, signed_in: SignedIn
) -> None:
    emptied()
    trust.search_journal(actor=cast.auditor, target="none")
    trust.sequence()
    auditor = signed_in(cast.auditor)
    page = text(auditor, "/audit/witnesses/")
    assert "没有配置时间戳服务" in page and "还没有其他节点的交叉签名" in page
    assert auditor.get("/audit/witnesses/present.json").headers["Content-Type"] == "application/json"
    wrong = auditor.post("/audit/witnesses/", {"crossed": "{}"})
    assert wrong.status_code == 403 and "文件不是交叉签名" in wrong.content.decode()
    assert evidence.read_witnesses(actor=cast.auditor).crosses == ()
