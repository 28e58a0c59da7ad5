"""An item that each application asks of an agency of its own choice: who handles it, how it is numbered, who else may not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shuniu.cases.api import draft_facts, drafts, filing, finding, handling, items, materials
from shuniu.cases.declare import Audience, Branch, Bundle, ByUpload, Material
from shuniu.cases.declare.case import CaseView
from shuniu.cases.declare.draft import Whom
from shuniu.cases.declare.material import HandedIn
from shuniu.cases.rules import contract
from shuniu.notices.models import Notice
from shuniu.trust.declare import Actor, Refused
from tests.cases.filing import ANSWERS, FORM, ITEM, NO, clerk
from tests.cases.service_items import LIMITS
from tests.cast import Cast, cast

__all__ = ["cast", "clerk"]

COUNTY = "430102.market"
LETTER = Material(key="letter", title="说明", satisfied_by=(ByUpload(),), promise=True)
ASKED = ITEM.model_copy(
    update={"key": "43.market/asked", "title": "查询登记档案", "asked_of": True, "level": "7", "materials": (LETTER,)}
)


@pytest.fixture
def shipped(cast: Cast) -> None:
    items.ship(actor=cast.installer, items=[ITEM, ASKED])


def started(actor: Actor, agency: str) -> int:
    found = items.published(ASKED.key)
    return drafts.start(actor=actor, item=found.item, version=found.version, agency=agency)


def asked(actor: Actor, agency: str) -> CaseView:
    draft = started(actor, agency)
    draft_facts.name_applicant(actor=actor, draft=draft, whom=Whom(), seen=0)
    seen = drafts.view(actor=actor, draft=draft).version
    drafts.save_page(actor=actor, draft=draft, pages=[one.key for one in FORM.pages], posted=ANSWERS, seen=seen)
    return filing.file(actor=actor, draft=draft, given=HandedIn(promised=[LETTER.key]))


def at(actor: Actor, agency: str, region: str) -> Actor:
    return replace(actor, agency=agency, regions=(region,))


@pytest.mark.django_db
@pytest.mark.usefixtures("shipped")
def test_the_asked_agency_holds_the_case_its_number_and_its_remedy(cast: Cast, clerk: Actor) -> None:
    made = asked(cast.citizen, COUNTY)
    assert (made.agency, made.region, made.agency_name) == (COUNTY, "430102", "长沙市芙蓉区市场监督管理局")
    assert made.number[18] == "4", "行使层级: a county's agency, though the item itself is of no one level"
    own = at(clerk, COUNTY, "430102")
    assert [one.number for one in finding.list_agency(actor=own).lines] == [made.number]
    assert [one.key for one in (ASKED.materials)] == [
        one.material for one in materials.case_materials(actor=own, case=made.id)
    ]
    done = handling.decline(actor=own, number=made.number, grounds=NO)
    assert done.decision is not None and "向长沙市芙蓉区市场监督管理局的本级人民政府" in done.decision.remedy
    assert {one.owner for one in Notice.objects.filter(object=f"case:{made.number}")} == {COUNTY}


@pytest.mark.django_db
@pytest.mark.usefixtures("shipped")
def test_the_agency_that_keeps_the_item_does_not_see_what_another_was_asked(cast: Cast, clerk: Actor) -> None:
    made = asked(cast.citizen, COUNTY)
    assert finding.list_agency(actor=clerk).lines == ()
    with pytest.raises(Refused) as refusal:
        filing.read_case(actor=clerk, number=made.number)
    assert refusal.value.rule == "case.unknown"
    with pytest.raises(Refused) as refusal:
        handling.accept(actor=clerk, number=made.number)
    assert refusal.value.rule.startswith("procedures.")
    with pytest.raises(Refused) as refusal:
        materials.case_materials(actor=clerk, case=made.id)
    assert refusal.value.rule == "material.case"


@pytest.mark.django_db
@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("agency", ["", "43.nobody"])
def test_an_agency_must_be_named_and_be_there(cast: Cast, agency: str) -> None:
    with pytest.raises(Refused) as refusal:
        started(cast.citizen, agency)
    assert refusal.value.rule == "draft.agency" and refusal.value.remedy


@pytest.mark.django_db
@pytest.mark.usefixtures("shipped")
def test_nobody_takes_an_ordinary_item_to_another_agency(cast: Cast) -> None:
    found = items.published(ITEM.key)
    with pytest.raises(Refused) as refusal:
        drafts.start(actor=cast.citizen, item=found.item, version=found.version, agency=COUNTY)
    assert refusal.value.rule == "draft.agency"
    assert drafts.start(actor=cast.citizen, item=found.item, version=found.version, agency=ITEM.agency)


@pytest.mark.django_db
@pytest.mark.usefixtures("shipped")
def test_two_agencies_can_be_asked_at_the_same_time(cast: Cast) -> None:
    numbers = {asked(cast.citizen, agency).agency for agency in ("43.tax", COUNTY)}
    assert numbers == {"43.tax", COUNTY}


def test_a_life_event_cannot_hold_an_item_whose_agency_the_applicant_chooses() -> None:
    event = Bundle(
        key="shop", title="开店", agency="43.market", summary="", audience=Audience.NATURAL,
        branches=(Branch(item=ITEM.key), Branch(item=ASKED.key)),
    )  # fmt: skip
    found = contract.faults(event, {ITEM.key: ITEM, ASKED.key: ASKED}, LIMITS)
    assert "bundle.asked_of" in {one.rule for one in found}
