"""What machines ask is watched as what officers read is: from the answered call to the tally, whoever was named or not."""

from __future__ import annotations

import pytest

from shuniu.assessment.looked import api as looked
from shuniu.assessment.looked.models import ReadingScan, ReadingTally
from shuniu.directory import api as directory
from shuniu.trust import api as trust
from tests.assessment.looking import placed
from tests.cast import newcomer
from tests.exchange.conftest import FIRMS
from tests.exchange.gateway.road import KEY, Machine

pytestmark = pytest.mark.django_db(transaction=True)


def test_answered_calls_are_counted_as_the_machines_or_the_named_officers_and_never_as_both(tax: Machine) -> None:
    placed()
    ReadingScan.objects.create(position=trust.placed_until(), pk=1)  # past what other tests left in the journal
    named = newcomer("43.tax", "data_officer", login="lina", name="李娜").person
    tax.ask(FIRMS[0])
    tax.ask(FIRMS[0], FIRMS[1])
    tax.ask(FIRMS[0], officer=named)
    placed()
    while looked.flag_readings(actor=directory.system("worker"))[0]:
        continue
    found = ReadingTally.objects.filter(object=f"resource:{KEY}", purpose="inspection")
    assert sorted(found.values_list("person", "agency", "readings", "caseless")) == [
        ("agency:43.tax", "43.tax", 3, 3), (named, "43.tax", 1, 1),
    ]  # fmt: skip
