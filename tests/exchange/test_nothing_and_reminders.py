"""零报告, online entry, reminders and notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from shuniu.directory.declare import SYSTEMS
from shuniu.exchange import api as exchange
from shuniu.exchange.declare import State
from shuniu.exchange.freshness import Freshness
from shuniu.exchange.models import Submission
from shuniu.exchange.spool import folder
from shuniu.notices import api as notices
from shuniu.notices.models import Notice
from shuniu.registries.declare import Mode
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.exchange.conftest import FIRMS, WORKER, Deliver, firm, registration
from tests.exchange.people import COUNTY, MARKET, MARKET_SECOND, OFFICE, SECRECY, TAX, have_agencies
from tests.refusals import refused

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "43.market/registration"
RUNNING = replace(WORKER, capabilities=SYSTEMS["worker"])


def test_a_nothing_report_is_a_receipt_of_no_rows_that_counts_as_fresh(deliver: Deliver) -> None:
    receipt = exchange.declare_nothing(actor=MARKET, resource=KEY)
    assert receipt.state is State.STORED and receipt.counts.received == 0 and receipt.signature
    assert receipt.period == f"{timezone.localdate():%Y-%m}" and "零报告" in receipt.sentence
    again = exchange.declare_nothing(actor=MARKET, resource=KEY)
    assert (again.number, again.repeated) == (receipt.number, True)
    (standing,) = exchange.freshness(actor=MARKET, agency="43.market")
    assert standing.timing.last == timezone.localdate()
    assert exchange.receipt(actor=MARKET, number=receipt.number).period == receipt.period


def test_a_period_that_has_data_cannot_be_reported_empty(deliver: Deliver) -> None:
    deliver(registration(firm(0)), actor=MARKET)
    with refused("batch.period"):
        exchange.declare_nothing(actor=MARKET, resource=KEY)
    with pytest.raises(Refused, match="本单位"):
        exchange.declare_nothing(actor=TAX, resource=KEY)


def test_a_record_typed_in_online_goes_the_same_road(deliver: Deliver) -> None:
    deliver(registration(firm(0), firm(1)), actor=MARKET)
    values = {"uscc": FIRMS[1], "name": "湘水餐饮店", "founded": "2010-3-5", "capital": "7", "state": "存续"}
    taken = exchange.enter_record(actor=MARKET, resource=KEY, values=values)
    done = exchange.process(actor=RUNNING, number=taken.number)
    assert (done.state, done.counts.changed, done.counts.withdrawn, done.mode) == (State.STORED, 1, 0, Mode.DELTA)
    wrong = exchange.enter_record(actor=MARKET, resource=KEY, values={**values, "uscc": "1"})
    refused = exchange.process(actor=RUNNING, number=wrong.number)
    assert refused.state is State.REFUSED
    assert "统一社会信用代码" in exchange.rejects(actor=MARKET, number=wrong.number)[0].reasons[0]


def test_a_record_with_a_mark_is_refused_and_the_secrecy_officer_told_once(deliver: Deliver) -> None:
    values = {"uscc": FIRMS[1], "name": "机密★5年", "founded": "2010-3-5"}
    before = set(folder().iterdir())
    with pytest.raises(Refused, match="未留存"):
        exchange.enter_record(actor=MARKET, resource=KEY, values=values)
    (told,) = notices.read_inbox(actor=SECRECY)
    assert (
        told.template == "exchange.secrecy"
        and "王敏" in told.text
        and "在线录入" in told.text
        and "机密" not in told.text
    )
    acts = Entry.objects.filter(person=MARKET.person).order_by("-id").values_list("verb", "outcome")
    reported = ("exchange.report_classified", "done")  # itself, and the notice it left
    assert list(acts[:3]) == [reported, reported, ("exchange.enter_record", "refused")]
    assert not Submission.objects.exists() and set(folder().iterdir()) == before


def test_an_entry_with_an_unknown_item_or_nothing_in_it_is_refused(deliver: Deliver) -> None:
    for values, rule in (({"colour": "red"}, "entry.item"), ({"name": " "}, "entry.empty")):
        with refused(rule):
            exchange.enter_record(actor=MARKET, resource=KEY, values=values)
    assert not Submission.objects.exists()


def test_a_county_clerk_delivers_her_own_region_and_no_other(deliver: Deliver) -> None:
    have_agencies()
    row = f"{FIRMS[0]},湘江机械有限公司,2010-03-05,1,存续,"
    own = deliver(registration(row + "430102"), actor=COUNTY, mode=Mode.DELTA, region="430102")
    assert own.state is State.STORED, own.sentence
    assert exchange.receipt(actor=COUNTY, number=own.number).number == own.number
    other = deliver(registration(row + "430112"), actor=COUNTY, mode=Mode.DELTA, region="430102")
    assert other.state is State.REFUSED and "不属于区划 430102" in other.reason
    assert [one.template for one in notices.read_inbox(actor=COUNTY)] == ["exchange.refused"]
    for region, rule in (("430112", "right.region"), ("", "right.agency")):
        with refused(rule):
            deliver(registration(row + "430112"), actor=COUNTY, mode=Mode.DELTA, region=region)


def test_refused_held_and_recalled_batches_tell_their_agency(deliver: Deliver) -> None:
    deliver(registration(firm(0, founded="昨天")), actor=MARKET)
    deliver(registration(firm(0), firm(1), firm(2)), actor=MARKET)
    held = deliver(registration(firm(0)), actor=MARKET)
    exchange.release(actor=MARKET_SECOND, number=held.number)
    exchange.process(actor=RUNNING, number=held.number)
    exchange.recall(actor=MARKET, number=held.number, reason="误报")
    told = notices.read_inbox(actor=MARKET_SECOND)
    assert [one.template for one in told] == ["exchange.recalled", "exchange.held", "exchange.refused"]
    assert notices.read_inbox(actor=TAX) == []
    notices.mark_read(actor=MARKET, number=told[0].number)
    assert notices.count_unread(MARKET) == 2
    with pytest.raises(Refused, match="没有第"):
        notices.mark_read(actor=TAX, number=told[1].number)


def test_the_late_are_reminded_once_for_each_stage_of_a_due_day(deliver: Deliver) -> None:
    today = timezone.localdate()
    late = today + timedelta(days=60)
    assert exchange.remind_overdue(actor=RUNNING, today=late) == 2, "neither resource was ever delivered"
    assert exchange.remind_overdue(actor=RUNNING, today=late + timedelta(days=1)) == 0
    (said,) = notices.read_inbox(actor=TAX)
    assert said.template == "exchange.overdue" and "已逾期" in said.text and "税务行政处罚" in said.text
    everybody = exchange.freshness(actor=OFFICE, today=late)
    assert {one.timing.state for one in everybody} == {Freshness.OVERDUE}
    with pytest.raises(Refused):
        exchange.freshness(actor=TAX)


def test_a_marked_file_is_refused_at_the_door_and_the_secrecy_officer_told(deliver: Deliver) -> None:
    with refused("classified.mark"):
        deliver(registration(firm(0)) + "密级：机密\n", actor=MARKET, name="涉密名单.csv")
    assert not Submission.objects.exists()
    (told,) = notices.read_inbox(actor=SECRECY)
    assert told.template == "exchange.secrecy" and "涉密名单" not in told.text
    assert notices.read_inbox(actor=MARKET) == [] and Notice.objects.count() == 1
