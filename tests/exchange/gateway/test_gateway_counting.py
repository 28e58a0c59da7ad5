"""Connections are counted by the minute, added up by the hour, and read by who asks and who is asked."""

from __future__ import annotations

import pytest
from django.db import connection

from shuniu.directory import api as directory
from shuniu.exchange.gateway import counting
from shuniu.exchange.gateway.store import calls as store
from shuniu.trust.declare import Refused
from tests.cast import client_of, newcomer
from tests.exchange.conftest import FIRMS
from tests.exchange.gateway.road import KEY, Machine
from tests.exchange.people import MARKET, OFFICE, officer
from tests.exchange.people import TAX as TAX_OFFICER

pytestmark = pytest.mark.django_db(transaction=True)
POLICE = officer(41, "罗警", "43.police", "data_officer")


def test_calls_and_failures_are_counted_and_both_sides_read_them(tax: Machine) -> None:
    for _ in range(3):
        tax.ask(FIRMS[0])
    tax.refused(tax.sign(FIRMS[0], purpose="credit"))
    for reader in (TAX_OFFICER, MARKET, OFFICE):
        whole = counting.connections(actor=reader)
        (found,), (total,) = whole.hours, whole.totals
        assert (total.calls, total.failed) == (3, 1) and whole.failures == (("grant.other_purpose", 1),)
        assert (found.resource, found.agency, found.calls, found.failed, found.rows) == (KEY, "43.tax", 3, 1, 3)
        assert found.size > 300 and found.slowest >= 0
    assert counting.connections(actor=POLICE).hours == ()
    with pytest.raises(Refused, match="本单位"):
        counting.connections(actor=POLICE, agency="43.tax")


def test_old_minutes_become_hours_and_nothing_is_lost(tax: Machine) -> None:
    tax.ask(FIRMS[0])
    with connection.cursor() as cursor:
        cursor.execute("update exchange_minute set minute = minute - 300")
    tax.ask(FIRMS[0])
    assert counting.tidy(actor=directory.system("worker")) == 1
    assert sum(one.calls for one in counting.connections(actor=MARKET).hours) == 2
    assert sum(one.calls for one in counting.connections(actor=MARKET).totals) == 2
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from exchange_minute")
        assert cursor.fetchone() == (1,)


def test_nonces_are_forgotten_by_age_and_not_before(tax: Machine) -> None:
    signed = tax.sign(FIRMS[0])
    assert tax.send(signed).status_code == 200
    counting.tidy(actor=directory.system("worker"))
    assert tax.refused(signed) == (409, "gateway.replay")
    created = int(signed.message.headers["signature-input"].partition("created=")[2].partition(";")[0]) - 1_577_836_800
    store.forget(created + 2 * store.SLOT, 24)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from exchange_nonce where created = %s", [created])
        assert cursor.fetchone() == (0,)


def test_the_page_lists_them(tax: Machine) -> None:
    tax.ask(FIRMS[0])
    browser = client_of(newcomer("43.tax", "data_officer", login="lina", name="李娜"))
    text = browser.get("/desk/connections/").content.decode()
    assert "企业登记信息" in text and "省税务局" in text
