"""通办范围: at whose counter an application may be handed in; online it may be from anywhere, and its agency decides it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shuniu.cases.api import bundling, drafts, filing, finding, items
from shuniu.cases.declare import Audience, Branch, Bundle
from shuniu.cases.declare.draft import Ground, Whom
from shuniu.cases.declare.service import Reach
from shuniu.cases.rules.acting import check_counter
from shuniu.trust.declare import Actor, Refused
from tests.cases.filing import ITEM, clerk, drafted, officer
from tests.cast import Cast, cast

__all__ = ["cast", "clerk", "window"]
pytestmark = pytest.mark.django_db

COUNTY = "430102.market"
NEAR = {"own": (True, True), "city": (False, True), "far": (False, False)}
TAKEN_IN = {
    Reach.OWN: {"own"}, Reach.CITY: {"own", "city"}, Reach.PROVINCE: {"own", "city", "far"},
    Reach.NATION: {"own", "city", "far"},
}  # fmt: skip


@pytest.fixture
def window(cast: Cast) -> Actor:
    return officer(cast, "counter_clerk", 904, "何敏")


def ship(cast: Cast, reach: Reach) -> None:
    items.ship(actor=cast.installer, items=[ITEM.model_copy(update={"regions": reach})])


def begun(actor: Actor) -> int:
    found = items.published(ITEM.key)
    return drafts.start(actor=actor, item=found.item, version=found.version)


@pytest.mark.parametrize("reach", Reach)
@pytest.mark.parametrize("counter", NEAR)
def test_each_reach_has_its_counters(reach: Reach, counter: str) -> None:
    item = ITEM.model_copy(update={"regions": reach})
    own, same_city = NEAR[counter]
    if counter in TAKEN_IN[reach]:
        check_counter(item, own=own, same_city=same_city)
        return
    with pytest.raises(Refused) as refusal:
        check_counter(item, own=own, same_city=same_city)
    assert refusal.value.rule == "draft.reach" and reach.title in refusal.value.message and refusal.value.remedy


def test_another_agencys_counter_takes_in_what_the_whole_province_does_and_the_items_agency_gets_it(
    cast: Cast, clerk: Actor, window: Actor
) -> None:
    ship(cast, Reach.PROVINCE)
    elsewhere = replace(window, person="officer:950", agency="43.tax", agency_name="省税务局")
    draft = drafted(elsewhere, Whom(ground=Ground.OWN, name="陈静", kind="natural"))
    made = filing.file(actor=elsewhere, draft=draft)
    assert made.agency == ITEM.agency
    assert [one.number for one in finding.list_agency(actor=clerk).lines] == [made.number]
    assert finding.list_agency(actor=replace(clerk, agency="43.tax")).lines == ()
    assert filing.read_case(actor=elsewhere, number=made.number).number == made.number, "who took it in can follow it"


def test_what_stays_at_its_own_counters_is_refused_elsewhere_and_open_to_everybody_online(
    cast: Cast, window: Actor
) -> None:
    ship(cast, Reach.OWN)
    with pytest.raises(Refused) as refusal:
        begun(replace(window, agency="43.tax"))
    assert refusal.value.rule == "draft.reach"
    assert begun(window) and begun(cast.citizen)


def test_a_city_is_told_by_the_agencies_places(cast: Cast, window: Actor) -> None:
    ship(cast, Reach.CITY)
    assert begun(replace(window, agency="43.tax"))
    with pytest.raises(Refused) as refusal:
        begun(replace(window, agency=COUNTY, regions=("430102",)))
    assert refusal.value.rule == "draft.reach"


def test_a_life_event_is_taken_in_only_where_all_its_items_are(cast: Cast, window: Actor) -> None:
    second = ITEM.model_copy(update={"key": "43.market/sign", "title": "户外招牌备案", "regions": Reach.OWN})
    event = Bundle(
        key="shop", title="开店", agency="43.market", summary="开一家店", audience=Audience.NATURAL,
        branches=(Branch(item=ITEM.key), Branch(item=second.key)),
    )  # fmt: skip
    items.ship(actor=cast.installer, items=[ITEM, second], bundles=[event])
    with pytest.raises(Refused) as refusal:
        bundling.start(actor=replace(window, agency="43.tax"), key=event.key, said={})
    assert refusal.value.rule == "draft.reach" and second.title in refusal.value.message
    assert bundling.start(actor=window, key=event.key, said={})
