"""A file that went to another agency whole: told to everybody whose rows its resource holds, and to nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shuniu.assessment.looked import api
from shuniu.exchange.gateway import files
from shuniu.exchange.gateway.store import files as store
from shuniu.exchange.grants.models import Agreement
from shuniu.registries import api as registries
from shuniu.trust.declare import Actor
from tests.exchange.conftest import FIRMS
from tests.exchange.files import framed
from tests.exchange.gateway.conftest import catalogued, deliver, delivered, tax
from tests.exchange.gateway.road import KEY, Machine
from tests.exchange.people import MARKET, citizen

__all__ = ["catalogued", "deliver", "delivered", "tax"]
pytestmark = pytest.mark.django_db(transaction=True)


def firm(code: str) -> Actor:
    subject = registries.find_subject("uscc", code)
    assert subject is not None
    return replace(citizen(subject, subject), person=f"firm:{subject}")


def test_who_is_in_a_resource_that_went_out_as_a_file_is_told(tax: Machine) -> None:
    agreement = Agreement.objects.get().pk
    number = files.offer_file(actor=MARKET, agreement=agreement, name="全部.csv", writer=framed([b"x" * 10]))
    assert api.read_readings(actor=firm(FIRMS[0])).bulks == (), "offered is not fetched"
    store.sent(number, 0, 10)
    (bulk,) = api.read_readings(actor=firm(FIRMS[0])).bulks
    assert (bulk.agency, bulk.resource_key, bulk.agreement) == ("省税务局", KEY, agreement)
    stranger = replace(citizen(99, 987_654), person="citizen:99")
    assert api.read_readings(actor=stranger).bulks == (), "it holds no row of theirs"
