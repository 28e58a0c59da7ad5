"""What the exchange had told before notices were everybody's is still there, read or unread, for the same readers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from shuniu.notices import api as notices
from shuniu.notices.models import Delivery
from tests.exchange.people import MARKET, OFFICE, SECRECY

BEFORE, AFTER = [("exchange", "0003_receipt_notes")], [("exchange", "0004_notices_moved")]


@pytest.fixture
def before(transactional_db: None) -> Iterator[MigrationExecutor]:
    """The database as it was before; put right again whatever happens."""
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    yield executor
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.slow
def test_the_exchanges_notices_are_read_where_all_are(before: MigrationExecutor) -> None:
    old = before.loader.project_state(BEFORE).apps.get_model("exchange", "Notice")
    now = timezone.now()
    old.objects.create(
        agency="43.market", kind="refused", object="submission:1", text="甲", read_at=now, read_by="officer:1"
    )
    old.objects.create(agency="43.market", kind="secrecy", object="resource:x", text="乙")
    old.objects.create(
        person=MARKET.person, agency="43.market", kind="overdue", object="resource:x", text="丙", once="x 1"
    )
    old.objects.create(person=OFFICE.person, kind="unheard", object="bill:1", text="丁")
    MigrationExecutor(connection).migrate(AFTER)
    mine = notices.read_inbox(actor=MARKET)
    assert [(one.template, one.title, one.text) for one in mine] == [
        ("exchange.overdue", "报送催办", "丙"), ("exchange.refused", "整批拒收", "甲"),
    ]  # fmt: skip
    assert mine[1].read_at == now and notices.count_unread(MARKET) == 1
    assert [one.text for one in notices.read_inbox(actor=SECRECY)] == ["乙"]
    assert [(one.template, one.title) for one in notices.read_inbox(actor=OFFICE)] == [("exchange.other", "通知")]
    assert Delivery.objects.filter(channel="inbox", state="delivered").count() == 4
