"""The auditor's walk from a call: its agreement, who decided it, the batches that it was answered from; never a row of it."""

from __future__ import annotations

import re

import pytest

from shuniu.exchange.api.tracing import trace_call
from shuniu.exchange.grants.models import Agreement
from shuniu.exchange.models import Submission
from shuniu.trust import api as trust
from shuniu.trust.declare import Refused
from tests.cast import Cast, SignedIn, cast, signed_in
from tests.exchange.conftest import FIRMS, Deliver, firm, registration
from tests.exchange.gateway.conftest import catalogued, deliver, delivered, tax
from tests.exchange.gateway.road import Machine
from tests.exchange.people import MARKET
from tests.portal.reading import text

__all__ = ["cast", "catalogued", "deliver", "delivered", "signed_in", "tax"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_call_leads_to_its_agreement_the_decision_and_the_originals_it_was_answered_from(
    tax: Machine, deliver: Deliver, cast: Cast, signed_in: SignedIn
) -> None:
    number = tax.ask(FIRMS[0], FIRMS[1]).number
    first = Submission.objects.order_by("pk").first()
    assert first is not None and first.batch is not None
    deliver(registration(firm(0, "后来改名有限公司"), firm(1)), actor=MARKET)
    trust.sequence()
    found = trace_call(actor=cast.auditor, number=number)
    assert (found.batches, found.subjects, found.live) == ((first.batch,), 2, False), "as it stood at the call"
    assert found.agreement == Agreement.objects.get().pk and found.granted_name == "李华"
    auditor = signed_in(cast.auditor)
    page = text(auditor, f"/audit/trace/?kind=call&number={number}")
    assert "李华" in page and not set(FIRMS[:2]) & set(re.findall(r"9\w{17}", page)), "no row and nobody's number"
    (batch,) = re.findall(r'href="(/audit/trace/\?number=batch[^"]+)"', page)
    assert first.digest in text(auditor, batch.replace("&amp;", "&"))
    for other in ("agreement", "share_request"):
        (address,) = set(re.findall(rf'href="(/audit/trace/\?number={other}[^"]+)"', page))
        assert "追查编号" in text(auditor, address)


def test_a_number_that_is_no_call_and_a_reader_who_is_no_auditor_are_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="没有第 987654 号查询"):
        trace_call(actor=cast.auditor, number=987_654)
    with pytest.raises(Refused, match="没有“追查查询”的权限"):
        trace_call(actor=cast.office, number=1)
