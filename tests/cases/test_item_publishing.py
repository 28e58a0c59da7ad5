"""Service items as versions: shipped, drafted, reviewed by another, published, withdrawn; and what they may not break."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from shuniu.cases.api import items as api
from shuniu.cases.declare import Audience, Branch, Bundle, Need, ServiceItem
from shuniu.cases.models import ItemVersion
from shuniu.catalogue import api as catalogue
from shuniu.catalogue.declare import Element
from shuniu.directory import api as directory
from shuniu.trust.declare import Refused
from shuniu.trust.models import Entry
from tests.cases.service_items import ITEM, changed
from tests.cast import Cast, cast

__all__ = ["cast"]

SECOND = changed(key="43.tax/second", agency="43.tax", title="后办的事项", materials=(), fees=())
EVENT = Bundle(
    key="event",
    title="一件大事",
    summary="",
    agency="43.market",
    audience=Audience.ENTERPRISE,
    branches=(Branch(item=ITEM.key), Branch(item=SECOND.key, after=(Need(item=ITEM.key, gives="food_business"),))),
)


@pytest.fixture(autouse=True)
def elements(cast: Cast) -> None:
    catalogue.ship(actor=cast.installer, elements=[Element(key="uscc", title="统一社会信用代码")])


def published_by_agency(cast: Cast, item: ServiceItem) -> None:
    api.draft(actor=cast.market_cataloguer, item=item)
    api.submit(actor=cast.market_cataloguer, key=item.key)
    api.publish(actor=cast.office, key=item.key)


def refused(rule: str) -> AbstractContextManager[pytest.ExceptionInfo[Refused]]:
    return pytest.raises(Refused, check=lambda refusal: refusal.rule == rule)


def test_only_a_change_makes_a_new_version_and_old_ones_stay_readable(cast: Cast) -> None:
    ship = directory.system("install")
    assert api.ship(actor=ship, items=[ITEM]) == (ITEM.key,)
    assert api.ship(actor=ship, items=[ITEM]) == ()
    better = changed(title="更好的名称")
    assert api.ship(actor=ship, items=[better]) == (ITEM.key,)
    assert api.published(ITEM.key) == api.version(ITEM.key, 2)
    assert (api.published(ITEM.key).item, api.version(ITEM.key, 1).item) == (better, ITEM)
    old = ItemVersion.objects.get(number=1)
    assert (old.state, old.valid_until is not None) == ("withdrawn", True)
    with refused("cases.no_item"):
        api.version(ITEM.key, 3)


def test_what_is_published_is_read_once_and_again_only_after_a_change(
    cast: Cast, messages: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    api.ship(actor=cast.installer, items=[ITEM])
    api.published_all()
    with messages() as sent:
        assert api.published_all() is not api.published_all()
    assert len(sent) == 2, "a stamp each, and nothing parsed again"
    assert api.published(ITEM.key).item is api.published(ITEM.key).item
    api.ship(actor=cast.installer, items=[changed(title="新名")])
    assert api.published(ITEM.key).item.title == "新名"


def test_an_agency_drafts_another_publishes_and_each_step_is_recorded(cast: Cast) -> None:
    assert api.draft(actor=cast.market_cataloguer, item=changed(questions=())) == 1
    with refused("item.faq"):
        api.submit(actor=cast.market_cataloguer, key=ITEM.key)
    assert api.draft(actor=cast.market_cataloguer, item=ITEM) == 1, "the same draft, mended"
    api.submit(actor=cast.market_cataloguer, key=ITEM.key)
    with refused("items.in_review"):
        api.draft(actor=cast.market_cataloguer, item=ITEM)
    with refused("items.reason"):
        api.give_back(actor=cast.office, key=ITEM.key, reason=" ")
    api.give_back(actor=cast.office, key=ITEM.key, reason="写清条件")
    published_by_agency(cast, ITEM)
    assert [one.item.key for one in api.published_all("43.market")] == [ITEM.key]
    done = Entry.objects.filter(verb__startswith="cases.", outcome="done").values_list("verb", flat=True)
    assert {"cases.draft_item", "cases.submit_item", "cases.return_item", "cases.publish_item"} <= set(done)


def test_nobody_publishes_what_he_made_nor_drafts_for_another_agency(cast: Cast) -> None:
    with refused("right.agency"):
        api.draft(actor=cast.market_cataloguer, item=SECOND)
    api.draft(actor=cast.market_cataloguer, item=ITEM)
    api.submit(actor=cast.market_cataloguer, key=ITEM.key)
    ItemVersion.objects.update(makers=[cast.office.person])
    with refused("items.own"):
        api.publish(actor=cast.office, key=ITEM.key)


def test_of_several_who_wrote_in_a_draft_none_publishes_it_whoever_was_the_last(cast: Cast) -> None:
    office = replace(cast.office, agency="43.market", capabilities=cast.office.capabilities | {"cases.draft_item"})
    api.draft(actor=office, item=ITEM)
    api.draft(actor=cast.market_cataloguer, item=changed(title="改了名的"))
    api.submit(actor=cast.market_cataloguer, key=ITEM.key)
    assert ItemVersion.objects.get().makers == sorted([office.person, cast.market_cataloguer.person])
    for one in (office, cast.office):  # the same person, wherever he sits now
        with refused("items.own"):
            api.publish(actor=one, key=ITEM.key)
    with pytest.raises(IntegrityError, match="cases_item_two_people"), transaction.atomic():
        ItemVersion.objects.update(state="published", published_by=office.person, valid_from=timezone.localdate())
    api.give_back(actor=cast.office, key=ITEM.key, reason="写清条件")
    api.draft(actor=cast.market_cataloguer, item=ITEM)
    api.submit(actor=cast.market_cataloguer, key=ITEM.key)
    with refused("items.own"):
        api.publish(actor=cast.office, key=ITEM.key)
    other = replace(cast.office, person="officer:999999", name="另一审核人")
    assert api.publish(actor=other, key=ITEM.key).item == ITEM


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_does_and_the_other_is_told(cast: Cast) -> None:
    api.draft(actor=cast.market_cataloguer, item=ITEM)
    api.submit(actor=cast.market_cataloguer, key=ITEM.key)
    together = Barrier(2)

    def publish() -> str:
        try:
            together.wait()
            return str(api.publish(actor=cast.office, key=ITEM.key).version)
        except Refused as refusal:
            return refusal.rule
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = [one.result() for one in [pool.submit(publish) for _ in range(2)]]
    assert sorted(outcomes) == ["1", "cases.no_item"]


def test_a_key_has_one_owner(cast: Cast) -> None:
    published_by_agency(cast, ITEM)
    with refused("items.owner"):
        api.ship(actor=cast.installer, items=[changed(title="随附的")])
    api.ship(actor=cast.installer, items=[SECOND])
    other = SECOND.model_copy(update={"key": "43.market/second", "agency": "43.market"})
    api.ship(actor=cast.installer, items=[other])
    with refused("items.shipped"):
        api.draft(actor=cast.market_cataloguer, item=other)


def test_a_change_that_breaks_a_life_event_is_refused_and_one_that_does_not_passes(cast: Cast) -> None:
    published_by_agency(cast, ITEM)
    api.ship(actor=cast.installer, items=[SECOND], bundles=[EVENT])
    published_by_agency(cast, changed(title="改名不碍事"))
    api.draft(actor=cast.market_cataloguer, item=changed(licences=("labour_dispatch",)))
    with refused("bundle.gives") as told:
        api.submit(actor=cast.market_cataloguer, key=ITEM.key)
    assert "一件大事" in told.value.message and "food_business" in told.value.message
    with refused("items.in_bundle"):
        api.withdraw(actor=cast.market_cataloguer, key=ITEM.key, reason="不办了")
    assert api.bundle("event").bundle == EVENT
    assert api.whole("event", {}).items == (ITEM.key, SECOND.key)


def test_a_withdrawn_item_takes_no_new_cases_and_keeps_its_version(cast: Cast) -> None:
    published_by_agency(cast, ITEM)
    api.withdraw(actor=cast.market_cataloguer, key=ITEM.key, reason="许可取消")
    with refused("cases.no_item"):
        api.published(ITEM.key)
    assert api.version(ITEM.key, 1).item == ITEM
    with refused("cases.no_item"):
        api.withdraw(actor=cast.market_cataloguer, key=ITEM.key, reason="再一次")


def test_a_life_event_without_its_items_is_not_published(cast: Cast) -> None:
    with refused("bundle.item"):
        api.ship(actor=cast.installer, items=[ITEM], bundles=[EVENT])
    assert api.published_all() == [] == api.bundles()


def test_the_database_keeps_one_published_version_and_two_people(cast: Cast) -> None:
    published_by_agency(cast, ITEM)
    row = ItemVersion.objects.get()
    with pytest.raises(IntegrityError, match="cases_item_two_people"), transaction.atomic():
        ItemVersion.objects.update(published_by=row.made_by)
    row.pk, row.number = None, 2
    with pytest.raises(IntegrityError, match="cases_item_published"), transaction.atomic():
        row.save()
    row.state = "withdrawn"
    with pytest.raises(IntegrityError, match="cases_item_dated"), transaction.atomic():
        row.save()


def test_prices_are_the_days_rules_in_yuan(cast: Cast) -> None:
    line = ITEM.fees[0]
    unknown = line.model_copy(update={"key": "none", "rule": "fees.no_such"})
    assert api.prices(changed(fees=(line, unknown))) == {"book": 120, "none": None}
