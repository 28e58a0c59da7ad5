"""A machine of the demo joins and asks: connections, agreement and the firm's own page of readings show it, once."""

from __future__ import annotations

import pytest

from shuniu.demo import calls, shares
from shuniu.exchange.gateway import counting
from shuniu.trust.certificates.models import Certificate
from shuniu.trust.models import Entry
from tests.cast import Cast, cast
from tests.exchange.conftest import FIRMS, Deliver, catalogued, deliver, firm, registration
from tests.exchange.gateway.conftest import _fresh
from tests.exchange.people import MARKET

__all__ = ["_fresh", "cast", "catalogued", "deliver"]


@pytest.mark.django_db
def test_the_demos_machine_asks_once_and_its_refusal_is_told_by_rule(deliver: Deliver, cast: Cast) -> None:
    deliver(registration(firm(0), firm(1, "岳麓食品有限公司")), actor=MARKET)
    shares.exchange(["43.market", "43.tax"])
    for _ in range(2):
        calls.ask(FIRMS[:2])
    found = counting.connections(actor=cast.office)
    assert [(one.resource, one.agency, one.calls, one.failed) for one in found.totals] == [
        ("43.market/registration", "43.tax", 3, 1)
    ]
    assert found.failures == (("grant.item", 1),)
    assert Certificate.objects.filter(holder="agency:43.tax", purpose="sign").count() == 1
    assert Entry.objects.filter(verb="exchange.query", outcome="done").count() == 3


@pytest.mark.django_db
def test_without_an_agreement_to_try_nobody_joins(catalogued: None, cast: Cast) -> None:
    calls.ask(FIRMS[:2])
    assert not Certificate.objects.filter(holder="agency:43.tax").exists()
