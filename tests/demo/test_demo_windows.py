"""The demo's windows: set up once by their chiefs, and open for booking."""

from __future__ import annotations

import pytest

from shuniu import demo
from shuniu.cases.api import appointments, items
from shuniu.demo import staff
from shuniu.directory import api as directory
from shuniu.project import setup
from shuniu.systems.service_hall.declare import ITEMS

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_item_that_takes_appointments_has_a_window_that_is_open() -> None:
    setup.declare()
    demo.open_windows()
    assert appointments.windows() == (), "nobody is there yet to set one up"
    chiefs = [one for one in staff.officers([]) if "case_decider" in one.roles]
    staff.open_accounts(chiefs)
    taking = [one for one in ITEMS if one.appointment]
    items.ship(actor=directory.system("install"), items=ITEMS)
    for _ in range(2):
        demo.open_windows()
    assert len(appointments.windows()) == 3
    for item in taking:
        (window,) = appointments.windows(item.key)
        assert any(slot.free for offer in appointments.offers(window.id) for slot in offer.slots), item.key
