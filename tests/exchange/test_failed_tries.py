"""What the worker does before and after a try: what was published a moment ago has its table, and a failure is told."""

from __future__ import annotations

import logging

import pytest

from shuniu.catalogue import api as catalogue
from shuniu.exchange import tasks
from shuniu.exchange.models import Submission
from tests.exchange.conftest import FIRMS, INSTALL, PENALTY, Deliver, firm, registration

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_delivered_in_the_minute_of_its_publication_is_stored(deliver: Deliver) -> None:
    fresh = PENALTY.model_copy(update={"key": "43.market/fresh", "agency": "43.market"})
    catalogue.ship(actor=INSTALL, resources=[fresh])
    assert [one.resource.key for one in catalogue.to_mount()] == [fresh.key]
    file = f"决定书文号,统一社会信用代码,行政相对人名称,处罚决定日期,罚款金额\n1号,{FIRMS[0]},湘江机械有限公司,2026-01-05,100\n"
    number = deliver(file, resource=fresh.key, process=False).number
    tasks.process(number=number)
    done = Submission.objects.get(pk=number)
    assert (done.state, done.new, done.attempts) == ("stored", 1, 1)


def test_why_a_try_failed_is_logged_by_its_kind_and_place(deliver: Deliver, caplog: pytest.LogCaptureFixture) -> None:
    number = deliver(registration(firm(0)), process=False).number
    Submission.objects.filter(pk=number).update(spool_key=bytes(32))  # another key than that of the file
    with caplog.at_level(logging.ERROR), pytest.raises(Exception) as failure:
        tasks.process(number=number)
    assert f"submission {number} failed: {failure.type.__name__}" in caplog.text
    assert "shuniu/exchange" in caplog.text
    assert not str(failure.value) or str(failure.value) not in caplog.text, "it may quote a row"
