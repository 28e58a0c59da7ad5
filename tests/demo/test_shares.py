"""The demo's departments share data: at once, in part, and one request waits; a second load changes nothing."""

from __future__ import annotations

import pytest

from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import ShareType
from shuniu.demo import shares, staff
from shuniu.exchange.grants import api as grants
from shuniu.exchange.grants.models import ShareRequest
from tests.cast import Cast, cast
from tests.exchange.conftest import INSTALL, PENALTY, REGISTRATION, catalogued

__all__ = ["cast", "catalogued"]


@pytest.mark.django_db
def test_the_demo_has_an_agreement_to_try_and_a_request_to_decide(catalogued: None, cast: Cast) -> None:
    free = PENALTY.model_copy(update={"key": "43.tax/notice", "share": ShareType.UNCONDITIONAL, "title": "税务公告"})
    person = REGISTRATION.items[1].model_copy(update={"name": "person", "check": "resident_id", "identifies": ""})
    persons = PENALTY.model_copy(
        update={"key": "43.tax/persons", "title": "办税人员", "items": (*PENALTY.items, person)}
    )
    catalogue.ship(actor=INSTALL, resources=[free, persons])
    for _ in range(2):
        shares.exchange(["43.market", "43.tax"])
    states = sorted(ShareRequest.objects.values_list("resource", "state", "purposes"))
    assert states == [
        (REGISTRATION.key, "granted", ["inspection"]), (REGISTRATION.key, "partial", ["licensing"]),
        ("43.tax/notice", "granted", ["licensing"]), ("43.tax/persons", "asked", ["licensing"]),
    ]  # fmt: skip
    tax = staff.actor("43.tax", "data_officer")
    listed = [one for one in grants.agreements(actor=tax, agency="43.tax") if one.it.consumer == "43.tax"]
    (held, whole) = sorted(listed, key=lambda one: one.it.number)
    assert whole.it.terms.purposes == ("inspection",) and not whole.it.masked
    assert len(whole.it.terms.items) == len(REGISTRATION.items), "the recipe for a machine is tried with it"
    assert held.it.masked and len(held.it.terms.items) == len(REGISTRATION.items) - 1


@pytest.mark.django_db
def test_a_demo_of_one_department_asks_nobody(catalogued: None, cast: Cast) -> None:
    shares.exchange(["43.market"])
    assert not ShareRequest.objects.exists()
