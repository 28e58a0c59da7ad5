"""A machine fetches the evidence of its own call by a signed GET; another's is not told from one that there is not."""

from __future__ import annotations

import pytest
from django.test import Client as Browser
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from shuniu.client import Client, RefusedError
from shuniu.trust import api as trust
from shuniu.trust.evidence import api as evidence
from shuniu.trust.evidence import file, verify
from shuniu.trust.models import Entry
from tests.exchange.conftest import FIRMS
from tests.exchange.gateway.road import Machine, machine

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def url(live_server: LiveServer, settings: Settings) -> str:
    settings.PUBLIC_URL = live_server.url
    return live_server.url


def client_of(url: str, one: Machine) -> Client:
    return Client(url, one.private, [one.platform])


def test_who_asked_and_who_was_asked_fetch_a_file_that_is_verified_offline(tax: Machine, url: str) -> None:
    number = tax.ask(FIRMS[0]).number
    trust.sequence()
    trusted = verify.trust(evidence.public_keys())
    for one in (tax, machine(agency="43.market", name="省市场监督管理局")):
        client = client_of(url, one)
        report = verify.verify(file.read(client.evidence(number, purpose="inspection")), trusted)
        client.close()
        assert report.holds, report.faults
    taken = Entry.objects.filter(verb="exchange.export_evidence", object=f"call:{number}", outcome="done")
    assert {one.agency for one in taken} == {"43.tax", "43.market"}


def test_another_agencys_machine_learns_not_even_that_there_was_a_call(tax: Machine, url: str) -> None:
    number = tax.ask(FIRMS[0]).number
    trust.sequence()
    client = client_of(url, machine(agency="43.office", name="省信息办"))
    said = []
    for asked in (number, number + 1000):
        with pytest.raises(RefusedError) as refusal:
            client.evidence(asked, purpose="inspection")
        said.append((refusal.value.status, refusal.value.rule, str(refusal.value).replace(str(asked), "n")))
    client.close()
    assert said[0] == said[1] and said[0][1] == "gateway.unknown"
    assert Browser().get(f"/exchange/evidence/{number}").status_code == 401
