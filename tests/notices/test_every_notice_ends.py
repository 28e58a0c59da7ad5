"""Whatever the servers do, every delivery ends delivered or given up, shows to its owner, and was sent if it says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuniu.notices import api as notices
from shuniu.notices.models import Delivery
from tests.cast import Cast
from tests.notices.conftest import NOON, WORKER, Clock, have_contacts, tell
from tests.notices.post_office import Gateway, Mailbox

MAIL = (
    "ok",
    "RCPT 450 busy",
    "RCPT 550 unknown",
    "end 451 later",
    "end 554 no",
    "end drop",
    "connect 554 no",
    "MAIL drop",
)
SMS = (202, 400, 401, 429, 503)
RECEIPTS = ("accepted", "delivered", "failed")


@pytest.mark.django_db
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(st.sampled_from(["test.decided", "test.urgent"]), min_size=1, max_size=3),
    days=st.lists(
        st.tuples(st.integers(0, 200), st.sampled_from(MAIL), st.sampled_from(SMS), st.sampled_from(RECEIPTS)),
        min_size=1,
        max_size=8,
    ),
)
def test_every_delivery_ends_and_shows(
    mailbox: Mailbox,
    gateway: Gateway,
    cast: Cast,
    clock: Clock,
    told: list[str],
    days: list[tuple[int, str, int, str]],
) -> None:
    with transaction.atomic():
        clock(NOON)
        have_contacts("email", "sms")
        for template in told:
            tell(template)
        moment = NOON
        for minutes, mail, status, receipt in [*days, *[(13 * 60, *days[-1][1:])] * 14]:
            behave(mailbox, gateway, mail, status, receipt)
            moment += timedelta(minutes=minutes)
            clock(moment)
            for channel in ("sms", "email"):
                notices.send_due(actor=WORKER, channel=channel)
            notices.look_for_receipts(actor=WORKER)
        rows = list(Delivery.objects.exclude(channel="inbox"))
        assert {row.state for row in rows} <= {"delivered", "given_up"} and all(row.attempts <= 6 for row in rows)
        taken = {*gateway.sent, *(one[1:].partition("@")[0] for one in mailbox.ids())}
        assert {row.reference for row in rows if row.state == "delivered"} <= taken
        listed = notices.deliveries(actor=cast.market_admin)
        assert {one.number for one in listed} == {row.pk for row in rows}
        transaction.set_rollback(True)


def behave(mailbox: Mailbox, gateway: Gateway, mail: str, status: int, receipt: str) -> None:
    word, _, mood = mail.partition(" ")
    mailbox.moods = {word: mood} if mood else {}
    gateway.status = status
    gateway.states = dict.fromkeys(gateway.sent, receipt)
