"""Items at the desk, by their verbs: who sees which versions, what publishing touches, two who write, drafts thrown away."""

from __future__ import annotations

import pytest

from shuniu.cases.api import item_drafts as api
from shuniu.cases.api import items
from shuniu.cases.declare.item_draft import ItemState
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Element
from shuniu.notices.models import Notice
from shuniu.trust.models import Entry
from tests.cases import filing
from tests.cases.service_items import ITEM, changed
from tests.cases.test_item_publishing import EVENT, SECOND, published_by_agency, refused
from tests.cast import Cast, cast

__all__ = ["cast"]


@pytest.fixture(autouse=True)
def elements(cast: Cast) -> None:
    catalogue.ship(actor=cast.installer, elements=[Element(key="uscc", title="统一社会信用代码")])


def states(cast: Cast) -> list[tuple[int, ItemState]]:
    found = api.list_items(actor=cast.market_cataloguer, agency="43.market", states=tuple(ItemState))
    return sorted((one.number, one.state) for one in found)


def test_an_agency_sees_all_its_versions_the_office_those_of_all_and_others_none(cast: Cast) -> None:
    published_by_agency(cast, ITEM)
    items.draft(actor=cast.market_cataloguer, item=changed(title="改了名的"))
    assert states(cast) == [(1, ItemState.PUBLISHED), (2, ItemState.DRAFT)]
    assert sorted(one.number for one in api.list_items(actor=cast.office)) == [1, 2]
    assert [one.title for one in api.list_items(actor=cast.office, words="改了名")] == ["改了名的"]
    assert api.list_items(actor=cast.office, words="没有这个") == []
    with refused("right.agency"):
        api.list_items(actor=cast.tax_officer, agency="43.market")
    with refused("right.agency"):
        api.list_items(actor=cast.tax_officer)
    with refused("right.agency"):
        api.read(actor=cast.tax_officer, key=ITEM.key)
    with refused("cases.no_item"):
        api.read(actor=cast.market_cataloguer, key="43.market/none")


def test_the_version_at_hand_is_the_open_one_beside_what_is_published(cast: Cast) -> None:
    published_by_agency(cast, ITEM)
    held = api.read(actor=cast.market_cataloguer, key=ITEM.key)
    assert (held.row.number, held.item, held.published) == (1, ITEM, ITEM)
    items.draft(actor=cast.market_cataloguer, item=changed(questions=()))
    held = api.read(actor=cast.market_cataloguer, key=ITEM.key)
    assert (held.row.number, held.row.state, held.published) == (2, ItemState.DRAFT, ITEM)
    assert [fault.rule for fault in held.faults if fault.blocks] == ["item.faq"]
    assert Entry.objects.filter(verb="cases.read_item", object=f"item:{ITEM.key}").count() == 2


def test_of_two_who_write_the_later_is_refused_and_nothing_is_overwritten(cast: Cast) -> None:
    items.draft(actor=cast.market_cataloguer, item=ITEM)
    seen = api.read(actor=cast.market_cataloguer, key=ITEM.key).row.made_at
    items.draft(actor=cast.market_officer, item=changed(title="先写的"), seen=seen)
    with refused("items.changed"):
        items.draft(actor=cast.market_cataloguer, item=changed(title="后写的"), seen=seen)
    assert api.read(actor=cast.market_cataloguer, key=ITEM.key).item.title == "先写的"


def test_a_thrown_away_draft_leaves_what_is_published(cast: Cast) -> None:
    published_by_agency(cast, ITEM)
    items.draft(actor=cast.market_cataloguer, item=changed(title="改了名的"))
    with refused("right.agency"):
        api.discard(actor=cast.tax_officer, key=ITEM.key)
    api.discard(actor=cast.market_cataloguer, key=ITEM.key)
    assert states(cast) == [(1, ItemState.PUBLISHED)]
    with refused("items.not_draft"):
        api.discard(actor=cast.market_cataloguer, key=ITEM.key)


def test_a_check_names_the_life_events_and_what_would_break_in_each(cast: Cast) -> None:
    published_by_agency(cast, ITEM)
    items.ship(actor=cast.installer, items=[SECOND], bundles=[EVENT])
    ((key, title, faults),) = api.check(actor=cast.market_cataloguer, key=ITEM.key).events
    assert (key, title, faults) == ("event", "一件大事", ())
    items.draft(actor=cast.market_cataloguer, item=changed(licences=(), result="通知书"))
    ((_key, _title, faults),) = api.check(actor=cast.market_cataloguer, key=ITEM.key).events
    assert [fault.rule for fault in faults] == ["bundle.gives"]


def test_running_cases_are_counted_by_the_version_that_they_were_filed_under(cast: Cast) -> None:
    items.ship(actor=cast.installer, items=[filing.ITEM])
    filing.filed(cast.citizen)
    items.ship(actor=cast.installer, items=[filing.ITEM.model_copy(update={"title": "改了名的"})])
    filing.filed(cast.citizen)
    filing.filed(cast.citizen)
    assert api.check(actor=cast.office, key=filing.ITEM.key).running == ((2, 2), (1, 1))


def test_whoever_publishes_is_told_that_an_item_waits_and_its_maker_what_became_of_it(cast: Cast) -> None:
    items.draft(actor=cast.market_cataloguer, item=ITEM)
    items.submit(actor=cast.market_cataloguer, key=ITEM.key)
    items.give_back(actor=cast.office, key=ITEM.key, reason="写清条件。")
    waits, back = Notice.objects.order_by("id")
    assert (waits.template, waits.capability) == ("cases.item_submitted", api.PUBLISH)
    assert (back.template, back.person) == ("cases.item_returned", cast.market_cataloguer.person)
    assert "被陈岚退回：写清条件。改好" in back.text
